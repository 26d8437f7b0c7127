"""An asynchronous iterator for code that blocks, inside a running event loop too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Generator, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from functools import partial
from threading import Thread
from typing import Any, TypeVar

Item = TypeVar("Item")

_NO_MORE: Any = object()


def blocking(items: AsyncGenerator[Item, None]) -> Generator[Item, None, None]:
    """Iterate over what an asynchronous generator gives, from another thread's event loop.

    The generator runs in the context of the caller. When the iteration is ended early, or the
    caller is interrupted, it is cancelled and closed.

    Args:
        items: The generator, which has not begun.

    Yields:
        What it gives.

    Example:
        >>> from vs_core.generation.running.blocking import blocking
        >>> async def letters():
        ...     yield "a"
        ...     yield "b"
        >>> list(blocking(letters()))
        ['a', 'b']
    """
    with _loop_of_another_thread() as loop:
        try:
            while (item := _waited_for(_next(items), loop)) is not _NO_MORE:
                yield item
        finally:
            _waited_for(items.aclose(), loop)


async def _next(items: AsyncGenerator[Item, None]) -> Item:
    return await anext(items, _NO_MORE)


def _waited_for(work: Coroutine[Any, Any, Item], loop: asyncio.AbstractEventLoop) -> Item:
    """The result of something done in the loop; if we are interrupted, it has ended."""
    begun: Future[asyncio.Task[Item]] = Future()
    ended: Future[Item] = Future()

    def begin() -> None:
        task = loop.create_task(work)
        task.add_done_callback(partial(_pass_on, ended))
        begun.set_result(task)

    loop.call_soon_threadsafe(begin)
    try:
        return ended.result()
    except BaseException:
        if not ended.done():
            loop.call_soon_threadsafe(begun.result().cancel)
            wait([ended])
        raise


def _pass_on(ended: Future[Item], task: asyncio.Task[Item]) -> None:
    error = asyncio.CancelledError() if task.cancelled() else task.exception()
    if error is None:
        ended.set_result(task.result())
    else:
        ended.set_exception(error)


@contextmanager
def _loop_of_another_thread() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="generate", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
