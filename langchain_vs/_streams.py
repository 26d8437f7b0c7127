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
        yield _Lent(stream)
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()


class _Lent(AsyncIterator[Chunk]):
    """A stream that its reader cannot close.

    LangChain closes what it was given to read from when its copies are collected, at some time
    in some task; a generator that two close at once raises.
    """

    def __init__(self, stream: AsyncIterator[Chunk]) -> None:
        self._stream = stream

    async def __anext__(self) -> Chunk:
        return await self._stream.__anext__()
