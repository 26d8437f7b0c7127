"""Streams that run at the same time and are read one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterator,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager, closing, contextmanager
from contextvars import copy_context
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

Item = TypeVar("Item")
Given_co = TypeVar("Given_co", covariant=True)


class Stream(Protocol[Given_co]):
    """An iterator that can be closed.

    Example:
        >>> from vs_core.adapters import Stream
        >>> pieces: Stream[str] = (letter for letter in "ab")
        >>> next(pieces), pieces.close()
        ('a', None)
    """

    def __iter__(self) -> Iterator[Given_co]: ...

    def __next__(self) -> Given_co: ...

    def close(self) -> None:
        """End it, whether or not it has been read to its end."""
        ...


class AsyncStream(Protocol[Given_co]):
    """As `Stream`, for asynchronous code.

    Example:
        >>> from vs_core.adapters import AsyncStream
        >>> async def letters():
        ...     yield "a"
        >>> pieces: AsyncStream[str] = letters()
    """

    def __aiter__(self) -> AsyncIterator[Given_co]: ...

    def __anext__(self) -> Awaitable[Given_co]: ...

    def aclose(self) -> Awaitable[object]:
        """End it, whether or not it has been read to its end."""
        ...


@contextmanager
def side_by_side(
    openers: Sequence[Callable[[], Iterator[Item]]], workers: int | None = None
) -> Iterator[Sequence[Stream[Item]]]:
    """Run several streams in threads; a single one is read as it is.

    Args:
        openers: Functions that open one stream each. They are called in worker threads, each in a
            copy of the caller's context.
        workers: Most streams at a time; None for all.

    Yields:
        The streams, to be read one after the other. What a stream raises is raised when it is
        read up to there. At the end of the block those not yet read to their end are closed, at
        their next item.

    Example:
        >>> from vs_core.exchange.side_by_side import side_by_side
        >>> with side_by_side([lambda: iter("ab"), lambda: iter("cd")]) as streams:
        ...     ["".join(stream) for stream in streams]
        ['ab', 'cd']
    """
    if len(openers) == 1:
        with closing(_opened(openers[0])) as alone:
            yield [alone]
        return
    streams = [_Ahead(opener) for opener in openers]
    pool = ThreadPoolExecutor(workers or len(streams), thread_name_prefix="stream")
    try:
        for stream in streams:
            pool.submit(copy_context().run, stream.run)
        yield streams
    finally:
        for stream in streams:
            stream.close()
        pool.shutdown(wait=False, cancel_futures=True)


class _Ahead(Iterator[Item]):
    """A stream that runs ahead of its reader, in another thread."""

    def __init__(self, opener: Callable[[], Iterator[Item]]) -> None:
        self._opener = opener
        self._items: SimpleQueue[tuple[bool, Any]] = SimpleQueue()
        self._is_closed = False

    def __next__(self) -> Item:
        if self._is_closed:
            raise StopIteration
        is_item, given = self._items.get()
        if is_item:
            item: Item = given
            return item
        self._is_closed = True
        raise given or StopIteration

    def close(self) -> None:
        """Have the stream closed at its next item."""
        self._is_closed = True

    def run(self) -> None:
        """Read the stream to its end, or until it is closed."""
        error: BaseException | None = None
        try:
            with closing(_opened(self._opener)) as source:
                for item in source:
                    if self._is_closed:
                        break
                    self._items.put((True, item))
        except BaseException as raised:  # noqa: BLE001  # raised again where the stream is read
            error = raised
        self._items.put((False, error))


def _opened(opener: Callable[[], Iterator[Item]]) -> Generator[Item, None, None]:
    """A stream that is opened when it is first read, and can be closed whatever it is."""
    yield from opener()


@asynccontextmanager
async def aside_by_side(
    openers: Sequence[Callable[[], AsyncIterator[Item]]], workers: int | None = None
) -> AsyncIterator[Sequence[AsyncStream[Item]]]:
    """As `side_by_side`, in tasks of the event loop.

    At the end of the block, streams not yet read to their end are cancelled and waited for.

    Args:
        openers: Functions that open one stream each.
        workers: Most streams at a time; None for all.
    """
    if len(openers) == 1:
        async with aclosing(_aopened(openers[0])) as alone:
            yield [alone]
        return
    free = asyncio.Semaphore(workers or len(openers))
    streams = [_AsyncAhead(opener, free) for opener in openers]
    tasks = [asyncio.ensure_future(stream.run()) for stream in streams]
    try:
        yield streams
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _AsyncAhead(AsyncIterator[Item]):
    """A stream that runs ahead of its reader, in another task."""

    def __init__(self, opener: Callable[[], AsyncIterator[Item]], free: asyncio.Semaphore) -> None:
        self._opener = opener
        self._free = free
        self._items: asyncio.Queue[tuple[bool, Any]] = asyncio.Queue()
        self._is_closed = False

    async def __anext__(self) -> Item:
        if self._is_closed:
            raise StopAsyncIteration
        is_item, given = await self._items.get()
        if is_item:
            item: Item = given
            return item
        self._is_closed = True
        raise given or StopAsyncIteration

    async def aclose(self) -> None:
        """Have the stream closed at its next item."""
        self._is_closed = True

    async def run(self) -> None:
        """Read the stream to its end, or until it is closed."""
        error: Exception | None = None
        try:
            async with self._free, aclosing(_aopened(self._opener)) as source:
                async for item in source:
                    if self._is_closed:
                        break
                    self._items.put_nowait((True, item))
        except Exception as raised:  # noqa: BLE001  # raised again where the stream is read
            error = raised
        self._items.put_nowait((False, error))


async def _aopened(opener: Callable[[], AsyncIterator[Item]]) -> AsyncGenerator[Item, None]:
    """As `_opened`; what an asynchronous stream reads from is closed with it."""
    source = opener()
    try:
        async for item in source:
            yield item
    finally:
        close = getattr(source, "aclose", None)
        if close is not None:
            await close()
