"""`JournalRecord`: the outcome of something that a model was asked, as a line of a journal."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict

from vs_core.errors import CallFailedError
from vs_core.journal.cost import Cost
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.visible import encodable


class JournalRecord(BaseModel):
    r"""What every record of a journal has; a record of a kind adds what it was asked.

    `prompt` has to stay the first field: by it a record is found in a line that two runs spoilt.

    Attributes:
        prompt: What the user asked.
        distribution: What the model answered, with its cost in the trace; None if it failed to.
        error: Why it counts as failed; None if it does not. If the model did answer, but no
            candidate could be read, the distribution holds the whole reply.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.journal import JournalRecord
        >>> answered = parse_reply("1. (0.5) heads\n2. (0.5) tails")
        >>> JournalRecord(prompt="Flip a coin.", distribution=answered).texts
        ['heads', 'tails']
        >>> JournalRecord(prompt="Flip a coin.", error="TimeoutError: 60 s").cost.calls
        1
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: str
    distribution: VerbalizedDistribution[Any] | None = None
    error: str | None = None

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


def writable(distribution: VerbalizedDistribution[Any]) -> VerbalizedDistribution[Any]:
    """The distribution as it will be once it is written and read back.

    Values become plain JSON, and what no encoding has a form for is replaced, so that a run that
    goes on decides on the same answers as one that was not interrupted.

    Args:
        distribution: What a model answered.
    """
    # As values of a type have to be written to be read again: without what they compute.
    written = distribution.model_dump(mode="json", by_alias=True, round_trip=True)
    plain = json.dumps(written, ensure_ascii=False)
    return VerbalizedDistribution.model_validate_json(encodable(plain))


def error_line(error: Exception) -> str:
    """What a record says of an error: its kind and its message.

    Args:
        error: What ended the exchange.
    """
    # The error of another process names the kind that it was there.
    is_named = isinstance(error, CallFailedError)
    return encodable(str(error) if is_named else f"{type(error).__name__}: {error}")
