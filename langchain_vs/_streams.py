"""Streams that are closed when their reader is done, also if it stops early."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

from vs_core.adapters import Ask

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


def until_enough(stream: Iterable[Chunk], ask: Ask[Any]) -> Iterator[Chunk]:
    """A reply's stream, which ends where the reply has run away.

    Args:
        stream: What the model sends.
        ask: The call, which is fed each chunk before the next is taken.
    """
    for chunk in stream:
        yield chunk
        if ask.has_enough:
            return


class AUntilEnough(AsyncIterator[Chunk]):
    """As `until_enough`; no generator, since LangChain closes these at some time in some task."""

    def __init__(self, stream: AsyncIterator[Chunk], ask: Ask[Any]) -> None:
        self._stream = stream
        self._ask = ask

    async def __anext__(self) -> Chunk:
        if self._ask.has_enough:
            raise StopAsyncIteration
        return await self._stream.__anext__()
