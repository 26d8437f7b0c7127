"""What a comparison says, in rows of text: the terminal and the report show the same ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from vs_cli.figures import count, number
from vs_core.comparison import Comparison, Estimate, MethodSummary
from vs_core.metrics import METRICS, Metric

ARROWS = {"higher": "↑", "lower": "↓"}


@dataclass(frozen=True)
class Cell:
    """A value as text, with its interval if there is one."""

    value: str
    interval: str = ""
    best: bool = False


@dataclass(frozen=True)
class Row:
    """One measure over all methods; the arrow points to where diversity (or quality) lies."""

    label: str
    cells: tuple[Cell, ...]
    arrow: str = ""
    description: str = ""


def metric_rows(comparison: Comparison) -> list[Row]:
    """One row for each metric, a cell for each method: mean and interval over the prompts."""
    return [_metric_row(METRICS[name], comparison.summaries) for name in comparison.metrics]


def cost_rows(comparison: Comparison) -> list[Row]:
    """What each method brought and cost, over all prompts."""
    summaries = comparison.summaries
    costs = [summary.tokens_per_distinct for summary in summaries]
    rows = [
        _counts("Responses", summaries, lambda s: s.responses),
        _counts("Distinct responses", summaries, lambda s: s.distinct),
        _counts("Model calls", summaries, lambda s: s.cost.calls),
        _counts("Input tokens", summaries, lambda s: s.cost.input_tokens),
        _counts("Output tokens", summaries, lambda s: s.cost.output_tokens),
        Row("Tokens per distinct", _cells(costs, lowest=True)),
    ]
    if any(summary.failures for summary in summaries):
        rows.append(_counts("Failed exchanges", summaries, lambda s: s.failures))
    return rows


def _counts(
    label: str, summaries: Sequence[MethodSummary], value: Callable[[MethodSummary], int | None]
) -> Row:
    return Row(label, tuple(Cell(count(value(summary))) for summary in summaries))


def _metric_row(metric: Metric, summaries: Sequence[MethodSummary]) -> Row:
    estimates = [summary.scores.get(metric.name, Estimate()) for summary in summaries]
    cells = _cells([e.mean for e in estimates], lowest=metric.direction == "lower")
    with_intervals = tuple(
        replace(cell, interval=_interval(e)) for cell, e in zip(cells, estimates, strict=True)
    )
    return Row(metric.label, with_intervals, ARROWS[metric.direction], metric.description)


def _cells(values: Sequence[float | None], *, lowest: bool) -> tuple[Cell, ...]:
    known = {value for value in values if value is not None}
    # Where all are equal, none is the best.
    best = (min if lowest else max)(known) if len(known) > 1 else None
    return tuple(Cell(number(v), best=v is not None and v == best) for v in values)


def _interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{number(estimate.low)}–{number(estimate.high)}"
