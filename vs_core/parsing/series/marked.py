"""Series whose segments begin with a mark: of a list, a heading, a label, what counts them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vs_core.parsing.record.line_fields import Segment, field_at, number_at
from vs_core.parsing.segment.labels import role_of
from vs_core.parsing.segment.lines import Line
from vs_core.parsing.segment.number_found import BARE, LABELLED
from vs_core.parsing.segment.number_place import numbers_in
from vs_core.parsing.series.epilogue import is_closing
from vs_core.parsing.series.line_series import Key, LineSeries, settled, trimmed
from vs_core.parsing.words import names_set, normal

_MOST_KEYS = 120
_FEWEST = 2
_BOLD_LINE = re.compile(r"\*\*[^*\n]{1,60}\*\*:?\s*")
_LIST_KEY = 3
_FIELDS = frozenset(("label", "numbers", "announced"))
_WEAK_MARKS = (":", "-", "\u2013", "\u2014")


@dataclass
class _Start:
    """A line at which a segment may begin."""

    at: int
    ordinal: int | None
    head: str
    title: str = ""


def marked_series(lines: Sequence[Line], *, in_any_order: bool = False) -> list[LineSeries]:
    """All series with marks that the lines hold, however they overlap.

    Args:
        lines: The lines.
        in_any_order: Whether the numbers in the marks name things, and need not count up.
    """
    found: list[LineSeries] = []
    by_key = {
        key: list(_runs(key, starts, lines, in_any_order=in_any_order))
        for key, starts in _starts(lines).items()
    }
    for key, runs in by_key.items():
        if key[-1] in ("lead", "tail") and all(map(_counts_up, by_key.get(key[:-1], ()))):
            continue
        for run in runs:
            found += _built(key, run, lines)
        found += _across_headings(key, runs, lines)
    return found


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


def _runs(
    key: Key, starts: list[_Start], lines: Sequence[Line], *, in_any_order: bool
) -> Iterator[list[_Start]]:
    """The starts of one key, parted where counting begins anew or something else intervenes."""
    run: list[_Start] = []
    for start in starts:
        if run and not (in_any_order or _continues(key, run[-1], start, lines)):
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
    return bold or is_intro(line) or is_closing(line)


def is_intro(line: Line) -> bool:
    """Whether a line leads over to something new."""
    flush = line.kind == "text" and not line.mark and not line.indent
    return flush and line.ends_with_colon


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
    return [settled(key, parts)]


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
    return Segment(trimmed(lines), start.head, start.title, label_marks=key[0] == "label")


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


def _number_first(run: list[_Start], lines: Sequence[Line]) -> LineSeries:
    """Each segment begins with a line that holds its number."""
    bounds = [*(start.at for start in run[1:]), _bound(("numbers",), run, lines)]
    parts = [
        (Segment(trimmed(lines[start.at : end]), start.head), start.at, end)
        for start, end in zip(run, bounds, strict=True)
    ]
    return settled(("number first",), parts)
