"""Four ways to drive one exchange: at once or as it arrives, blocking or not."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import aclosing
from typing import Any

from llama_index.core.base.llms.types import ChatMessage

from llamaindex_vs.asking.asked_model import AskedModel
from llamaindex_vs.asking.messages import LlamaIndexDialect
from llamaindex_vs.errors import as_llama_index_error
from vs_core import VerbalizedDistribution
from vs_core.adapters import (
    Rounds,
    aread_reply,
    aread_stream,
    arun_rounds,
    astream_rounds,
    exchange,
    opening,
    read_reply,
    read_stream,
    run_rounds,
    stream_rounds,
)
from vs_core.adapters.retrieval import Objection

Distribution = VerbalizedDistribution[Any]


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
    return run(model, _rounds(model, prompt, objection), workers)


async def arun_exchange(
    model: AskedModel,
    prompt: Sequence[ChatMessage],
    workers: int,
    objection: Objection | None = None,
) -> Distribution:
    """As `run_exchange`, without blocking."""
    return await arun(model, _rounds(model, prompt, objection), workers)


def run(model: AskedModel, rounds: Rounds[ChatMessage], workers: int = 1) -> Distribution:
    """Ask what an exchange in other words asks, and return the distribution.

    Args:
        model: The model.
        rounds: As `vs_core.adapters.exchange` gives them.
        workers: Most calls at a time.
    """
    with as_llama_index_error():
        return run_rounds(rounds, model.ask, read_reply, workers)


async def arun(model: AskedModel, rounds: Rounds[ChatMessage], workers: int = 1) -> Distribution:
    """As `run`, without blocking."""
    with as_llama_index_error():
        return await arun_rounds(rounds, model.aask, aread_reply, workers)


def stream_exchange(
    model: AskedModel, prompt: Sequence[ChatMessage], workers: int
) -> Generator[Distribution, None, None]:
    """Ask, and give each candidate as it is finished.

    Args:
        model: The model.
        prompt: The messages, without the instruction.
        workers: Most calls at a time, where calls do not depend on each other.
    """
    with as_llama_index_error():
        yield from stream_rounds(_rounds(model, prompt), model.stream, read_stream, workers)


async def astream_exchange(
    model: AskedModel, prompt: Sequence[ChatMessage], workers: int
) -> AsyncGenerator[Distribution, None]:
    """As `stream_exchange`, without blocking."""
    with as_llama_index_error():
        rounds = _rounds(model, prompt)
        async with aclosing(astream_rounds(rounds, model.astream, aread_stream, workers)) as chunks:
            async for chunk in chunks:
                yield chunk


def _rounds(
    model: AskedModel, prompt: Sequence[ChatMessage], objection: Objection | None = None
) -> Rounds[ChatMessage]:
    dialect, settings = LlamaIndexDialect(), model.settings
    return exchange(opening(prompt, settings, dialect), settings, dialect, objection=objection)
