"""Series without marks of their own: paragraphs, single lines, texts parted by their numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vs_core.parsing.record.line_fields import Segment, Spot, number_at
from vs_core.parsing.segment.lines import Line
from vs_core.parsing.segment.number_found import BARE, MARKED
from vs_core.parsing.segment.number_place import numbers_in
from vs_core.parsing.series.line_series import LineSeries, settled, trimmed
from vs_core.parsing.series.marked import is_intro

_FEWEST = 2
_DIGIT = re.compile(r"\d")
_BETWEEN_ANSWERS = re.compile(r"(?<=[)\]%\d])\s*(?:[,;|\uff0c\u3001]|\band\b|\bor\b)\s+")


def unmarked_series(lines: Sequence[Line]) -> list[LineSeries]:
    """All series without marks that the lines hold, however they overlap."""
    return [
        *_ended_by_numbers(lines),
        *_of_blocks(lines),
        *_of_single_lines(lines),
        *_of_one_line(lines),
    ]


def _ended_by_numbers(lines: Sequence[Line]) -> list[LineSeries]:
    """Series whose segments end with a line that holds their number."""
    found = []
    for bare in (False, True):
        ends = [n for n, line in enumerate(lines) if _is_number_line(lines, n, line, bare=bare)]
        if ends:
            found.append(_up_to_numbers(ends, lines))
    return [one for one in found if one is not None]


def _is_number_line(lines: Sequence[Line], at: int, line: Line, *, bare: bool) -> bool:
    if line.kind != "text" or line.level:
        return False
    if not bare:
        return number_at(lines, at, line.body) is not None
    found = numbers_in(line.raw)
    return len(found) == 1 and found[0].place == "only" and found[0].strength == MARKED


def _up_to_numbers(ends: list[int], lines: Sequence[Line]) -> LineSeries | None:
    parts: list[tuple[Segment, int, int]] = []
    begin = 0
    for end in ends:
        start = _block_start(lines, begin, end, whole=bool(parts) and _is_long(lines, begin, end))
        stop = end + (number_at(lines, end, lines[end].body) or ("", 1))[1]
        if start >= end and not parts:
            # A number with nothing above it: the text follows.
            return None
        if start < end:
            head = lines[start].body if lines[start].mark else lines[start].raw.strip()
            parts.append((Segment(trimmed(lines[start:stop]), head), start, stop))
        begin = stop
    if not parts:
        return None
    return settled(("number last",), parts)


def _is_long(lines: Sequence[Line], begin: int, end: int) -> bool:
    return any(line.kind in ("text", "opaque") for line in lines[begin:end])


def _block_start(lines: Sequence[Line], begin: int, end: int, *, whole: bool) -> int:
    """Where the text in front of a number begins: its paragraph, or all behind the last number."""
    at = end
    seen = False
    while at > begin:
        line = lines[at - 1]
        if line.kind == "rule" or (line.kind == "blank" and seen and not whole):
            break
        if line.level or (is_intro(line) and not whole):
            break
        seen = seen or line.kind in ("text", "opaque")
        at -= 1
    while at < end and lines[at].kind in ("blank", "rule"):
        at += 1
    return at


def _of_blocks(lines: Sequence[Line]) -> list[LineSeries]:
    """Paragraphs that state a number each, one behind the other."""
    blocks: list[tuple[int, int]] = []
    start = -1
    for n in range(len(lines) + 1):
        filled = n < len(lines) and lines[n].kind in ("text", "opaque")
        if filled and start < 0:
            start = n
        elif not filled and start >= 0:
            blocks.append((start, n))
            start = -1
    parts: list[tuple[Segment, int, int]] = []
    found: list[LineSeries] = []
    for begin, end in [*blocks, (len(lines), len(lines))]:
        segment = Segment(lines[begin:end], lines[begin].raw.strip()) if begin < end else None
        usable = segment is not None and any(
            s in segment.stated and segment.stated[s].strength > BARE
            for s in ("head", "end", "lead")
        )
        if usable and segment is not None and not lines[begin].level:
            parts.append((segment, begin, end))
            continue
        if len(parts) >= _FEWEST:
            found.append(settled(("paragraph",), parts))
        parts = []
    return found


def _of_single_lines(lines: Sequence[Line]) -> list[LineSeries]:
    """Lines that state a number each, one behind the other."""
    found: list[LineSeries] = []
    parts: list[tuple[Segment, int, int]] = []
    spots: set[Spot] = set()
    for n in range(len(lines) + 1):
        line = lines[n] if n < len(lines) else None
        if line is not None and line.kind == "blank":
            continue
        read = _line_with_number(line) if line is not None else None
        if read is not None and (not spots or spots & set(read.stated)):
            spots = (spots & set(read.stated)) or set(read.stated)
            parts.append((read, n, n + 1))
            continue
        if parts:
            found.append(settled(("line",), parts))
        parts, spots = ([(read, n, n + 1)], set(read.stated)) if read is not None else ([], set())
    return found


def _of_one_line(lines: Sequence[Line]) -> list[LineSeries]:
    """A single line that gives all: `Texas (30%), Ohio (10%)`."""
    filled = [n for n, line in enumerate(lines) if line.kind != "blank"]
    if len(filled) != 1:
        return []
    pieces = _BETWEEN_ANSWERS.split(lines[filled[0]].body.strip())
    parts = [Segment([Line(piece)], piece.strip(), "") for piece in pieces]
    if len(parts) < _FEWEST or not all(
        "head" in p.stated and p.stated["head"].strength > BARE and p.stated["head"].text
        for p in parts
    ):
        return []
    return [settled(("line",), [(part, filled[0], filled[0] + 1) for part in parts])]


def _line_with_number(line: Line) -> Segment | None:
    if (
        line.kind != "text"
        or line.level
        or line.mark[:1] == ("bullet",)
        or not _DIGIT.search(line.raw)
    ):
        return None
    segment = Segment([line], line.raw.strip().strip("$"))
    sure = [
        spot for spot, one in segment.stated.items() if one.strength > BARE and one.text.strip()
    ]
    return segment if sure else None
