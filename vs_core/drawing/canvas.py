"""A figure to draw on, and what all figures have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from vs_core.drawing.fonts import (
    LABEL_SIZE,
    NOTE_SIZE,
    TITLE_SIZE,
    UNPRINTABLE,
    families,
    printable,
)
from vs_core.drawing.labels import wrap
from vs_core.drawing.palette import FAINT_INK, GRID, INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

WIDTH = 8.0
"""Inches; at 100 dots an inch, what a README shows without shrinking it."""

SIMULATED = "Simulated data: answered by the built-in simulation, not by a language model."


def blank_figure(height: float) -> Figure:
    """An empty figure, with none of the settings that a user's style may have changed.

    Args:
        height: Inches.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415  # heavy, and optional

    return Figure(figsize=(WIDTH, height), dpi=100, facecolor=PAPER, layout="constrained")


def panels(
    figure: Figure, rows: int, columns: int, *, grid: Literal["x", "both"] = "x"
) -> list[Axes]:
    """Empty panels, row by row.

    Args:
        figure: Where they go.
        rows: How many one below the other.
        columns: How many side by side.
        grid: Which grid lines they have; bars along the x axis need those of x only.
    """
    made = figure.subplots(rows, columns, squeeze=False)
    return [_plain(axes, grid) for row in made for axes in row]


def height_for(labels: Sequence[str], *, rows: int = 1) -> float:
    """Height in inches of a figure in which bars with these labels have room.

    Args:
        labels: Of the bars of one panel.
        rows: How many rows of such panels there are.
    """
    lines = max((1 + label.count("\n") for label in labels), default=1)
    return 0.7 + rows * (0.6 + max(len(labels), 2) * (0.11 + 0.15 * lines))


def columns_for(number: int, most: int) -> int:
    """How many columns spread so many panels evenly over rows of at most `most`.

    Example:
        >>> from vs_core.drawing.canvas import columns_for
        >>> columns_for(3, 4), columns_for(5, 4)
        (3, 3)
    """
    rows = -(-number // most)
    return max(1, -(-number // max(1, rows)))


def name_figure(figure: Figure, title: str) -> None:
    """Put a heading above everything."""
    figure.suptitle(
        wrap(title, 46, lines=2), x=0.01, ha="left", fontsize=TITLE_SIZE, color=INK, weight="bold"
    )


def drop(panels: Sequence[Axes]) -> None:
    """Take away the panels that a grid has too many."""
    for axes in panels:
        axes.remove()


def finish(figure: Figure, notes: Sequence[str] = (), *, simulated: bool = False) -> Figure:
    """Put the notes below the figure, and make each text one that can be drawn as it stands.

    Args:
        figure: With everything else drawn.
        notes: Sentences that a reader needs.
        simulated: Whether to say that no language model answered.
    """
    from matplotlib import text as texts  # noqa: PLC0415  # heavy, and optional

    unprintable = any(UNPRINTABLE in printable(t.get_text()) for t in figure.findobj(texts.Text))
    lines = [
        *notes,
        *([f"{UNPRINTABLE} stands for characters that no font at hand has."] * unprintable),
        *([SIMULATED] * simulated),
    ]
    if lines:
        figure.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=NOTE_SIZE, color=FAINT_INK)
    for text in figure.findobj(texts.Text):
        _make_plain(text)
    return figure


def _plain(axes: Axes, grid: Literal["x", "both"]) -> Axes:
    axes.set_facecolor(PAPER)
    axes.grid(visible=False)
    axes.grid(visible=True, axis=grid, color=GRID, linewidth=0.8, linestyle="-")
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "left" or (side == "bottom" and grid == "both"))
        spine.set_color(FAINT_INK)
        spine.set_linewidth(0.8)
    axes.tick_params(
        length=0,
        labelsize=LABEL_SIZE,
        labelcolor=INK,
        labelfontfamily=families(),
        top=False,
        right=False,
    )
    return axes


def _make_plain(text: Text) -> None:
    """Model-written text is neither mathematics nor TeX, and may need more than one font."""
    content = printable(text.get_text())
    text.set(text=content, usetex=False, parse_math=False, fontfamily=families())
