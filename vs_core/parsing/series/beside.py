"""Numbers that stand beside values: alone on a line, in front of each or behind each."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from vs_core.parsing.fragment import NUMBER_CUT
from vs_core.parsing.record.record import Record
from vs_core.parsing.segment.lines import line_of
from vs_core.parsing.segment.number_place import number_alone

_AROUND = " \t\r|,;`"
_FENCES = ("```", "~~~")
_FURTHEST = 2000

Place = Literal["behind", "in front", "nowhere"]


class NumbersBeside:
    """Gives records that have no number of their own the one that stands beside them.

    Where the first value has none behind it, a number behind a later one says something else.

    Args:
        before: The text in front of the first value.
    """

    def __init__(self, before: str) -> None:
        self._front = _number_in_front(before)
        self._place: Place = "behind" if self._front is None else "in front"
        self._waiting: Record | None = None

    @property
    def waits(self) -> bool:
        """Whether a record waits for what stands behind it."""
        return self._waiting is not None

    def take(self, record: Record) -> Record | None:
        """The record of a value that has ended; None if it waits for what stands behind it."""
        front = self._front
        self.forget()
        if record.raw is not None or NUMBER_CUT in record.repairs or self._place == "nowhere":
            return record
        if self._place == "in front":
            return replace(record, raw=front)
        self._waiting = record
        return None

    def forget(self) -> None:
        """What stood in front of a value has been read, or means nothing."""
        self._front = None

    def read(self, text: str, *, last: bool) -> Record | None:
        """The record that waited, if this text between two values decides on its number.

        Args:
            text: All that stands behind the last value, so far.
            last: Whether nothing more stands there.
        """
        if self._place == "in front":
            self._front = _number_in_front(text) or self._front
        if self._waiting is None:
            return None
        lines = text.split("\n")
        complete = lines if last else lines[:-1]
        line = next((line for line in complete if line.strip(_AROUND)), None)
        if line is None and not last and len(text) < _FURTHEST:
            return None
        raw = None if line is None or line_of(line).is_total else number_alone(line.strip(_AROUND))
        record, self._waiting = self._waiting, None
        if raw is None:
            self._place = "nowhere"
            return record
        return replace(record, raw=raw)


def _number_in_front(text: str) -> str | None:
    """The number on the last line of a text, if it stands there alone."""
    line = next((line for line in reversed(text.split("\n")) if line.strip(_AROUND)), "")
    return None if line.lstrip().startswith(_FENCES) else number_alone(line.strip(_AROUND))
