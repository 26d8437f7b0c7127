"""What may be the answer among the series in lines, and what encloses what."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from vs_core.parsing.asked import Expectation
from vs_core.parsing.clean.characters import fold
from vs_core.parsing.record.line_fields import number_at
from vs_core.parsing.segment.labels import role_of
from vs_core.parsing.segment.lines import Line
from vs_core.parsing.segment.number_found import LABELLED, MARKED
from vs_core.parsing.series.line_series import LineSegment, LineSeries
from vs_core.parsing.series.tables import Table
from vs_core.parsing.words import names_answer

_ANNOUNCES = re.compile(r"(?:response|answer|option|candidate)\s\d{1,3}", re.IGNORECASE)
_REFUSAL = re.compile(
    r"\b(?:sorry|can(?:no|')t|can\u2019t|unable|won['\u2019]t|not\sable|clarif|instead)\b",
    re.IGNORECASE,
)
_AFTER_TEXT = frozenset(("field", "own", "end"))
_MARKED = frozenset(("announced", "list", "section", "label"))
_SURE = {"line": LABELLED, "paragraph": LABELLED}
UNMARKED = {"number first": 2, "number last": 2, "paragraph": 1, "line": 1}
"""Kinds of series without a mark of their own, and how they rank."""


Option = LineSeries | Table
"""What may be the answer."""


def pruned(series: LineSeries) -> LineSeries | None:
    """The series without segments in front that are none of it."""
    segments = list(series.segments)
    if series.numbered >= 2:
        while segments and segments[0].stated is None and _parted(segments):
            segments.pop(0)
    segments = [s for s in segments if s.stated is not None or s.has_text]
    trailing: list[LineSegment] = []
    while len(segments) > 1 and segments[-1].stated is None and _has_gone_on(series):
        trailing.insert(0, segments.pop())
    pruned = replace(series, segments=tuple(segments), trailing=tuple(trailing))
    return pruned if segments else None


def _has_gone_on(series: LineSeries) -> bool:
    """Whether numbers have been stated, so that a segment behind them would state one too."""
    return series.numbered > 1 or (series.numbered == 1 and series.spot in _AFTER_TEXT)


def _parted(segments: Sequence[LineSegment]) -> bool:
    return len(segments) > 1 and segments[1].start - segments[0].end > 0


def is_possible(one: Option, lines: Sequence[Line], expected: Expectation) -> bool:
    """Whether a series can be the answer at all."""
    if isinstance(one, Table):
        return one.count > 1 or one.headed
    if not any(segment.has_text for segment in one.segments):
        return False
    if all(_is_number_only(s) for s in one.segments):
        return False
    if one.kind in UNMARKED and any(_is_label_only(s) for s in one.segments):
        return False
    if (
        one.kind == "label"
        and one.start
        and number_at(lines, one.start - 1, lines[one.start - 1].body)
    ):
        # The number stands in front of its label.
        return False
    if one.count == 1 and _counts_something(one.segments[0].fields.lines[0]):
        return False
    asked_lines = expected.layout == "lines"
    if one.count == 1 and _is_whole_answer(one, lines):
        return True
    if one.kind in ("line", "paragraph") and one.count == 1:
        return asked_lines and one.start == _first(lines) and one.spot == "lead"
    return _is_answer(one, lines, asked_lines=asked_lines)


def _is_answer(one: LineSeries, lines: Sequence[Line], *, asked_lines: bool) -> bool:
    if one.numbered:
        return (
            one.count > 1
            or one.strength == LABELLED
            or (asked_lines and one.start == _first(lines))
        )
    if one.kind not in ("list", "announced", "label"):
        return False
    before = [line for line in lines[: one.start] if line.kind == "text"]
    if any(line.mark and line.indent < lines[one.start].indent for line in before):
        # Its items stand inside another one's.
        return False
    if one.count == 1:
        whole = not before and one.end >= len(lines) and one.end - one.start == 1
        return one.kind == "list" and not before and (asked_lines or (whole and _counted(one)))
    if any(_REFUSAL.search(line.raw) for line in before):
        return False
    return not before or asked_lines or introduces(before[-1]) or one.kind == "announced"


def _is_whole_answer(one: LineSeries, lines: Sequence[Line]) -> bool:
    """Whether nothing stands around a candidate, whose number is beyond doubt."""
    is_all = one.start == _first(lines) and not any(x.kind != "blank" for x in lines[one.end :])
    if one.kind in _SURE and lines[one.start].raw.lstrip().startswith(("<", "{", "[")):
        # The beginning of a strong notation.
        return False
    return is_all and one.numbered > 0 and one.strength >= _SURE.get(one.kind, MARKED)


def is_of_items(one: Option, lines: Sequence[Line]) -> bool:
    """Whether single lines or paragraphs are items of a list, their marks taken for text."""
    if isinstance(one, Table) or one.kind not in UNMARKED:
        return False
    return any(lines[s.start].mark for s in one.segments)


def _counts_something(line: Line) -> bool:
    """`Best of 3:` announces nothing, where nothing was announced before."""
    told = line.announced
    return told is not None and told.ordinal > 1 and not names_answer(told.words)


def _counted(series: LineSeries) -> bool:
    return series.segments[0].fields.lines[0].ordinal is not None


def _first(lines: Sequence[Line]) -> int:
    return next((n for n, line in enumerate(lines) if line.kind != "blank"), 0)


def introduces(line: Line) -> bool:
    """Whether a line leads over to what stands below it."""
    return line.level > 0 or line.ends_with_colon


def _is_number_only(segment: LineSegment) -> bool:
    """Whether a segment holds a number and no text of its own."""
    return segment.stated is not None and segment.stated.text == "" and not segment.has_text


def _is_label_only(segment: LineSegment) -> bool:
    """Whether the text of a segment is no more than the label of one: `Text: 7`."""
    text = segment.text.strip("*_ #>-")
    return role_of(text) in ("text", "answer") or _ANNOUNCES.fullmatch(fold(text)) is not None


def without_enclosed(options: list[Option]) -> list[Option]:
    """What encloses beats what it encloses, if its numbers are its own."""
    kept: list[Option] = []
    for one in options:
        if any(_encloses(other, one) for other in options if other is not one):
            continue
        kept.append(one)
    return kept


def _encloses(outer: Option, inner: Option) -> bool:
    if isinstance(outer, Table) or not outer.complete or outer.kind not in _MARKED:
        return False
    if outer.count == 1 and inner.count > 1 and inner.complete:
        return False
    segments = outer.segments
    inside_of = () if isinstance(inner, Table) else inner.segments
    starts = [s.start for s in inside_of] or [inner.start]
    begins = [s.start for s in segments]
    holders = {bisect_right(begins, start) - 1 for start in starts}
    inside = all(
        (n := bisect_right(begins, start) - 1) >= 0 and start < segments[n].end for start in starts
    )
    if not inside or [s.start for s in segments] == starts:
        return False
    if not _owns_numbers(outer, inner):
        return False
    theirs = {s.number_line for s in inside_of}
    same = bool(theirs) and theirs <= {s.number_line for s in segments}
    return not same or len(holders) < len(starts) or _begins_before(segments, starts)


def _begins_before(segments: Sequence[LineSegment], starts: list[int]) -> bool:
    """Whether the outer segments have text in front of what they enclose."""
    taken = set(starts)
    return all(s.start not in taken for s in segments[: len(starts)])


def _owns_numbers(outer: LineSeries, inner: Option) -> bool:
    """Whether the numbers of a series are not those of one inside of it."""
    if isinstance(inner, Table) or not inner.complete or inner.count <= outer.count:
        return True
    theirs = {s.number_line: s.stated.strength for s in inner.segments if s.stated is not None}
    begins = [s.start for s in inner.segments]
    for segment in outer.segments:
        first, behind = bisect_right(begins, segment.start), bisect_left(begins, segment.end)
        held = inner.segments[first:behind]
        if segment.number_line in theirs and len(held) > 1 and segment.stated is not None:
            others = [theirs[s.number_line] for s in held if s.number_line != segment.number_line]
            if others and segment.stated.strength <= max(others):
                return False
    return True
