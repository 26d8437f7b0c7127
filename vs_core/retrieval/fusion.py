"""One ranking made of those that several queries gave.

Pure and deterministic: items are merged by key, and nothing found is left out.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from vs_core.retrieval.expansion import Weighting, normalised

FusionMode = Literal["interleave", "relative_score", "reciprocal_rerank"]
"""How rankings are fused; see `fuse`."""

RANK_CONSTANT = 60
"""The constant of reciprocal rank fusion (Cormack et al. 2009, section 2)."""

Key = TypeVar("Key", bound=Hashable)

_NOTHING_LEFT: Any = object()


class Ranking(BaseModel):
    """What one query found.

    Attributes:
        items: A key and a score (None if unknown) for each item, best first.
        weight: How much the query counts beside the others, 0 or more.

    Example:
        >>> from vs_core.adapters.retrieval import Ranking
        >>> Ranking(items=[("a", 0.9), ("b", None)], weight=0.5).items
        (('a', 0.9), ('b', None))
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    items: tuple[tuple[Hashable, float | None], ...]
    weight: float = Field(default=1.0, ge=0.0, allow_inf_nan=False)


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
class FusedItem(Generic[Key]):
    """An item of the fused ranking.

    Attributes:
        key: What identifies it.
        score: Its fused score; what that means depends on the mode, see `fuse`.
        findings: Which queries found it, in their order.

    Example:
        >>> from vs_core.adapters.retrieval import Ranking, fuse
        >>> [item] = fuse([Ranking(items=[("a", 0.9)]), Ranking(items=[("a", 0.8)])])
        >>> [finding.query for finding in item.findings]
        [0, 1]
    """

    key: Key
    score: float
    findings: tuple[Finding, ...]


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


def fuse(rankings: Sequence[Ranking], mode: FusionMode = "interleave") -> list[FusedItem[Any]]:
    """Fuse rankings into one.

    Each key appears once; where a ranking repeats one, its first place counts. Only the ratios
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
        rankings: What each query found.
        mode: How to fuse.

    Returns:
        All items, best first.

    Example:
        >>> from vs_core.adapters.retrieval import Ranking, fuse
        >>> snakes = Ranking(items=[("cobra", 0.9), ("python", 0.8), ("viper", 0.7)], weight=0.6)
        >>> code = Ranking(items=[("ruby", 0.9), ("python", 0.5)], weight=0.4)
        >>> [item.key for item in fuse([snakes, code])]
        ['cobra', 'ruby', 'python', 'viper']
        >>> [item.key for item in fuse([snakes, code], "reciprocal_rerank")][0]
        'python'
    """
    findings: dict[Hashable, list[Finding]] = {}
    for query, ranking in enumerate(rankings):
        for key, finding in _distinct(ranking, query).items():
            findings.setdefault(key, []).append(finding)
    scores = _MODES[mode](rankings, normalised([ranking.weight for ranking in rankings]))
    order = sorted(findings, key=lambda key: (-scores[key], *_best_place(findings[key])))
    return [FusedItem(key, scores[key], tuple(findings[key])) for key in order]


def _distinct(ranking: Ranking, query: int = 0) -> dict[Hashable, Finding]:
    first: dict[Hashable, Finding] = {}
    for rank, (key, score) in enumerate(ranking.items, start=1):
        first.setdefault(key, Finding(query, rank, score))
    return first


def _best_place(findings: list[Finding]) -> tuple[int, int]:
    return min((finding.rank, finding.query) for finding in findings)


def _interleaved(rankings: Sequence[Ranking], shares: Sequence[float]) -> Scores:
    placed: Scores = {}
    unseen = [
        (key for key, _ in ranking.items if key not in placed)  # looks when it is asked
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
    items = _distinct(ranking)
    given = [finding.score for finding in items.values()]
    scores = [score for score in given if score is not None and math.isfinite(score)]
    if len(scores) < len(given) or any(before < after for before, after in pairwise(scores)):
        scores = [float(-place) for place in range(len(items))]
    # Halved, so that a difference of large numbers stays finite.
    lowest, spread = (scores[-1] / 2, scores[0] / 2 - scores[-1] / 2) if scores else (0.0, 0.0)
    return {
        key: (score / 2 - lowest) / spread if spread else 1.0
        for key, score in zip(items, scores, strict=True)
    }


def _reciprocal(rankings: Sequence[Ranking], shares: Sequence[float]) -> Scores:
    weights = [share / (1 / len(shares)) for share in shares]
    return _summed(
        {key: weight / (RANK_CONSTANT + found.rank) for key, found in _distinct(ranking).items()}
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
