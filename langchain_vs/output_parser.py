"""`VerbalizedSamplingOutputParser`: from a model's reply to a distribution."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.messages import BaseMessage
from langchain_core.output_parsers import BaseTransformOutputParser
from langchain_core.outputs import ChatGeneration, Generation
from pydantic import ConfigDict

from langchain_vs._convert import read_piece
from langchain_vs._loadable import Loadable
from langchain_vs.errors import as_langchain_error
from vs_core import (
    IncomingReply,
    PromptSettings,
    ReplyPiece,
    VerbalizedDistribution,
    expect_reply,
    format_instructions,
)


class VerbalizedSamplingOutputParser(
    Loadable, BaseTransformOutputParser[VerbalizedDistribution[Any]], PromptSettings
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
            return self._read(read_piece(generation.message))
        return self.parse(generation.text)

    def _read(self, piece: ReplyPiece) -> VerbalizedDistribution[Any]:
        reply = expect_reply(self)
        return reply.feed(piece) + _end(reply)

    def _transform(
        self, input: Iterator[str | BaseMessage]
    ) -> Iterator[VerbalizedDistribution[Any]]:
        reply = expect_reply(self)
        for chunk in input:
            if found := reply.feed(read_piece(chunk)):
                yield found
        yield _end(reply)

    async def _atransform(
        self, input: AsyncIterator[str | BaseMessage]
    ) -> AsyncIterator[VerbalizedDistribution[Any]]:
        reply = expect_reply(self)
        async for chunk in input:
            if found := reply.feed(read_piece(chunk)):
                yield found
        yield _end(reply)


def _end(reply: IncomingReply) -> VerbalizedDistribution[Any]:
    rest = reply.close()
    with as_langchain_error():
        reply.require_candidates()
    return rest
