"""A tuning as a table, or as plain records: diversity never without what can be used, and cost."""

from __future__ import annotations

from typing import Any

from vs_core.comparison.records import Estimate
from vs_core.metrics import METRICS
from vs_core.tuning.records import Final, Side, TuningFigures

_ARROWS = {"higher": "↑", "lower": "↓"}
_NOTHING = "–"


def table_of(metric: str, final: Final | None) -> list[list[str]]:
    """A head and a row for each side and for their difference; the head alone without a final.

    Args:
        metric: What diversity is measured by.
        final: What to show.
    """
    head = [
        "settings",
        f"{METRICS[metric].label} {_ARROWS[METRICS[metric].direction]}",
        "readable ↑",
        "calls",
        "tokens",
        "calls per different ↓",
        "tokens per different ↓",
    ]
    if final is None:
        return [head]
    sides = (final.default, final.survivor)
    return [head, *map(_row, sides), _row_of_difference(*sides, final.difference)]


def to_records(final: Final | None) -> list[dict[str, Any]]:
    """One flat, JSON-safe dictionary for each prompt and side."""
    return [
        {
            "prompt": outcome.prompt,
            "variant": outcome.variant,
            "asked": outcome.asked,
            "usable": outcome.usable,
            "different": outcome.different,
            "diversity": outcome.diversity,
            "readable": outcome.readable,
            **outcome.cost.model_dump(),
        }
        for outcome in (final.outcomes if final else ())
    ]


def estimate_shown(estimate: Estimate, *, signed: bool = False) -> str:
    """A figure with its interval.

    Args:
        estimate: The figure.
        signed: Whether it is a difference.

    Example:
        >>> from vs_core.comparison import Estimate
        >>> from vs_core.tuning.rendering import estimate_shown
        >>> estimate_shown(Estimate(mean=0.1, low=0.04, high=0.17), signed=True)
        '+0.1 (+0.04 to +0.17)'
    """
    if estimate.mean is None:
        return _NOTHING
    sign = "+" if signed else ""
    if estimate.low is None or estimate.high is None:
        return f"{estimate.mean:{sign}.3g}"
    return f"{estimate.mean:{sign}.3g} ({estimate.low:{sign}.3g} to {estimate.high:{sign}.3g})"


def _row(side: Side) -> list[str]:
    return [
        side.variant.name,
        *(estimate_shown(e) for e in (side.figures.diversity, side.figures.readable)),
        f"{side.cost.calls:,}",
        _NOTHING if side.cost.tokens is None else f"{side.cost.tokens:,}",
        estimate_shown(side.figures.calls_per_different),
        estimate_shown(side.figures.tokens_per_different),
    ]


def _row_of_difference(default: Side, survivor: Side, difference: TuningFigures) -> list[str]:
    tokens = [side.cost.tokens for side in (default, survivor)]
    known = [number for number in tokens if number is not None]
    return [
        "difference",
        estimate_shown(difference.diversity, signed=True),
        estimate_shown(difference.readable, signed=True),
        f"{survivor.cost.calls - default.cost.calls:+,}",
        f"{known[1] - known[0]:+,}" if len(known) == len(tokens) else _NOTHING,
        estimate_shown(difference.calls_per_different, signed=True),
        estimate_shown(difference.tokens_per_different, signed=True),
    ]
