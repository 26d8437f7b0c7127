"""The text that has arrived and is not yet read, as the modes of the reader share it."""

from __future__ import annotations

from typing import Protocol


class Source:
    """A window on the reply: `text` from `pos` on is unread.

    A mode leaves in the window only what it cannot decide yet, so that the window stays small
    and no text is read again from its start when the next chunk comes.

    Attributes:
        text: The window.
        pos: Where the unread part begins.
        final: Whether no more text will come.
    """

    __slots__ = ("final", "pos", "text")

    def __init__(self) -> None:
        self.text = ""
        self.pos = 0
        self.final = False

    def push(self, chunk: str) -> None:
        """Add a chunk behind what is unread."""
        self.text = self.text[self.pos :] + chunk
        self.pos = 0


class Mode(Protocol):
    """A part of the reader that reads one kind of text."""

    def read(self, source: Source) -> Mode | None:
        """Read what can be read; the next mode, or None when more text is needed."""
        ...

    def skim(self, source: Source, chunk: str) -> bool:
        """Take in a piece that decides nothing, without reading; False if it must be read."""
        ...

    def end(self) -> None:
        """Settle what is open: the reply ends here."""
        ...
