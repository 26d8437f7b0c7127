"""Series in lists, sections, labelled lines and paragraphs, read from the whole text of a reply.

A series sets its own boundaries by its own marks: one list style at one indent, headings of one
level, labels of one kind. All that occur are gathered here; `verdict` chooses between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from vs_core.parsing.record.line_fields import SPOTS, Segment, Spot, Stated
from vs_core.parsing.segment.lines import Line
from vs_core.parsing.segment.number_found import BARE, LABELLED, MARKED
from vs_core.parsing.segment.number_place import numbers_in
from vs_core.parsing.series.epilogue import end_of_last

Key = tuple[str | int | tuple[str | int, ...], ...]

_FEWEST = 2
_WORDS_FOR_NUMBER = re.compile(r"\(([^()]{1,40})\)\s+(\S.*)")
_BEGUN_MARK = re.compile(r"\d{1,3}[.)]?\s*")
_AT_END = ("head", "end")
_BOLD_HEADING = re.compile(r"\*\*[^*\n]{1,60}(?::\*\*|\*\*:)\s*")


@dataclass(frozen=True)
class LineSegment:
    """One segment, and the number that counts for it.

    Attributes:
        start: Its first line.
        end: The line behind its last one.
        fields: What its lines say.
        stated: Its number, None if it has none.
    """

    start: int
    end: int
    fields: Segment
    stated: Stated | None

    @cached_property
    def _read(self) -> tuple[str, str | None]:
        return self.fields.read(self.stated)

    @property
    def text(self) -> str:
        """Its text."""
        return self._read[0]

    @property
    def reasoning(self) -> str | None:
        """Its reasoning."""
        return self._read[1]

    @property
    def has_text(self) -> bool:
        """Whether it has a text, told without reading it where that is plain."""
        stated = self.stated
        if stated is not None and stated.line == 0 and stated.text:
            return True
        return bool(self.text)

    @property
    def number_line(self) -> int:
        """The line on which its number stands, -1 without one."""
        return -1 if self.stated is None else self.start + self.stated.line


@dataclass(frozen=True)
class LineSeries:
    """Segments that belong together.

    Attributes:
        key: The mark they have in common.
        segments: In order.
        spot: Where they state their numbers.
        trailing: Segments of the same kind behind those with numbers, which have none.
    """

    key: Key
    segments: tuple[LineSegment, ...]
    spot: Spot | None
    trailing: tuple[LineSegment, ...] = ()

    @cached_property
    def numbered(self) -> int:
        """How many have a text and a number."""
        return sum(s.stated is not None and s.has_text for s in self.segments)

    @property
    def kind(self) -> str:
        """What sort of mark they have in common."""
        return str(self.key[0])

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.segments)

    @property
    def complete(self) -> bool:
        """Whether all have a number."""
        return self.numbered == self.count

    @property
    def start(self) -> int:
        """The line where it begins."""
        return self.segments[0].start

    @property
    def end(self) -> int:
        """The line behind its end."""
        return self.segments[-1].end

    @cached_property
    def strength(self) -> int:
        """How sure the least certain of its numbers is."""
        return min((s.stated.strength for s in self.segments if s.stated is not None), default=0)


def trimmed(lines: Sequence[Line]) -> list[Line]:
    """The lines of a segment, without blank lines, rules and headings at its end."""
    kept = list(lines)
    while len(kept) > 1 and (kept[-1].kind in ("blank", "rule") or _is_heading(kept)):
        kept.pop()
    return kept


def _is_heading(lines: Sequence[Line]) -> bool:
    """Whether the last line is a heading: of what follows."""
    last = lines[-1]
    in_bold = last.kind == "text" and _BOLD_HEADING.fullmatch(last.raw) is not None
    return last.level > 0 or (in_bold and lines[-2].kind == "blank")


def settled(key: Key, parts: list[tuple[Segment, int, int]]) -> LineSeries:
    """Let the series choose one place for its numbers, and find the end of its last segment."""
    spot = _spot([segment for segment, _, _ in parts])
    last, start, _end = parts[-1]
    earlier = [segment for segment, _, _ in parts[:-1]]
    if spot in _AT_END and not {"head", "end"} & set(last.stated):
        last = _up_to_number(last)
        parts = [*parts[:-1], (last, start, start + len(last.lines))]
    theirs = spot if len(earlier) < _FEWEST or any(spot in s.stated for s in earlier) else None
    stop = end_of_last(earlier, last, theirs)
    if stop < len(last.lines):
        last = replace(last, lines=trimmed(last.lines[:stop]))
        parts = [*parts[:-1], (last, start, start + len(last.lines))]
        spot = _spot([segment for segment, _, _ in parts])
    in_brackets = spot == "lead" and all(s.head.startswith("(") for s, _, _ in parts)
    segments = []
    for segment, begin, finish in parts:
        stated = _stated(segment, spot)
        if stated is None and in_brackets and (words := _WORDS_FOR_NUMBER.match(segment.head)):
            stated = Stated(words[1], MARKED, 0, words[2])
        segments.append(
            LineSegment(begin, min(finish, begin + len(segment.lines)), segment, stated)
        )
    return LineSeries(key, tuple(segments), spot)


def _up_to_number(segment: Segment) -> Segment:
    """The segment without what stands behind the number that ends its text, if one does."""
    for at in range(1, len(segment.lines) - 1):
        line, behind = segment.lines[at], segment.lines[at + 1]
        parted = behind.kind in ("blank", "rule") or _BEGUN_MARK.fullmatch(behind.raw)
        ends = parted and line.kind == "text"
        if ends and any(n.place == "tail" and n.strength > BARE for n in numbers_in(line.body)):
            return replace(segment, lines=segment.lines[: at + 1])
    return segment


def _spot(segments: Sequence[Segment]) -> Spot | None:
    """The place where most segments state a number, the most certain of equals."""
    best: tuple[int, int, bool, int, int] = (0, 0, False, 0, 0)
    chosen: Spot | None = None
    for rank, spot in enumerate(SPOTS):
        found = [s.stated[spot] for s in segments if spot in s.stated]
        if not found:
            continue
        certainty = sum(one.strength for one in found)
        sure = sum(one.strength > BARE for one in found)
        begins = spot in segments[0].stated
        score = (sure, len(found), begins, certainty * 10 // len(found), -rank)
        if score > best or chosen is None:
            best, chosen = score, spot
    return chosen


def _stated(segment: Segment, spot: Spot | None) -> Stated | None:
    """The number of a segment: at the place of the series, else wherever it has a label."""
    if spot is None:
        return None
    if spot in segment.stated:
        return segment.stated[spot]
    others = [segment.stated[s] for s in SPOTS if s in segment.stated]
    sure = [one for one in others if one.strength == LABELLED]
    if sure:
        return sure[0]
    near = {"head": ("end", "own"), "end": ("head", "own"), "own": ("end", "head")}.get(spot, ())
    for other in near:
        if other in segment.stated and segment.stated[other].strength >= MARKED:
            return segment.stated[other]
    return None
