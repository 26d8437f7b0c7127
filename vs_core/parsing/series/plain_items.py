"""Items in exactly the tags that were asked for, and nothing unusual in them: most of all replies.

They take one pattern instead of a walk over their tags, and say the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

from vs_core.parsing.clean.characters import text_of
from vs_core.parsing.record.record import Record

PLAIN_NAME = "response"
_LONGEST = 4000


@lru_cache(maxsize=8)
def _patterns(number_field: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """An item, and what may still become one."""
    steps = [
        r"\s*<response>",
        r"\s*<text>",
        r"([^<]*)</text>",
        rf"\s*<{number_field}>",
        rf"([^<]*)</{number_field}>",
        r"\s*</response>",
    ]
    literals = [r"\s*", "<response>", r"\s*", "<text>", "[^<]*", "</text>", r"\s*"]
    literals += [f"<{number_field}>", "[^<]*", f"</{number_field}>", r"\s*", "</response>"]
    begun = ""
    for literal in reversed(literals):
        letters = literal if literal.startswith("<") else ""
        for letter in reversed(letters):
            begun = rf"(?:\Z|{re.escape(letter)}{begun})"
        begun = begun if letters else literal + begun
    return re.compile("".join(steps)), re.compile(begun)


class PlainItems:
    """Reads items one behind the other, up to the first that is not plain.

    Attributes:
        found: Whether records wait to be handed out.
    """

    __slots__ = ("_begun", "_buffer", "_pattern", "_records")

    def __init__(self, number_field: str) -> None:
        self._pattern, self._begun = _patterns(number_field)
        self._buffer = ""
        self._records: list[Record] = []

    @property
    def found(self) -> bool:
        """Whether records wait to be handed out."""
        return bool(self._records)

    def hand_out(self) -> list[Record]:
        """The records found since the last time."""
        records, self._records = self._records, []
        return records

    def feed(self, text: str) -> str:
        """Read on; what must be read otherwise, from its beginning."""
        buffer = self._buffer + text
        if ">" not in text and len(buffer) < _LONGEST:
            self._buffer = buffer
            return ""
        at = 0
        while (found := self._pattern.match(buffer, at)) is not None:
            written, raw = found.groups()
            if not raw.strip():
                break
            self._records.append(Record(text_of(written), raw.strip(), written=found[0]))
            at = found.end()
        rest = buffer[at:]
        if len(rest) < _LONGEST and self._begun.match(rest):
            self._buffer = rest
            return ""
        self._buffer = ""
        return rest

    def close(self) -> str:
        """The beginning of an item at the end of the reply."""
        rest, self._buffer = self._buffer, ""
        return rest
