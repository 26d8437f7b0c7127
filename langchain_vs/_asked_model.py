"""The model of one exchange: how it is called, and how its replies are read, as runs of a trace."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import BaseMessage
from langchain_core.prompt_values import ChatPromptValue
from langchain_core.runnables import RunnableConfig

from langchain_vs._convert import LangChainDialect, to_messages, with_replica
from langchain_vs._reading import READING, ReplyReading
from langchain_vs._runs import Steps
from langchain_vs._shaping import shaped_by_provider
from langchain_vs._streams import AUntilEnough, aclosed_after, closed_after, until_enough
from langchain_vs._telling import Model
from langchain_vs.errors import as_langchain_error
from vs_core import VerbalizedDistribution
from vs_core.adapters import (
    Ask,
    AsyncStream,
    ExchangeSettings,
    Rounds,
    Stream,
    arun_rounds,
    astream_rounds,
    opening,
    run_rounds,
    stream_rounds,
)

Distribution = VerbalizedDistribution[Any]
Call = Ask[BaseMessage]

_PLACING = {"name": "VerbalizedSamplingPrompt", "run_type": "prompt"}


class AskedModel:
    """A model, with what all calls of an exchange share.

    Args:
        llm: The model.
        settings: What is asked.
        config: Of the run within which it is called.
        parameters: Passed on to the model with each call.

    Attributes:
        settings: What is asked.
    """

    def __init__(
        self,
        llm: Model,
        settings: ExchangeSettings,
        config: RunnableConfig,
        parameters: Mapping[str, Any],
    ) -> None:
        self.settings = settings
        self._config = config
        self._steps = Steps(config)
        self._parameters = parameters
        self._workers = config.get("max_concurrency")
        self._llm = llm

    def opening(self, prompt: LanguageModelInput) -> Sequence[BaseMessage]:
        """The first messages: the prompt, with the instruction in its place.

        Args:
            prompt: What a model takes.

        Raises:
            PromptError: The prompt is empty, None, or of a kind no model takes.
        """
        return self._steps.run(self._placed, prompt, **_PLACING).messages

    async def aopening(self, prompt: LanguageModelInput) -> Sequence[BaseMessage]:
        """As `opening`; callbacks are awaited."""
        placed = await self._steps.arun(self._placed, prompt, **_PLACING)
        return placed.messages

    def run(self, rounds: Rounds[BaseMessage]) -> Distribution:
        """Make an exchange's calls, and return what was read.

        Args:
            rounds: As `vs_core.adapters.exchange` gives them.
        """
        with as_langchain_error():
            return run_rounds(rounds, self._call, self._read, self._workers)

    async def arun(self, rounds: Rounds[BaseMessage]) -> Distribution:
        """As `run`, without blocking."""
        with as_langchain_error():
            return await arun_rounds(rounds, self._acall, self._aread, self._workers)

    def stream(self, rounds: Rounds[BaseMessage]) -> Iterator[Distribution]:
        """Make an exchange's calls, and give each candidate as it is finished.

        Args:
            rounds: As `vs_core.adapters.exchange` gives them.
        """
        with as_langchain_error():
            yield from stream_rounds(rounds, self._open, self._read_stream, self._workers)

    async def astream(self, rounds: Rounds[BaseMessage]) -> AsyncIterator[Distribution]:
        """As `stream`, without blocking."""
        with as_langchain_error():
            chunks = astream_rounds(rounds, self._aopen, self._aread_stream, self._workers)
            async with aclosed_after(chunks) as found:
                async for chunk in found:
                    yield chunk

    def _placed(self, prompt: LanguageModelInput) -> ChatPromptValue:
        messages = opening(to_messages(prompt), self.settings, LangChainDialect())
        return ChatPromptValue(messages=messages)

    def _call(self, ask: Call) -> Any:
        return self._model(ask).invoke(with_replica(ask), self._config, **self._parameters)

    async def _acall(self, ask: Call) -> Any:
        return await self._model(ask).ainvoke(with_replica(ask), self._config, **self._parameters)

    def _open(self, ask: Call) -> Iterator[Any]:
        return self._model(ask).stream(with_replica(ask), self._config, **self._parameters)

    def _aopen(self, ask: Call) -> AsyncIterator[Any]:
        return self._model(ask).astream(with_replica(ask), self._config, **self._parameters)

    def _read(self, ask: Call, reply: Any) -> Distribution:
        if isinstance(reply, Exception):
            return ReplyReading(ask).invoke(reply)
        return self._steps.run(ReplyReading(ask).invoke, reply, **READING)

    async def _aread(self, ask: Call, reply: Any) -> Distribution:
        if isinstance(reply, Exception):
            return ReplyReading(ask).invoke(reply)
        return await self._steps.arun(ReplyReading(ask).invoke, reply, **READING)

    def _read_stream(self, ask: Call, stream: Stream[Any]) -> Generator[Distribution, None, None]:
        with closed_after(stream):
            yield from ReplyReading(ask).transform(until_enough(stream, ask), self._config)

    async def _aread_stream(
        self, ask: Call, stream: AsyncStream[Any]
    ) -> AsyncGenerator[Distribution, None]:
        async with (
            aclosed_after(stream) as lent,
            aclosed_after(
                ReplyReading(ask).atransform(AUntilEnough(lent, ask), self._config)
            ) as found,
        ):
            async for candidates in found:
                yield candidates

    def _model(self, ask: Call) -> Model:
        return shaped_by_provider(self._llm, self.settings, ask)
