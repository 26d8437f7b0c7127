"""The pictures of a comparison, as files and as parts of the report."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vs_core.comparison import Comparison
from vs_core.plots import plot_answers, plot_cost, plot_diversity, save_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_PROMPTS = 3
"""Prompts that get a picture of their answers."""


@dataclass(frozen=True)
class Picture:
    """A picture as SVG.

    Attributes:
        name: Of its file, without the ending.
        title: What it shows, for those who cannot see it.
        file: The whole file.
    """

    name: str
    title: str
    file: str

    @property
    def element(self) -> str:
        """The picture as a part of an HTML page, which knows no XML declarations."""
        return self.file[self.file.index("<svg") :]


def draw_pictures(comparison: Comparison) -> list[Picture]:
    """Draw everything that the comparison has values for.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    return [Picture(name, title, _svg(figure)) for name, title, figure in _figures(comparison)]


def _figures(comparison: Comparison) -> Iterator[tuple[str, str, Figure]]:
    if any(e.mean is not None for s in comparison.summaries for e in s.scores.values()):
        yield "diversity", "Each metric by method", plot_diversity(comparison)
        yield "cost", "Diversity by tokens per response", plot_cost(comparison)
    for number, prompt in enumerate(comparison.settings.prompts[:MOST_PROMPTS], 1):
        if any(found.texts for found in comparison.of_prompt(prompt)):
            figure = plot_answers(comparison, prompt=prompt)
            yield f"answers-{number}", f"How often each answer to prompt {number} came", figure


def _svg(figure: Figure) -> str:
    drawn = io.BytesIO()
    save_figure(figure, drawn, format="svg")
    return drawn.getvalue().decode()
