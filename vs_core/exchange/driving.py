"""The loop over an exchange's rounds, for any framework: at once or as it arrives, blocking or not.

A framework gives the model call; what it makes of a reply may be its own too, where it shows the
reading in its traces.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import aclosing, closing
from functools import partial
from typing import Any, TypeVar

from vs_core.exchange.ask import Ask
from vs_core.exchange.at_once import aeach, each
from vs_core.exchange.conversation import M
from vs_core.exchange.delivery import Delivery
from vs_core.exchange.side_by_side import AsyncStream, Stream, aside_by_side, side_by_side
from vs_core.values.distribution import VerbalizedDistribution

Distribution = VerbalizedDistribution[Any]
Given = Generator[Distribution, None, None]
AsyncGiven = AsyncGenerator[Distribution, None]
Rounds = Iterator[tuple[Ask[M], ...]]
Reply = TypeVar("Reply")


def run_rounds(
    rounds: Rounds[M],
    call: Callable[[Ask[M]], Reply],
    read: Callable[[Ask[M], Reply | Exception], Distribution],
    workers: int | None = None,
) -> Distribution:
    """Make the calls of an exchange, and add up what is read.

    Args:
        rounds: As `exchange` gives them.
        call: Makes one call. Those of a round are made side by side, in threads with a copy of
            the caller's context each.
        read: Gives a reply, or the error in its place, to its ask; `read_reply` does.
        workers: Most calls at a time; None for as many as Python's thread pools take.

    Example:
        >>> from vs_core.adapters import DictDialect, ExchangeSettings, ReplyPiece
        >>> from vs_core.adapters import exchange, opening, read_reply, run_rounds
        >>> dialect, settings = DictDialect(), ExchangeSettings(k=1)
        >>> messages = opening([dialect.user("Flip a coin.")], settings, dialect)
        >>> rounds = exchange(messages, settings, dialect)
        >>> run_rounds(rounds, lambda ask: ReplyPiece(text="1. (0.5) heads"), read_reply).texts
        ['heads']
    """

    def outcome(ask: Ask[M]) -> Reply | Exception:
        try:
            return call(ask)
        except Exception as error:  # noqa: BLE001  # the exchange decides what follows
            return error

    collected: Distribution = VerbalizedDistribution()
    for asks in rounds:
        for ask, reply in zip(asks, each(outcome, asks, workers), strict=True):
            collected += read(ask, reply)
    return collected


async def arun_rounds(
    rounds: Rounds[M],
    call: Callable[[Ask[M]], Awaitable[Reply]],
    read: Callable[[Ask[M], Reply | Exception], Awaitable[Distribution]],
    workers: int | None = None,
) -> Distribution:
    """As `run_rounds`, without blocking.

    Args:
        rounds: As `exchange` gives them.
        call: Makes one call. Those of a round are made side by side, in tasks of the event loop.
        read: Gives a reply, or the error in its place, to its ask; `aread_reply` does.
        workers: Most calls at a time; None for all of a round.

    Example:
        >>> import asyncio
        >>> from vs_core.adapters import DictDialect, ExchangeSettings, ReplyPiece
        >>> from vs_core.adapters import exchange, opening, aread_reply, arun_rounds
        >>> dialect, settings = DictDialect(), ExchangeSettings(k=1)
        >>> messages = opening([dialect.user("Flip a coin.")], settings, dialect)
        >>> rounds = exchange(messages, settings, dialect)
        >>> async def call(ask):
        ...     return ReplyPiece(text="1. (0.5) heads")
        >>> asyncio.run(arun_rounds(rounds, call, aread_reply)).texts
        ['heads']
    """

    async def outcome(ask: Ask[M]) -> Reply | Exception:
        try:
            return await call(ask)
        except Exception as error:  # noqa: BLE001  # as above
            return error

    collected: Distribution = VerbalizedDistribution()
    for asks in rounds:
        for ask, reply in zip(asks, await aeach(outcome, asks, workers), strict=True):
            collected += await read(ask, reply)
    return collected


def stream_rounds(
    rounds: Rounds[M],
    open_stream: Callable[[Ask[M]], Iterator[Reply]],
    read: Callable[[Ask[M], Stream[Reply]], Given],
    workers: int | None = None,
) -> Given:
    """Make the calls of an exchange, and give each candidate as it is finished.

    Args:
        rounds: As `exchange` gives them.
        open_stream: Begins one call, and gives its reply as it arrives. The calls of a round run
            side by side, and are read in their order.
        read: Feeds a reply to its ask, until the ask has enough; `read_stream` does.
        workers: Most calls at a time; None for all of a round.

    Example:
        >>> from vs_core.adapters import DictDialect, ExchangeSettings, ReplyPiece
        >>> from vs_core.adapters import exchange, opening, read_stream, stream_rounds
        >>> dialect, settings = DictDialect(), ExchangeSettings(k=1)
        >>> messages = opening([dialect.user("Flip a coin.")], settings, dialect)
        >>> rounds = exchange(messages, settings, dialect)
        >>> def pieces(ask):
        ...     yield ReplyPiece(text="1. (0.5) hea")
        ...     yield ReplyPiece(text="ds")
        >>> [chunk.texts for chunk in stream_rounds(rounds, pieces, read_stream)]
        [['heads']]
    """
    delivery = Delivery()
    for asks in rounds:
        openers = [partial(open_stream, ask) for ask in asks]
        with side_by_side(openers, workers) as streams:
            for ask, stream in zip(asks, streams, strict=True):
                with closing(stream), closing(read(ask, stream)) as chunks:
                    for found in chunks:
                        yield from delivery.of(found)
    yield from delivery.rest()


async def astream_rounds(
    rounds: Rounds[M],
    open_stream: Callable[[Ask[M]], AsyncIterator[Reply]],
    read: Callable[[Ask[M], AsyncStream[Reply]], AsyncGiven],
    workers: int | None = None,
) -> AsyncGiven:
    """As `stream_rounds`, without blocking.

    Args:
        rounds: As `exchange` gives them.
        open_stream: Begins one call, and gives its reply as it arrives. The calls of a round run
            side by side, and are read in their order.
        read: Feeds a reply to its ask, until the ask has enough; `aread_stream` does.
        workers: Most calls at a time; None for all of a round.

    Example:
        >>> import asyncio
        >>> from vs_core.adapters import DictDialect, ExchangeSettings, ReplyPiece
        >>> from vs_core.adapters import exchange, opening, aread_stream, astream_rounds
        >>> dialect, settings = DictDialect(), ExchangeSettings(k=1)
        >>> messages = opening([dialect.user("Flip a coin.")], settings, dialect)
        >>> rounds = exchange(messages, settings, dialect)
        >>> async def pieces(ask):
        ...     yield ReplyPiece(text="1. (0.5) heads")
        >>> async def texts():
        ...     return [c.texts async for c in astream_rounds(rounds, pieces, aread_stream)]
        >>> asyncio.run(texts())
        [['heads']]
    """
    delivery = Delivery()
    for asks in rounds:
        openers = [partial(open_stream, ask) for ask in asks]
        async with aside_by_side(openers, workers) as streams:
            for ask, stream in zip(asks, streams, strict=True):
                async with aclosing(stream), aclosing(read(ask, stream)) as chunks:
                    async for found in chunks:
                        for chunk in delivery.of(found):
                            yield chunk
    for chunk in delivery.rest():
        yield chunk
