"""Answers that remember the distribution they were drawn from. Pure: no I/O."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import aclosing, closing
from typing import Any

from llama_index.core.base.response.schema import (
    RESPONSE_TYPE,
    AsyncStreamingResponse,
    StreamingResponse,
)
from pydantic import BaseModel

from llamaindex_vs.model.drawn import DISTRIBUTION
from vs_core import Candidate, VerbalizedDistribution
from vs_core.adapters import in_words


class Answer(str):
    """The text of a candidate, or the first piece of it.

    LlamaIndex passes answers on as strings and streams of strings, so they remember themselves;
    kept on the synthesizer, one query would find what belongs to another.

    Attributes:
        candidate: What was drawn.
        distribution: What it was drawn from.
    """

    __slots__ = ("candidate", "distribution")

    candidate: Candidate[Any]
    distribution: VerbalizedDistribution[Any]

    @classmethod
    def of(
        cls,
        candidate: Candidate[Any],
        distribution: VerbalizedDistribution[Any],
        text: str | None = None,
    ) -> Answer:
        """The text of a candidate.

        Args:
            candidate: What was drawn.
            distribution: What it was drawn from.
            text: A piece instead of the whole text.
        """
        answer = cls(candidate.text if text is None else text)
        answer.candidate, answer.distribution = candidate, distribution
        return answer

    def pieces(self) -> Iterator[str]:
        """The text in pieces of a word, the first of which remembers too."""
        first, *rest = in_words(self) or [""]
        yield Answer.of(self.candidate, self.distribution, first)
        yield from rest

    @property
    def plain(self) -> str | BaseModel:
        """The answer as LlamaIndex knows answers, which remembers nothing."""
        value = self.candidate.value
        return value if isinstance(value, BaseModel) else str(self)

    def tell(self, response: RESPONSE_TYPE) -> None:
        """Put the distribution into a response's metadata, as JSON."""
        if response.metadata is None:
            response.metadata = {}
        # In place: by the time a stream is read, others may hold the dictionary.
        response.metadata[DISTRIBUTION] = self.distribution.model_dump(mode="json")


def remembering(response: RESPONSE_TYPE, answer: object) -> RESPONSE_TYPE:
    """A response with the distribution in its metadata: now, or once its stream has been read.

    Args:
        response: What LlamaIndex made of the answer.
        answer: The answer; it remembers the distribution if it is an `Answer`.
    """
    if isinstance(answer, Answer):
        answer.tell(response)
    elif isinstance(response, StreamingResponse):
        response.response_gen = _telling(response.response_gen, response)
    elif isinstance(response, AsyncStreamingResponse):
        response.response_gen = _atelling(response.response_gen, response)
    return response


def _telling(
    pieces: Generator[str, None, None], response: RESPONSE_TYPE
) -> Generator[str, None, None]:
    """The same pieces as plain text; what they remember goes into the response's metadata."""
    with closing(pieces):
        for piece in pieces:
            yield _told(piece, response)


async def _atelling(
    pieces: AsyncGenerator[str, None], response: RESPONSE_TYPE
) -> AsyncGenerator[str, None]:
    """As above, for asynchronous streams."""
    async with aclosing(pieces):
        async for piece in pieces:
            yield _told(piece, response)


def _told(piece: str, response: RESPONSE_TYPE) -> str:
    if isinstance(piece, Answer):
        piece.tell(response)
    return str(piece)
