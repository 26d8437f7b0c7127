"""Series in lists, sections, labelled lines and paragraphs, read from the whole text of a reply.

A series sets its own boundaries by its own marks: one list style at one indent, headings of one
level, labels of one kind. All that occur are gathered here; `verdict` chooses between them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from vs_core.parsing.record.line_fields import SPOTS, Segment, Spot, Stated, field_at, number_at
from vs_core.parsing.segment.labels import role_of
from vs_core.parsing.segment.lines import Line
from vs_core.parsing.segment.number_place import BARE, LABELLED, MARKED, numbers_in
from vs_core.parsing.series.epilogue import end_of_last, is_closing
from vs_core.parsing.words import names_set, normal

Key = tuple[str | int | tuple[str | int, ...], ...]

_MOST_KEYS = 120
_FEWEST = 2
_DIGIT = re.compile(r"\d")
_BETWEEN_ANSWERS = re.compile(r"(?<=[)\]%\d])\s*(?:[,;|\uff0c\u3001]|\band\b|\bor\b)\s+")
_WORDS_FOR_NUMBER = re.compile(r"\(([^()]{1,40})\)\s+(\S.*)")
_BEGUN_MARK = re.compile(r"\d{1,3}[.)]?\s*")
_BOLD_LINE = re.compile(r"\*\*[^*\n]{1,60}\*\*:?\s*")
_LIST_KEY = 3
_AT_END = ("head", "end")
_BOLD_HEADING = re.compile(r"\*\*[^*\n]{1,60}(?::\*\*|\*\*:)\s*")
_FIELDS = frozenset(("label", "numbers", "announced"))
_WEAK_MARKS = (":", "-", "\u2013", "\u2014")


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

    @property
    def numbered(self) -> int:
        """How many have a text and a number."""
        return sum(s.stated is not None and s.has_text for s in self.segments)

    @property
    def complete(self) -> bool:
        """Whether all have a number."""
        return self.numbered == len(self.segments)

    @property
    def start(self) -> int:
        """The line where it begins."""
        return self.segments[0].start

    @property
    def end(self) -> int:
        """The line behind its end."""
        return self.segments[-1].end

    @property
    def strength(self) -> int:
        """How sure the least certain of its numbers is."""
        return min((s.stated.strength for s in self.segments if s.stated is not None), default=0)


@dataclass
class _Start:
    """A line at which a segment may begin."""

    at: int
    ordinal: int | None
    head: str
    title: str = ""


def series_in(lines: Sequence[Line]) -> list[LineSeries]:
    """All series that the lines hold, however they overlap."""
    found: list[LineSeries] = []
    by_key = {key: list(_runs(key, starts, lines)) for key, starts in _starts(lines).items()}
    for key, runs in by_key.items():
        if key[-1] in ("lead", "tail") and all(map(_counts_up, by_key.get(key[:-1], ()))):
            continue
        for run in runs:
            found += _built(key, run, lines)
        found += _across_headings(key, runs, lines)
    found += _ended_by_numbers(lines)
    found += _of_blocks(lines)
    found += _of_single_lines(lines)
    found += _of_one_line(lines)
    return [one for one in found if any(segment.has_text for segment in one.segments)]


# --- where segments may begin -----------------------------------------------------------


def _starts(lines: Sequence[Line]) -> dict[Key, list[_Start]]:
    """The places where segments may begin, by the mark they have in common."""
    found: dict[Key, list[_Start]] = {}
    for at, line in enumerate(lines):
        if line.kind != "text":
            continue
        for key, start in _keys(lines, at, line):
            if key in found or len(found) < _MOST_KEYS:
                found.setdefault(key, []).append(start)
    return found


def _keys(lines: Sequence[Line], at: int, line: Line) -> Iterator[tuple[Key, _Start]]:
    indent = line.indent // 2
    if line.mark and not line.announced:
        start = _Start(at, line.ordinal, line.body)
        kind: Key = (
            ("section", line.level, line.mark[0]) if line.level else ("list", line.mark, indent)
        )
        yield kind, start
        places = {one.place: one for one in numbers_in(line.body)}
        if "lead" in places and places["lead"].strength == LABELLED:
            yield (*kind, "lead"), start
        if "tail" in places and places["tail"].strength > BARE:
            yield (*kind, "tail"), start
    if line.announced is not None:
        told = line.announced
        start = _Start(at, told.ordinal, line.body, told.written)
        yield ("announced", told.words, line.level, bool(line.mark)), start
        if line.mark:
            yield ("list", line.mark, indent), _Start(at, line.ordinal, line.body, told.written)
    if line.level and not line.mark:
        ordinal = None
        yield ("section", line.level), _Start(at, ordinal, line.body, "")
    yield from _label_keys(lines, at, line)


def _label_keys(lines: Sequence[Line], at: int, line: Line) -> Iterator[tuple[Key, _Start]]:
    if line.announced is not None:
        return
    read = field_at(lines, at, line.body)
    if read is None or (line.level and names_set(line.body.strip(" *_:"))):
        return
    word = normal(line.label.written) if line.label is not None else ""
    if read.role in ("text", "answer"):
        yield ("label", word or read.role, line.indent // 2), _Start(at, None, line.body)
    elif read.role == "number" and number_at(lines, at, line.body) is not None:
        yield ("numbers",), _Start(at, None, line.body)


def _runs(key: Key, starts: list[_Start], lines: Sequence[Line]) -> Iterator[list[_Start]]:
    """The starts of one key, parted where counting begins anew or something else intervenes."""
    run: list[_Start] = []
    for start in starts:
        if run and not _continues(key, run[-1], start, lines):
            yield run
            run = []
        run.append(start)
    if run:
        yield run


def _continues(key: Key, before: _Start, after: _Start, lines: Sequence[Line]) -> bool:
    if before.ordinal is not None and after.ordinal is not None:
        repeated = after.ordinal == before.ordinal
        return repeated or before.ordinal < after.ordinal <= before.ordinal + 3
    if key[0] == "section":
        level = key[1]
        return not any(0 < lines[n].level < level for n in range(before.at + 1, after.at))  # type: ignore[operator]
    if key[0] != "list":
        return True
    return not any(_leads_over(lines, n) for n in range(before.at + 1, after.at))


def _counts_up(run: list[_Start]) -> bool:
    """Whether the marks of a run count one by one, but for an item that was begun again."""
    return all(
        before.ordinal is None
        or after.ordinal != before.ordinal
        or after.head.startswith(before.head)
        for before, after in itertools.pairwise(run)
    ) or all(start.ordinal == 1 for start in run)


def _leads_over(lines: Sequence[Line], at: int) -> bool:
    """Whether a line between two bullets begins something new."""
    line = lines[at]
    if line.level:
        return True
    if line.kind != "text" or line.indent or lines[at - 1].kind != "blank":
        return False
    if line.mark:
        # A list that counts, with numbers of its own, is none of the bullets before it.
        return line.ordinal == 1 and any(n.strength > BARE for n in numbers_in(line.body))
    bold = line.body.startswith("**") and line.body.rstrip(":").endswith("**")
    return bold or _is_intro(line) or is_closing(line)


def _is_intro(line: Line) -> bool:
    """Whether a line leads over to something new."""
    flush = line.kind == "text" and not line.mark and not line.indent
    return flush and line.body.rstrip("*_ ").endswith((":", "\uff1a"))


# --- from starts to series --------------------------------------------------------------


def _built(key: Key, run: list[_Start], lines: Sequence[Line]) -> list[LineSeries]:
    if key == ("numbers",):
        return [_number_first(run, lines)] if len(run) >= _FEWEST else []
    if _is_weak(key) and not _counts(run):
        return []
    bounds = [*(start.at for start in run[1:]), _bound(key, run, lines)]
    parts = [
        (_segment(lines[start.at : end], start, key), start.at, end)
        for start, end in zip(run, bounds, strict=True)
    ]
    return [_settled(key, parts)]


def _across_headings(key: Key, runs: list[list[_Start]], lines: Sequence[Line]) -> list[LineSeries]:
    """A list that goes on, or counts anew, below each of several headings."""
    if key[0] != "list" or len(key) != _LIST_KEY or len(runs) < _FEWEST:
        return []
    below = [run for run in runs if (n := _line_above(lines, run[0].at)) >= 0 and _heads(lines[n])]
    groups = [one for run in below for one in _built(key, run, lines) if one.complete]
    if len(groups) < _FEWEST or len({one.spot for one in groups}) > 1:
        return []
    segments = tuple(segment for one in groups for segment in one.segments)
    return [LineSeries(key, segments, groups[0].spot)]


def _line_above(lines: Sequence[Line], at: int) -> int:
    return next((n for n in range(at - 1, -1, -1) if lines[n].kind != "blank"), -1)


def _heads(line: Line) -> bool:
    """Whether a line is a heading of answers: of nothing that stands before them."""
    if not (line.level or _BOLD_LINE.fullmatch(line.raw)):
        return False
    return role_of(line.body.strip("*_: ")) not in ("reason", "thought", "about")


def _segment(lines: Sequence[Line], start: _Start, key: Key) -> Segment:
    return Segment(_trimmed(lines), start.head, start.title, label_marks=key[0] == "label")


def _is_weak(key: Key) -> bool:
    """Whether a mark may as well be a text: `7: 20%`."""
    mark = key[1] if key[0] == "list" else ""
    return isinstance(mark, tuple) and mark[0] == "number" and mark[1] in _WEAK_MARKS


def _counts(run: list[_Start]) -> bool:
    """Whether the numbers in front count, and are no texts: `1: Paris (0.5)`, not `7: 20%`."""
    ordinals = [start.ordinal for start in run]
    counting = ordinals == list(range(ordinals[0] or 0, (ordinals[0] or 0) + len(ordinals)))
    texts = [one.text for start in run for one in numbers_in(start.head)]
    return counting and len(run) >= _FEWEST and any(map(str.strip, texts))


def _bound(key: Key, run: list[_Start], lines: Sequence[Line]) -> int:
    """The line at which the last segment ends at the latest."""
    last = run[-1].at
    level = lines[last].level
    inside = [lines[n] for a, b in itertools.pairwise(run) for n in range(a.at + 1, b.at)]
    has_headings = any(line.level for line in inside)
    for n in range(last + 1, len(lines)):
        line = lines[n]
        if level and 0 < line.level <= level and not (key[0] in _FIELDS and _is_label(lines, n)):
            return n
        if not level and line.level and not has_headings:
            return n
        if (
            key[0] == "list"
            and line.mark
            and line.kind == "text"
            and line.indent < lines[last].indent
        ):
            return n
    return len(lines)


def _is_label(lines: Sequence[Line], at: int) -> bool:
    """Whether a heading is the label of a field."""
    return field_at(lines, at, lines[at].body) is not None


def _trimmed(lines: Sequence[Line]) -> list[Line]:
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


def _settled(key: Key, parts: list[tuple[Segment, int, int]]) -> LineSeries:
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
        last = replace(last, lines=_trimmed(last.lines[:stop]))
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


# --- series without marks of their own ----------------------------------------------------


def _number_first(run: list[_Start], lines: Sequence[Line]) -> LineSeries:
    """Each segment begins with a line that holds its number."""
    bounds = [*(start.at for start in run[1:]), _bound(("numbers",), run, lines)]
    parts = [
        (Segment(_trimmed(lines[start.at : end]), start.head), start.at, end)
        for start, end in zip(run, bounds, strict=True)
    ]
    return _settled(("number first",), parts)


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
            parts.append((Segment(_trimmed(lines[start:stop]), head), start, stop))
        begin = stop
    if not parts:
        return None
    return _settled(("number last",), parts)


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
        if line.level or (_is_intro(line) and not whole):
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
            found.append(_settled(("paragraph",), parts))
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
            found.append(_settled(("line",), parts))
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
    return [_settled(("line",), [(part, filled[0], filled[0] + 1) for part in parts])]


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
