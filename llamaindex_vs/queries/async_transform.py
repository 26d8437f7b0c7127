"""Running any query transform without blocking the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, Protocol, runtime_checkable

from llama_index.core.indices.query.query_transform.base import BaseQueryTransform
from llama_index.core.schema import QueryBundle


@runtime_checkable
class AsyncQueryTransform(Protocol):
    """A query transform that can be awaited."""

    def arun(
        self, query_bundle_or_str: QueryBundle, metadata: dict[str, Any] | None = None
    ) -> Awaitable[QueryBundle]:
        """As `BaseQueryTransform.run`, without blocking."""
        ...


async def arun_transform(
    transform: BaseQueryTransform, query: QueryBundle, metadata: dict[str, Any] | None
) -> QueryBundle:
    """Transform a query: by `arun` where the transform has it, else in a thread.

    Args:
        transform: Any query transform.
        query: The query.
        metadata: Passed on to the transform.
    """
    if isinstance(transform, AsyncQueryTransform):
        return await transform.arun(query, metadata=metadata)
    return await asyncio.to_thread(transform.run, query, metadata=metadata)
