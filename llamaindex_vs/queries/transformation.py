"""What becomes of a query once a model has written for it. Pure: no I/O."""

from __future__ import annotations

from typing import Any, Literal

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import QueryBundle
from pydantic import BaseModel, ConfigDict, Field

from llamaindex_vs.queries.embedding import Kind, MeanVector, mean_vector, strings_to_embed
from llamaindex_vs.queries.query_bundle import VerbalizedQueryBundle, verbalized
from vs_core import (
    HYPOTHETICAL_ANSWERS,
    QUERY_REWRITES,
    Candidate,
    Dropped,
    NoCandidatesError,
    Trace,
    VerbalizedDistribution,
)
from vs_core.adapters.retrieval import (
    OnRewritingFailure,
    WeightedQuery,
    Weighting,
    failure_of,
    weighted_queries,
)

Distribution = VerbalizedDistribution[Any]
Mode = Literal["expand", "hyde", "rewrite"]
Select = Literal["sample", "best"]

_INSTRUCTIONS = {
    "expand": QUERY_REWRITES,
    "hyde": HYPOTHETICAL_ANSWERS,
    "rewrite": QUERY_REWRITES,
}


class QueryTransformation(BaseModel):
    """The settings of `VerbalizedSamplingQueryTransform`, and what follows from them."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    mode: Mode
    embed_model: BaseEmbedding | None
    include_original: bool
    original_weight: float = Field(ge=0.0, allow_inf_nan=False)
    weighting: Weighting
    select: Select
    seed: int | None
    on_failure: OnRewritingFailure

    @property
    def asks_for_rewrites(self) -> bool:
        """Whether what is written are rewrites of the query, of which some may be of no use."""
        return self.mode != "hyde"

    @property
    def default_instructions(self) -> str:
        """The built-in wording of what to write."""
        return _INSTRUCTIONS[self.mode]

    def transformed(
        self, asked: QueryBundle, written: Distribution
    ) -> tuple[VerbalizedQueryBundle, MeanVector | None]:
        """The bundle but for a new embedding, and what that is made of if it needs one.

        Args:
            asked: The query.
            written: What the model wrote for it.
        """
        if not written:
            return verbalized(asked, distribution=written), None
        if self.mode == "rewrite":
            return self._rewritten(asked, written, self._drawn(written).text)
        queries = weighted_queries(
            asked.query_str,
            written,
            include_original=self.include_original,
            original_weight=self.original_weight,
            weighting=self.weighting,
        )
        if self.embed_model is None:
            strings = strings_to_embed(asked, queries)
            bundle = verbalized(
                asked, custom_embedding_strs=strings, embedding=None, distribution=written
            )
            return bundle, None
        kind: Kind = "document" if self.mode == "hyde" else "query"
        mean = mean_vector(self.embed_model, asked, queries, kind)
        return verbalized(asked, distribution=written), mean

    def _rewritten(
        self, asked: QueryBundle, written: Distribution, rewrite: str
    ) -> tuple[VerbalizedQueryBundle, MeanVector | None]:
        bundle = verbalized(
            asked,
            query_str=rewrite,
            # They belong to the query that came in.
            custom_embedding_strs=None,
            embedding=None,
            distribution=written,
        )
        if self.embed_model is None:
            return bundle, None
        alone = [WeightedQuery(rewrite, weight=1.0)]
        return bundle, mean_vector(self.embed_model, bundle, alone)

    def _drawn(self, rewrites: Distribution) -> Candidate[Any]:
        return rewrites.best() if self.select == "best" else rewrites.sample(seed=self.seed)


def nothing_written(error: Exception) -> Distribution:
    """The empty distribution that says what failed, with the reply if there was one.

    Args:
        error: What ended the exchange.
    """
    reply = error.reply if isinstance(error, NoCandidatesError) else ""
    reason = str(failure_of(error))
    dropped = (Dropped(fragment=reply, reason=reason),) if reply else ()
    return VerbalizedDistribution(trace=Trace(notes=(reason,), dropped=dropped))
