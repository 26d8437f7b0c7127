"""An expanded search: which queries it has, what they found together, and who found what."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from numbers import Real
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from vs_core.errors import MissingExtraError, PromptError, UnsuitableModelError, VSError
from vs_core.retrieval.expansion import (
    ORIGINAL_WEIGHT,
    WeightedQuery,
    Weighting,
    weighted_queries,
)
from vs_core.retrieval.fusion import FusedItem, FusionMode, default_weighting
from vs_core.values.distribution import VerbalizedDistribution

Item = TypeVar("Item")

OnRewritingFailure = Literal["raise", "original_if_unread", "original_only"]
"""What to do when the rewriting fails: raise its error, search with the original only, or do so
where the model was reached and nothing it wrote could be read, and raise other errors."""

NO_REWRITES: VerbalizedDistribution[Any] = VerbalizedDistribution()
"""What there is to search with besides the query when no model was asked."""


class SearchSettings(BaseModel):
    """How a search is expanded with rewrites of its query, and how what they find is fused.

    Attributes:
        num_queries: Queries to search with, the original included: 4 asks for 3 rewrites, and 1
            asks for none. A model that writes fewer that are of use leaves fewer.
        include_original: Whether to search with the original query too.
        original_weight: Weight of the original in units of the mean rewrite.
        mode: How to fuse; see `vs_core.adapters.retrieval.fuse`.
        weighting: How rewrites count; None takes `default_weighting(mode)`.
        on_failure: When the rewriting fails: `raise` its error, go on with the `original_only`,
            or do so only where nothing could be read (`original_if_unread`).

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.retrieval import SearchSettings
        >>> settings = SearchSettings(num_queries=3)
        >>> settings.num_rewrites
        2
        >>> rewrites = parse_reply('{"python snake": 0.6, "python language": 0.2}')
        >>> [query.text for query in settings.expanded("python", rewrites)]
        ['python', 'python snake', 'python language']
    """

    model_config = ConfigDict(extra="forbid")

    num_queries: int = Field(default=4, ge=1)
    include_original: bool = True
    original_weight: float = Field(default=ORIGINAL_WEIGHT, ge=0.0, allow_inf_nan=False)
    mode: FusionMode = "interleave"
    weighting: Weighting | None = None
    on_failure: OnRewritingFailure = "original_if_unread"

    @property
    def num_rewrites(self) -> int:
        """How many rewrites to ask for."""
        return self.num_queries - self.include_original

    def expanded(
        self, query: str, outcome: VerbalizedDistribution[Any] | Exception
    ) -> tuple[WeightedQuery, ...]:
        """The queries to search with.

        Args:
            query: The user's query.
            outcome: The rewrites, or why there are none.

        Raises:
            Exception: The one that was given, unless `on_failure` says to go on.
        """
        if isinstance(outcome, Exception):
            if is_fatal(outcome, self.on_failure):
                raise outcome
            outcome = NO_REWRITES
        return weighted_queries(
            query,
            outcome,
            num_queries=self.num_queries,
            include_original=self.include_original,
            original_weight=self.original_weight,
            weighting=self.weighting or default_weighting(self.mode),
        )


def found_by_the_original(
    original: str,
    queries: Sequence[WeightedQuery],
    found: Sequence[Sequence[Item]],
    *,
    key: Callable[[Item], Hashable],
) -> int:
    """How many items a search for the original query alone brings: as many as are expected.

    If it was not searched for, or in vain, it is the most that any one query brought.

    Args:
        original: The user's query.
        queries: The queries; one that went to several retrievers stands here as often.
        found: For each of them what it found.
        key: What makes two items the same.

    Example:
        >>> from vs_core.adapters.retrieval import WeightedQuery, found_by_the_original
        >>> queries = [WeightedQuery("snake", weight=0.6), WeightedQuery("code", weight=0.4)]
        >>> found_by_the_original("snake", queries, [["Cobra"], ["Ruby", "C"]], key=str.lower)
        1
    """
    keys: dict[str, set[Hashable]] = {}
    for query, items in zip(queries, found, strict=True):
        keys.setdefault(query.text, set()).update(map(key, items))
    own = len(keys.get(original, ()))
    return own or max(map(len, keys.values()), default=0)


def usable_score(score: Any) -> float | None:
    """A score as a number, or None for what is no finite number.

    Args:
        score: What a retriever gave as a score.

    Example:
        >>> from vs_core.adapters.retrieval import usable_score
        >>> usable_score(1), usable_score("high"), usable_score(float("nan"))
        (1.0, None, None)
    """
    if isinstance(score, bool) or not isinstance(score, Real) or not math.isfinite(score):
        return None
    return float(score)


def provenance(item: FusedItem[Any], queries: Sequence[WeightedQuery]) -> dict[str, Any]:
    """How an item was found, as plain JSON.

    Args:
        item: An item of a fused ranking.
        queries: The queries whose rankings were fused.

    Returns:
        `queries`, with `query`, `probability`, `weight`, `rank` and `score` for each query that
        found the item, and `fused_score`.

    Example:
        >>> from vs_core.adapters.retrieval import WeightedQuery, fuse, provenance
        >>> [item] = fuse([["cobra"]], score=lambda name: 0.9)
        >>> provenance(item, [WeightedQuery("snake", weight=1.0)])
        {'queries': [{'query': 'snake', 'probability': None, 'weight': 1.0, 'rank': 1,
                      'score': 0.9}],
         'fused_score': 1.0}
    """
    found_by = []
    for finding in item.findings:
        query = queries[finding.query]
        found_by.append(
            {
                "query": query.text,
                "probability": query.probability,
                "weight": query.weight,
                "rank": finding.rank,
                "score": finding.score,
            }
        )
    return {"queries": found_by, "fused_score": item.score}


def could_not_be_read(error: Exception) -> bool:
    """Whether a model was asked, and what it said is of no use; else the asking itself failed.

    Args:
        error: What ended an exchange.

    Example:
        >>> from vs_core import NoCandidatesError
        >>> from vs_core.adapters.retrieval import could_not_be_read
        >>> could_not_be_read(NoCandidatesError("?")), could_not_be_read(ConnectionError())
        (True, False)
    """
    never_asked = (PromptError, UnsuitableModelError, MissingExtraError)
    return isinstance(error, VSError) and not isinstance(error, never_asked)


def is_fatal(error: Exception, on_failure: OnRewritingFailure) -> bool:
    """Whether an error ends a search.

    Args:
        error: What ended the rewriting.
        on_failure: What to do about it.

    Example:
        >>> from vs_core import NoCandidatesError
        >>> from vs_core.adapters.retrieval import is_fatal
        >>> is_fatal(NoCandidatesError("?"), "original_if_unread"), is_fatal(OSError(), "raise")
        (False, True)
    """
    if on_failure == "original_if_unread":
        return not could_not_be_read(error)
    return on_failure == "raise"


def failure_of(outcome: VerbalizedDistribution[Any] | Exception) -> str | None:
    """Why there are no rewrites, as a text; None if there are some, or none were asked for.

    Args:
        outcome: The rewrites, or the error.

    Example:
        >>> from vs_core.adapters.retrieval import failure_of
        >>> failure_of(ConnectionError("no model"))
        'ConnectionError: no model'
    """
    if isinstance(outcome, Exception):
        return f"{type(outcome).__name__}: {outcome}"
    if outcome or not outcome.trace.dropped:
        return None
    reasons = Counter(dropped.reason for dropped in outcome.trace.dropped)
    said = "; ".join(f"{reason} ({times})" for reason, times in reasons.most_common())
    return f"nothing that was written could be used: {said}"
