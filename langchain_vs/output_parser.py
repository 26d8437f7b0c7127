"""`VerbalizedSamplingOutputParser`: from a model's reply to a distribution."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.messages import BaseMessage
from langchain_core.output_parsers import BaseTransformOutputParser
from langchain_core.outputs import ChatGeneration, Generation
from langchain_core.runnables import RunnableConfig
from pydantic import ConfigDict

from langchain_vs._composing import GivesDistributions
from langchain_vs._convert import PieceReader, plain_text
from langchain_vs._joining import Joining, ajoined_strings, joined_strings
from langchain_vs._loadable import Loadable
from langchain_vs.errors import as_langchain_error
from vs_core import PromptSettings, VerbalizedDistribution
from vs_core.adapters import IncomingReply, ReplyPiece, expect_reply, format_instructions


class VerbalizedSamplingOutputParser(
    GivesDistributions,
    Loadable,
    BaseTransformOutputParser[VerbalizedDistribution[Any]],
    PromptSettings,
):
    """Reads a reply in whatever notation it came: tags, JSON, lists; whole or streamed.

    Takes the settings of `vs_core.PromptSettings`, of which `method` and `definition` say how
    numbers are read; the others go into the trace and into `get_format_instructions()`.

    Raises:
        VerbalizedSamplingParserError: No candidate could be read; `llm_output` has the reply.

    Example:
        >>> from langchain_vs import VerbalizedSamplingOutputParser
        >>> VerbalizedSamplingOutputParser().invoke("1. (0.3) heads").texts
        ['heads']
    """

    model_config = ConfigDict(extra="forbid")

    @property
    def _type(self) -> str:
        return "verbalized_sampling"

    @property
    def OutputType(self) -> type[VerbalizedDistribution[Any]]:  # noqa: N802  # LangChain's name
        """A distribution."""
        return VerbalizedDistribution

    def get_format_instructions(self) -> str:
        """How the model is to write its reply, for a prompt of your own."""
        return format_instructions(self)

    def parse(self, text: str) -> VerbalizedDistribution[Any]:
        """Read a whole reply."""
        return self._read(ReplyPiece(text=text))

    def parse_result(
        self, result: list[Generation], *, partial: bool = False
    ) -> VerbalizedDistribution[Any]:
        """Read the first generation of a model, with its token usage."""
        generation = result[0]
        if isinstance(generation, ChatGeneration):
            return self._read(PieceReader().read(generation.message))
        return self.parse(generation.text)

    def _read(self, piece: ReplyPiece) -> VerbalizedDistribution[Any]:
        reply = expect_reply(self)
        return reply.feed(piece) + _end(reply)

    def transform(
        self,
        input: Iterator[str | BaseMessage],
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Iterator[VerbalizedDistribution[Any]]:
        """Read a reply as it arrives.

        Yields:
            The candidates of tags, JSON and asked lines as they are finished, the rest at the end.
        """
        yield from super().transform(joined_strings(input), config, **kwargs)

    async def atransform(
        self,
        input: AsyncIterator[str | BaseMessage],
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[VerbalizedDistribution[Any]]:
        """As `transform`, without blocking."""
        async for found in super().atransform(ajoined_strings(input), config, **kwargs):
            yield found

    def _transform(
        self, input: Iterator[str | BaseMessage]
    ) -> Iterator[VerbalizedDistribution[Any]]:
        reply = _Streamed(self)
        for chunk in input:
            if found := reply.feed(chunk):
                yield found
        yield from reply.end()

    async def _atransform(
        self, input: AsyncIterator[str | BaseMessage]
    ) -> AsyncIterator[VerbalizedDistribution[Any]]:
        reply = _Streamed(self)
        async for chunk in input:
            if found := reply.feed(chunk):
                yield found
        for found in reply.end():
            yield found


class _Streamed:
    """A streamed reply, read whenever a chunk can complete a candidate."""

    def __init__(self, settings: PromptSettings) -> None:
        self._reply = expect_reply(settings)
        self._pieces = PieceReader()
        self._waiting = Joining()

    def feed(self, chunk: str | BaseMessage) -> VerbalizedDistribution[Any] | None:
        """Take a chunk; the candidates that it completes, if any."""
        text = plain_text(chunk)
        if text is not None:
            text = self._waiting.take(text)
            return self._reply.feed_text(text) if text else None
        found = self._reply.feed_text(self._waiting.rest())
        return found + self._reply.feed(self._pieces.read(chunk))

    def end(self) -> Iterator[VerbalizedDistribution[Any]]:
        """The candidates that only the end completes."""
        if found := self._reply.feed_text(self._waiting.rest()):
            yield found
        yield _end(self._reply)


def _end(reply: IncomingReply) -> VerbalizedDistribution[Any]:
    rest = reply.close()
    with as_langchain_error():
        reply.require_candidates()
    return rest
