"""The candidates of a reply in exactly the lines that were asked for: `N. (p) text`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from vs_core.parsing.clean.characters import without_end_token
from vs_core.parsing.fragment import CUT_OFF, EMPTY, PLACEHOLDER, Fragment
from vs_core.parsing.record.line_fields import joined
from vs_core.parsing.record.placeholder import is_placeholder
from vs_core.parsing.record.record import Record
from vs_core.parsing.segment.lines import Line, lines_of
from vs_core.parsing.segment.starts import exact_line_at, may_become_exact_line
from vs_core.parsing.series.epilogue import is_closing

_FURTHEST = 3
_BEGUN_MARK = re.compile(r"[ \t]{0,8}(\d{1,3})[.)][ \t]{0,4}\([^()\n]{0,30}\Z")


@dataclass
class _Open:
    """The line that is being read: its ordinal, its number, and what follows."""

    ordinal: int
    raw: str
    text: str


class AskedLines:
    """Reads lines from the first mark on; each is complete when the next mark has come.

    Attributes:
        dropped: What looked like a candidate and was not taken.
        cut: Whether the reply ends inside a candidate.
        found: How many candidates have been found.

    Args:
        reasoning: Reasoning that all candidates share.
    """

    def __init__(self, reasoning: str | None = None) -> None:
        self._reasoning = reasoning
        self.dropped: list[Fragment] = []
        self.cut = False
        self.found = 0
        self._window = ""
        self._fence = ""
        self._parts: list[str] = []
        self._open: _Open | None = None

    def feed(self, text: str) -> list[Record]:
        """Read on; the records that this piece completes."""
        self._window += text
        if "\n" not in text and self._open is not None and not self._at_line_start():
            return []
        return self._advance(final=False)

    def _at_line_start(self) -> bool:
        return "\n" not in self._window and (not self._parts or self._parts[-1].endswith("\n"))

    def close(self, *, truncated: bool | None) -> list[Record]:
        """Read to the end."""
        ready = self._advance(final=True)
        self._parts.append(self._window)
        self._window = ""
        if self._open is None:
            return ready
        body = without_end_token("".join(self._parts))
        if truncated and (begun := self._begun_mark(body)) >= 0:
            # The next line has begun, so that this one is complete.
            self.cut = True
            self.dropped.append(Fragment(body[begun:].strip(), CUT_OFF))
            return ready + self._taken(self._open, lines_of(body[:begun]), None)
        if truncated:
            self.cut = True
            self.dropped.append(Fragment(body.strip(), CUT_OFF))
            return ready
        lines = lines_of(body)
        kept = lines[: self._end(lines)]
        ready += self._taken(self._open, kept, None)
        return ready

    def _begun_mark(self, body: str) -> int:
        """Where the mark of the next line begins that the end of the reply cuts off, or -1."""
        at = body.rfind("\n") + 1
        found = _BEGUN_MARK.match(body, at)
        follows = (
            found is not None and self._open is not None and int(found[1]) == self._open.ordinal + 1
        )
        return at if follows and at else -1

    def _advance(self, *, final: bool) -> list[Record]:
        """Take in whole lines."""
        ready: list[Record] = []
        while True:
            mark = None if self._fence else exact_line_at(self._window, 0)
            if mark is not None and self._follows(mark[0]):
                ready += self._begin(*mark)
                continue
            if not final and not self._fence and may_become_exact_line(self._window, 0):
                return ready
            at = self._window.find("\n")
            if at < 0:
                return ready
            self._track_fence(self._window[:at])
            self._parts.append(self._window[: at + 1])
            self._window = self._window[at + 1 :]

    def _follows(self, ordinal: int) -> bool:
        if self._open is None:
            return True
        return self._open.ordinal <= ordinal <= self._open.ordinal + _FURTHEST

    def _begin(self, ordinal: int, end: int) -> list[Record]:
        ready: list[Record] = []
        if self._open is not None:
            body = "".join(self._parts)
            ready = self._taken(self._open, lines_of(body), ordinal)
        written = self._window[:end]
        raw = written[written.rindex("(") + 1 : written.rindex(")")] if "(" in written else ""
        if not raw:
            raw = written.strip(" \t0123456789.)\uff08\uff09")
        self._open = _Open(ordinal, raw.strip(), "")
        self._parts = []
        self._window = self._window[end:]
        return ready

    def _track_fence(self, line: str) -> None:
        stripped = line.strip()
        if self._fence:
            if stripped.startswith(self._fence) and not stripped.strip("`~"):
                self._fence = ""
        elif stripped.startswith(("```", "~~~")):
            self._fence = stripped[:3]

    def _taken(self, item: _Open, lines: Sequence[Line], following: int | None) -> list[Record]:
        """The record of a line, and those of lines behind it that lack a number."""
        starts = self._numberless(item.ordinal, lines, following)
        bounds = [0, *starts, len(lines)]
        records: list[Record] = []
        for n, (start, end) in enumerate(itertools.pairwise(bounds)):
            part = lines[start:end]
            first = part[0].raw if n == 0 else part[0].body
            text = joined([first.strip(), *(line.raw for line in part[1:])], with_first=False)
            written = "\n".join(line.raw for line in part).strip()
            record = Record(text, item.raw if n == 0 else None, self._reasoning, written=written)
            if not text:
                self.dropped.append(Fragment(f"({item.raw})", EMPTY))
            elif is_placeholder(text):
                self.dropped.append(Fragment(text, PLACEHOLDER))
            else:
                records.append(record)
        self.found += len(records)
        return records

    @staticmethod
    def _numberless(ordinal: int, lines: Sequence[Line], following: int | None) -> list[int]:
        """Where lines of the same count begin that state no number.

        Before a following mark there must be exactly as many as the count leaves out; a list that
        counts from 1 is content.
        """
        if following is not None and following <= ordinal + 1:
            return []
        starts: list[int] = []
        nested = 0
        for at, line in enumerate(lines):
            if at == 0 or line.kind != "text" or line.indent or line.mark[:1] != ("number",):
                continue
            if line.ordinal == ordinal + len(starts) + 1 and not nested:
                starts.append(at)
            elif line.ordinal == 1 or line.ordinal == nested + 1:
                nested = line.ordinal or 0
        if following is not None and len(starts) != following - ordinal - 1:
            return []
        return starts

    def _end(self, lines: Sequence[Line]) -> int:
        """Where the last candidate ends and a remark on the answer begins."""
        for at in range(1, len(lines)):
            line, before = lines[at], lines[at - 1]
            if line.kind == "rule" and before.kind == "blank":
                return at
            if line.kind != "text" or line.indent:
                continue
            new_block = before.kind in ("blank", "rule")
            if line.is_total or (new_block and (is_closing(line) or line.level)):
                return at
        return len(lines)
