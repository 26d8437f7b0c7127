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
from vs_core.parsing.segment.number_place import BARE, number_alone, numbers_in
from vs_core.parsing.segment.starts import next_json
from vs_core.parsing.series.json_series import JsonSeries, Sets
from vs_core.parsing.series.tag_series import TagSeries
from vs_core.parsing.words import names_answer

_FIELDS = {"confidence": "confidence", "perplexity": "perplexity", "nll": "nll"}
_LONGEST_BETWEEN = 2000
_PIECE = 8192
_MOST_FAILURES = 20


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
        records = TagRecords(number, self.series_in, bare_fields)
        return TagSeries(records, number_alone, self.series_in, admits_empty=self.expected.fits(""))

    def json(self) -> JsonValues:
        """A reader of JSON values."""
        sets = self._sets()
        return JsonValues(lambda: JsonSeries(sets))

    def _sets(self) -> Sets:
        untyped = JsonSets(self.expected, self.series_in, number_beside)
        if not self.expected.typed:
            return untyped
        return TypedSets(self.expected, self.series_in, untyped)


class JsonValues:
    """JSON values one behind the other: one set, or one candidate each (JSON lines).

    The first that holds candidates shows what the others must look like; what stands between them
    is passed over.
    """

    def __init__(self, new: Callable[[], JsonSeries]) -> None:
        self.dropped: list[Fragment] = []
        self.cut = False
        self.found = 0
        self._new = new
        self._value: JsonSeries | None = new()
        self._held: list[Record] = []
        self._between = ""
        self._shape: tuple[str, ...] | None = None
        self._failures = 0

    def feed(self, text: str) -> list[Record]:
        """Read on; the records that this piece completes."""
        ready: list[Record] = []
        # What stands behind a value is copied for each: many values are read from short pieces.
        for at in range(0, len(text), _PIECE):
            self._feed_piece(text[at : at + _PIECE], ready)
        return ready

    def _feed_piece(self, text: str, ready: list[Record]) -> None:
        while True:
            value = self._value
            if value is None:
                value, text = self._next_value(text, final=False)
                if value is None:
                    return
            self._hold(value.feed(text), ready)
            if not value.over:
                return
            text = _behind(value)
            self._settle(value, ready)

    def close(self, *, truncated: bool | None) -> list[Record]:
        """Read to the end."""
        ready: list[Record] = []
        value = self._value
        if value is None:
            value, text = self._next_value("", final=True)
            if value is not None:
                self._hold(value.feed(text), ready)
        while value is not None:
            if not value.over:
                self._hold(value.close(truncated=truncated), ready)
                self.cut = self.cut or value.cut
            rest = _behind(value)
            self._settle(value, ready)
            value, rest = self._next_value(rest, final=True)
            if value is not None:
                self._hold(value.feed(rest), ready)
        return ready

    def _hold(self, records: list[Record], ready: list[Record]) -> None:
        """Deliver the records of the first value at once; of later ones when its shape is known."""
        if self._shape is None:
            self._deliver(records, ready)
        else:
            self._held += records

    def _deliver(self, records: list[Record], ready: list[Record]) -> None:
        self.found += len(records)
        ready += records

    def _settle(self, value: JsonSeries, ready: list[Record]) -> None:
        self._value = None
        self.dropped += value.dropped
        if self._shape is None:
            self._shape = value.shape if self.found else None
            self._failures += self._shape is None
        elif value.shape == self._shape:
            self._deliver(self._held, ready)
        elif self._held:
            self.dropped += [
                Fragment(r.text, "another shape than the candidates before") for r in self._held
            ]
        self._held = []

    def _next_value(self, text: str, *, final: bool) -> tuple[JsonSeries | None, str]:
        """The next value in what follows, and the text from its beginning on."""
        if self._failures > _MOST_FAILURES:
            return None, ""
        text = self._between + text
        at, decided = next_json(text, final=final)
        if at >= 0:
            self._between = ""
            self._value = self._new()
            return self._value, text[at:]
        line = text.rfind("\n", 0, decided) + 1
        self._between = text[line:] if len(text) - line < _LONGEST_BETWEEN else text[decided:]
        return None, ""


def _behind(value: JsonSeries) -> str:
    """What stands behind a value; of what turned out to be none, all but its first character."""
    return value.rest if value.written else value.rest[1:]


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
