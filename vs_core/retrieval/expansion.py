"""The queries of an expanded search: the original and its rewrites, each with a weight."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vs_core.errors import PromptError
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution

Weighting = Literal["probability", "equal"]
"""How rewrites count: by the probability the model gave them, or all alike."""

ORIGINAL_WEIGHT = 1.0
"""Weight of the original query, in units of the mean rewrite.

At 1 the original has a share of 1 in n among n queries, however many there are and however their
probabilities are spread. It is a multiple, since the model states no probability for the original,
and since a fixed fraction would drown a few rewrites or vanish beside many. It isn't more than 1,
as a search led by the original finds what it would have found without the rewrites.
"""


@dataclass(frozen=True)
class WeightedQuery:
    """A query to search with.

    Attributes:
        text: The query.
        weight: Its share among the queries of one search; they sum to 1.
        probability: What the model gave the rewrite, within its distribution; None for an
            original that the model did not write as well.

    Example:
        >>> from vs_core.adapters.retrieval import WeightedQuery
        >>> WeightedQuery("snake habitats", weight=0.25, probability=0.4).weight
        0.25
    """

    text: str
    weight: float
    probability: float | None = None


def require_query(query: Any) -> str:
    """Refuse what cannot be searched for, before anything is called.

    Args:
        query: What was given as a query.

    Raises:
        PromptError: It is blank, or no string.

    Example:
        >>> from vs_core import PromptError
        >>> from vs_core.adapters.retrieval import require_query
        >>> try:
        ...     require_query("  ")
        ... except PromptError as error:
        ...     print(error)
        the query is empty ('  '): pass the text to search for
    """
    if not isinstance(query, str):
        raise PromptError(
            f"the query is {query!r:.80} ({type(query).__name__}): pass the text to search for"
        )
    if not query.strip():
        raise PromptError(f"the query is empty ({query!r:.80}): pass the text to search for")
    return query


def weighted_queries(
    original: str,
    rewrites: VerbalizedDistribution[Any],
    *,
    num_queries: int | None = None,
    include_original: bool = True,
    original_weight: float = ORIGINAL_WEIGHT,
    weighting: Weighting = "probability",
) -> tuple[WeightedQuery, ...]:
    """The queries to search with: the original first, then its rewrites in the model's order.

    Queries that differ in case and white space only are one query. The probabilities of equal
    rewrites add up; that of a rewrite equal to the original adds to the original's weight.

    Args:
        original: The user's query.
        rewrites: What the model wrote; blank ones are left out.
        num_queries: Most queries to return, the original included; surplus rewrites are cut from
            the end. None returns all.
        include_original: Whether to search with the original too. It is also taken when there is
            no rewrite.
        original_weight: Weight of the original in units of the mean rewrite, 0 or more.
        weighting: How the rewrites count.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.retrieval import weighted_queries
        >>> rewrites = parse_reply('{"python snake": 0.6, "python language": 0.2}')
        >>> for query in weighted_queries("python", rewrites):
        ...     print(f"{query.weight:.3f} {query.text}")
        0.333 python
        0.500 python snake
        0.167 python language
    """
    distinct = rewrites.filter(lambda c: bool(c.text.strip())).merge_duplicates(key=_same_query)
    with_original = include_original or not distinct
    own = [c for c in distinct if with_original and _same_query(c) == _normal(original)]
    others = [c for c in distinct if c not in own]
    if num_queries is not None:
        others = others[: num_queries - with_original]
    weighed: list[tuple[str, float, float | None]] = [
        (c.text, _weight(c, weighting), c.probability) for c in others
    ]
    if with_original:
        weights = [_weight(candidate, weighting) for candidate in [*own, *others]]
        weight = original_weight * (math.fsum(weights) / len(weights) if weights else 1.0)
        if own and weighting == "probability":
            weight += own[0].probability
        weighed = [(original, weight, own[0].probability if own else None), *weighed]
    shares = normalised([weight for _, weight, _ in weighed])
    return tuple(
        WeightedQuery(text, share, probability)
        for (text, _, probability), share in zip(weighed, shares, strict=True)
    )


def normalised(weights: Sequence[float]) -> list[float]:
    """Weights as shares that sum to 1; equal shares if all are 0.

    Args:
        weights: Finite and 0 or more.

    Example:
        >>> from vs_core.adapters.retrieval import normalised
        >>> normalised([3.0, 1.0]), normalised([0.0, 0.0])
        ([0.75, 0.25], [0.5, 0.5])
    """
    largest = max(weights, default=0.0)
    if not largest:
        return [1.0 / len(weights)] * len(weights) if weights else []
    scaled = [weight / largest for weight in weights]  # so that no sum overflows
    total = math.fsum(scaled)
    return [weight / total for weight in scaled]


def _weight(candidate: Candidate[Any], weighting: Weighting) -> float:
    return candidate.probability if weighting == "probability" else 1.0


def _same_query(candidate: Candidate[Any]) -> str:
    return _normal(candidate.text)


def _normal(query: str) -> str:
    return " ".join(query.split()).casefold()
