"""Code fences inside a text, tracked piece by piece."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^[ \t]{0,8}(`{3,}|~{3,})([^\n]*)", re.MULTILINE)


class FenceTracker:
    """Knows whether the text read so far ends inside a code fence."""

    __slots__ = ("_at_line_start", "_open")

    def __init__(self) -> None:
        self._open = ""
        self._at_line_start = True

    @property
    def open(self) -> bool:
        """Whether a fence is open."""
        return bool(self._open)

    def add(self, piece: str) -> None:
        """Take in the next piece of the text."""
        if "```" in piece or "~~~" in piece:
            for found in _FENCE.finditer(piece):
                if found.start() or self._at_line_start:
                    self._toggle(found[1], found[2])
        if piece:
            tail = piece[piece.rfind("\n") + 1 :]
            self._at_line_start = not tail.strip() and ("\n" in piece or self._at_line_start)

    def _toggle(self, mark: str, rest: str) -> None:
        if not self._open:
            if mark[0] == "~" or "`" not in rest:
                self._open = mark
        elif mark[0] == self._open[0] and len(mark) >= len(self._open) and not rest.strip():
            self._open = ""
