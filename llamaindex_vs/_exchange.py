"""Four ways to drive one exchange: at once or as it arrives, blocking or not."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import aclosing, closing
from functools import partial
from typing import Any

from llama_index.core.base.llms.types import ChatMessage

from llamaindex_vs._concurrency import aeach, each
from llamaindex_vs._convert import LlamaIndexDialect
from llamaindex_vs._models import AskedModel
from llamaindex_vs.errors import as_llama_index_error
from vs_core import VerbalizedDistribution
from vs_core.adapters import (
    Ask,
    AsyncStream,
    Delivery,
    ReplyPiece,
    Stream,
    aside_by_side,
    exchange,
    opening,
    side_by_side,
)
from vs_core.adapters.retrieval import Objection

Distribution = VerbalizedDistribution[Any]
Round = tuple[Ask[ChatMessage], ...]
Reply = ReplyPiece | Exception


def run_exchange(
    model: AskedModel,
    prompt: Sequence[ChatMessage],
    workers: int,
    objection: Objection | None = None,
) -> Distribution:
    """Ask, and return the distribution.

    Args:
        model: The model.
        prompt: The messages, without the instruction.
        workers: Most calls at a time, where calls do not depend on each other.
        objection: Says of a candidate why it is of no use, None if it is.
    """
    return run_rounds(model, _rounds(model, prompt, objection), workers)


async def arun_exchange(
    model: AskedModel,
    prompt: Sequence[ChatMessage],
    workers: int,
    objection: Objection | None = None,
) -> Distribution:
    """As `run_exchange`, without blocking."""
    return await arun_rounds(model, _rounds(model, prompt, objection), workers)


def run_rounds(model: AskedModel, rounds: Iterator[Round], workers: int = 1) -> Distribution:
    """Ask what an exchange in other words asks, and return the distribution.

    Args:
        model: The model.
        rounds: As `vs_core.exchange` gives them.
        workers: Most calls at a time.
    """
    collected: Distribution = VerbalizedDistribution()
    with as_llama_index_error():
        for asks in rounds:
            for ask, reply in zip(asks, _replies(model, asks, workers), strict=True):
                collected += _read(ask, reply)
    return collected


async def arun_rounds(model: AskedModel, rounds: Iterator[Round], workers: int = 1) -> Distribution:
    """As `run_rounds`, without blocking."""
    collected: Distribution = VerbalizedDistribution()
    with as_llama_index_error():
        for asks in rounds:
            for ask, reply in zip(asks, await _areplies(model, asks, workers), strict=True):
                collected += _read(ask, reply)
    return collected


def stream_exchange(
    model: AskedModel, prompt: Sequence[ChatMessage], workers: int
) -> Generator[Distribution, None, None]:
    """Ask, and give each candidate as it is finished.

    Args:
        model: The model.
        prompt: The messages, without the instruction.
        workers: Most calls at a time, where calls do not depend on each other.
    """
    delivery = Delivery()
    with as_llama_index_error():
        for asks in _rounds(model, prompt):
            openers = [partial(model.stream, ask) for ask in asks]
            with side_by_side(openers, workers) as streams:
                for ask, pieces in zip(asks, streams, strict=True):
                    for found in _stream(ask, pieces):
                        yield from delivery.of(found)


async def astream_exchange(
    model: AskedModel, prompt: Sequence[ChatMessage], workers: int
) -> AsyncGenerator[Distribution, None]:
    """As `stream_exchange`, without blocking."""
    delivery = Delivery()
    with as_llama_index_error():
        for asks in _rounds(model, prompt):
            openers = [partial(model.astream, ask) for ask in asks]
            async with aside_by_side(openers, workers) as streams:
                for ask, pieces in zip(asks, streams, strict=True):
                    async with aclosing(_astream(ask, pieces)) as chunks:
                        async for found in chunks:
                            for chunk in delivery.of(found):
                                yield chunk


def _stream(ask: Ask[ChatMessage], pieces: Stream[ReplyPiece]) -> Iterator[Distribution]:
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


async def _astream(
    ask: Ask[ChatMessage], pieces: AsyncStream[ReplyPiece]
) -> AsyncGenerator[Distribution, None]:
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


def _rounds(
    model: AskedModel, prompt: Sequence[ChatMessage], objection: Objection | None = None
) -> Iterator[Round]:
    dialect, settings = LlamaIndexDialect(), model.settings
    return exchange(opening(prompt, settings, dialect), settings, dialect, objection=objection)


def _replies(model: AskedModel, asks: Round, workers: int) -> list[Reply]:
    def reply(ask: Ask[ChatMessage]) -> Reply:
        try:
            return model.ask(ask)
        except Exception as error:  # noqa: BLE001  # the exchange decides what follows
            return error

    return each(reply, asks, workers)


async def _areplies(model: AskedModel, asks: Round, workers: int) -> list[Reply]:
    async def reply(ask: Ask[ChatMessage]) -> Reply:
        try:
            return await model.aask(ask)
        except Exception as error:  # noqa: BLE001  # as above
            return error

    return await aeach(reply, asks, workers)


def _read(ask: Ask[ChatMessage], reply: Reply) -> Distribution:
    if isinstance(reply, Exception):
        ask.fail(reply)
        return ask.close()
    return ask.feed(reply) + ask.close()
