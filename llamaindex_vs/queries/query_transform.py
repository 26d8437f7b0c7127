"""`VerbalizedSamplingQueryTransform`: rewrites of a query, or hypothetical answers to it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.indices.query.query_transform.base import BaseQueryTransform
from llama_index.core.llms.llm import LLM
from llama_index.core.prompts.mixin import PromptDictType
from llama_index.core.schema import QueryBundle, QueryType
from llama_index_instrumentation import get_dispatcher
from typing_extensions import Unpack

from llamaindex_vs.asking.instruction_template import INSTRUCTIONS, text_of_template
from llamaindex_vs.asking.sampler import sampler_for
from llamaindex_vs.events import VerbalizedSamplingEvent
from llamaindex_vs.pydantic_internals import settings_of
from llamaindex_vs.queries.query_bundle import VerbalizedQueryBundle
from llamaindex_vs.queries.transformation import Mode, QueryTransformation, Select, nothing_written
from vs_core import VerbalizedDistribution
from vs_core.adapters import RewritingOptions, Split, aeach
from vs_core.adapters.retrieval import (
    ORIGINAL_WEIGHT,
    OnRewritingFailure,
    Weighting,
    failure_of,
    is_fatal,
    require_query,
)

Distribution = VerbalizedDistribution[Any]

_dispatcher = get_dispatcher(__name__)
_log = logging.getLogger(__name__)


class QueryTransformOptions(RewritingOptions, total=False):
    """The settings of an exchange that a query transform leaves to its user."""

    k: int
    per_call: int | None
    split: Split


class VerbalizedSamplingQueryTransform(BaseQueryTransform):
    """Asks a model for several rewrites of a query, or several hypothetical answers to it.

    - `expand`: k rewrites that cover the query's readings and facets; the search is for all of
      them and for the original. The query string stays.
    - `hyde`: the same with k hypothetical answers, which lie nearer to real ones than the question
      does (HyDE: Gao et al., arXiv 2212.10496, which averages over several too).
    - `rewrite`: one of k rewrites becomes the query string. Use it in a `TransformRetriever` or an
      `AsyncTransformRetriever`: in a query engine the synthesizer would answer the rewrite instead
      of the user's question.

    Rewrites that are of no use are left out: the query once more, an earlier rewrite once more,
    and, with the built-in wording, answers to the query; see `vs_core.retrieval.rewrites`. The
    model is then asked once more (`max_topups`, `max_reasks`), and the trace says in `dropped` what
    was left out and why. If none is of use, the query stays as it is, and that is no error.

    The result is a `VerbalizedQueryBundle`: a copy of the bundle that came in, with the
    distribution in it. A `VerbalizedSamplingEvent` carries the distribution, too; nothing of a
    query is kept here.

    With `embed_model` (the index's own), the result's `embedding` is the weighted mean of the
    embeddings of all that is searched for. Rewrites weigh what their probabilities say, the
    original as `original_weight` says. Rewrites and the original are embedded as queries,
    hypothetical answers as the documents they stand for; embeddings are averaged as the model
    gives them, so longer vectors count more where the model gives vectors of different lengths.

    Without `embed_model`, all goes to `custom_embedding_strs` (and `embedding` is reset), where the
    framework embeds each as a query and averages them **unweighted**: probabilities do not count.
    Either way one search is made with one vector, which lies between the readings of an ambiguous
    query; `VerbalizedSamplingRetriever` searches with each of them.

    A bundle that comes with `custom_embedding_strs` or an `embedding` has these stand for the
    original, in equal parts. They are reset by `rewrite`, which leaves nothing of the original.

    Args:
        llm: The model that writes; None asks `Settings.llm` as it is at each call.
        mode: See above.
        embed_model: Embeds what was written; see above. With `rewrite`, the rewrite alone.
        include_original: Whether to search for the original query too; not with `rewrite`.
        original_weight: Weight of the original in units of the mean rewrite or answer: at 1 it
            has a share of 1 in n among n. As in `VerbalizedSamplingRetriever`.
        weighting: What was written counts by `probability` or all `equal`.
        select: Which rewrite to take with `rewrite`: `sample` draws in proportion to the
            probabilities, `best` takes the most probable.
        seed: None draws afresh for each query. A seed fixes the draw of *each query*, so that
            equal distributions give equal rewrites.
        on_failure: When the model fails or nothing it wrote can be read: `raise` its error, or
            search with the `original_only`; then the bundle stays as it came, the trace of its
            empty distribution has the error and the reply, and the log has a warning.
            `original_if_unread` does so only where the model answered and nothing could be read
            (a refusal is such an answer), and raises the error of a call that failed. This stands
            in place of the setting of the same name that an exchange has elsewhere.
        **options: As in `VerbalizedSampler`, except `value_schema`: `k` (rewrites or answers to ask
            for), `instructions` (your own wording in place of the built-in one), and the others.

    Raises:
        PromptError: When run with a blank query, with something that is none, or with a bundle
            whose embedding is of another model.
        VerbalizedSamplingParserError: When run, nothing could be read, and `on_failure` is
            `raise`.

    Example:
        >>> from llama_index.core import MockEmbedding
        >>> from llamaindex_vs import SimulatedLLM, VerbalizedSamplingQueryTransform
        >>> transform = VerbalizedSamplingQueryTransform(
        ...     SimulatedLLM(seed=1), mode="hyde", embed_model=MockEmbedding(embed_dim=3), k=4
        ... )
        >>> bundle = transform.run("What is a joke about coffee?")
        >>> bundle.query_str, bundle.embedding, len(bundle.distribution)
        ('What is a joke about coffee?', [0.5, 0.5, 0.5], 4)
    """

    def __init__(
        self,
        llm: LLM | None = None,
        mode: Mode = "expand",
        *,
        embed_model: BaseEmbedding | None = None,
        include_original: bool = True,
        original_weight: float = ORIGINAL_WEIGHT,
        weighting: Weighting = "probability",
        select: Select = "sample",
        seed: int | None = None,
        on_failure: OnRewritingFailure = "original_if_unread",
        **options: Unpack[QueryTransformOptions],
    ) -> None:
        with settings_of(self):
            self._settings = QueryTransformation(
                mode=mode,
                embed_model=embed_model,
                include_original=include_original,
                original_weight=original_weight,
                weighting=weighting,
                select=select,
                seed=seed,
                on_failure=on_failure,
            )
        if unknown := options.keys() - QueryTransformOptions.__optional_keys__:
            raise TypeError(f"{self.class_name()} has no setting {', '.join(sorted(unknown))}")
        if options.get("instructions") is None:
            options["instructions"] = self._settings.default_instructions
        with settings_of(self):
            self._sampler = sampler_for(
                self.class_name(), llm, rewrites=self._settings.asks_for_rewrites, **options
            )

    @classmethod
    def class_name(cls) -> str:
        """The component's name in LlamaIndex."""
        return "VerbalizedSamplingQueryTransform"

    def run(
        self, query_bundle_or_str: QueryType, metadata: dict[str, Any] | None = None
    ) -> VerbalizedQueryBundle:
        """Transform a query.

        Args:
            query_bundle_or_str: The query.
            metadata: What the framework passes on; not used.
        """
        return self._run(_bundle(query_bundle_or_str), metadata or {})

    async def arun(
        self, query_bundle_or_str: QueryType, metadata: dict[str, Any] | None = None
    ) -> VerbalizedQueryBundle:
        """Transform a query without blocking; otherwise as `run`."""
        return await self._arun(_bundle(query_bundle_or_str), metadata or {})

    @_dispatcher.span
    def _run(self, query_bundle: QueryBundle, metadata: dict[str, Any]) -> VerbalizedQueryBundle:
        query = require_query(query_bundle.query_str)
        try:
            written = self._told(self._sampler.run(query))
        except Exception as error:  # noqa: BLE001  # raised again unless the user has it otherwise
            written = self._failed(query, error)
        transformed, mean = self._settings.transformed(query_bundle, written)
        if mean is None:
            return transformed
        queries = [mean.model.get_query_embedding(text) for text in mean.query_texts]
        documents = mean.model.get_text_embedding_batch(mean.document_texts)
        return replace(transformed, embedding=mean.of(queries, documents))

    @_dispatcher.span
    async def _arun(
        self, query_bundle: QueryBundle, metadata: dict[str, Any]
    ) -> VerbalizedQueryBundle:
        query = require_query(query_bundle.query_str)
        try:
            written = self._told(await self._sampler.arun(query))
        except Exception as error:  # noqa: BLE001  # as above
            written = self._failed(query, error)
        transformed, mean = self._settings.transformed(query_bundle, written)
        if mean is None:
            return transformed
        queries, documents = await asyncio.gather(
            aeach(mean.model.aget_query_embedding, mean.query_texts, self._sampler.num_workers),
            mean.model.aget_text_embedding_batch(mean.document_texts),
        )
        return replace(transformed, embedding=mean.of(queries, documents))

    def _told(self, written: Distribution) -> Distribution:
        """What was written; if nothing of it is of use, its notes and the log say why."""
        failure = failure_of(written)
        if failure is None:
            return written
        self._warn(failure)
        return VerbalizedDistribution(trace=written.trace.noting(failure))

    def _warn(self, failure: str | None) -> None:
        _log.warning("%s leaves the query as it is: %s", self.class_name(), failure)

    def _failed(self, query: str, error: Exception) -> Distribution:
        if is_fatal(error, self._settings.on_failure):
            raise error
        nothing = nothing_written(error)
        self._warn(failure_of(error))
        _dispatcher.event(
            VerbalizedSamplingEvent(component=self.class_name(), query=query, distribution=nothing)
        )
        return nothing

    def _get_prompts(self) -> PromptDictType:
        return self._sampler.get_prompts()

    def _update_prompts(self, prompts: PromptDictType) -> None:
        if INSTRUCTIONS in prompts:
            text = text_of_template(prompts[INSTRUCTIONS])
            self._sampler.instructions = text or self._settings.default_instructions


def _bundle(query: QueryType) -> QueryBundle:
    return query if isinstance(query, QueryBundle) else QueryBundle(require_query(query))
