"""`plot_reliability`: what share is right, where a model states so much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vs_core.calibration import Bin, Calibration, Evaluation
from vs_core.drawing import canvas, panel
from vs_core.drawing.library import require_matplotlib
from vs_core.drawing.numbers import percent_tick
from vs_core.drawing.palette import BLUE, GREY, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HEIGHT = 4.9
_MOST_AREA, _LEAST_AREA = 420.0, 18.0
"""Square points: of all examples in one dot, and of the smallest dot."""

_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_DOTS = (
    "Dots: examples whose most probable label has about the same number, by area how many there "
    "are.\nLines: 95% intervals of the share. On the diagonal numbers mean what they say."
)


def plot_reliability(measured: Calibration | Evaluation, *, title: str | None = None) -> Figure:
    """The share of examples that is right against the number that is given for them.

    Of a calibration there are two panels: the numbers as stated, and the calibrated ones, of
    examples that the map was not fitted to. Dots below the diagonal are overconfident.

    Args:
        measured: What `calibrate` or `evaluate` found.
        title: Heading, if any.

    Raises:
        MissingExtraError: matplotlib is not installed.

    Example:
        >>> from vs_core.calibration import evaluate
        >>> from vs_core.plots import plot_reliability
        >>> found = evaluate([{"tea": 0.9, "coffee": 0.1}] * 20, ["tea", "coffee"] * 10)
        >>> (axes,) = plot_reliability(found).axes
        >>> [float(number) for number in axes.collections[0].get_offsets()[0]]
        [0.9, 0.5]
    """
    require_matplotlib("plot_reliability")
    if isinstance(measured, Calibration):
        shown = {"as stated": measured.before, "calibrated, cross-validated": measured.after}
    else:
        shown = {"calibrated" if measured.calibrated else "as stated": measured}
    figure = canvas.blank_figure(_HEIGHT)
    panels = canvas.panels(figure, 1, len(shown), grid="both")
    for axes, (name, evaluation) in zip(panels, shown.items(), strict=True):
        _draw(axes, evaluation.bins)
        panel.name_panel(axes, name, f"ECE {evaluation.ece}, {evaluation.examples:,} examples")
        number = "calibrated" if evaluation.calibrated else "stated"
        panel.name_values(axes, f"{number} probability of the most probable label")
    panel.name_heights(panels[0], "share that is right")
    for axes in panels[1:]:
        panel.hide_bar_names(axes)
    if title is not None:
        canvas.name_figure(figure, title)
    return canvas.finish(figure, [_DOTS])


def _draw(axes: Axes, bins: tuple[Bin, ...]) -> None:
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1.2, linestyle="--", marker="")
    total = sum(one.count for one in bins)
    for one in bins:
        axes.plot(
            [one.stated, one.stated],
            [one.low, one.high],
            color=BLUE,
            linewidth=1.5,
            linestyle="-",
            marker="",
        )
    axes.scatter(
        [one.stated for one in bins],
        [one.right for one in bins],
        s=[max(_LEAST_AREA, _MOST_AREA * one.count / total) for one in bins],
        marker="o",
        facecolor=BLUE,
        edgecolor=PAPER,
        linewidth=0.8,
        clip_on=False,
        zorder=3,
    )
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=_TICKS, yticks=_TICKS)
    # So that the zeros of both axes stand apart.
    axes.tick_params(axis="x", pad=8)
    axes.xaxis.set_major_formatter(percent_tick)
    axes.yaxis.set_major_formatter(percent_tick)
