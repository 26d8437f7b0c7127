"""Reading one reply, as a run of its own beside the model's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableConfig

from langchain_vs._control_flow import let_through
from langchain_vs._convert import PieceReader
from langchain_vs._streams import aclosed_after, closed_after
from vs_core import VerbalizedDistribution
from vs_core.adapters import Ask

Distribution = VerbalizedDistribution[Any]

READING = {"name": "VerbalizedSamplingOutputParser", "run_type": "parser"}
"""What its run is called, and of which type it is."""


class ReplyReading(Runnable[Any, Distribution]):
    """Feeds a model's reply, or the error in its place, to the ask it belongs to."""

    name = READING["name"]

    def __init__(self, ask: Ask[BaseMessage]) -> None:
        self._ask = ask
        self._pieces = PieceReader()

    def invoke(
        self, input: Any, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Distribution:
        """Read a whole reply, or take the error in its place."""
        if isinstance(input, Exception):
            return self._failed(input)
        return self._ask.feed(self._pieces.read(input)) + self._ask.close()

    def transform(
        self, input: Iterator[Any], config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[Distribution]:
        """Read a reply as it arrives; what breaks it off is kept for the exchange to decide on."""
        chunks = self._transform_stream_with_config(
            input, self._read_chunks, config, run_type=READING["run_type"]
        )
        try:
            # The model's stream is closed first: LangChain, when a reader stops early, would
            # else read it to its end for the trace.
            with closed_after(chunks) as found, closed_after(input):
                for candidates in found:  # noqa: UP028  # `yield from` would close `found` first
                    yield candidates
        except Exception as error:  # noqa: BLE001  # providers raise errors of their own
            yield self._failed(error)

    async def atransform(
        self, input: AsyncIterator[Any], config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[Distribution]:
        """As `transform`, without blocking."""
        chunks = self._atransform_stream_with_config(
            input, self._aread_chunks, config, run_type=READING["run_type"]
        )
        try:
            async with aclosed_after(chunks) as found:
                async for candidates in found:
                    yield candidates
        except Exception as error:  # noqa: BLE001  # as above
            yield self._failed(error)

    def _failed(self, error: Exception) -> Distribution:
        let_through([error])
        self._ask.fail(error)
        return self._ask.close()

    def _read_chunks(self, chunks: Iterator[Any]) -> Iterator[Distribution]:
        for chunk in chunks:
            if found := self._ask.feed(self._pieces.read(chunk)):
                yield found
        yield self._ask.close()

    async def _aread_chunks(self, chunks: AsyncIterator[Any]) -> AsyncIterator[Distribution]:
        async for chunk in chunks:
            if found := self._ask.feed(self._pieces.read(chunk)):
                yield found
        yield self._ask.close()
