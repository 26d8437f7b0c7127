"""What becomes of a reply: it is fed to its ask, whole or as it arrives."""

from __future__ import annotations

from contextlib import aclosing, closing

from vs_core.exchange.ask import Ask
from vs_core.exchange.conversation import M
from vs_core.exchange.driving import AsyncGiven, Distribution, Given
from vs_core.exchange.piece import ReplyPiece
from vs_core.exchange.side_by_side import AsyncStream, Stream


def read_reply(ask: Ask[M], reply: ReplyPiece | Exception) -> Distribution:
    """Give a whole reply, or the error in its place, to its ask.

    Args:
        ask: The call.
        reply: What came of it.

    Example:
        >>> from vs_core.adapters import DictDialect, ExchangeSettings, ReplyPiece
        >>> from vs_core.adapters import exchange, opening, read_reply
        >>> dialect, settings = DictDialect(), ExchangeSettings(k=1)
        >>> messages = opening([dialect.user("Flip a coin.")], settings, dialect)
        >>> rounds = exchange(messages, settings, dialect)
        >>> [ask] = next(rounds)
        >>> read_reply(ask, ReplyPiece(text="1. (0.5) heads")).texts
        ['heads']
    """
    if isinstance(reply, Exception):
        ask.fail(reply)
        return ask.close()
    return ask.feed(reply) + ask.close()


async def aread_reply(ask: Ask[M], reply: ReplyPiece | Exception) -> Distribution:
    """As `read_reply`; reading does not block.

    Args:
        ask: The call.
        reply: What came of it.

    Example:
        >>> import asyncio
        >>> from vs_core.adapters import DictDialect, ExchangeSettings, ReplyPiece
        >>> from vs_core.adapters import exchange, opening, aread_reply
        >>> dialect, settings = DictDialect(), ExchangeSettings(k=1)
        >>> messages = opening([dialect.user("Flip a coin.")], settings, dialect)
        >>> rounds = exchange(messages, settings, dialect)
        >>> [ask] = next(rounds)
        >>> asyncio.run(aread_reply(ask, ReplyPiece(text="1. (0.5) heads"))).texts
        ['heads']
    """
    return read_reply(ask, reply)


def read_stream(ask: Ask[M], pieces: Stream[ReplyPiece]) -> Given:
    """Feed a reply to its ask as it arrives, until the ask has enough.

    Args:
        ask: The call.
        pieces: The reply; what breaks it off is the exchange's to decide on.

    Example:
        >>> from vs_core.adapters import DictDialect, ExchangeSettings, ReplyPiece
        >>> from vs_core.adapters import exchange, opening, read_stream
        >>> dialect, settings = DictDialect(), ExchangeSettings(k=1)
        >>> messages = opening([dialect.user("Flip a coin.")], settings, dialect)
        >>> rounds = exchange(messages, settings, dialect)
        >>> [ask] = next(rounds)
        >>> pieces = (ReplyPiece(text=text) for text in ("1. (0.5) ", "heads"))
        >>> [chunk.texts for chunk in read_stream(ask, pieces)]
        [['heads']]
    """
    try:
        with closing(pieces):
            for piece in pieces:
                if found := ask.feed(piece):
                    yield found
                if ask.has_enough:
                    break
    except Exception as error:  # noqa: BLE001  # the exchange decides what follows
        ask.fail(error)
    yield ask.close()


async def aread_stream(ask: Ask[M], pieces: AsyncStream[ReplyPiece]) -> AsyncGiven:
    """As `read_stream`, without blocking.

    Args:
        ask: The call.
        pieces: The reply.

    Example:
        >>> import asyncio
        >>> from vs_core.adapters import DictDialect, ExchangeSettings, ReplyPiece
        >>> from vs_core.adapters import exchange, opening, aread_stream
        >>> dialect, settings = DictDialect(), ExchangeSettings(k=1)
        >>> messages = opening([dialect.user("Flip a coin.")], settings, dialect)
        >>> rounds = exchange(messages, settings, dialect)
        >>> [ask] = next(rounds)
        >>> async def pieces():
        ...     yield ReplyPiece(text="1. (0.5) heads")
        >>> async def texts():
        ...     return [chunk.texts async for chunk in aread_stream(ask, pieces())]
        >>> asyncio.run(texts())
        [['heads']]
    """
    try:
        async with aclosing(pieces):
            async for piece in pieces:
                if found := ask.feed(piece):
                    yield found
                if ask.has_enough:
                    break
    except Exception as error:  # noqa: BLE001  # as above
        ask.fail(error)
    yield ask.close()
