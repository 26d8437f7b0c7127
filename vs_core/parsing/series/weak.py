"""The best of the series in lists, sections, labelled lines and tables."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vs_core.parsing.asked import Expectation
from vs_core.parsing.clean.characters import fold
from vs_core.parsing.record.line_fields import number_at
from vs_core.parsing.record.number_place import LABELLED, MARKED, number_alone, numbers_in
from vs_core.parsing.record.placeholder import is_placeholder
from vs_core.parsing.record.record import (
    BEGUN_AGAIN,
    CUT_OFF,
    EMPTY,
    NUMBER_CUT,
    PLACEHOLDER,
    TOTAL,
    Fragment,
    Record,
)
from vs_core.parsing.segment.labels import label_at_start, role_of
from vs_core.parsing.segment.lines import Line
from vs_core.parsing.series.cut import cut_record, ends_at_number
from vs_core.parsing.series.line_series import LineSegment, LineSeries, series_in
from vs_core.parsing.series.tables import Table, tables_in
from vs_core.parsing.words import names_answer, names_set

_FINALLY = 2
NO_NUMBER = "without a number, behind those that have one"

_FINAL = re.compile(
    r"[\s*_#>]{0,8}(?:final|now|output|here\s(?:are|is)|my\s(?:answer|response)|answer|sampling|samples?|result)",
    re.IGNORECASE,
)
_ABOUT_ANSWERS = re.compile(
    r"(?:in\s|the\s|my\s|a\s|answer\s|response\s|probability\s|final\s|quick\s|brief\s|overall\s){0,3}"
    r"(?:summary|distribution|breakdown|overview|thoughts?|notes?|approach|strategy|plan|analysis"
    r"|estimates?|these|those|tones?|styles?|categories|themes?|statistics|reasoning)\b",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(r"(?:response|answer|option|candidate)\s\d{1,3}", re.IGNORECASE)
_REFUSAL = re.compile(
    r"\b(?:sorry|can(?:no|')t|can\u2019t|unable|won['\u2019]t|not\sable|clarif|instead)\b",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[.!?\u3002\uff01\uff1f\u2026)\]\"'*`]\s*\Z")
_MOST = 60
_THINKING = frozenset(("reason", "thought"))
_AFTER_TEXT = frozenset(("field", "own", "end"))
_MARKED = frozenset(("announced", "list", "section", "label"))
_SURE = {"line": LABELLED, "paragraph": LABELLED}
_UNMARKED = {"number first": 2, "number last": 2, "paragraph": 1, "line": 1}
_RANK = {"announced": 4, **_UNMARKED}


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


@dataclass(frozen=True)
class _Option:
    """A series or a table, and what speaks for it."""

    series: LineSeries | None
    table: Table | None
    start: int
    end: int
    count: int
    numbered: int
    strength: int
    kind: str

    @property
    def complete(self) -> bool:
        return self.numbered == self.count


def weak_in(lines: Sequence[Line], expected: Expectation, *, truncated: bool | None) -> Weak | None:
    """The series that is the answer, if the reply has no strong one."""
    masked = _without_thinking(lines)
    every = series_in(masked)
    options = [_of_series(one) for one in map(_pruned, every) if one is not None]
    options += [_of_table(table) for table in tables_in(masked)]
    options = [one for one in options if _is_possible(one, lines, expected)]
    if any(one.kind == "list" and one.numbered for one in options):
        options = [one for one in options if not _is_of_items(one, lines)]
    if truncated:
        begun = max((s.segments[-1].start for s in every if s.key[0] == "announced"), default=-1)
        # What stands in a candidate that has been announced may be its text: its number is missing.
        options = [o for o in options if o.kind == "announced" or not 0 <= begun < o.start]
    options = sorted(options, key=lambda one: (one.numbered, one.count), reverse=True)[:_MOST]
    options = _without_enclosed(options)
    if not options:
        return None
    best = max(options, key=lambda one: _merits(one, lines, expected))
    parallel = _parallel_numbers(best, every, lines)
    return _weak(best, parallel, lines, expected, truncated=truncated)


def _without_thinking(lines: Sequence[Line]) -> list[Line]:
    """The lines, those of paragraphs labelled as thinking made opaque."""
    masked: list[Line] = []
    inside = False
    for at, line in enumerate(lines):
        if line.kind == "blank":
            inside = False
        elif not inside and line.kind == "text" and not line.mark and not line.announced:
            label = line.label
            starts_block = at == 0 or lines[at - 1].kind == "blank"
            inside = (
                starts_block
                and label is not None
                and label.role in _THINKING
                and not _is_field(lines, at)
            )
        masked.append(replace(line, kind="opaque") if inside else line)
    return masked


def shared_reasoning(lines: Sequence[Line]) -> str | None:
    """What stands behind a label such as `Reasoning:` before the candidates."""
    for at, line in enumerate(lines):
        label = line.label
        if label is not None and label.role == "reason" and not line.mark:
            end = next((n for n in range(at, len(lines)) if lines[n].kind == "blank"), len(lines))
            rest = [line.body[label.end :], *(x.raw for x in lines[at + 1 : end])]
            return "\n".join(rest).strip() or None
    return None


def _is_field(lines: Sequence[Line], at: int) -> bool:
    """Whether the next labelled line shows that the reasoning belongs to one candidate."""
    for line in lines[at + 1 : at + 4]:
        if line.kind == "blank":
            return False
        if line.label is not None and line.label.role in ("text", "number"):
            return True
    return False


# --- options ----------------------------------------------------------------------------


def _of_series(series: LineSeries) -> _Option:
    key = str(series.key[0])
    return _Option(
        series,
        None,
        series.start,
        series.end,
        len(series.segments),
        series.numbered,
        series.strength,
        key,
    )


def _of_table(table: Table) -> _Option:
    numbered = sum(record.raw is not None for record in table.records)
    return _Option(
        None, table, table.start, table.end, len(table.records), numbered, LABELLED, "table"
    )


def _pruned(series: LineSeries) -> LineSeries | None:
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


def _is_possible(one: _Option, lines: Sequence[Line], expected: Expectation) -> bool:
    if one.table is not None:
        return one.count > 1 or one.table.headed
    series = one.series
    if series is None or not any(segment.has_text for segment in series.segments):
        return False
    if series.segments and all(_is_number_only(s) for s in series.segments):
        return False
    if one.kind in _UNMARKED and any(_is_label_only(s) for s in series.segments):
        return False
    if (
        one.kind == "label"
        and one.start
        and number_at(lines, one.start - 1, lines[one.start - 1].body)
    ):
        # The number stands in front of its label.
        return False
    if one.count == 1 and _counts_something(series.segments[0].fields.lines[0]):
        return False
    asked_lines = expected.layout == "lines"
    if one.count == 1 and _is_whole_answer(one, lines):
        return True
    if one.kind in ("line", "paragraph") and one.count == 1:
        return asked_lines and one.start == _first(lines) and series.spot == "lead"
    return _is_answer(one, series, lines, asked_lines=asked_lines)


def _is_answer(
    one: _Option, series: LineSeries, lines: Sequence[Line], *, asked_lines: bool
) -> bool:
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
        return one.kind == "list" and not before and (asked_lines or (whole and _counted(series)))
    if any(_REFUSAL.search(line.raw) for line in before):
        return False
    return not before or asked_lines or _introduces(before[-1]) or one.kind == "announced"


def _is_whole_answer(one: _Option, lines: Sequence[Line]) -> bool:
    """Whether nothing stands around a candidate, whose number is beyond doubt."""
    is_all = one.start == _first(lines) and not any(x.kind != "blank" for x in lines[one.end :])
    if one.kind in _SURE and lines[one.start].raw.lstrip().startswith(("<", "{", "[")):
        # The beginning of a strong notation.
        return False
    return is_all and one.numbered > 0 and one.strength >= _SURE.get(one.kind, MARKED)


def _is_of_items(one: _Option, lines: Sequence[Line]) -> bool:
    """Whether single lines or paragraphs are items of a list, their marks taken for text."""
    if one.kind not in _UNMARKED or one.series is None:
        return False
    return any(lines[s.start].mark for s in one.series.segments)


def _counts_something(line: Line) -> bool:
    """`Best of 3:` announces nothing, where nothing was announced before."""
    told = line.announced
    return told is not None and told.ordinal > 1 and not names_answer(told.words)


def _counted(series: LineSeries) -> bool:
    return series.segments[0].fields.lines[0].ordinal is not None


def _first(lines: Sequence[Line]) -> int:
    return next((n for n, line in enumerate(lines) if line.kind != "blank"), 0)


def _introduces(line: Line) -> bool:
    return line.level > 0 or line.body.rstrip("*_ ").endswith((":", "\uff1a"))


def _is_number_only(segment: LineSegment) -> bool:
    """Whether a segment holds a number and no text of its own."""
    return segment.stated is not None and segment.stated.text == "" and not segment.has_text


def _is_label_only(segment: LineSegment) -> bool:
    """Whether the text of a segment is no more than the label of one: `Text: 7`."""
    text = segment.text.strip("*_ #>-")
    return role_of(text) in ("text", "answer") or _ANNOUNCES.fullmatch(fold(text)) is not None


def _without_enclosed(options: list[_Option]) -> list[_Option]:
    """What encloses beats what it encloses, if its numbers are its own."""
    kept: list[_Option] = []
    for one in options:
        if any(_encloses(other, one) for other in options if other is not one):
            continue
        kept.append(one)
    return kept


def _encloses(outer: _Option, inner: _Option) -> bool:
    if outer.series is None or not outer.complete or outer.kind not in _MARKED:
        return False
    if outer.count == 1 and inner.count > 1 and inner.complete:
        return False
    segments = outer.series.segments
    starts = [s.start for s in inner.series.segments] if inner.series else [inner.start]
    begins = [s.start for s in segments]
    holders = {bisect_right(begins, start) - 1 for start in starts}
    inside = all(
        (n := bisect_right(begins, start) - 1) >= 0 and start < segments[n].end for start in starts
    )
    if not inside or [s.start for s in segments] == starts:
        return False
    if not _owns_numbers(outer.series, inner):
        return False
    same = inner.series is not None and {s.number_line for s in inner.series.segments} <= {
        s.number_line for s in segments
    }
    return not same or len(holders) < len(starts) or _begins_before(segments, starts)


def _begins_before(segments: Sequence[LineSegment], starts: list[int]) -> bool:
    """Whether the outer segments have text in front of what they enclose."""
    taken = set(starts)
    return all(s.start not in taken for s in segments[: len(starts)])


def _owns_numbers(outer: LineSeries, inner: _Option) -> bool:
    """Whether the numbers of a series are not those of one inside of it."""
    if inner.series is None or not inner.complete or inner.count <= len(outer.segments):
        return True
    theirs = {
        s.number_line: s.stated.strength for s in inner.series.segments if s.stated is not None
    }
    begins = [s.start for s in inner.series.segments]
    for segment in outer.segments:
        first, behind = bisect_right(begins, segment.start), bisect_left(begins, segment.end)
        held = inner.series.segments[first:behind]
        if segment.number_line in theirs and len(held) > 1 and segment.stated is not None:
            others = [theirs[s.number_line] for s in held if s.number_line != segment.number_line]
            if others and segment.stated.strength <= max(others):
                return False
    return True


# --- merits -----------------------------------------------------------------------------


def _merits(one: _Option, lines: Sequence[Line], expected: Expectation) -> tuple[float, ...]:
    """What speaks for a series: numbers on all, announced, as asked, the longest, the earlier."""
    several = one.count > 1
    few_missing = one.numbered >= 2 and one.numbered >= one.count - 2
    all_numbered = (
        2 if one.complete else 1 if few_missing or (one.numbered and one.count > 1) else 0
    )
    return (
        all_numbered and (several or one.strength == LABELLED),
        all_numbered,
        -1 if _is_about_answers(one, lines) else _is_announced(one, lines),
        one.kind == "list" and expected.layout == "lines",
        min(one.strength, 2),
        several,
        _RANK.get(one.kind, 3),
        one.count,
        one.strength,
        -one.start,
    )


def _is_about_answers(one: _Option, lines: Sequence[Line]) -> bool:
    """Whether the line above names it a summary, a way to proceed, or no more than numbers."""
    above = next((line for line in reversed(lines[: one.start]) if line.kind == "text"), None)
    if above is None or above.mark or not (above.level or _introduces(above)):
        return False
    told = fold(above.body).strip("*_:# ")
    return _ABOUT_ANSWERS.match(told) is not None or role_of(told) == "number"


def _is_announced(one: _Option, lines: Sequence[Line]) -> int:
    """Most behind a line such as `Final:`; less behind one that names the answers."""
    before = [line for line in lines[: one.start] if line.kind == "text"]
    if before and lines[one.start - 1].kind in ("blank", "text"):
        last = before[-1]
        label = label_at_start(fold(last.body))
        told = last.body.strip("*_:# \uff1a")
        if last.level or (label is not None and label.end >= len(last.body.rstrip())):
            if _FINAL.match(fold(last.body)):
                return _FINALLY
            names = any(names_set(word) or names_answer(word) for word in told.split()[-2:])
            if names and one.kind not in _UNMARKED:
                return 1
    return 1 if one.kind == "announced" else 0


# --- numbers that run parallel ------------------------------------------------------------


def _parallel_numbers(
    best: _Option, every: Sequence[LineSeries], lines: Sequence[Line]
) -> list[str] | None:
    """An equally long list of numbers that is labelled as such."""
    if best.series is None or best.numbered:
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


# --- the outcome ------------------------------------------------------------------------


def _weak(
    one: _Option,
    parallel: list[str] | None,
    lines: Sequence[Line],
    expected: Expectation,
    *,
    truncated: bool | None,
) -> Weak | None:
    if one.table is not None:
        return _weak_table(one.table, lines, truncated=truncated)
    series = one.series
    if series is None:
        return None
    segments, dropped = _with_trailing(series, lines, truncated=truncated)
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
            whole, cut = cut_record(series, segment, record, truncated=truncated)
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
        f"a weak notation ({one.kind}): {_why(one, lines)}",
        good=numbered > 0 or expected.layout == "lines",
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


def _why(one: _Option, lines: Sequence[Line]) -> str:
    if _is_announced(one, lines) == _FINALLY:
        return "a line such as `Final:` announces it"
    return "all candidates have a number" if one.complete else "the longest that begins first"


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
