"""`ExchangeRecord`: the outcome of one exchange, as a line of a journal that a run can resume."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from vs_core.comparison.plan import Key, PlannedExchange
from vs_core.comparison.records import Cost
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.terms import Method
from vs_core.visible import encodable

_BEGINNING = re.compile(r'\{"prompt":')
_DECODER = json.JSONDecoder()


class ExchangeRecord(BaseModel):
    r"""The outcome of one exchange.

    Attributes:
        prompt: What the user asked.
        method: How the model was asked.
        number: Which of the exchanges for this prompt and method it is, from 0.
        asked: The settings of the exchange as plain JSON.
        distribution: What the model answered, with its cost in the trace; None if it failed to.
        error: Why the exchange counts as failed; None if it does not. If the model did answer,
            but no candidate could be read, the distribution holds the whole reply.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.comparison import plan
        >>> from vs_core.comparison import ComparisonSettings, ExchangeRecord
        >>> [planned] = plan(ComparisonSettings(prompts="Flip a coin.", methods=["cot"], n=2))
        >>> record = ExchangeRecord.of(planned, parse_reply("1. (0.5) heads\n2. (0.5) tails"))
        >>> ExchangeRecord.model_validate_json(record.model_dump_json()) == record
        True
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: str
    method: Method
    number: int
    asked: dict[str, Any]
    distribution: VerbalizedDistribution[Any] | None = None
    error: str | None = None

    @classmethod
    def of(
        cls,
        planned: PlannedExchange,
        distribution: VerbalizedDistribution[Any] | None = None,
        error: Exception | None = None,
    ) -> ExchangeRecord:
        """Record an outcome.

        Args:
            planned: The exchange.
            distribution: What the model answered.
            error: What went wrong.
        """
        return cls(
            prompt=planned.prompt,
            method=planned.method,
            number=planned.number,
            asked=planned.asked,
            distribution=None if distribution is None else _writable(distribution),
            error=None if error is None else encodable(f"{type(error).__name__}: {error}"),
        )

    @property
    def key(self) -> Key:
        """What tells it from the other exchanges of one comparison."""
        return self.prompt, self.method, self.number

    @property
    def texts(self) -> list[str]:
        """The responses; none if it failed."""
        return [] if self.distribution is None or self.error else self.distribution.texts

    @property
    def probabilities(self) -> list[float]:
        """One for each response; they sum to 1."""
        return [] if self.distribution is None or self.error else self.distribution.probabilities

    @property
    def cost(self) -> Cost:
        """What it cost; where the model gave nothing, that is one call."""
        return Cost(calls=1) if self.distribution is None else Cost.of(self.distribution.trace)

    @property
    def model(self) -> str | None:
        """Name of the model that answered, if it told."""
        return None if self.distribution is None else self.distribution.trace.model

    @property
    def truncated(self) -> bool:
        """Whether a reply was cut off."""
        return self.distribution is not None and self.distribution.trace.truncated

    def answers(self, planned: PlannedExchange) -> bool:
        """Whether it is the outcome of an exchange that asked just this, and did not fail."""
        return self.error is None and self.key == planned.key and self.asked == planned.asked


def read_journal(lines: Iterable[str]) -> Iterator[ExchangeRecord]:
    """Read records that were written as JSON, one a line.

    Args:
        lines: Such as an open file. Blank lines are skipped, and so is what a run that was
            killed while it wrote left of a line. Where two runs wrote into each other's lines,
            the records that are whole are read.

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
        yield from _records(line)


def _records(line: str) -> Iterable[ExchangeRecord]:
    try:
        return (ExchangeRecord.model_validate_json(line),)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            return _whole_records(line)
        if line.lstrip().startswith("{"):
            raise
        # Other JSON, such as a number, is what is left of a line.
        return ()


def _whole_records(line: str) -> Iterator[ExchangeRecord]:
    """Those that stand whole in a line which others, or parts of others, were written into."""
    # Quotation marks within a record's texts are escaped, so that none begins like this.
    for begun in _BEGINNING.finditer(line):
        with suppress(ValueError):
            _, end = _DECODER.raw_decode(line, begun.start())
            yield ExchangeRecord.model_validate_json(line[begun.start() : end])


def _writable(distribution: VerbalizedDistribution[Any]) -> VerbalizedDistribution[Any]:
    """As it will be once it is written and read back."""
    plain = json.dumps(distribution.model_dump(mode="json"), ensure_ascii=False)
    return VerbalizedDistribution.model_validate_json(encodable(plain))
