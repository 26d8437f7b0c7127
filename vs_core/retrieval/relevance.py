"""Passages ranked by what a model says about them, or by scores they already have."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeGuard

from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.trace import EMPTY_TRACE, Dropped, Trace


def pooled_judgements(
    batches: Iterable[tuple[int, VerbalizedDistribution[int]]],
) -> VerbalizedDistribution[int]:
    """What a model said about several batches of passages, as one distribution.

    Each passage was judged by itself, so the stated numbers of all batches are comparable: they
    are pooled as they stand and normalised once. If a passage was judged again, the first usable
    number counts, and the trace reports the others.

    Args:
        batches: For each batch the number of passages in front of it, and the judgements, whose
            values are the passages' numbers within the batch, from 1.

    Returns:
        The passages' positions among all, from 0, in ascending order.

    Example:
        >>> from vs_core import Candidate, VerbalizedDistribution
        >>> from vs_core.adapters.relevance import pooled_judgements
        >>> one = VerbalizedDistribution.of([Candidate(value=2, stated=0.9)])
        >>> two = VerbalizedDistribution.of([Candidate(value=1, stated=0.1)])
        >>> pooled = pooled_judgements([(0, one), (10, two)])
        >>> pooled.values, [round(probability, 2) for probability in pooled.probabilities]
        ([1, 10], [0.9, 0.1])
    """
    trace, asked = EMPTY_TRACE, 0
    pooled: dict[int, Candidate[int]] = {}
    for first, judgements in batches:
        reports = judgements.unsettled()[1]
        trace, asked = trace + reports, asked + (reports.k or 0)
        repeated = []
        # Numbers are read within their reply: whether 30 means 30 % shows there.
        for judgement in judgements:
            position = first + judgement.value - 1
            known = pooled.get(position)
            if known is None or (known.stated is None and judgement.stated is not None):
                pooled[position] = judgement.model_copy(
                    update={"value": position, "weight": judgement.stated}
                )
            if known is not None:
                repeated.append(_repetition(judgement))
        trace += Trace(dropped=tuple(repeated))
    trace = trace.model_copy(update={"k": asked or None})
    return VerbalizedDistribution.of((pooled[position] for position in sorted(pooled)), trace)


def distribution_of_scores(scores: Sequence[float | None]) -> VerbalizedDistribution[int]:
    """Scores of any kind, the larger the better, as shares of 1.

    If any score is negative, all are moved up so that the lowest is 0: that keeps their order and
    their distances, and as the lowest score passes 0 no weight jumps. (Clipping at 0 would make
    equals of logits, which are often all negative.) A score that is None, infinite or no number
    gets the mean weight of the others; if none is left, or all weights are 0, all are equal.

    Args:
        scores: One for each item.

    Returns:
        The items' positions, with their share as the stated probability too.

    Example:
        >>> from vs_core.adapters.relevance import distribution_of_scores
        >>> [round(share, 2) for share in distribution_of_scores([0.6, None, 0.2]).probabilities]
        [0.5, 0.33, 0.17]
        >>> [round(share, 2) for share in distribution_of_scores([-1, -2, -4]).probabilities]
        [0.6, 0.4, 0.0]
    """
    usable = [score for score in scores if _is_usable(score)]
    # Scaled first, so that no difference of large scores overflows.
    scale = max((abs(score) for score in usable if score), default=1.0)
    lowest = min([0.0, *(score / scale for score in usable if score)])
    weights = [score / scale - lowest if _is_usable(score) else None for score in scores]
    weighed = _stating(weights)
    return _stating(weighed.probabilities)


def _stating(numbers: Iterable[float | None]) -> VerbalizedDistribution[int]:
    return VerbalizedDistribution.of(
        Candidate(value=position, stated=number) for position, number in enumerate(numbers)
    )


def _repetition(judgement: Candidate[int]) -> Dropped:
    return Dropped(
        fragment=f"{judgement.value}: {judgement.raw_probability}",
        reason="this passage was judged more than once: the first usable number counts",
    )


def _is_usable(score: float | None) -> TypeGuard[float]:
    return score is not None and math.isfinite(score)
