"""`plot_diversity`: each metric of a comparison, method beside method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vs_core.comparison import Comparison, Estimate
from vs_core.drawing import canvas, panel
from vs_core.drawing.library import require_matplotlib
from vs_core.drawing.numbers import short, short_tick
from vs_core.drawing.palette import INK, colours
from vs_core.plots.measures import basis, chosen, direction, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_COLUMNS = 4


def plot_diversity(
    comparison: Comparison, metrics: Sequence[str] | None = None, *, title: str | None = None
) -> Figure:
    """Bars with bootstrap intervals: a panel for each metric, a bar for each method.

    Below each panel stands which way is more diverse.

    Args:
        comparison: What `compare` found.
        metrics: Which metrics, in this order; by default all that have a value.
        title: Heading, if any.

    Raises:
        MissingExtraError: matplotlib is not installed.
        ValueError: A metric was not computed, or there is none.

    Example:
        >>> from vs_core.comparison import Comparison, ComparisonSettings, Estimate, MethodSummary
        >>> from vs_core.plots import plot_diversity
        >>> found = Comparison(
        ...     settings=ComparisonSettings(prompts="Flip a coin.", methods=["direct"]),
        ...     summaries=(MethodSummary(method="direct", scores={"rouge_l": Estimate(mean=0.5)}),),
        ... )
        >>> figure = plot_diversity(found)
        >>> figure.axes[0].get_xlabel(), float(figure.axes[0].patches[0].get_width())
        ('lower is more diverse', 0.5)
    """
    require_matplotlib("plot_diversity")
    shown = chosen(comparison, metrics)
    names = [summary.method for summary in comparison.summaries]
    columns = canvas.columns_for(len(shown), _MOST_COLUMNS)
    rows = -(-len(shown) // columns)
    figure = canvas.blank_figure(canvas.height_for(names, rows=rows))
    panels = canvas.panels(figure, rows, columns)
    for place, (axes, metric) in enumerate(zip(panels, shown, strict=False)):
        _draw_panel(
            axes, {s.method: s.scores.get(metric, Estimate()) for s in comparison.summaries}
        )
        panel.share_values([axes], most_ticks=12 // columns)
        panel.name_panel(axes, label(metric))
        panel.name_values(axes, direction(metric))
        if place % columns:
            panel.hide_bar_names(axes)
    canvas.drop(panels[len(shown) :])
    if title is not None:
        canvas.name_figure(figure, title)
    notes = basis(comparison, shown)
    return canvas.finish(figure, notes, simulated=comparison.settings.simulated)


def _draw_panel(axes: Axes, estimates: dict[str, Estimate]) -> None:
    shades = colours(estimates)
    for place, (name, estimate) in enumerate(estimates.items()):
        if estimate.mean is not None:
            panel.bars(axes, {place: estimate.mean}, [shades[name]])
        if estimate.low is not None and estimate.high is not None:
            _draw_interval(axes, place, estimate.low, estimate.high)
    axes.xaxis.set_major_formatter(short_tick)
    panel.name_bars(axes, list(estimates))
    if not axes.patches:
        panel.say_nothing_came(axes, "no value")
    panel.write_values(axes, [_value(estimate) for estimate in estimates.values()])


def _draw_interval(axes: Axes, place: int, low: float, high: float) -> None:
    axes.plot(
        [low, high],
        [place, place],
        color=INK,
        linewidth=1.2,
        linestyle="-",
        marker="|",
        markersize=6,
        markeredgewidth=1.2,
    )


def _value(estimate: Estimate) -> str:
    return "–" if estimate.mean is None else short(estimate.mean)
