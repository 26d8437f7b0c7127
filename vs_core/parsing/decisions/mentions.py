"""Labels and numbers that stand beside each other in lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from vs_core.parsing.clean.characters import fold
from vs_core.parsing.decisions.names import Names
from vs_core.parsing.decisions.said import Said, SaidOfLabel
from vs_core.parsing.decisions.sections import Section, cells_of, is_rule
from vs_core.parsing.record.json_fields import is_fraction
from vs_core.parsing.segment.number_place import number_alone
from vs_core.values.stated import number_spans

_LONGEST_GAP = 80
_JOINT = (
    r"is|are|at|with|has|had|gets|as|a|an|the|of|for|to|be|that|it|likely|probability|chance"
    r"|likelihood|confidence|confident|sure|estimated|about|stated|p|prob|in|answer|label"
)
_GAP = re.compile(rf"[\W_]{{0,12}}(?:(?:{_JOINT})[\W_]{{1,6}}){{0,8}}", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"[.;!?]\s")
_RUNS_ON = re.compile(
    r"[*_`)\]]{0,3}\s{1,4}(?!and\b|or\b|likely|probab|chance|conf|because|since|as\b|with|but)[^\W\d_]",
    re.IGNORECASE,
)
_NO_MORE = re.compile(r"no\s{1,4}(?:more|less|fewer|other|higher|lower)\b", re.IGNORECASE)
_CLOSES = re.compile(r"[*_`\"')\]]{0,3}\s{0,4}(?:[^\w\s]|and\b|or\b|\Z)", re.IGNORECASE)
_MARKS = " \t>*_`#+-\u2022|"
_COMMA = re.compile("\0,")
_ASSIGNS = re.compile(r"[:=|\uff1a]")


class LabelPattern:
    """Finds where the labels of a question stand in a line.

    Args:
        labels: What they are called.
    """

    def __init__(self, labels: Names) -> None:
        self.labels = labels
        written = sorted(labels.written, key=len, reverse=True)
        either = "|".join(map(_as_written, written))
        self._either = re.compile(either, re.IGNORECASE)

    def places_in(self, line: str) -> list[_Place]:
        """The labels that a line names, in order.

        Args:
            line: The line.
        """
        return [
            _Place(found.start(), found.end(), found[0])
            for found in self._either.finditer(line)
            if self.labels.meant_by(found[0])
        ]


class _Place(NamedTuple):
    """A label or a number in a line; of a number, whether it is written as a share can be."""

    start: int
    end: int
    written: str
    clear: bool = True


def said_in_lines(section: Section, pattern: LabelPattern) -> Said:
    """What the lines of a section say, label by label.

    Args:
        section: The lines.
        pattern: Finds the labels.
    """
    said: Said = []
    waits: str | None = None
    for line, following in pairwise([*section.lines, ""]):
        if is_rule(following):
            continue  # the head of a table
        if row := _in_row(section.head, line, pattern.labels):
            said += row
            continue
        bare = line.strip(_MARKS)
        if waits is not None and (raw := number_alone(bare)) is not None:
            said.append(SaidOfLabel(waits, raw))
            waits = None
        elif found := _in_line(line, pattern):
            said += found
            waits = None
        elif pattern.labels.meant_by(bare):
            waits = bare
    return said


def _in_row(head: str, line: str, labels: Names) -> Said:
    """The numbers of a row of a table whose head has the labels."""
    if not head or "|" not in line:
        return []
    names, cells = cells_of(head), cells_of(line)
    if len(names) != len(cells):
        return []
    return [
        SaidOfLabel(name, cell)
        for name, cell in zip(names, cells, strict=True)
        if is_fraction(fold(cell)) and labels.meant_by(name)
    ]


def _in_line(line: str, pattern: LabelPattern) -> Said:
    """Each label of a line with the number behind it, or in front of it."""
    places = pattern.places_in(line)
    if not places:
        return []
    numbers = list(_numbers_beside(line, places))
    behind = dict(_behind(line, places, numbers))
    before = dict(_in_front(line, places, numbers))
    first, second = (before, behind) if len(before) > len(behind) else (behind, before)
    used = set(first.values())
    pairs = {**{at: number for at, number in second.items() if number not in used}, **first}
    # A number that is nobody's may be that of a label without one.
    spare = any(number.clear for number in {*numbers}.difference(pairs.values()))
    return [
        SaidOfLabel(place.written, pairs[at].written if at in pairs else None)
        for at, place in enumerate(places)
        if at in pairs or spare
    ]


def _numbers_beside(line: str, places: list[_Place]) -> Iterator[_Place]:
    """The numbers of a line that are no part of a label."""
    pieces, at = [], 0
    for place in places:
        pieces += [line[at : place.start], "\0" * (place.end - place.start)]
        at = place.end
    # A comma behind a label parts it from its number, and does not begin one.
    plain = _COMMA.sub("\0;", fold("".join([*pieces, line[at:]])))
    for span in number_spans(plain):
        yield _Place(span.start, span.end, plain[span.start : span.end], span.clear)


def _behind(line: str, places: list[_Place], numbers: list[_Place]) -> Iterator[tuple[int, _Place]]:
    """Each label, by its number in the line, that has a number behind it."""
    following = iter(numbers)
    number = next(following, None)
    alone: dict[int, _Place] = {}
    several = False
    for at, place in enumerate(places):
        end = places[at + 1].start if at + 1 < len(places) else len(line)
        while number is not None and number.start < place.end:
            number = next(following, None)
        if number is not None and number.end <= end:
            gap = line[place.end : number.start]
            if not (number.clear or _ASSIGNS.search(gap)) or not _joins(gap):
                continue
            if _NO_MORE.match(line, place.start, number.end):
                continue
            if not gap.strip() and (
                _has_word_before(line, place) or _RUNS_ON.match(line, number.end)
            ):
                alone[at] = number
            else:
                several = True
                yield at, number
    # Inside a sentence a label and a number may meet by chance, and of several labels hardly.
    if several or len(alone) > 1:
        yield from alone.items()


def _in_front(
    line: str, places: list[_Place], numbers: list[_Place]
) -> Iterator[tuple[int, _Place]]:
    """Each label, by its number in the line, that has a number in front of it."""
    following = iter([*numbers, None])
    number, before = next(following), None
    for at, place in enumerate(places):
        begin = places[at - 1].end if at else 0
        while number is not None and number.end <= place.start:
            before, number = number, next(following)
        if before is not None and before.start >= begin and before.clear:
            closes = _CLOSES.match(line, place.end)
            gap = line[before.end : place.start]
            # `0.9, no`: a comma parts a number from the next label, unless numbers lead.
            parted = "," in gap or ";" in gap
            if closes and _joins(gap) and not (parted and places[0].start < before.start):
                yield at, before


def _joins(gap: str) -> bool:
    return (
        len(gap) <= _LONGEST_GAP
        and _GAP.fullmatch(gap) is not None
        and _SENTENCE_ENDS.search(gap) is None
    )


def _has_word_before(line: str, place: _Place) -> bool:
    return line[: place.start].rstrip(_MARKS)[-1:].isalpha()


def _as_written(label: str) -> str:
    """A label however its words are joined, and not inside another word or number."""
    if not any(map(str.isalnum, label)):
        return re.escape(label)
    parts = [re.escape(part) for part in re.split(r"[\s_-]+", label.strip()) if part]
    written = r"[\s_-]{1,3}".join(parts)
    if label.strip()[0].isalnum():
        written = rf"(?<![^\W_])(?<!\d[.,]){written}"
    if label.strip()[-1].isdigit():
        written = rf"{written}(?![.,]\d|\s?%)"
    if label.strip()[-1].isalnum():
        written = rf"{written}(?![^\W_])"
    if is_fraction(label):
        written = rf"{written}(?=[\"'*_`)\]]{{0,3}}\s{{0,4}}[:=|(\u2013\u2014-])"
    return written
