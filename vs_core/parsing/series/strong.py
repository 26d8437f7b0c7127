"""Series in tags and in JSON within a text: the readers that a place to begin at calls for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from vs_core.parsing.asked import Expectation
from vs_core.parsing.fragment import Fragment
from vs_core.parsing.record.json_sets import JsonSets
from vs_core.parsing.record.line_fields import Segment
from vs_core.parsing.record.record import Record
from vs_core.parsing.record.tag_fields import TagRecords
from vs_core.parsing.record.typed_sets import TypedSets
from vs_core.parsing.segment.lines import Announcement, lines_of
from vs_core.parsing.segment.number_found import BARE
from vs_core.parsing.segment.number_place import number_alone, numbers_in
from vs_core.parsing.series.json_series import JsonSeries, Sets
from vs_core.parsing.series.json_values import JsonValues
from vs_core.parsing.series.tag_series import TagSeries
from vs_core.parsing.words import names_answer

_FIELDS = {"confidence": "confidence", "perplexity": "perplexity", "nll": "nll"}


class Reading(Protocol):
    """A series that is being read, from its first character on."""

    dropped: list[Fragment]
    cut: bool
    found: int

    def feed(self, text: str) -> list[Record]:
        """Read on; the records that this piece completes."""
        ...

    def close(self, *, truncated: bool | None) -> list[Record]:
        """Read to the end."""
        ...


SeriesIn = Callable[[str], list[Record]]


@dataclass(frozen=True)
class Readers:
    """What it takes to begin reading a series.

    Args:
        expected: What was asked for.
        series_in: The candidates of a text that is a whole numbered series, else nothing.
    """

    expected: Expectation
    series_in: SeriesIn

    def tags(self) -> TagSeries:
        """A reader of tags."""
        number = _FIELDS.get(self.expected.definition, "probability")
        records = TagRecords(number, self.series_in, bare_fields, self._labels)
        return TagSeries(records, number_alone, self.series_in, admits_empty=self.expected.fits(""))

    @property
    def _labels(self) -> frozenset[str]:
        return self.expected.fields if self.expected.labelled else frozenset()

    def json(self, before: str = "") -> JsonValues:
        """A reader of JSON values, behind some text."""
        sets = self._sets()
        return JsonValues(lambda: JsonSeries(sets), before, hesitates=self.expected.typed)

    def _sets(self) -> Sets:
        untyped = JsonSets(self.expected, self.series_in, number_beside)
        if not self.expected.typed:
            return untyped
        return TypedSets(self.expected, self.series_in, untyped)


def number_beside(text: str) -> tuple[str, str] | None:
    """Text and number of `Paris (0.5)`; None if no number stands beside the text."""
    for one in numbers_in(text.strip()):
        if one.place in ("tail", "lead") and one.strength > BARE and one.text:
            return one.text, one.raw
    return None


def _names_answer(announced: Announcement) -> bool:
    """Whether the word that is counted names an answer."""
    return any(map(names_answer, announced.written.split()[-2:]))


def bare_fields(text: str, has_number: bool) -> Record | None:  # noqa: FBT001  # a callback
    """What a bare text in a tag says besides: labels, and a number if none is known.

    Args:
        text: The text.
        has_number: Whether its number was given elsewhere; a line that repeats it with its label
            is still no part of the text.
    """
    lines = lines_of(text)
    first = lines[0]
    announced = first.announced
    head = first.raw.strip()
    if announced is not None and (first.mark or not _names_answer(announced)):
        announced = None
    if announced is not None:
        head = first.body
    segment = Segment(lines, head)
    labelled = {read.role for read in segment.labelled.values()}
    if announced is None and not segment.number_lines and not labelled & {"text", "reason"}:
        if has_number:
            return None
        spots = [spot for spot in ("head", "end", "lead") if spot in segment.stated]
        sure = [segment.stated[s] for s in spots if segment.stated[s].strength > BARE]
        if not sure:
            return None
    stated = None
    if not has_number:
        for spot in ("field", "head", "end", "lead", "own"):
            stated = stated or segment.stated.get(spot)
    read, reasoning = segment.read(stated)
    if not read:
        return None
    return Record(read, None if stated is None else stated.raw, reasoning)
