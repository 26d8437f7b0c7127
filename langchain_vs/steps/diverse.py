"""`DiverseCandidates`: keep candidates that are probable and unlike each other."""

from __future__ import annotations

from typing import Any, ClassVar

from langchain_core.embeddings import Embeddings
from langchain_core.runnables import RunnableConfig
from pydantic import Field

from langchain_vs.steps.step import DistributionStep, keep
from vs_core import VerbalizedDistribution
from vs_core.adapters import most_diverse

Distribution = VerbalizedDistribution[Any]


class DiverseCandidates(DistributionStep[VerbalizedDistribution[Any]]):
    """Keeps `n` candidates by maximal marginal relevance, renormalised, in the model's order.

    The most probable goes first; then, again and again, the one with the largest

        trade_off * relevance - (1 - trade_off) * largest cosine similarity to one chosen,

    relevance being its probability divided by the largest (Carbonell and Goldstein, SIGIR 1998,
    section 2). Ties go to the more probable, then to the earlier, so that equal embeddings give
    equal results. Nothing is embedded when all are kept anyway.

    Attributes:
        n: How many to keep; a distribution of fewer is returned as it is.
        embeddings: Any LangChain embedding model; it gets the candidates' texts. One whose
            vector is all zeros counts as unlike any other.
        trade_off: From 0 (the most different) to 1 (the most probable).

    Raises:
        ValueError: The embedding model returned too few or too many vectors, vectors of
            different lengths, or numbers that are not finite.

    Example:
        >>> from langchain_core.embeddings import DeterministicFakeEmbedding
        >>> from langchain_vs import DiverseCandidates
        >>> from vs_core import parse_reply
        >>> step = DiverseCandidates(n=2, embeddings=DeterministicFakeEmbedding(size=8))
        >>> len(step.invoke(parse_reply('{"a": 0.5, "b": 0.3, "c": 0.2}')))
        2
    """

    _leading: ClassVar[tuple[str, ...]] = ("n", "embeddings")

    n: int = Field(ge=1)
    embeddings: Embeddings
    trade_off: float = Field(default=0.5, ge=0.0, le=1.0)

    def _apply(self, distribution: Distribution, config: RunnableConfig) -> Distribution:
        if len(distribution) <= self.n:
            return distribution
        return self._chosen(distribution, self.embeddings.embed_documents(distribution.texts))

    async def _aapply(self, distribution: Distribution, config: RunnableConfig) -> Distribution:
        if len(distribution) <= self.n:
            return distribution
        vectors = await self.embeddings.aembed_documents(distribution.texts)
        return self._chosen(distribution, vectors)

    def _chosen(self, distribution: Distribution, vectors: list[list[float]]) -> Distribution:
        try:
            chosen = most_diverse(distribution.probabilities, vectors, self.n, self.trade_off)
        except ValueError as error:
            raise ValueError(f"{type(self.embeddings).__name__} cannot be used: {error}") from error
        return keep(distribution, set(chosen))
