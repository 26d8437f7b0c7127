"""The pictures of a comparison, as files and as parts of the report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vs_cli.picture import Picture
from vs_core.comparison import Comparison
from vs_core.plots import plot_answers, plot_cost, plot_diversity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_PROMPTS = 3
"""Prompts that get a picture of their answers."""


def draw_pictures(comparison: Comparison) -> list[Picture]:
    """Draw everything that the comparison has values for.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    return [Picture.of(*drawn) for drawn in _figures(comparison)]


def _figures(comparison: Comparison) -> Iterator[tuple[str, str, Figure]]:
    if any(e.mean is not None for s in comparison.summaries for e in s.scores.values()):
        yield "diversity", "Each metric by method", plot_diversity(comparison)
        yield "cost", "Diversity by tokens per response", plot_cost(comparison)
    for number, prompt in enumerate(comparison.settings.prompts[:MOST_PROMPTS], 1):
        if any(found.texts for found in comparison.of_prompt(prompt)):
            figure = plot_answers(comparison, prompt=prompt)
            yield f"answers-{number}", f"How often each answer to prompt {number} came", figure
