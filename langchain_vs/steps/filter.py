"""`FilterCandidates`: keep some candidates and renormalise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain_core.runnables import RunnableConfig
from pydantic import Field, model_validator
from typing_extensions import Self

from langchain_vs._composing import GivesDistributions
from langchain_vs.steps.step import DistributionStep
from vs_core import Candidate, VerbalizedDistribution


class FilterCandidates(GivesDistributions, DistributionStep[VerbalizedDistribution[Any]]):
    """Keeps the candidates that pass every filter set, in the order of the attributes below.

    Attributes:
        predicate: Keep candidates for which this is true.
        tail: Keep candidates whose *stated* probability is below this fraction.
        at_least: When fewer are that rare, `tail` fills up with the nearest to this number.
        top_k: Keep the most probable.
        top_p: Keep the fewest most probable that together reach this probability.
        min_p: Keep candidates at least this many times as probable as the most probable.

    Example:
        >>> from langchain_vs import FilterCandidates
        >>> from vs_core import parse_reply
        >>> rare = FilterCandidates(tail=0.1).invoke(parse_reply('{"a": 0.5, "b": 0.05}'))
        >>> rare.texts
        ['b']
    """

    predicate: Callable[[Candidate[Any]], bool] | None = None
    tail: float | None = Field(default=None, gt=0.0, le=1.0)
    at_least: int = Field(default=1, ge=0)
    top_k: int | None = Field(default=None, ge=1)
    top_p: float | None = Field(default=None, gt=0.0, le=1.0)
    min_p: float | None = Field(default=None, gt=0.0, le=1.0)

    @model_validator(mode="after")
    def _filters_something(self) -> Self:
        filters = (self.predicate, self.tail, self.top_k, self.top_p, self.min_p)
        if all(setting is None for setting in filters):
            raise ValueError("no filter is set: give predicate, tail, top_k, top_p or min_p")
        return self

    def _apply(
        self, distribution: VerbalizedDistribution[Any], config: RunnableConfig
    ) -> VerbalizedDistribution[Any]:
        kept = distribution
        if self.predicate is not None:
            kept = kept.filter(self.predicate)
        if self.tail is not None:
            kept = kept.tail(self.tail, self.at_least)
        if self.top_k is not None:
            kept = kept.top_k(self.top_k)
        if self.top_p is not None:
            kept = kept.top_p(self.top_p)
        if self.min_p is not None:
            kept = kept.min_p(self.min_p)
        return kept
