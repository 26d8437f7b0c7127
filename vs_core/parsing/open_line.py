"""The line of prose that is being read, piece by piece."""

from __future__ import annotations

_LONGEST_TAIL = 24


class OpenLine:
    """A line that has not ended yet.

    Attributes:
        filled: Whether anything but white space stands in it.
        worded: Whether a letter or digit stands in it.
        tail: Its last characters.
    """

    __slots__ = ("_parts", "filled", "tail", "worded")

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.filled = False
        self.worded = False
        self.tail = ""

    def add(self, piece: str) -> None:
        """Read on."""
        self._parts.append(piece)
        if not self.worded and piece and not piece.isspace():
            self.filled = True
            self.worded = any(map(str.isalnum, piece))
        self.tail = (self.tail + piece)[-_LONGEST_TAIL:]

    def clear(self) -> None:
        """Forget what stands in the line."""
        self._parts.clear()
        self.filled = False
        self.worded = False
        self.tail = ""

    def finish(self) -> str:
        """The whole line, which ends here."""
        line = "".join(self._parts)
        self.clear()
        return line
