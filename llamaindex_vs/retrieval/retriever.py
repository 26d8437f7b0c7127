"""`VerbalizedSamplingRetriever`: a search with several readings of the query."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from llama_index.core.callbacks.base import CallbackManager
from llama_index.core.llms.llm import LLM
from llama_index.core.prompts.mixin import PromptDictType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import IndexNode, NodeWithScore, QueryBundle
from llama_index.core.utils import print_text
from llama_index_instrumentation import get_dispatcher
from typing_extensions import Unpack

from llamaindex_vs.asking.instruction_template import INSTRUCTIONS, as_template, text_of_template
from llamaindex_vs.asking.sampler import sampler_for
from llamaindex_vs.events import VerbalizedSamplingRetrievalEvent
from llamaindex_vs.pydantic_internals import settings_of
from llamaindex_vs.retrieval.nodes import (
    Search,
    bundle_for,
    found_together,
    fused_nodes,
    origin,
    searches,
    with_fused_score,
)
from llamaindex_vs.retrieval.settings import RetrieverSettings
from vs_core import QUERY_REWRITES, VerbalizedDistribution
from vs_core.adapters import RewritingOptions, aeach, each
from vs_core.adapters.retrieval import (
    NO_REWRITES,
    ORIGINAL_WEIGHT,
    FusionMode,
    OnRewritingFailure,
    WeightedQuery,
    Weighting,
    failure_of,
    require_query,
)

Outcome = VerbalizedDistribution[Any] | Exception
Queries = tuple[WeightedQuery, ...]

_dispatcher = get_dispatcher(__name__)
_log = logging.getLogger(__name__)


class VerbalizedSamplingRetriever(BaseRetriever):
    r"""Searches with the query and with rewrites of it that cover its different readings.

    A model writes the rewrites by verbalized sampling, so that each has a probability; each query
    goes to each retriever, and what they find is fused into one ranking. Nodes with one hash
    (text and metadata) are one node, and the first that was found is the one returned, unaltered,
    with its fused score. What that score means depends on the mode, so a cutoff by similarity
    belongs into the retrievers. `VerbalizedSamplingRetrievalEvent` tells which queries found which
    node, with the scores of the retrievers.

    Rewrites that are of no use are not searched for: the query once more (in other case, order or
    punctuation, numbered, labelled), an earlier rewrite once more, and, with the built-in wording,
    answers to the query; see `vs_core.retrieval.rewrites`. The model is then asked once more
    (`max_topups`, `max_reasks`), and the trace of the event's distribution says in `dropped` what
    was left out and why. If none is of use, the search is for the original only, as `on_failure`
    describes it, and no error.

    Each search gets a query bundle of its own. An embedding, or strings to embed, that came with
    the query stay with the original; an image and fields of your own go to all. Searches run at
    the same time: `aretrieve` awaits the retrievers' own `aretrieve`, `retrieve` calls `retrieve`
    in threads (in a notebook too), or, with `num_workers=1`, one after the other in the caller's
    thread. A failing search fails the whole. Of nodes with one id but different hashes,
    LlamaIndex's own `retrieve` may return the first only, depending on its version; the event has
    all.

    Args:
        retrievers: One retriever, or several.
        llm: The model that writes the rewrites; None asks `Settings.llm` as it is at each call.
            A `VerbalizedSamplingLLM` is unwrapped.
        num_queries: Queries to search with, the original included: 4 asks for 3 rewrites, and 1
            searches as the retrievers alone would, without a call to the model. A model that
            writes fewer that are of use leaves fewer.
        include_original: Whether to search with the original query too.
        original_weight: Weight of the original in units of the mean rewrite.
        mode: How to fuse; see `vs_core.adapters.retrieval.fuse`. `interleave` lets the queries
            contribute in turn, `relative_score` adds up scaled scores, `reciprocal_rerank` adds up
            1 / (60 + rank).
        weighting: Rewrites count by `probability` or all `equal`, whether as a share of turns, of
            scores or of ranks. None takes `equal` for `reciprocal_rerank`, else `probability`.
        similarity_top_k: Most nodes to return, from the front. None returns as many as the
            retrievers together find for the original query, so that this one can stand in their
            place; if that is not searched for, or finds nothing, as many as the most fruitful
            rewrite finds. Named as in `QueryFusionRetriever`.
        retriever_weights: How much each retriever counts beside the others, 0 or more; None
            counts them alike. In `reciprocal_rerank` too, where the queries count alike.
        num_workers: Most searches at a time; for methods that ask the model several times, most
            such calls too.
        on_failure: When the model fails or nothing it wrote can be read: `raise` its error, or
            go on with the `original_only`; then the event has a `failure` that says why, and the
            log has a warning. `original_if_unread` does so only where the model answered and
            nothing could be read (a refusal is such an answer), and raises the error of a call
            that failed.
        verbose: Print the queries and their weights, and what `BaseRetriever` prints.
        callback_manager: As `BaseRetriever` takes it.
        object_map: As `BaseRetriever` takes it.
        objects: As `BaseRetriever` takes it.
        **options: As in `VerbalizedSampler`, except `k`, `per_call`, `split` and `value_schema`.
            `instructions` is your own wording of what to write; None asks for rewrites.
            `vs_core.HYPOTHETICAL_ANSWERS` asks for passages that could answer (HyDE).

    Raises:
        PromptError: When asked with a blank query.
        VerbalizedSamplingParserError: When no rewrite could be read, and `on_failure` is `raise`.

    Example:
        >>> from llama_index.core import MockEmbedding, VectorStoreIndex
        >>> from llama_index.core.schema import TextNode
        >>> from llamaindex_vs import SimulatedLLM, VerbalizedSamplingRetriever
        >>> index = VectorStoreIndex(
        ...     [TextNode(text="Pythons are snakes."), TextNode(text="Python is a language.")],
        ...     embed_model=MockEmbedding(8),
        ... )
        >>> retriever = VerbalizedSamplingRetriever(index.as_retriever(), SimulatedLLM(seed=7))
        >>> len(retriever.retrieve("python"))
        2
    """

    def __init__(
        self,
        retrievers: BaseRetriever | Sequence[BaseRetriever],
        llm: LLM | None = None,
        *,
        num_queries: int = 4,
        include_original: bool = True,
        original_weight: float = ORIGINAL_WEIGHT,
        mode: FusionMode = "interleave",
        weighting: Weighting | None = None,
        similarity_top_k: int | None = None,
        retriever_weights: Sequence[float] | None = None,
        num_workers: int = 4,
        on_failure: OnRewritingFailure = "original_if_unread",
        verbose: bool = False,
        callback_manager: CallbackManager | None = None,
        object_map: dict[str, Any] | None = None,
        objects: list[IndexNode] | None = None,
        **options: Unpack[RewritingOptions],
    ) -> None:
        with settings_of(self):
            self._settings = RetrieverSettings(
                retrievers=retrievers,
                retriever_weights=retriever_weights,
                num_queries=num_queries,
                include_original=include_original,
                original_weight=original_weight,
                mode=mode,
                weighting=weighting,
                similarity_top_k=similarity_top_k,
                num_workers=num_workers,
                on_failure=on_failure,
            )
        if unknown := options.keys() - RewritingOptions.__optional_keys__:
            raise TypeError(f"{self.class_name()} has no setting {', '.join(sorted(unknown))}")
        if options.get("instructions") is None:
            options["instructions"] = QUERY_REWRITES
        asked = max(1, self._settings.num_rewrites)
        with settings_of(self):
            self._sampler = sampler_for(self.class_name(), llm, rewrites=True, k=asked, **options)
        self._sampler.num_workers = num_workers
        super().__init__(
            callback_manager=callback_manager,
            object_map=object_map,
            objects=objects,
            verbose=verbose,
        )

    @classmethod
    def class_name(cls) -> str:
        """The component's name in LlamaIndex."""
        return "VerbalizedSamplingRetriever"

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        query = require_query(query_bundle.query_str)
        outcome: Outcome = NO_REWRITES
        if self._settings.num_rewrites:
            try:
                outcome = self._sampler.run(query)
            except Exception as error:  # noqa: BLE001  # the settings decide what follows
                outcome = error
        queries = self._expanded(query, outcome)
        made = searches(queries, self._settings.retriever_shares)
        found = each(partial(self._found, query_bundle), made, self._settings.num_workers)
        return self._fused(query, outcome, queries, made, found)

    @_dispatcher.span
    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        query = require_query(query_bundle.query_str)
        outcome: Outcome = NO_REWRITES
        if self._settings.num_rewrites:
            try:
                outcome = await self._sampler.arun(query)
            except Exception as error:  # noqa: BLE001  # as above
                outcome = error
        queries = self._expanded(query, outcome)
        made = searches(queries, self._settings.retriever_shares)
        found = await aeach(partial(self._afound, query_bundle), made, self._settings.num_workers)
        return self._fused(query, outcome, queries, made, found)

    def _expanded(self, query: str, outcome: Outcome) -> Queries:
        queries = self._settings.expanded(query, outcome)
        if self._verbose:
            lines = [f"{query.weight:.2f} {query.text}\n" for query in queries]
            print_text("".join(lines), color="llama_turquoise")
        return queries

    def _found(self, asked: QueryBundle, search: Search) -> list[NodeWithScore]:
        query, retriever = search
        return self._settings.retrievers[retriever].retrieve(bundle_for(query, asked))

    async def _afound(self, asked: QueryBundle, search: Search) -> list[NodeWithScore]:
        query, retriever = search
        return await self._settings.retrievers[retriever].aretrieve(bundle_for(query, asked))

    def _fused(
        self,
        query: str,
        outcome: Outcome,
        queries: Queries,
        made: list[Search],
        found: list[list[NodeWithScore]],
    ) -> list[NodeWithScore]:
        fused = fused_nodes(made, found, self._settings.mode)
        failure = failure_of(outcome)
        if failure is not None:
            _log.warning("%s searched with the original only: %s", self.class_name(), failure)
        _dispatcher.event(
            VerbalizedSamplingRetrievalEvent(
                component=self.class_name(),
                query=query,
                distribution=NO_REWRITES if isinstance(outcome, Exception) else outcome,
                queries=queries,
                nodes=[origin(item, made) for item in fused],
                failure=failure,
            )
        )
        limit = self._settings.similarity_top_k
        if limit is None:
            limit = found_together(query, made, found)
        return [with_fused_score(item) for item in fused[:limit]]

    def _get_prompts(self) -> PromptDictType:
        return {INSTRUCTIONS: as_template(self._sampler.instructions or "")}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        if INSTRUCTIONS in prompts:
            self._sampler.instructions = text_of_template(prompts[INSTRUCTIONS]) or QUERY_REWRITES
