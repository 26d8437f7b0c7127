"""Streams that are closed when their reader is done, also if it stops early."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

Chunk = TypeVar("Chunk")


@contextmanager
def closed_after(stream: Iterator[Chunk]) -> Iterator[Iterator[Chunk]]:
    """Close `stream` at the end of the block, if it is of a kind that can be closed.

    A generator left half-read keeps the model's connection open until it is collected.
    """
    try:
        yield stream
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            close()


@asynccontextmanager
async def aclosed_after(stream: AsyncIterator[Chunk]) -> AsyncIterator[AsyncIterator[Chunk]]:
    """As `closed_after`, for asynchronous streams."""
    try:
        yield stream
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()
