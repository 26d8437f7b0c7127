"""Streams run at the same time, and are read in order."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from functools import partial

import pytest

from vs_core.adapters import AsyncStream
from vs_core.exchange.side_by_side import aside_by_side, side_by_side

WHO: ContextVar[str] = ContextVar("who", default="nobody")


class Counted:
    """Opens streams that wait until a number of them are open, and counts those closed."""

    def __init__(self, together: int) -> None:
        self.barrier = threading.Barrier(together, timeout=5)
        self.closed = 0
        self.done = threading.Semaphore(0)

    def stream(self, name: str, length: int = 2) -> Iterator[str]:
        self.barrier.wait()
        try:
            for n in range(length):
                yield f"{name}{n}"
        finally:
            self.closed += 1
            self.done.release()


def test_all_run_before_the_first_is_read() -> None:
    counted = Counted(3)
    with side_by_side([partial(counted.stream, name) for name in "abc"]) as streams:
        assert [list(stream) for stream in streams] == [["a0", "a1"], ["b0", "b1"], ["c0", "c1"]]
    assert counted.closed == 3


def test_no_more_run_than_there_are_workers() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def stream(name: str) -> Iterator[str]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        yield name
        with lock:
            running -= 1

    with side_by_side([partial(stream, name) for name in "abcdef"], workers=2) as streams:
        assert ["".join(stream) for stream in streams] == list("abcdef")
    assert most <= 2


def broken(name: str) -> Iterator[str]:
    yield name
    raise ConnectionError(name)


def test_an_error_is_raised_where_the_stream_is_read() -> None:
    with side_by_side([partial(iter, "a"), partial(broken, "b"), partial(iter, "c")]) as streams:
        first, second, third = streams
        assert list(first) == ["a"]
        assert next(second) == "b"
        with pytest.raises(ConnectionError):
            next(second)
        assert list(third) == ["c"]


@pytest.mark.parametrize("number", [1, 3])
def test_streams_left_early_are_closed(number: int) -> None:
    counted = Counted(number)
    openers = [partial(counted.stream, name, 10_000) for name in "abc"[:number]]
    with side_by_side(openers) as streams:
        assert next(iter(streams[0])) == "a0"
    for _ in range(number):
        assert counted.done.acquire(timeout=5)
    assert list(streams[0]) == []


def test_each_runs_in_the_callers_context() -> None:
    WHO.set("the caller")

    def stream() -> Iterator[str]:
        yield WHO.get()

    with side_by_side([stream, stream]) as streams:
        assert [list(s) for s in streams] == [["the caller"]] * 2


class AsyncCounted:
    """As `Counted`, in the event loop."""

    def __init__(self, together: int) -> None:
        self.together = together
        self.here = 0
        self.closed = 0
        self.given = 0
        self.all_here = asyncio.Event()

    async def stream(self, name: str, length: int = 2) -> AsyncIterator[str]:
        self.here += 1
        if self.here >= self.together:
            self.all_here.set()
        await asyncio.wait_for(self.all_here.wait(), timeout=5)
        try:
            for n in range(length):
                await asyncio.sleep(0)
                self.given += 1
                yield f"{name}{n}"
        finally:
            self.closed += 1


async def everything(stream: AsyncStream[str]) -> list[str]:
    return [item async for item in stream]


async def test_all_tasks_run_before_the_first_is_read() -> None:
    counted = AsyncCounted(3)
    async with aside_by_side([partial(counted.stream, name) for name in "abc"]) as streams:
        found = [await everything(stream) for stream in streams]
    assert found == [["a0", "a1"], ["b0", "b1"], ["c0", "c1"]]
    assert counted.closed == 3


@pytest.mark.parametrize("number", [1, 3])
async def test_asynchronous_streams_left_early_are_closed_at_once(number: int) -> None:
    counted = AsyncCounted(number)
    openers = [partial(counted.stream, name, 10_000) for name in "abc"[:number]]
    async with aside_by_side(openers) as streams:
        async for item in streams[0]:
            assert item == "a0"
            break
    assert counted.closed == number
    assert counted.given < 100


async def test_an_error_of_an_asynchronous_stream_is_raised_where_it_is_read() -> None:
    async def stream(error: Exception | None) -> AsyncIterator[str]:
        yield "a"
        if error:
            raise error

    openers = [partial(stream, None), partial(stream, ConnectionError("b"))]
    async with aside_by_side(openers, workers=1) as (first, second):
        assert [item async for item in first] == ["a"]
        with pytest.raises(ConnectionError):
            await everything(second)
