"""`Record`: what one segment says, before it becomes a candidate."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one segment.

    Attributes:
        text: The text, without the notation.
        raw: The number as written, None if there is none or it is cut off.
        reasoning: Reasoning of this segment alone.
        repairs: What was mended, in plain words.
        written: The stretch of the reply that was read.
        cells: The cells of a row in a table with a head, by what heads them, in lower case.
        beside: Whether the number stood beside the text, in no field of its own.
        bare: Whether the text stood in no field of its own, so that it may hold a whole series.
    """

    text: str
    raw: str | None = None
    reasoning: str | None = None
    repairs: tuple[str, ...] = ()
    written: str = ""
    bare: bool = False
    beside: bool = False
    cells: tuple[tuple[str, str], ...] = ()
