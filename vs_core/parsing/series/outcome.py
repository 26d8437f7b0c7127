"""What the chosen series in lines yields: its candidates, what is dropped, what is cut off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vs_core.parsing.fragment import (
    BEGUN_AGAIN,
    CUT_OFF,
    EMPTY,
    NUMBER_CUT,
    PLACEHOLDER,
    TOTAL,
    Fragment,
)
from vs_core.parsing.record.placeholder import is_placeholder
from vs_core.parsing.record.record import Record
from vs_core.parsing.segment.labels import role_of
from vs_core.parsing.segment.lines import Line
from vs_core.parsing.segment.number_place import number_alone, numbers_in
from vs_core.parsing.series.cut import cut_record, ends_at_number
from vs_core.parsing.series.line_series import LineSegment, LineSeries
from vs_core.parsing.series.options import Option
from vs_core.parsing.series.reasoning import shared_reasoning
from vs_core.parsing.series.tables import Table

NO_NUMBER = "without a number, behind those that have one"

_ENDS_SENTENCE = re.compile(r"[.!?\u3002\uff01\uff1f\u2026)\]\"'*`]\s*\Z")


@dataclass(frozen=True)
class Weak:
    """A series in a weak notation.

    Attributes:
        records: Its candidates.
        spans: The lines of each, first and behind the last.
        dropped: What looked like a candidate and was not taken.
        cut: Whether the reply ends inside of it.
        rule: Which rule decided for it.
        good: Whether it is an answer beyond doubt: it has numbers, or was asked for.
        complete: Whether each candidate has a number.
    """

    records: tuple[Record, ...]
    spans: tuple[tuple[int, int], ...]
    dropped: tuple[Fragment, ...]
    cut: bool
    rule: str
    good: bool
    complete: bool

    def encloses(self, line: int) -> bool:
        """Whether a line stands inside one of its segments, and all of these have numbers."""
        return self.complete and any(start <= line < end for start, end in self.spans)


def outcome_of(
    one: Option,
    lines: Sequence[Line],
    why: str,
    *,
    parallel: list[str] | None,
    asked: bool,
    truncated: bool | None,
) -> Weak:
    """What a series yields.

    Args:
        one: The series, or a table.
        lines: All lines of the reply.
        why: Why it was chosen, in plain words.
        parallel: The numbers of its segments, where they stand elsewhere.
        asked: Whether lists were asked for.
        truncated: Whether the provider says that the reply was cut off; None if it says nothing.
    """
    if isinstance(one, Table):
        return _weak_table(one, lines, truncated=truncated)
    segments, dropped = _with_trailing(one, lines, truncated=truncated)
    behind = next((line for line in lines[segments[-1].end :] if line.kind != "blank"), None)
    at_end = behind is None and not dropped
    if behind is not None and behind.is_total:
        dropped.append(Fragment(behind.raw.strip(), TOTAL))
    first = segments[0].start
    if truncated and behind is not None and not dropped and _may_go_on(segments[-1], behind):
        # What was taken for a remark may be the rest of the last text.
        dropped.append(Fragment(_written(segments.pop(), lines), CUT_OFF))
    cut = any(fragment.reason == CUT_OFF for fragment in dropped)
    shared = shared_reasoning(lines[:first])
    records: list[Record] = []
    spans: list[tuple[int, int]] = []
    for n, segment in enumerate(segments):
        record = _record(segment, lines, None if parallel is None else parallel[n])
        if n == len(segments) - 1 and at_end and not cut and truncated is not False:
            whole, cut = cut_record(one, segment, record, truncated=truncated)
            if whole is None:
                dropped.append(Fragment(_written(segment, lines), CUT_OFF))
                continue
            record = whole
        reason = _no_candidate(segment, record, segments, n, lines)
        if reason:
            whole_line = reason == TOTAL or not record.text
            dropped.append(Fragment(record.written if whole_line else record.text, reason))
            continue
        if record.reasoning is None and shared is not None:
            record = replace(record, reasoning=shared)
        records.append(record)
        spans.append((segment.start, segment.end))
    numbered = sum(r.raw is not None for r in records)
    return Weak(
        tuple(records),
        tuple(spans),
        tuple(f for f in dropped if f.text.strip()),
        cut,
        f"a weak notation ({one.kind}): {why}",
        good=numbered > 0 or asked,
        complete=bool(records) and numbered == len(records),
    )


def _with_trailing(
    series: LineSeries, lines: Sequence[Line], *, truncated: bool | None
) -> tuple[list[LineSegment], list[Fragment]]:
    """The segments, those behind the last number too if they are whole; else a report on them."""
    segments, trailing = list(series.segments), series.trailing
    if not trailing:
        return segments, []
    if truncated is False or ends_at_number(series, lines):
        return [*segments, *trailing], []
    return segments, _reported(trailing, lines)


def _may_go_on(last: LineSegment, behind: Line) -> bool:
    """Whether a line behind a series may belong to its last text: one that its number ends not."""
    if last.stated is not None and last.stated.line >= last.fields.last_line:
        return False
    return behind.kind == "text" and not (behind.level or behind.is_total)


def _reported(trailing: Sequence[LineSegment], lines: Sequence[Line]) -> list[Fragment]:
    """Segments behind those with numbers: remarks, and one that is cut off at the end."""
    last = trailing[-1]
    written = [_written(segment, lines) for segment in trailing]
    at_end = not any(line.kind != "blank" for line in lines[last.end :])
    reported = [Fragment(text, NO_NUMBER) for text in written]
    if at_end and not _ENDS_SENTENCE.search(written[-1]):
        reported[-1] = Fragment(last.text, CUT_OFF)
    return reported


def _is_title(segment: LineSegment) -> bool:
    """Whether nothing but the words that announce a candidate can be its text."""
    return segment.text == segment.fields.title


def _written(segment: LineSegment, lines: Sequence[Line]) -> str:
    return "\n".join(line.raw for line in lines[segment.start : segment.end]).strip()


def _record(segment: LineSegment, lines: Sequence[Line], parallel: str | None) -> Record:
    raw = parallel if segment.stated is None else segment.stated.raw
    return Record(segment.text, raw, segment.reasoning, written=_written(segment, lines))


def _no_candidate(
    segment: LineSegment,
    record: Record,
    segments: Sequence[LineSegment],
    n: int,
    lines: Sequence[Line],
) -> str:
    if lines[segment.start].is_total:
        return TOTAL
    if not record.text or (n and _is_title(segment) and not _is_title(segments[0])):
        return EMPTY
    if is_placeholder(record.text):
        return PLACEHOLDER
    if n + 1 < len(segments) and segment.stated is None:
        following = segments[n + 1]
        ordinals = lines[segment.start].ordinal, lines[following.start].ordinal
        if (
            ordinals[0] is not None
            and ordinals[0] == ordinals[1]
            and following.text.startswith(record.text)
        ):
            return BEGUN_AGAIN
    return ""


def _weak_table(table: Table, lines: Sequence[Line], *, truncated: bool | None) -> Weak:
    records = list(table.records)
    cut = False
    at_end = not any(line.kind != "blank" for line in lines[table.end :])
    last = lines[table.end - 1].raw.rstrip()
    dropped = list(table.dropped)
    if (
        at_end
        and truncated is not False
        and "|" in lines[table.start].raw.strip()[:1]
        and last.count("|") < lines[table.start].raw.rstrip().count("|")
    ):
        cut = True
        missing = lines[table.start].raw.count("|") - last.count("|")
        text_whole = table.number_last and missing == 1
        if text_whole:
            records[-1] = replace(records[-1], raw=None, repairs=(NUMBER_CUT,))
        else:
            dropped.append(Fragment(records.pop().written, CUT_OFF))
    records = [r for r in records if not is_placeholder(r.text)]
    return Weak(
        tuple(records),
        tuple((table.start, table.end) for _ in records),
        tuple(dropped),
        cut,
        "a weak notation (table): each row has a number",
        good=True,
        complete=True,
    )


def parallel_numbers(
    best: Option, every: Sequence[LineSeries], lines: Sequence[Line]
) -> list[str] | None:
    """An equally long list of numbers that is labelled as such."""
    if isinstance(best, Table) or best.numbered:
        return None
    for other in every:
        if len(other.segments) != best.count or other.start == best.start:
            continue
        raws = [_number_of(segment) for segment in other.segments]
        before = [line for line in lines[: other.start] if line.kind == "text"]
        if None in raws or not before:
            continue
        if role_of(before[-1].body.strip("*_:# \uff1a")) == "number":
            return [raw for raw in raws if raw is not None]
    return next(
        (found for n in range(best.end, len(lines)) if (found := _row_of(lines[n], best.count))),
        None,
    )


def _row_of(line: Line, count: int) -> list[str] | None:
    """The numbers of `Probabilities: 0.5, 0.3`, if they are as many as the candidates."""
    label = line.label
    if label is None or label.role != "number":
        return None
    cells = re.split(r"[,;|]\s+|\s*[;|]\s*", line.body[label.end :].strip(" []*_."))
    raws = [raw for cell in cells if (raw := number_alone(cell)) is not None]
    return raws if len(raws) == count == len(cells) else None


def _number_of(segment: LineSegment) -> str | None:
    if segment.stated is not None and not segment.stated.text:
        return segment.stated.raw
    found = numbers_in(segment.fields.head)
    return found[0].raw if len(found) == 1 and found[0].place == "only" else None
