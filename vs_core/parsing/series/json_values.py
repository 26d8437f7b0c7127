"""JSON values one behind the other, and the numbers that stand beside them."""

from __future__ import annotations

from collections.abc import Callable

from vs_core.parsing.clean.thinking import CLOSING
from vs_core.parsing.fragment import DRAFT, Fragment
from vs_core.parsing.record.record import Record
from vs_core.parsing.segment.starts import next_json
from vs_core.parsing.series.beside import NumbersBeside
from vs_core.parsing.series.json_series import JsonSeries

_LONGEST_BETWEEN = 2000
_PIECE = 8192
_MOST_FAILURES = 20


class JsonValues:
    """JSON values one behind the other: one set, or one candidate each (JSON lines).

    The first that holds candidates shows what the others must look like; what stands between them
    is passed over, but for numbers that stand alone in front of each, or behind each.

    Args:
        new: Gives a reader of one value.
        before: The text in front of the first value.
        hesitates: Whether a first value without a number may be a draft, if another kind follows.
    """

    def __init__(
        self, new: Callable[[], JsonSeries], before: str = "", *, hesitates: bool = False
    ) -> None:
        self.dropped: list[Fragment] = []
        self.cut = False
        self.found = 0
        self._new = new
        self._value: JsonSeries | None = new()
        self._of_value: list[Record] = []
        self._held: list[Record] = []
        self._between = ""
        self._shape: tuple[str, ...] | None = None
        self._failures = 0
        self._beside = NumbersBeside(before)
        self._hesitates = hesitates
        self._draft: Record | None = None

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
                value, text = self._next_value(text, ready, final=False)
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
            value, text = self._next_value("", ready, final=True)
            if value is not None:
                self._hold(value.feed(text), ready)
        while value is not None:
            if not value.over:
                self._hold(value.close(truncated=truncated), ready)
                self.cut = self.cut or value.cut
            rest = _behind(value)
            self._settle(value, ready)
            value, rest = self._next_value(rest, ready, final=True)
            if value is not None:
                self._hold(value.feed(rest), ready)
        self._take_draft(ready)
        return ready

    def _hold(self, records: list[Record], ready: list[Record]) -> None:
        """Deliver the records of the first value at once; of later ones when its shape is known."""
        self._of_value += records
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
            self._take_draft(ready)
            self._deliver(self._held, ready)
        elif self._draft is not None and self._held and self._held[0].raw is not None:
            self._drop_draft()
            self._shape = value.shape
            self._deliver(self._held, ready)
        elif self._held:
            self.dropped += [
                Fragment(r.text, "another shape than the candidates before") for r in self._held
            ]
        self._held = []
        self._await_number(ready)

    def _next_value(
        self, text: str, ready: list[Record], *, final: bool
    ) -> tuple[JsonSeries | None, str]:
        """The next value in what follows, and the text from its beginning on."""
        text = self._between + text
        at, decided = next_json(text, final=final) if self._failures <= _MOST_FAILURES else (-1, 0)
        self._read_between(text[:at] if at >= 0 else text, ready, last=final or at >= 0)
        if self._failures > _MOST_FAILURES:
            self._between = text if self._beside.waits else ""
            return None, ""
        if at >= 0:
            self._between = ""
            self._value = self._new()
            return self._value, text[at:]
        line = text.rfind("\n", 0, decided) + 1
        if not self._beside.waits:
            self._between = text[line:] if len(text) - line < _LONGEST_BETWEEN else text[decided:]
        else:
            self._between = text
        return None, ""

    def _await_number(self, ready: list[Record]) -> None:
        """Keep back a candidate that is a value by itself and may have its number beside it."""
        records, self._of_value = self._of_value, []
        is_lone = len(records) == 1 and bool(ready) and ready[-1] is records[0]
        if not is_lone:
            self._beside.forget()
        elif (record := self._beside.take(ready.pop())) is not None:
            ready.append(record)

    def _read_between(self, text: str, ready: list[Record], *, last: bool) -> None:
        """Look for the number of the candidate that waits, or of the value that follows."""
        if (record := self._beside.read(text, last=last)) is not None:
            if record.raw is None and self._hesitates and self.found == 1:
                self._draft = record
            else:
                ready.append(record)
        if self._draft is not None and CLOSING.search(text):
            self._drop_draft()
            self._shape = None

    # --- a first value that may be a draft --------------------------------------------------------

    def _take_draft(self, ready: list[Record]) -> None:
        if self._draft is not None:
            ready.append(self._draft)
            self._draft = None

    def _drop_draft(self) -> None:
        if self._draft is not None:
            self.dropped.append(Fragment(self._draft.text, DRAFT))
            self.found -= 1
            self._draft = None


def _behind(value: JsonSeries) -> str:
    """What stands behind a value; of what turned out to be none, all but its first character."""
    return value.rest if value.written else value.rest[1:]
