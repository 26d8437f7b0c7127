"""`TrialRecord`: the outcome of one exchange of a tuning, as a line of a journal."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel

from vs_core.errors import NoCandidatesError, RefusalError, UnexpectedToolCallError
from vs_core.journal.record import JournalRecord, error_line, writable
from vs_core.tuning.stages import Key, TrialExchange
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.words import normalise

_OF_A_REPLY = (NoCandidatesError, RefusalError, UnexpectedToolCallError)
"""Errors that say something of how the model takes the settings; others are of the call."""


class _Asked(BaseModel):
    """What the model was asked. Of several bases the last one's fields come first in a line."""

    prompt: str
    variant: str
    stage: str
    number: int
    asked: dict[str, Any]


class TrialRecord(JournalRecord, _Asked):
    r"""The outcome of one exchange: a `vs_core.adapters.journal.JournalRecord` of what was asked.

    Attributes:
        prompt: What the user asked.
        variant: Name of the variant that asked.
        stage: In which stage.
        number: Which of the exchanges of this variant for this prompt and stage it is, from 0.
        asked: The settings of the exchange as plain JSON.
        distribution: What the model answered, with its cost in the trace; None if it failed to.
        error: Why the exchange counts as failed; None if it does not.
        day: The day, in UTC, on which it ended; None if that is not known.
        answered: Whether the model replied, if only in a way that cannot be used. A call that
            failed is made again if the run goes on within its stage; a reply that came counts.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.tuning import Tuner
        >>> from vs_core.tuning import TrialRecord, TuningSettings
        >>> tuner = Tuner(TuningSettings(prompts=[f"Question {i}?" for i in range(10)]))
        >>> record = tuner.take(tuner.pending[0], parse_reply("1. (0.5) heads\n2. (0.5) tails"))
        >>> record.variant, record.usable
        ('k=3', ['heads', 'tails'])
        >>> TrialRecord.model_validate_json(record.model_dump_json()) == record
        True
    """

    answered: bool = True
    day: date | None = None

    @classmethod
    def of(
        cls,
        planned: TrialExchange,
        distribution: VerbalizedDistribution[Any] | None = None,
        error: Exception | None = None,
        day: date | None = None,
    ) -> TrialRecord:
        """Record an outcome.

        Args:
            planned: The exchange.
            distribution: What the model answered.
            error: What went wrong.
            day: When it ended.
        """
        return cls(
            prompt=planned.prompt,
            variant=planned.variant,
            stage=planned.stage,
            number=planned.number,
            asked=planned.asked,
            distribution=None if distribution is None else writable(distribution),
            error=None if error is None else error_line(error),
            answered=error is None or isinstance(error, _OF_A_REPLY),
            day=day,
        )

    @property
    def key(self) -> Key:
        """What tells it from the other exchanges of one tuning."""
        return self.stage, self.variant, self.prompt, self.number

    def is_of(self, planned: TrialExchange) -> bool:
        """Whether it is the outcome of an exchange that asked just this."""
        return self.key == planned.key and self.asked == planned.asked

    @property
    def usable(self) -> list[str]:
        """The responses that count: at most as many as were asked for.

        Where more came, it is repeats within the exchange that are left out first: a follow-up
        asked for others in their place.
        """
        texts, most = self.texts, self.asked["k"]
        if len(texts) <= most:
            return texts
        new = {normalise(text): place for place, text in reversed(list(enumerate(texts)))}
        places = sorted(range(len(texts)), key=lambda at: (new[normalise(texts[at])] != at, at))
        return [texts[at] for at in sorted(places[:most])]
