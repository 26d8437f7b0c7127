"""`BegunCandidates`: how many candidates seem to have begun in a reply that is not read yet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from vs_core.parsing.segment.lines import line_of

_LONGEST_MARKS = 200
_NOTATION = re.compile(r"\s*(?:<([\w:.-]+)|(\{))")


class BegunCandidates:
    """Counts the lines of each kind that may begin a candidate; each is looked at once."""

    def __init__(self) -> None:
        self._read = 0
        self._line = ""
        self._counts: Counter[tuple[object, ...]] = Counter()

    def count(self, chunks: Sequence[str]) -> int:
        """The most lines of one kind.

        Args:
            chunks: All of the reply so far, in pieces.
        """
        text = self._line + "".join(chunks[self._read :])
        self._read = len(chunks)
        *lines, self._line = text.split("\n")
        for line in lines:
            self._counts.update(_kinds(line[:_LONGEST_MARKS]))
        self._line = self._line[:_LONGEST_MARKS]
        with_open = self._counts + Counter(_kinds(self._line))
        return max(with_open.values(), default=0)


def _kinds(text: str) -> list[tuple[object, ...]]:
    """What a line may begin a candidate as."""
    if (notation := _NOTATION.match(text)) is not None:
        return [notation.groups()]
    line = line_of(text)
    if line.announced is not None:
        return [("announced",)]
    if line.mark:
        return [(line.mark, line.indent)]
    return [(line.level,)] if line.level else []
