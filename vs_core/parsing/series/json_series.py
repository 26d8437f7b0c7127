"""`JsonSeries`: the records of one value of JSON, as they are complete.

The elements of the first list that may be the series are handed out one by one, once one of them
shows that it is: by a text with a number. Any other shape is read when the value has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from vs_core.parsing.fragment import CUT_OFF, Fragment
from vs_core.parsing.record.found import Found
from vs_core.parsing.record.json_fields import shared_reasoning, with_reasoning
from vs_core.parsing.record.record import Record
from vs_core.parsing.segment.json_scan import Frame, JsonScan


class Sets(Protocol):
    """Which records values hold."""

    def may_be_series(self, path: tuple[str, ...], /) -> bool:
        """Whether a list under these names may be the series."""
        ...

    def shows_series(self, records: Sequence[Record], path: tuple[str, ...], /) -> bool:
        """Whether the records of an element show that the list under these names is the series."""
        ...

    def is_record(self, members: dict[str, Any], /) -> bool:
        """Whether an object that holds a list is a record itself."""
        ...

    def of_root(self, value: Any, /) -> Found:
        """The records of the whole value."""
        ...

    def of_element(self, value: Any, /) -> Found:
        """The records of one element of the series."""
        ...


class JsonSeries:
    """Reads one value, fed in pieces from its opening bracket, or the name of a constructor.

    Args:
        sets: Reads the records of its parts.

    Attributes:
        shape: What tells sets of one kind from another: the opening bracket of the value, then
            the names that lead to the records (`*` where they are an object's own members).
        dropped: What looked like a record and was not taken.
    """

    def __init__(self, sets: Sets) -> None:
        self.shape: tuple[str, ...] = ()
        self.dropped: list[Fragment] = []
        self._sets = sets
        self._scan = JsonScan(self._sets.may_be_series)
        self._seen = 0
        self._confirmed = self._settled = False
        self._shared: str | None = None

    @property
    def over(self) -> bool:
        """Whether the value has ended."""
        return self._scan.over

    @property
    def rest(self) -> str:
        """What was fed and stands behind the value."""
        return self._scan.rest if self._scan.over else ""

    @property
    def cut(self) -> bool:
        """Whether the value was cut off."""
        return self._scan.cut and self._scan.over

    @property
    def written(self) -> str:
        """All that was read of the value."""
        return self._scan.written

    def feed(self, text: str) -> list[Record]:
        """Read on; the records that this piece decided."""
        self._scan.feed(text)
        return self._records()

    def close(self, *, truncated: bool | None) -> list[Record]:
        """The reply ended inside the value; the rest of the records."""
        self._scan.close(cut=truncated is not False)
        return self._records()

    def _records(self) -> list[Record]:
        records: list[Record] = []
        while self._scan.series and not self._read_list(self._scan.series[0], records):
            self._scan.series.pop(0)
            self._seen = 0
        if self._scan.over and not self._settled:
            self._settled = True
            if not self._confirmed:
                found = self._sets.of_root(self._scan.root)
                self.shape = ("[" if isinstance(self._scan.root, list) else "{", *found.path)
                self._take(found, records)
            told = {fragment.reason for fragment in self._scan.dropped} & {CUT_OFF}
            self.dropped = [f for f in self.dropped if f.reason not in told]
            self.dropped = [*self._scan.dropped, *self.dropped]
        return records

    def _read_list(self, frame: Frame, records: list[Record]) -> bool:
        """Read the new elements of a list; False if it has ended and is not the series."""
        values = frame.values
        # A string in an open list may still go on: `"a" + "b"`.
        goes_on = not frame.closed and bool(values) and isinstance(values[-1], str)
        for at in range(self._seen, len(values) - goes_on):
            value = values[at]
            self._seen = at + 1
            if self._confirmed:
                self._take(self._sets.of_element(value), records)
            elif isinstance(value, (dict, list)) and self._confirms(value, frame):
                for earlier in values[: at + 1]:
                    self._take(self._sets.of_element(earlier), records)
        return self._confirmed or not frame.closed

    def _confirms(self, value: Any, frame: Frame) -> bool:
        names = tuple(name for name, _, _ in frame.around)
        if not self._sets.shows_series(self._sets.of_element(value).records, names):
            return False
        before = [dict(outer.pairs[:count]) for _, outer, count in frame.around]
        if any(map(self._sets.is_record, before)):
            return False
        self._confirmed = True
        self._shared = shared_reasoning(before)
        self.shape = ("{" if before else "[", *names)
        return True

    def _take(self, found: Found, records: list[Record]) -> None:
        records += with_reasoning(found.records, self._shared)
        self.dropped += found.dropped
