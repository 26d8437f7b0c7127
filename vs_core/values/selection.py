"""Drawing from weights and cutting a distribution down, as functions over positions."""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Sequence
from numbers import Real

from vs_core.errors import EmptyDistributionError, SampleSizeError


def generator(seed: int | None, rng: random.Random | None) -> random.Random:
    """The random generator to draw with: the given one, or a fresh one from `seed`.

    Args:
        seed: Any integer; None draws differently each time.
        rng: A generator to use (and advance) instead.

    Raises:
        ValueError: Both were given.
    """
    if rng is None:
        return random.Random(seed)
    if seed is not None:
        raise ValueError(f"seed={seed!r} and rng were both given: pass one of them")
    return rng


def require_candidates(number: int, action: str) -> None:
    """Refuse an empty distribution where a candidate must be chosen."""
    if number == 0:
        raise EmptyDistributionError(
            f"{action} needs at least one candidate, and this distribution is empty"
        )


def tempered(weights: Sequence[float], temperature: float) -> list[float]:
    """Each weight to the power of 1/temperature: log-weights treated as logits.

    Args:
        weights: Non-negative, at least one above 0.
        temperature: Above 0; below 1 sharpens, above 1 flattens.

    Raises:
        ValueError: The temperature is not a finite number above 0.
    """
    if not (math.isfinite(temperature) and temperature > 0):
        raise ValueError(f"temperature={temperature!r}: must be a finite number above 0")
    if temperature == 1.0:
        return list(weights)
    largest = max(weights)
    return [
        0.0 if weight == 0 else math.exp(math.log(weight / largest) / temperature)
        for weight in weights
    ]


def draw(weights: Sequence[float], n: int, rng: random.Random, *, replace: bool) -> list[int]:
    """Draw `n` positions in proportion to their weights.

    Without replacement each draw is in proportion to what is left (successive sampling), by
    exponential keys: Efraimidis and Spirakis, "Weighted random sampling with a reservoir",
    Information Processing Letters 97 (2006).

    Args:
        weights: Non-negative.
        n: Number of draws, at least 0.
        rng: Source of randomness.
        replace: Whether a position can be drawn again.

    Raises:
        SampleSizeError: Without replacement, `n` exceeds the positions of positive weight.
        ValueError: `n` is negative, or no whole number.
    """
    n = require_at_least("n", n, 0)
    if replace:
        return rng.choices(range(len(weights)), weights, k=n) if n else []
    support = [position for position, weight in enumerate(weights) if weight > 0]
    if n > len(support):
        raise SampleSizeError(
            f"cannot draw {n} candidates without replacement from {len(support)} with a "
            f"probability above 0: ask for at most {len(support)}, or pass replace=True"
        )
    arrival = {position: rng.expovariate(1.0) / weights[position] for position in support}
    return sorted(support, key=arrival.__getitem__)[:n]


def by_probability(probabilities: Sequence[float]) -> list[int]:
    """Positions from most to least probable, ties in order."""
    return sorted(range(len(probabilities)), key=lambda position: -probabilities[position])


def nucleus(probabilities: Sequence[float], mass: float) -> list[int]:
    """The fewest most probable positions whose probabilities reach `mass` (top-p)."""
    kept: list[int] = []
    reached = 0.0
    for position in by_probability(probabilities):
        kept.append(position)
        reached += probabilities[position]
        # A mass of 1.0 must not miss its last candidate, nor take another, by rounding.
        if reached >= mass - 1e-12:
            break
    return sorted(kept)


def rarest(likelihoods: Sequence[float | None], threshold: float, at_least: int) -> list[int]:
    """Positions below the threshold, filled up to `at_least` with those nearest above it.

    A position without a number is never below, and the last to fill up with.
    """
    below = [p for p, likelihood in enumerate(likelihoods) if _is_below(likelihood, threshold)]
    if len(below) >= at_least:
        return below
    taken = set(below)
    nearest = sorted(
        (p for p in range(len(likelihoods)) if p not in taken),
        key=lambda p: _distance(likelihoods[p]),
    )
    return sorted(below + nearest[: at_least - len(below)])


def _is_below(likelihood: float | None, threshold: float) -> bool:
    return likelihood is not None and likelihood < threshold


def _distance(likelihood: float | None) -> float:
    return math.inf if likelihood is None else likelihood


def require_fraction(name: str, value: float) -> float:
    """Refuse a setting that is no fraction in (0, 1]."""
    if not isinstance(value, Real) or not 0.0 < value <= 1.0:
        raise ValueError(f"{name}={value!r}: must be above 0 and at most 1")
    return value


def require_at_least(name: str, value: int, least: int) -> int:
    """Refuse a count below `least`, or one that is no whole number."""
    try:
        count = operator.index(value)
    except TypeError as error:
        raise ValueError(f"{name}={value!r}: must be a whole number") from error
    if count < least:
        raise ValueError(f"{name}={value!r}: must be {least} or more")
    return count


def require_weight(weight: float, text: str) -> float:
    """Refuse a weight that is negative or not finite."""
    if not (math.isfinite(weight) and weight >= 0):
        raise ValueError(
            f"the new weight of {text[:60]!r} is {weight!r}: must be a finite number, 0 or more"
        )
    return weight
