"""The pictures of a generation, as files and as parts of the report."""

from __future__ import annotations

from vs_cli.picture import Picture
from vs_core.generation import GenerationReport
from vs_core.plots import plot_generation

NAME = "generation"


def draw_pictures(report: GenerationReport) -> list[Picture]:
    """Draw how it went, if there has been a call.

    Args:
        report: What to draw.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    if not report.history:
        return []
    shown = "What was accepted and refused, and the unseen share, by the number of calls"
    return [Picture.of(NAME, shown, plot_generation(report))]
