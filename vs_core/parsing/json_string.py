"""Reading one string of a JSON document as it arrives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from vs_core.parsing.json_strings import OPENERS, ends_string, key_at, may_be_key
from vs_core.parsing.vocabulary import names_number, names_text

if TYPE_CHECKING:
    from vs_core.parsing.source import Source

_STOPS = {opener: re.compile(f"[\\\\{closers}]") for opener, closers in OPENERS.items()}
_TRIPLE = 3


def opening_quotes(text: str, at: int, *, final: bool) -> str | None:
    """The quotes that begin a string, one or three; None if that is not yet known."""
    char = text[at]
    ahead = text[at : at + _TRIPLE]
    if char not in "\"'" or ahead != char * len(ahead):
        return char
    if len(ahead) < _TRIPLE:
        return char if final else None
    return ahead


class JsonString:
    """A string from behind its opening quotes to its end.

    Attributes:
        role: Whether it is a `key`, the value of a `member`, or an `element` of a list.
        mended: Whether quotes stood in it that should have been escaped.
    """

    def __init__(self, quotes: str, char: str, role: str, *, in_tuple: bool) -> None:
        self.role = role
        self.mended = False
        self._triple = quotes if len(quotes) == _TRIPLE else ""
        self._stop = _STOPS[char]
        self._in_tuple = in_tuple
        self._parts: list[str] = []
        self._last = ""

    @property
    def written(self) -> str:
        """What stands between the quotes, as written."""
        return "".join(self._parts)

    def skim(self, chunk: str) -> bool:
        """Take in a piece in which nothing ends or is escaped; False if it must be read."""
        if self._triple or self._stop.search(chunk):
            return False
        self._keep(chunk)
        return True

    def read(self, source: Source) -> Literal["ended", "begun again"] | None:
        """Read on; None when more text is needed."""
        if self._triple:
            return self._read_triple(source)
        text, at = source.text, source.pos
        while True:
            found = self._stop.search(text, at)
            if found is None:
                self._take(source, len(text))
                return None
            at = found.start()
            if text[at] == "\\":
                if at + 1 >= len(text) and not source.final:
                    self._take(source, at)
                    return None
                at += 2
                continue
            ends = ends_string(
                text, at, role=self.role, in_tuple=self._in_tuple, final=source.final
            )
            if ends is None:
                self._take(source, at)
                return None
            if ends:
                self._take(source, at)
                source.pos = at + 1
                return "ended"
            again = self._begun_again(source, at)
            if again is not False:
                self._take(source, at)
                return "begun again" if again else None
            self.mended = True
            at += 1

    def _take(self, source: Source, stop: int) -> None:
        self._keep(source.text[source.pos : stop])
        source.pos = stop

    def _read_triple(self, source: Source) -> Literal["ended"] | None:
        found = source.text.find(self._triple, source.pos)
        if found < 0:
            held = 0 if source.final else _TRIPLE - 1
            self._take(source, max(source.pos, len(source.text) - held))
            return None
        self._take(source, found)
        source.pos = found + _TRIPLE
        return "ended"

    def _keep(self, piece: str) -> None:
        if piece:
            self._parts.append(piece)
            visible = piece.rstrip()
            if visible:
                self._last = visible[-1]

    def _begun_again(self, source: Source, at: int) -> bool | None:
        """Whether an object begins in the string, so that the one around it was broken off.

        None if that is not yet known.
        """
        if self.role != "member" or self._visible_before(source, at) != "{":
            return False
        key = key_at(source.text, at)
        if key is None:
            return None if not source.final and may_be_key(source.text, at) else False
        return names_text(key) or names_number(key)

    def _visible_before(self, source: Source, at: int) -> str:
        """The last character before a place in the string that is no white space."""
        while at > source.pos:
            at -= 1
            if not source.text[at].isspace():
                return source.text[at]
        return self._last
