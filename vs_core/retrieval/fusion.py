"""One ranking made of those that several queries gave.

Pure and deterministic: equal items are merged, and nothing found is left out.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Generic, Literal, TypeVar

from vs_core.retrieval.expansion import Weighting, normalised

FusionMode = Literal["interleave", "relative_score", "reciprocal_rerank"]
"""How rankings are fused; see `fuse`."""

RANK_CONSTANT = 60
"""The constant of reciprocal rank fusion (Cormack et al. 2009, section 2)."""

Item = TypeVar("Item")

_NOTHING_LEFT: Any = object()


@dataclass(frozen=True)
class Finding:
    """Where one query found an item.

    Attributes:
        query: Position of the query's ranking among those fused, from 0.
        rank: The item's place in it, from 1.
        score: Its score there, as given.

    Example:
        >>> from vs_core.adapters.retrieval import Finding
        >>> Finding(query=0, rank=1, score=0.9).rank
        1
    """

    query: int
    rank: int
    score: float | None


@dataclass(frozen=True)
class FusedItem(Generic[Item]):
    """An item of the fused ranking.

    Attributes:
        item: The item; of equal ones the first that was found.
        score: Its fused score; what that means depends on the mode, see `fuse`.
        findings: Which queries found it, in their order.

    Example:
        >>> from vs_core.adapters.retrieval import fuse
        >>> [fused] = fuse([["cobra"], ["cobra"]])
        >>> fused.item, [finding.query for finding in fused.findings]
        ('cobra', [0, 1])
    """

    item: Item
    score: float
    findings: tuple[Finding, ...]


Ranking = dict[Hashable, Finding]
"""What one query found: by key, in the order of the ranks."""

Scores = dict[Hashable, float]


def default_weighting(mode: FusionMode) -> Weighting:
    """How rewrites count in a mode, unless set: alike in `reciprocal_rerank`, else by probability.

    Over ten ranks 1/(60 + rank) varies by 15 %, so that with weights the whole ranking of the
    heaviest query would come first.

    Args:
        mode: How the rankings are fused.

    Example:
        >>> from vs_core.adapters.retrieval import default_weighting
        >>> default_weighting("reciprocal_rerank")
        'equal'
    """
    return "equal" if mode == "reciprocal_rerank" else "probability"


def _itself(item: Any) -> Hashable:
    key: Hashable = item
    return key


def _unknown(_: Any) -> float | None:
    return None


def fuse(
    found: Sequence[Sequence[Item]],
    mode: FusionMode = "interleave",
    *,
    weights: Sequence[float] | None = None,
    key: Callable[[Item], Hashable] = _itself,
    score: Callable[[Item], float | None] = _unknown,
) -> list[FusedItem[Item]]:
    """Fuse the rankings of several queries into one.

    Each item appears once; where a ranking repeats one, its first place counts. Only the ratios
    of the weights matter; if all are 0, the queries count alike. Items with equal scores follow
    their best rank, then the order of the queries.

    - `interleave`: in each place one query contributes its best item that is not there yet. Turns
      are dealt by the method of Sainte-Lague, as in PM-1 of Dang and Croft, "Diversity by
      Proportionality" (SIGIR 2012): next is the query with the largest weight / (2 * turns + 1),
      of equals the one that had fewer turns, then the earlier. With equal weights they take turns
      in order. Among m queries that still have items, one with share p has had at least
      n * p - 1/2 - p * (m - 2) / 2 of the first n turns, so that a cut at any place is
      proportional. The score is 1 / place.
    - `relative_score`: the scores of each ranking, scaled so that its best is 1 and its worst 0,
      are added up with the queries' shares: between 0 and 1. If a ranking has equal scores only,
      all are 1. If it lacks a score, or its scores rise anywhere (distances, or an order made by
      something else), scores falling evenly from 1 to 0 along its ranks stand in for them.
    - `reciprocal_rerank`: the sum of weight / (60 + rank), with weights whose mean is 1 (Cormack,
      Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
      Learning Methods", SIGIR 2009).

    Args:
        found: For each query what it found, best first.
        mode: How to fuse.
        weights: How much each query counts beside the others, 0 or more; None counts them alike.
        key: What makes two items the same; if not given, being equal does.
        score: An item's score, None if unknown; if not given, all are.

    Returns:
        All items, best first.

    Raises:
        ValueError: A weight is negative or not finite, or there is not one for each query.

    Example:
        >>> from vs_core.adapters.retrieval import fuse
        >>> snakes, code = ["cobra", "python", "viper"], ["ruby", "Python"]
        >>> fused = fuse([snakes, code], weights=[0.6, 0.4], key=str.lower)
        >>> [item.item for item in fused]
        ['cobra', 'ruby', 'python', 'viper']
        >>> fuse([snakes, code], "reciprocal_rerank", key=str.lower)[0].item
        'python'
    """
    first: dict[Hashable, Item] = {}
    rankings: list[Ranking] = [{} for _ in found]
    findings: dict[Hashable, list[Finding]] = {}
    for query, items in enumerate(found):
        for rank, item in enumerate(items, start=1):
            known = key(item)
            if known in rankings[query]:
                continue
            finding = Finding(query, rank, score(item))
            rankings[query][known] = finding
            first.setdefault(known, item)
            findings.setdefault(known, []).append(finding)
    scores = _MODES[mode](rankings, _shares(weights, len(rankings)))
    order = sorted(first, key=lambda known: (-scores[known], *_best_place(findings[known])))
    return [FusedItem(first[k], scores[k], tuple(findings[k])) for k in order]


def _shares(weights: Sequence[float] | None, queries: int) -> list[float]:
    if weights is None:
        weights = [1.0] * queries
    if len(weights) != queries or not all(0 <= weight < math.inf for weight in weights):
        raise ValueError(
            f"weights is {list(weights)!r:.80} for {queries} queries: give each a finite number of "
            "0 or more"
        )
    return normalised(weights)


def _best_place(findings: list[Finding]) -> tuple[int, int]:
    return min((finding.rank, finding.query) for finding in findings)


def _interleaved(rankings: Sequence[Ranking], shares: Sequence[float]) -> Scores:
    placed: Scores = {}
    unseen = [
        (key for key in ranking if key not in placed)  # looks when it is asked
        for ranking in rankings
    ]
    turns = [(_claim(share, 0), 0, query) for query, share in enumerate(shares)]
    heapq.heapify(turns)
    while turns:
        _, had, query = turns[0]
        key = next(unseen[query], _NOTHING_LEFT)
        if key is _NOTHING_LEFT:
            heapq.heappop(turns)
            continue
        placed[key] = 1.0 / (len(placed) + 1)
        heapq.heapreplace(turns, (_claim(shares[query], had + 1), had + 1, query))
    return placed


def _claim(share: float, turns: int) -> float:
    """The reciprocal of a query's quotient: the smallest comes next."""
    # Rounded, so that noise in the last digits of weights decides no turn.
    return float(f"{(2 * turns + 1) / share:.9g}") if share else math.inf


def _relative(rankings: Sequence[Ranking], shares: Sequence[float]) -> Scores:
    return _summed(
        {key: share * score for key, score in _scaled(ranking).items()}
        for ranking, share in zip(rankings, shares, strict=True)
    )


def _scaled(ranking: Ranking) -> Scores:
    given = [finding.score for finding in ranking.values()]
    scores = [score for score in given if score is not None and math.isfinite(score)]
    if len(scores) < len(given) or any(before < after for before, after in pairwise(scores)):
        scores = [float(-place) for place in range(len(ranking))]
    # Halved, so that a difference of large numbers stays finite.
    lowest, spread = (scores[-1] / 2, scores[0] / 2 - scores[-1] / 2) if scores else (0.0, 0.0)
    return {
        key: (score / 2 - lowest) / spread if spread else 1.0
        for key, score in zip(ranking, scores, strict=True)
    }


def _reciprocal(rankings: Sequence[Ranking], shares: Sequence[float]) -> Scores:
    weights = [share / (1 / len(shares)) for share in shares]
    return _summed(
        {key: weight / (RANK_CONSTANT + found.rank) for key, found in ranking.items()}
        for ranking, weight in zip(rankings, weights, strict=True)
    )


def _summed(parts: Iterable[Scores]) -> Scores:
    of_key: dict[Hashable, list[float]] = {}
    for part in parts:
        for key, score in part.items():
            of_key.setdefault(key, []).append(score)
    return {key: math.fsum(scores) for key, scores in of_key.items()}


_MODES = {
    "interleave": _interleaved,
    "relative_score": _relative,
    "reciprocal_rerank": _reciprocal,
}
