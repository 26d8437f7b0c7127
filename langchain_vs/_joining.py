"""Strings of a stream joined up to the next mark that can complete a candidate.

LangChain adds a string input up once per chunk, for its trace, and hands each chunk through two
queues. What can complete nothing need not go through them alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TypeVar

_T = TypeVar("_T")

_MARKS = frozenset(">}])")


class Joining:
    """Strings that wait for a mark."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: list[str] = []

    def take(self, chunk: str) -> str:
        """What can be passed on; nothing while no mark has come."""
        self._held.append(chunk)
        return "" if _MARKS.isdisjoint(chunk) else self.rest()

    def rest(self) -> str:
        """What waits."""
        if not self._held:
            return ""
        joined = "".join(self._held)
        self._held.clear()
        return joined


def joined_strings(chunks: Iterator[_T | str]) -> Iterator[_T | str]:
    """The chunks, strings joined up to the next mark; a stream of messages as it is."""
    waiting = Joining()
    for chunk in chunks:
        if not isinstance(chunk, str):
            if text := waiting.rest():
                yield text
            yield chunk
            yield from chunks
        elif text := waiting.take(chunk):
            yield text
    if text := waiting.rest():
        yield text


async def ajoined_strings(chunks: AsyncIterator[_T | str]) -> AsyncIterator[_T | str]:
    """As `joined_strings`, without blocking."""
    waiting = Joining()
    async for chunk in chunks:
        if not isinstance(chunk, str):
            if text := waiting.rest():
                yield text
            yield chunk
        elif text := waiting.take(chunk):
            yield text
    if text := waiting.rest():
        yield text
