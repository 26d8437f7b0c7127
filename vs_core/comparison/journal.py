"""`ExchangeRecord`: the outcome of one exchange, as a line of a journal that a run can resume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from vs_core.comparison.plan import Key, PlannedExchange
from vs_core.journal.lines import records_in
from vs_core.journal.record import JournalRecord, error_line, writable
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.terms import Method


class _Asked(BaseModel):
    """What the model was asked. Of several bases the last one's fields come first in a line."""

    prompt: str
    method: Method
    number: int
    asked: dict[str, Any]


class ExchangeRecord(JournalRecord, _Asked):
    r"""The outcome of one exchange: a `vs_core.adapters.journal.JournalRecord` of what was asked.

    Attributes:
        prompt: What the user asked.
        method: How the model was asked.
        number: Which of the exchanges for this prompt and method it is, from 0.
        asked: The settings of the exchange as plain JSON.
        distribution: What the model answered, with its cost in the trace; None if it failed to.
        error: Why the exchange counts as failed; None if it does not. If the model did answer,
            but no candidate could be read, the distribution holds the whole reply.
        day: The day, in UTC, on which it ended; None if that is not known.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.comparison import plan
        >>> from vs_core.comparison import ComparisonSettings, ExchangeRecord
        >>> [planned] = plan(ComparisonSettings(prompts="Flip a coin.", methods=["cot"], n=2))
        >>> record = ExchangeRecord.of(planned, parse_reply("1. (0.5) heads\n2. (0.5) tails"))
        >>> ExchangeRecord.model_validate_json(record.model_dump_json()) == record
        True
    """

    day: date | None = None

    @classmethod
    def of(
        cls,
        planned: PlannedExchange,
        distribution: VerbalizedDistribution[Any] | None = None,
        error: Exception | None = None,
        day: date | None = None,
    ) -> ExchangeRecord:
        """Record an outcome.

        Args:
            planned: The exchange.
            distribution: What the model answered.
            error: What went wrong.
            day: When it ended.
        """
        return cls(
            prompt=planned.prompt,
            method=planned.method,
            number=planned.number,
            asked=planned.asked,
            distribution=None if distribution is None else writable(distribution),
            error=None if error is None else error_line(error),
            day=day,
        )

    @property
    def key(self) -> Key:
        """What tells it from the other exchanges of one comparison."""
        return self.prompt, self.method, self.number

    def answers(self, planned: PlannedExchange) -> bool:
        """Whether it is the outcome of an exchange that asked just this, and did not fail."""
        return self.error is None and self.key == planned.key and self.asked == planned.asked


def read_journal(lines: Iterable[str]) -> Iterator[ExchangeRecord]:
    """Read records that were written as JSON, one a line.

    Args:
        lines: Such as an open file. Blank lines and heads are skipped, and so is what a run that
            was killed while it wrote left of a line. Where two runs wrote into each other's
            lines, the records that are whole are read.

    Yields:
        The records in order.

    Raises:
        pydantic.ValidationError: A line is a JSON object, but no record.

    Example:
        >>> from vs_core.comparison import read_journal
        >>> list(read_journal(['{"prompt": "Flip a co']))
        []
    """
    for line in lines:
        yield from records_in(line, ExchangeRecord)
