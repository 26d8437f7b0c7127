"""`plot_generation`: how a generation went, call by call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vs_core.drawing import canvas, panel
from vs_core.drawing.library import require_matplotlib
from vs_core.drawing.numbers import percent_tick, short_tick
from vs_core.drawing.palette import BLUE, INK, PAPER
from vs_core.generation import GenerationReport, Moment, UnseenShare

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL = 1.75
_AROUND = 0.9
_SAME, _NEAR = "#D55E00", "#E69F00"
_MOST_MARKS = 30
"""Calls up to which each has a mark of its own."""


def plot_generation(report: GenerationReport, *, title: str | None = None) -> Figure:
    """By the number of calls: answers accepted, answers refused, and the unseen share.

    Each has a panel, and all have one x axis. Where the line of the accepted bends, and that of
    the refused rises instead, the model begins to repeat itself. Of a single prompt, the unseen
    share ends in its 95 % interval; of several, it is the mean over those under way.

    Args:
        report: What a generation has come to.
        title: Heading, if any.

    Raises:
        MissingExtraError: matplotlib is not installed.

    Example:
        >>> from vs_core.generation import GenerationReport, Moment
        >>> from vs_core.plots import plot_generation
        >>> moments = (Moment(calls=1, accepted=10), Moment(calls=2, accepted=17, same=3))
        >>> axes = plot_generation(GenerationReport(settings={}, history=moments)).axes
        >>> [float(height) for height in axes[0].lines[0].get_ydata()]
        [0.0, 10.0, 17.0]
        >>> len(axes)
        2
    """
    require_matplotlib("plot_generation")
    has_unseen = any(moment.unseen is not None for moment in report.history)
    rows = 3 if has_unseen else 2
    figure = canvas.blank_figure(_AROUND + rows * _PANEL)
    panels = canvas.panels(figure, rows, 1, grid="both")
    _draw_accepted(panels[0], report)
    _draw_refused(panels[1], report.history)
    if has_unseen:
        _draw_unseen(panels[2], report)
    calls = max((moment.calls for moment in report.history), default=0)
    for axes in panels:
        axes.set_xlim(0, 1.03 * calls or 1.0)
        axes.locator_params(axis="x", integer=True)
        axes.xaxis.set_major_formatter(short_tick)
        axes.tick_params(axis="x", labelbottom=axes is panels[-1])
    panel.name_values(panels[-1], "model calls answered")
    figure.align_ylabels(panels)
    if title is not None:
        canvas.name_figure(figure, title)
    return canvas.finish(figure, simulated=report.simulated)


def _draw_accepted(axes: Axes, report: GenerationReport) -> None:
    _line(axes, report.history, [moment.accepted for moment in report.history], BLUE)
    panel.name_heights(axes, "answers accepted")
    _count_from_zero(axes, [moment.accepted for moment in report.history])


def _draw_refused(axes: Axes, history: Sequence[Moment]) -> None:
    same, near = [moment.same for moment in history], [moment.near for moment in history]
    if any(same):
        _line(axes, history, same, _SAME, "the same as an earlier one")
    if any(near):
        _line(axes, history, near, _NEAR, "nearly the same, or in meaning")
    if any(same) or any(near):
        legend = axes.legend(loc="upper left", fontsize="small", labelcolor=INK, framealpha=0.9)
        legend.get_frame().set(facecolor=PAPER, edgecolor="none")
    else:
        panel.say_nothing_came(axes, "none was refused")
    panel.name_heights(axes, "answers refused")
    _count_from_zero(axes, [*same, *near])


def _draw_unseen(axes: Axes, report: GenerationReport) -> None:
    known = [moment for moment in report.history if moment.unseen is not None]
    axes.plot(
        [moment.calls for moment in known],
        [moment.unseen or 0.0 for moment in known],
        color=BLUE,
        linewidth=1.8,
        marker=_mark(known),
        markersize=4,
    )
    last = report.prompts[0].unseen if len(report.prompts) == 1 else None
    if last is not None:
        _draw_interval(axes, known[-1].calls, last)
    panel.name_heights(axes, "unseen share")
    axes.set_ylim(0, 1.05)
    axes.yaxis.set_major_formatter(percent_tick)


def _draw_interval(axes: Axes, calls: int, share: UnseenShare) -> None:
    axes.plot(
        [calls, calls],
        [share.low, share.high],
        color=INK,
        linewidth=1.2,
        linestyle="-",
        marker="_",
        markersize=7,
        clip_on=False,
    )


def _line(
    axes: Axes, history: Sequence[Moment], values: Sequence[int], colour: str, name: str = ""
) -> None:
    axes.plot(
        [0, *(moment.calls for moment in history)],
        [0, *values],
        color=colour,
        linewidth=1.8,
        linestyle="-",
        marker=_mark(history),
        markersize=4,
        label=name or None,
    )


def _mark(moments: Sequence[Moment]) -> str:
    return "o" if len(moments) <= _MOST_MARKS else ""


def _count_from_zero(axes: Axes, values: Sequence[int]) -> None:
    axes.set_ylim(0, 1.12 * max(values, default=0) or 1.0)
    axes.locator_params(axis="y", integer=True, nbins=5)
    axes.yaxis.set_major_formatter(short_tick)
