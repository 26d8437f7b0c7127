"""`VerbalizedSamplingRetriever`: a search with several readings of the query."""

from __future__ import annotations

import logging
from typing import Annotated, Any

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.language_models import LanguageModelInput
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig, ensure_config
from langchain_core.runnables.base import coerce_to_runnable
from langchain_core.runnables.config import patch_config
from langchain_core.runnables.utils import ConfigurableFieldSpec, get_unique_config_specs
from pydantic import ConfigDict, Field, TypeAdapter, field_validator, model_validator
from typing_extensions import Self

from langchain_vs._control_flow import let_through
from langchain_vs._documents import document_key, fused_documents
from langchain_vs._loadable import Loadable
from langchain_vs._model import Model
from langchain_vs._rewriting import QueryRewriting
from vs_core import QUERY_REWRITES
from vs_core.adapters import AskingSettings, FollowUpSettings, exchange_options
from vs_core.adapters.retrieval import (
    NO_REWRITES,
    SearchSettings,
    WeightedQuery,
    failure_of,
    found_by_the_original,
    require_query,
)

_log = logging.getLogger(__name__)

TopK = Annotated[int, Field(ge=1)] | None
_TOP_K: TypeAdapter[int | None] = TypeAdapter(TopK)


class VerbalizedSamplingRetriever(
    Loadable, BaseRetriever, SearchSettings, AskingSettings, FollowUpSettings
):
    r"""Searches with the query and with rewrites of it that cover its different readings.

    A model writes the rewrites by verbalized sampling, so that each has a probability; all
    queries go to the retriever concurrently (bounded by `max_concurrency` of the config), and
    what they find is fused into one ranking.

    The documents returned are copies, whose `metadata["verbalized_sampling"]` is plain JSON:
    `queries`, with `query`, `probability`, `weight`, `rank` and `score` for each query that found
    the document (`probability` is None for an original that the model did not write as well,
    `score` None if unknown), and `fused_score`. Documents with one id are one document; without
    an id, those with the same content and the same `metadata["source"]` are. The first that was
    found is the one returned.

    Rewrites that are of no use are not searched for: the query once more (in other case, order or
    punctuation, numbered, labelled), an earlier rewrite once more, and, with the built-in wording,
    answers to the query; see `vs_core.retrieval.rewrites`. The model is then asked once more
    (`max_topups`, `max_reasks`), and the trace of the rewriting says in `dropped` what was left out
    and why. If none is of use, the search is for the original only, as `on_failure` describes it,
    and no error.

    The rewriting runs with the tag `nostream`, so that LangGraph's message stream shows none of
    it. A failing search fails the whole. `top_k` may also be given to `invoke`.

    Attributes:
        retriever: A retriever, or any Runnable or function from a string to a list of documents.
        llm: The model that writes the rewrites: whatever `VerbalizedSamplingRunnable` takes.
        num_queries: Queries to search with, the original included: 4 asks for 3 rewrites, and 1
            searches as the retriever alone would, without a call to the model. A model that
            writes fewer that are of use leaves fewer.
        include_original: Whether to search with the original query too.
        original_weight: Weight of the original in units of the mean rewrite.
        mode: How to fuse; see `vs_core.adapters.retrieval.fuse`. `interleave` lets the queries
            contribute in turn, `relative_score` adds up scaled scores, `reciprocal_rerank` adds up
            1 / (60 + rank).
        weighting: Rewrites count by `probability` or all `equal`, whether as a share of turns, of
            scores or of ranks. None takes `equal` for `reciprocal_rerank`, else `probability`.
        top_k: Most documents to return, from the front. None returns as many as the retriever
            finds for the original query, so that this one can stand in its place; if that is not
            searched for, or finds nothing, as many as the most fruitful rewrite finds.
        score_key: Where in its metadata a document has its score, the larger the better; used by
            `relative_score`, where ranks stand in for missing scores, and reported in any mode.
        instructions: Your own wording of what to write; None asks for rewrites.
            `vs_core.HYPOTHETICAL_ANSWERS` asks for passages that could answer (HyDE). The other
            settings of how to ask are those of `VerbalizedSamplingRunnable`, but for those that a
            search decides.
        on_failure: When the model fails or nothing it wrote can be read: `raise` its error, or
            go on with the `original_only`; then each document's annotation has a `failure` that
            says why, the log has a warning, and the error is in the run tree.
            `original_if_unread` does so only where the model answered and nothing could be read
            (a refusal is such an answer), and raises the error of a call that failed.

    Raises:
        PromptError: When invoked with a blank query, or with something that is no string.
        VerbalizedSamplingParserError: When no rewrite could be read, and `on_failure` is `raise`.

    Example:
        >>> from langchain_core.documents import Document
        >>> from langchain_core.runnables import RunnableLambda
        >>> from langchain_vs import VerbalizedSamplingRetriever
        >>> llm = RunnableLambda(lambda _: "1. (0.6) python snake\n2. (0.3) python language")
        >>> found = lambda query: [Document(f"about {query}")]
        >>> search = VerbalizedSamplingRetriever(
        ...     retriever=found, llm=llm, num_queries=3, top_k=3
        ... )
        >>> documents = search.invoke("python")
        >>> [document.page_content for document in documents]
        ['about python snake', 'about python', 'about python language']
        >>> [found] = documents[0].metadata["verbalized_sampling"]["queries"]
        >>> found["query"], round(found["probability"], 2), found["rank"]
        ('python snake', 0.67, 1)
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    retriever: Runnable[str, Any]
    llm: Model
    top_k: TopK = None
    score_key: str = "score"

    @field_validator("retriever", mode="before")
    @classmethod
    def _functions_are_runnables(cls, retriever: Any) -> Any:
        return coerce_to_runnable(retriever) if callable(retriever) else retriever

    @model_validator(mode="after")
    def _exchange_is_possible(self) -> Self:
        self._rewriter()
        return self

    @property
    def config_specs(self) -> list[ConfigurableFieldSpec]:
        """What can be configured at run time, in the model and the retriever too."""
        return get_unique_config_specs(
            [*super().config_specs, *self.llm.config_specs, *self.retriever.config_specs]
        )

    def invoke(
        self, input: str, config: RunnableConfig | None = None, **kwargs: Any
    ) -> list[Document]:
        """Search.

        Args:
            input: The query.
            config: As for any Runnable.
            **kwargs: `top_k`, to return another number of documents than the retriever is set to.
        """
        # The base class hands on callbacks only; concurrency and configured fields are in here.
        return super().invoke(input, config, run_config=ensure_config(config), **kwargs)

    async def ainvoke(
        self, input: str, config: RunnableConfig | None = None, **kwargs: Any
    ) -> list[Document]:
        """Search without blocking; otherwise as `invoke`."""
        return await super().ainvoke(input, config, run_config=ensure_config(config), **kwargs)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        run_config: RunnableConfig | None = None,
        top_k: int | None = None,
    ) -> list[Document]:
        require_query(query)
        limit = _TOP_K.validate_python(top_k) or self.top_k
        config = patch_config(run_config, callbacks=run_manager.get_child())
        outcome: Any = NO_REWRITES
        if self.num_rewrites:
            outcomes = self._rewriter().batch([query], config, return_exceptions=True)
            [outcome] = let_through(outcomes)
        queries = self.expanded(query, outcome)
        found = self.retriever.batch([query.text for query in queries], config)
        return self._fused(query, queries, found, outcome, limit)

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        run_config: RunnableConfig | None = None,
        top_k: int | None = None,
    ) -> list[Document]:
        require_query(query)
        limit = _TOP_K.validate_python(top_k) or self.top_k
        config = patch_config(run_config, callbacks=run_manager.get_child())
        outcome: Any = NO_REWRITES
        if self.num_rewrites:
            outcomes = await self._rewriter().abatch([query], config, return_exceptions=True)
            [outcome] = let_through(outcomes)
        queries = self.expanded(query, outcome)
        found = await self.retriever.abatch([query.text for query in queries], config)
        return self._fused(query, queries, found, outcome, limit)

    def _rewriter(self) -> Runnable[LanguageModelInput, Any]:
        settings = exchange_options(self)
        if self.instructions is None:
            settings["instructions"] = QUERY_REWRITES
        rewriting = QueryRewriting(llm=self.llm, k=max(1, self.num_rewrites), **settings)
        return rewriting.with_config(tags=["nostream"])

    def _fused(
        self,
        query: str,
        queries: tuple[WeightedQuery, ...],
        found: list[Any],
        outcome: Any,
        limit: int | None,
    ) -> list[Document]:
        failure = failure_of(outcome)
        if failure is not None:
            _log.warning("%s searched with the original query only: %s", self.get_name(), failure)
        documents = fused_documents(
            queries, found, mode=self.mode, score_key=self.score_key, failure=failure
        )
        if limit is None:
            limit = found_by_the_original(query, queries, found, key=document_key)
        return documents[:limit]
