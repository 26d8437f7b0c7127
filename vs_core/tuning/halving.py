"""The halving: who of several variants stays. It eliminates, and measures nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

from vs_core.metrics import METRICS
from vs_core.tuning.stages import staying

Scores = Sequence[float | None]


def better_half(scores: Mapping[str, Scores], metric: str) -> list[str]:
    """The variants that stay, in the order in which they were given.

    Compared are the means over what all of them have a score for. Of equals the earlier one stays.

    Args:
        scores: By name of the variant, its scores: for each prompt that it was asked in this stage
            and in those before, in the same order for all. All that was paid for takes part: those
            who are left have been asked the same, and no figure of theirs is used later.
        metric: What they are scores of.

    Example:
        >>> from vs_core.tuning.halving import better_half
        >>> better_half({"a": [0.2, 0.4], "b": [0.9, None], "c": [0.3, 0.9]}, "unique_fraction")
        ['b', 'c']
    """
    known = [all(score is not None for score in row) for row in zip(*scores.values(), strict=True)]
    upwards = METRICS[metric].direction == "higher"
    means = {name: _mean(of_one, known) for name, of_one in scores.items()}
    ranked = sorted(means, key=means.__getitem__, reverse=upwards)  # equals stay in order
    best = set(ranked[: staying(len(ranked))])
    return [name for name in scores if name in best]


def _mean(scores: Scores, known: Sequence[bool]) -> float:
    counted = [s for s, is_known in zip(scores, known, strict=True) if is_known and s is not None]
    return fmean(counted) if counted else 0.0
