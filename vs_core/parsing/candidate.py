"""From the record of a segment to a candidate: its number and its typed value are read here."""

from __future__ import annotations

from collections.abc import Iterable

from vs_core.parsing.asked import Expectation
from vs_core.parsing.record.record import Record
from vs_core.parsing.record.typed_texts import TypedTexts
from vs_core.values.candidate import Candidate
from vs_core.values.pydantic_internals import unvalidated
from vs_core.values.stated import read_number
from vs_core.values.terms import Definition


class CandidateReader:
    """Makes candidates of records.

    Args:
        expected: What was asked for.
    """

    __slots__ = ("_definition", "_typed")

    def __init__(self, expected: Expectation) -> None:
        self._definition = expected.definition
        self._typed = TypedTexts(expected) if expected.typed else None

    def read(self, records: Iterable[Record]) -> list[Candidate[str]]:
        """Their candidates; `stated` is provisional until the whole set is known."""
        if self._typed is not None:
            records = map(self._typed.read, records)
        return [_candidate_of(record, self._definition) for record in records]


def _candidate_of(record: Record, definition: Definition) -> Candidate[str]:
    raw = record.raw
    number = None if raw is None else read_number(raw, definition)
    stated = None
    if number is not None:
        stated = number.value
        if number.bare and stated > 1.0 and definition not in ("nll", "perplexity"):
            stated /= 100.0
    return unvalidated(
        Candidate,
        {
            "value": record.text,
            "probability": 0.0,
            "stated": stated,
            "raw_probability": raw,
            "reasoning": record.reasoning,
            "repairs": record.repairs,
            "weight": None,
            "turn": 0,
        },
    )
