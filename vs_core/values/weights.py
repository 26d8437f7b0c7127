"""Normalisation: from the numbers a model stated to probabilities that sum to 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vs_core.values.candidate import Candidate
from vs_core.values.stated import read_together
from vs_core.values.terms import Definition

MEAN_FALLBACK = "a candidate without a usable number was given the mean weight of the others"
UNIFORM_FALLBACK = "no candidate had a usable number: the distribution is uniform"
ZERO_FALLBACK = "all numbers were zero: the distribution is uniform"

# exp(-x) is 0.0 beyond this; longer texts than that need their common part taken out.
_LARGEST_EXPONENT = 700.0


@dataclass(frozen=True)
class Settled:
    """Candidates with their probabilities, the weights behind them, and fallbacks taken."""

    candidates: tuple[Candidate[Any], ...]
    weights: tuple[float, ...]
    fallbacks: tuple[str, ...]


def settle(candidates: Sequence[Candidate[Any]], definition: Definition | None) -> Settled:
    """Read the stated numbers of a whole set and normalise them.

    Candidates whose weight a transform has set keep it. The others are read from the number as
    written, all those of one reply together, because whether a bare `30` is a percentage shows
    only in the set. A candidate without a usable number gets the mean weight of the usable ones;
    with none usable, or all zero, the distribution is uniform.

    Args:
        candidates: In the model's order.
        definition: What the numbers mean; None is read as `explicit`.
    """
    meaning: Definition = definition or "explicit"
    stated = _read_stated(candidates, meaning)
    known = [
        c.weight if c.weight is not None else likelihood(s, meaning)
        for c, s in zip(candidates, stated, strict=True)
    ]
    if meaning == "nll":
        known = _without_underflow(candidates, stated, known)
    weights, fallbacks = _fill_gaps(known)
    return Settled(
        candidates=tuple(
            c.model_copy(update={"stated": s, "probability": p})
            for c, s, p in zip(candidates, stated, _normalise(weights), strict=True)
        ),
        weights=tuple(weights),
        fallbacks=fallbacks,
    )


def likelihood(stated: float | None, definition: Definition | None) -> float | None:
    """A stated number as something that grows with probability.

    The number itself, except `exp(-nll)` for `nll` and `1 / perplexity` for `perplexity`.

    Args:
        stated: The number, None if unusable.
        definition: What it means; None is read as `explicit`.
    """
    if stated is None:
        return None
    if definition == "nll":
        return math.exp(-stated)
    if definition == "perplexity":
        return 1.0 / stated if stated > 0 else None
    return stated


def as_stated(likelihood: float, definition: Definition | None) -> float | None:
    """The number a model would have stated for a likelihood: the inverse of `likelihood`.

    Args:
        likelihood: As `likelihood` gives it.
        definition: What the number is to mean; None is read as `explicit`.
    """
    if definition not in {"nll", "perplexity"}:
        return likelihood
    if likelihood <= 0:
        return None
    return max(0.0, -math.log(likelihood)) if definition == "nll" else 1.0 / likelihood


def _read_stated(
    candidates: Sequence[Candidate[Any]], definition: Definition
) -> list[float | None]:
    stated = [candidate.stated for candidate in candidates]
    unsettled: dict[int, list[int]] = {}
    for position, candidate in enumerate(candidates):
        if candidate.weight is None and candidate.raw_probability is not None:
            unsettled.setdefault(candidate.turn, []).append(position)
    for positions in unsettled.values():
        numbers = read_together([candidates[p].raw_probability for p in positions], definition)
        for position, number in zip(positions, numbers, strict=True):
            stated[position] = number
    return stated


def _without_underflow(
    candidates: Sequence[Candidate[Any]],
    stated: Sequence[float | None],
    known: list[float | None],
) -> list[float | None]:
    read = [
        s for c, s in zip(candidates, stated, strict=True) if c.weight is None and s is not None
    ]
    if not read or min(read) < _LARGEST_EXPONENT:
        return known
    shift = min(read)
    return [
        math.exp(shift - s) if c.weight is None and s is not None else w
        for c, s, w in zip(candidates, stated, known, strict=True)
    ]


def _fill_gaps(known: Sequence[float | None]) -> tuple[list[float], tuple[str, ...]]:
    usable = [weight for weight in known if weight is not None]
    if not known:
        return [], ()
    if not usable:
        return [1.0] * len(known), (UNIFORM_FALLBACK,)
    if max(usable) == 0.0:
        return [1.0] * len(known), (ZERO_FALLBACK,)
    if len(usable) == len(known):
        return usable, ()
    mean = math.fsum(weight / len(usable) for weight in usable)
    return [mean if weight is None else weight for weight in known], (MEAN_FALLBACK,)


def _normalise(weights: Sequence[float]) -> list[float]:
    if not weights:
        return []
    # Dividing by the largest first keeps the sum finite for any finite weights.
    largest = max(weights)
    scaled = [weight / largest for weight in weights]
    total = math.fsum(scaled)
    return [weight / total for weight in scaled]
