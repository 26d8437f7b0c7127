"""A comparison as a table, or as plain records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Protocol

from vs_core.comparison.records import Estimate, MethodResponses, MethodSummary
from vs_core.exchange.model_options import ModelOptions
from vs_core.metrics import METRICS
from vs_core.simulation import SIMULATION_NOTICE

_COST = ("responses", "distinct", "calls", "tokens", "tokens per distinct", "failures")
_ARROWS = {"higher": "↑", "lower": "↓"}


def table_of(summaries: Sequence[MethodSummary], metrics: Iterable[str]) -> list[list[str]]:
    """A head and one row for each method: the means of the metrics that have any, and the cost."""
    shown = [name for name in metrics if _known(summaries, name)]
    head = ["method", *map(_label, shown), *_COST]
    return [head, *(_row(summary, shown) for summary in summaries)]


class WhoAnswers(Protocol):
    """Settings that say who answers."""

    @property
    def model(self) -> str | None:
        """Name of the model, if known."""

    @property
    def model_options(self) -> ModelOptions | None:
        """How it is called, if known."""

    @property
    def simulated(self) -> bool:
        """Whether it is the built-in simulation."""


def notes_beside(settings: WhoAnswers, days: Sequence[date], notes: Iterable[str]) -> list[str]:
    """What has to be said beside a table: who answered and when, and the notes."""
    if settings.simulated:
        return [SIMULATION_NOTICE, *notes]
    return [*_model_line(settings, days), *notes]


def _model_line(settings: WhoAnswers, days: Sequence[date]) -> Iterator[str]:
    if settings.model:
        told = settings.model_options or ()
        options = [f"{name} {value}" for name, value in told if value is not None]
        asked = [f"asked on {period(days)}"] if days else []
        yield f"model: {', '.join([settings.model, *options, *asked])}"


def period(days: Sequence[date]) -> str:
    """The first and the last of some days, or the only one."""
    return " to ".join(day.isoformat() for day in dict.fromkeys((days[0], days[-1])))


def to_records(results: Iterable[MethodResponses]) -> list[dict[str, Any]]:
    """One flat, JSON-safe dictionary for each prompt and method."""
    return [
        {
            "prompt": found.prompt,
            "method": found.method,
            "responses": len(found.texts),
            "distinct": found.distinct,
            "failures": len(found.failures),
            **found.cost.model_dump(),
            **found.scores,
        }
        for found in results
    ]


def _row(summary: MethodSummary, metrics: Iterable[str]) -> list[str]:
    per_distinct = summary.tokens_per_distinct
    return [
        summary.method,
        *(_estimate(summary.scores.get(name)) for name in metrics),
        str(summary.responses),
        str(summary.distinct),
        str(summary.cost.calls),
        _known_number(summary.cost.tokens),
        _known_number(None if per_distinct is None else round(per_distinct)),
        str(summary.failures),
    ]


def _known(summaries: Sequence[MethodSummary], name: str) -> bool:
    return any(s.scores[name].mean is not None for s in summaries if name in s.scores)


def _label(name: str) -> str:
    if name not in METRICS:
        return name
    return f"{METRICS[name].label} {_ARROWS[METRICS[name].direction]}"


def _estimate(estimate: Estimate | None) -> str:
    if estimate is None or estimate.mean is None:
        return "–"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.mean:.3g}"
    return f"{estimate.mean:.3g} ({estimate.low:.3g} to {estimate.high:.3g})"


def _known_number(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"
