"""What goes into a panel: horizontal bars, marks, names and numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from vs_core.drawing.fonts import LABEL_SIZE, NOTE_SIZE, printable
from vs_core.drawing.palette import FAINT_INK, INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def bars(axes: Axes, values: Mapping[int, float], colours: Sequence[str]) -> None:
    """Draw horizontal bars.

    Args:
        axes: The panel.
        values: Where a bar stands, from 0 at the top, and how long it is.
        colours: One for each bar.
    """
    axes.barh(list(values), list(values.values()), height=0.7, color=colours, linewidth=0)


def name_bars(axes: Axes, labels: Sequence[str]) -> None:
    """Label the bars of a panel, which stand at 0, 1, 2, ...; the first comes on top.

    Args:
        axes: The panel.
        labels: One for each bar; they may have several lines.
    """
    # Ticks write their labels anew at each drawing, so these must be printable from the start.
    axes.set_yticks(range(len(labels)), [printable(label) for label in labels])
    axes.set_ylim(max(len(labels), 1) - 0.5, -0.5)


def hide_bar_names(axes: Axes) -> None:
    """For a panel whose bars are named by the panel at its left."""
    axes.tick_params(axis="y", labelleft=False)


def write_values(axes: Axes, values: Sequence[str]) -> None:
    """Write the value of each bar at the right edge of the panel."""
    for place, value in enumerate(values):
        axes.text(
            1.01,
            place,
            value,
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=LABEL_SIZE,
            color=INK,
        )


def mark(
    axes: Axes, values: Sequence[float], places: Sequence[int], *, hollow: bool = False
) -> None:
    """Mark a value on each of some bars: by a diamond, or a dot."""
    axes.plot(
        values,
        places,
        linestyle="none",
        marker="D" if hollow else "o",
        markersize=5 if hollow else 4.5,
        markerfacecolor=PAPER if hollow else INK,
        markeredgecolor=INK if hollow else PAPER,
        markeredgewidth=1.0 if hollow else 0.7,
        clip_on=False,
        zorder=2.4,
    )


def name_panel(axes: Axes, name: str, remark: str = "") -> None:
    """Put a heading above a panel, and a remark between the two."""
    axes.set_title(
        name,
        loc="left",
        fontsize=LABEL_SIZE,
        fontweight="bold",
        color=INK,
        y=1.0,
        pad=18 if remark else 6,
    )
    axes.annotate(
        remark,
        xy=(0, 1),
        xycoords="axes fraction",
        xytext=(0, 5),
        textcoords="offset points",
        fontsize=NOTE_SIZE,
        color=FAINT_INK,
        va="bottom",
    )


def name_marks(axes: Axes) -> None:
    """Say at the right of a panel which mark is whose, in the order in which they were drawn."""
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        fontsize=LABEL_SIZE,
        labelcolor=INK,
        frameon=False,
        scatterpoints=1,
        markerscale=1.0,
        handlelength=2.0,
        labelspacing=0.6,
        handletextpad=0.3,
        borderpad=0.3,
        borderaxespad=0.0,
    )


def name_values(axes: Axes, label: str) -> None:
    """Say below a panel what its x axis shows."""
    axes.set_xlabel(label, fontsize=NOTE_SIZE, color=FAINT_INK)


def name_heights(axes: Axes, label: str) -> None:
    """Say beside a panel what its y axis shows."""
    axes.set_ylabel(label, fontsize=NOTE_SIZE, color=FAINT_INK)


def from_zero(axes: Axes, right: float, top: float) -> None:
    """Let both axes of a panel begin at 0, and go a little beyond the largest values."""
    axes.set_xlim(0, 1.15 * right or 1.0)
    axes.set_ylim(0, 1.12 * top or 1.0)


def share_values(panels: Sequence[Axes], *, most_ticks: int, integer: bool = False) -> None:
    """Let panels have one x axis, from 0 to a little beyond the largest value in any."""
    ends = [axes.dataLim.xmax for axes in panels]
    # An empty panel ends at minus infinity.
    largest = max((end for end in ends if math.isfinite(end)), default=0.0)
    for axes in panels:
        axes.set_xlim(0, 1.08 * largest if largest > 0 else 1.0)
        axes.locator_params(axis="x", nbins=max(2, most_ticks), integer=integer)


def say_nothing_came(axes: Axes, message: str) -> None:
    """Write in an empty panel why it is empty."""
    axes.text(
        0.5,
        0.5,
        message,
        transform=axes.transAxes,
        ha="center",
        va="center",
        fontsize=LABEL_SIZE,
        color=FAINT_INK,
        backgroundcolor=PAPER,
    )
