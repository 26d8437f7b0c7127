"""`plot_cost`: what diversity costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from vs_core.comparison import Comparison, Estimate, MethodSummary
from vs_core.drawing import canvas, panel
from vs_core.drawing.library import require_matplotlib
from vs_core.drawing.numbers import short_tick
from vs_core.drawing.palette import colours
from vs_core.plots.measures import basis, chosen, titled
from vs_core.values.terms import Method

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HEIGHT = 4.2
# Hollow and each of its own shape, so that methods at the same point all show.
_MARKS: dict[Method, str] = {
    "direct": "o",
    "sequence": "s",
    "standard": "D",
    "cot": "^",
    "multi": "v",
}


class _Point(NamedTuple):
    method: Method
    cost: float
    mean: float
    low: float | None
    high: float | None


def plot_cost(
    comparison: Comparison, metric: str | None = None, *, title: str | None = None
) -> Figure:
    """A point for each method: the tokens that a response costs, against a metric.

    The methods are named at the right, from the highest point to the lowest.

    Where no method has reported tokens, calls take their place. A method without a value or
    without a known cost is named below the picture.

    Args:
        comparison: What `compare` found.
        metric: The metric; by default the first of the comparison's.
        title: Heading, if any.

    Raises:
        MissingExtraError: matplotlib is not installed.
        ValueError: The metric was not computed, or there is none.

    Example:
        >>> from vs_core.comparison import (
        ...     Comparison, ComparisonSettings, Cost, Estimate, MethodSummary
        ... )
        >>> from vs_core.plots import plot_cost
        >>> direct = MethodSummary(
        ...     method="direct",
        ...     scores={"unique_fraction": Estimate(mean=0.5)},
        ...     responses=10,
        ...     cost=Cost(calls=10, input_tokens=200, output_tokens=100),
        ... )
        >>> settings = ComparisonSettings(prompts="Flip a coin.", methods=["direct"])
        >>> (axes,) = plot_cost(Comparison(settings=settings, summaries=(direct,))).axes
        >>> [float(number) for number in axes.collections[0].get_offsets()[0]]
        [30.0, 0.5]
    """
    require_matplotlib("plot_cost")
    name = chosen(comparison, None if metric is None else [metric])[0]
    in_tokens = any(summary.cost.tokens is not None for summary in comparison.summaries)
    points = [p for s in comparison.summaries if (p := _point(s, name, in_tokens=in_tokens))]
    figure = canvas.blank_figure(_HEIGHT)
    (axes,) = canvas.panels(figure, 1, 1, grid="both")
    _draw(axes, points)
    if points:
        panel.name_marks(axes)
    panel.name_values(axes, f"{'tokens' if in_tokens else 'calls'} per response")
    panel.name_heights(axes, titled(name))
    if title is not None:
        canvas.name_figure(figure, title)
    notes = [*basis(comparison, [name]), *_missing(comparison, points)]
    return canvas.finish(figure, notes, simulated=comparison.settings.simulated)


def _point(summary: MethodSummary, metric: str, *, in_tokens: bool) -> _Point | None:
    estimate = summary.scores.get(metric, Estimate())
    cost = summary.cost.tokens if in_tokens else summary.cost.calls
    if estimate.mean is None or cost is None or not summary.responses:
        return None
    return _Point(
        summary.method, cost / summary.responses, estimate.mean, estimate.low, estimate.high
    )


def _missing(comparison: Comparison, points: list[_Point]) -> list[str]:
    there = {point.method for point in points}
    absent = [s.method for s in comparison.summaries if s.method not in there]
    return [f"Without a value or a known cost: {', '.join(absent)}."] if absent else []


def _draw(axes: Axes, points: list[_Point]) -> None:
    for point in sorted(points, key=lambda point: -point.mean):
        _draw_point(axes, point)
    tops = [point.mean if point.high is None else point.high for point in points]
    panel.from_zero(axes, max((point.cost for point in points), default=0.0), max(tops, default=0))
    axes.xaxis.set_major_formatter(short_tick)
    axes.yaxis.set_major_formatter(short_tick)


def _draw_point(axes: Axes, point: _Point) -> None:
    colour = colours([point.method])[point.method]
    if point.low is not None and point.high is not None:
        axes.plot(
            [point.cost] * 2,
            [point.low, point.high],
            color=colour,
            linewidth=1.5,
            linestyle="-",
            marker="",
        )
    axes.scatter(
        [point.cost],
        [point.mean],
        label=point.method,
        s=70,
        marker=_MARKS[point.method],
        facecolor="none",
        edgecolor=colour,
        linewidth=2.0,
        zorder=3,
    )
