"""`AsyncTransformQueryEngine`: a query engine behind a query transform."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from llama_index.core.base.response.schema import RESPONSE_TYPE
from llama_index.core.query_engine import TransformQueryEngine
from llama_index.core.schema import NodeWithScore, QueryBundle
from llama_index_instrumentation import get_dispatcher

from llamaindex_vs.model.drawn import DISTRIBUTION
from llamaindex_vs.queries.async_transform import arun_transform
from llamaindex_vs.queries.query_bundle import VerbalizedQueryBundle

_QUERY = f"{DISTRIBUTION}_query"

_dispatcher = get_dispatcher(__name__)


class AsyncTransformQueryEngine(TransformQueryEngine):
    """Transforms a query without blocking the event loop, then lets a query engine answer it.

    The framework's `TransformQueryEngine`, with the same arguments, runs the transform inside the
    event loop. This one awaits the transform's `arun`; a transform without one runs in a thread.

    What the transform wrote is in the response's metadata as JSON, for streams as well, under
    `verbalized_sampling`, and under `verbalized_sampling_query` in any case: a
    `VerbalizedSamplingSynthesizer` has its answers under the first name.

    As in the framework, `retrieve` and `synthesize` transform the query each on their own, so the
    two together ask the model twice.

    Example:
        >>> from llama_index.core import Document, MockEmbedding, VectorStoreIndex
        >>> from llama_index.core.llms import MockLLM
        >>> from llamaindex_vs import (
        ...     AsyncTransformQueryEngine, SimulatedLLM, VerbalizedSamplingQueryTransform
        ... )
        >>> from vs_core import VerbalizedDistribution
        >>> embed_model = MockEmbedding(embed_dim=3)
        >>> index = VectorStoreIndex.from_documents(
        ...     [Document(text="Decaf? I'm out.")], embed_model=embed_model
        ... )
        >>> transform = VerbalizedSamplingQueryTransform(
        ...     SimulatedLLM(seed=1), "hyde", embed_model=embed_model, k=3
        ... )
        >>> engine = AsyncTransformQueryEngine(index.as_query_engine(llm=MockLLM()), transform)
        >>> response = engine.query("Tell me a joke about coffee")
        >>> written = response.metadata["verbalized_sampling"]
        >>> len(VerbalizedDistribution.model_validate(written))
        3
    """

    @classmethod
    def class_name(cls) -> str:
        """The component's name in LlamaIndex."""
        return "AsyncTransformQueryEngine"

    @_dispatcher.span
    def retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """Transform the query, and retrieve.

        Args:
            query_bundle: The query.
        """
        return super().retrieve(query_bundle)

    @_dispatcher.span
    async def aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """As `retrieve`, without blocking."""
        transformed = await self._atransformed(query_bundle)
        if isinstance(self._query_engine, _AsyncRetrieving):
            return await self._query_engine.aretrieve(transformed)
        return await asyncio.to_thread(self._query_engine.retrieve, transformed)

    @_dispatcher.span
    def synthesize(
        self,
        query_bundle: QueryBundle,
        nodes: list[NodeWithScore],
        additional_source_nodes: Sequence[NodeWithScore] | None = None,
    ) -> RESPONSE_TYPE:
        """Transform the query, and answer it from given nodes.

        Args:
            query_bundle: The query.
            nodes: What to answer it from.
            additional_source_nodes: Named as sources too.
        """
        transformed = self._transformed(query_bundle)
        response = self._query_engine.synthesize(
            query_bundle=transformed, nodes=nodes, additional_source_nodes=additional_source_nodes
        )
        return _annotated(response, transformed)

    @_dispatcher.span
    async def asynthesize(
        self,
        query_bundle: QueryBundle,
        nodes: list[NodeWithScore],
        additional_source_nodes: Sequence[NodeWithScore] | None = None,
    ) -> RESPONSE_TYPE:
        """As `synthesize`, without blocking."""
        transformed = await self._atransformed(query_bundle)
        response = await self._query_engine.asynthesize(
            query_bundle=transformed, nodes=nodes, additional_source_nodes=additional_source_nodes
        )
        return _annotated(response, transformed)

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        transformed = self._transformed(query_bundle)
        return _annotated(self._query_engine.query(transformed), transformed)

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        transformed = await self._atransformed(query_bundle)
        return _annotated(await self._query_engine.aquery(transformed), transformed)

    def _transformed(self, query_bundle: QueryBundle) -> QueryBundle:
        return self._query_transform.run(query_bundle, metadata=self._transform_metadata)

    async def _atransformed(self, query_bundle: QueryBundle) -> QueryBundle:
        return await arun_transform(self._query_transform, query_bundle, self._transform_metadata)


@runtime_checkable
class _AsyncRetrieving(Protocol):
    async def aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]: ...


def _annotated(response: RESPONSE_TYPE, transformed: QueryBundle) -> RESPONSE_TYPE:
    if isinstance(transformed, VerbalizedQueryBundle):
        written = transformed.distribution.model_dump(mode="json")
        if response.metadata is None:
            response.metadata = {}
        # In place: the synthesizer of a stream may still hold the dictionary, to write into it.
        response.metadata[_QUERY] = written
        response.metadata.setdefault(DISTRIBUTION, written)
    return response
