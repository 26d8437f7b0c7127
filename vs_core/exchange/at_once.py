"""The same work on several things at once, in threads or in the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(
    work: Callable[[Item], Result], items: Sequence[Item], workers: int | None = None
) -> list[Result]:
    """The result of the work on each item, in the order of the items.

    With one item or one worker all is done in the calling thread. An error is raised once those
    already at work have ended; the others are not begun.

    Args:
        work: What to do.
        items: What to do it with.
        workers: Most items at a time; None for as many as Python's thread pools take.

    Example:
        >>> from vs_core.adapters import each
        >>> each(str.upper, ["a", "b", "c"], workers=2)
        ['A', 'B', 'C']
    """
    if workers == 1 or len(items) <= 1:
        return [work(item) for item in items]
    with ThreadPoolExecutor(workers and min(workers, len(items))) as pool:
        # A copy of the context for each, so that spans within find their parent.
        begun = [pool.submit(copy_context().run, work, item) for item in items]
        try:
            return [future.result() for future in begun]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


async def aeach(
    work: Callable[[Item], Awaitable[Result]], items: Sequence[Item], workers: int | None = None
) -> list[Result]:
    """As `each`, without blocking; after an error those at work are cancelled.

    Args:
        work: What to do.
        items: What to do it with.
        workers: Most items at a time; None for all.

    Example:
        >>> import asyncio
        >>> from vs_core.adapters import aeach
        >>> async def length(word: str) -> int:
        ...     return len(word)
        >>> asyncio.run(aeach(length, ["a", "few", "words"], workers=2))
        [1, 3, 5]
    """
    if len(items) == 1:
        return [await work(items[0])]
    free = asyncio.Semaphore(workers or max(1, len(items)))

    async def worked(item: Item) -> Result:
        async with free:
            return await work(item)

    tasks = [asyncio.ensure_future(worked(item)) for item in items]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
