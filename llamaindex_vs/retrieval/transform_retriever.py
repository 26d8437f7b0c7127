"""`AsyncTransformRetriever`: a retriever behind a query transform."""

from __future__ import annotations

from llama_index.core.retrievers import TransformRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle
from llama_index_instrumentation import get_dispatcher

from llamaindex_vs.queries.async_transform import arun_transform

_dispatcher = get_dispatcher(__name__)


class AsyncTransformRetriever(TransformRetriever):
    """Transforms a query without blocking the event loop, then retrieves.

    The framework's `TransformRetriever`, with the same arguments, runs the transform and the
    retriever inside the event loop. This one awaits the transform's `arun`; a transform without
    one runs in a thread.

    Nodes are returned as the retriever gives them. What the transform wrote is in its
    `VerbalizedSamplingEvent`; an `AsyncTransformQueryEngine` also has it in its response.

    Example:
        >>> from llama_index.core import Document, MockEmbedding, VectorStoreIndex
        >>> from llamaindex_vs import (
        ...     AsyncTransformRetriever, SimulatedLLM, VerbalizedSamplingQueryTransform
        ... )
        >>> index = VectorStoreIndex.from_documents(
        ...     [Document(text="Decaf? I'm out.")], embed_model=MockEmbedding(embed_dim=3)
        ... )
        >>> rewrite = VerbalizedSamplingQueryTransform(SimulatedLLM(seed=1), "rewrite")
        >>> retriever = AsyncTransformRetriever(index.as_retriever(), rewrite)
        >>> [found.text for found in retriever.retrieve("Tell me a joke about coffee")]
        ["Decaf? I'm out."]
    """

    @classmethod
    def class_name(cls) -> str:
        """The component's name in LlamaIndex."""
        return "AsyncTransformRetriever"

    @_dispatcher.span
    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        transformed = await arun_transform(
            self._query_transform, query_bundle, self._transform_metadata
        )
        return await self._retriever.aretrieve(transformed)
