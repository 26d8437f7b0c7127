"""`PlannedCall`: one call to make, and `CallRecord`: what came of it, as a line of the journal."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from vs_core.exchange.conversation import DictDialect
from vs_core.exchange.rounds import opening
from vs_core.exchange.settings import ExchangeSettings
from vs_core.journal.record import JournalRecord, error_line, writable
from vs_core.prompts.different import different_from
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution


@dataclass(frozen=True)
class PlannedCall:
    """One call to make.

    Attributes:
        about: The prompt that it is about.
        round: Which round of calls about this prompt, from 0.
        number: Which call of its round, from 0.
        told: The earlier answers that it is to differ from.
        asked: The settings of the exchange, which is this one call.
        way: Stands for the settings of the prompt.
        key: Stands for messages, settings, model and which of several equal calls it is.

    Example:
        >>> from vs_core.adapters.generation import Generation
        >>> from vs_core.generation import GenerationSettings
        >>> generation = Generation("Name a planet.", GenerationSettings(n=8))
        >>> call = generation.next_step()
        >>> call.prompt, call.asked.k
        ('Name a planet.', 8)
    """

    about: str
    round: int
    number: int
    told: tuple[str, ...]
    asked: ExchangeSettings
    way: str
    key: str

    @classmethod
    def of(
        cls,
        about: str,
        place: tuple[int, int],
        told: tuple[str, ...],
        asked: ExchangeSettings,
        *,
        way: str,
        model: str | None,
    ) -> PlannedCall:
        """Plan a call.

        Args:
            about: The prompt.
            place: Its round, and its number within the round.
            told: The earlier answers that it is to differ from.
            asked: The settings of the exchange.
            way: Stands for the settings of the prompt.
            model: Name of the model, if known.
        """
        dialect = DictDialect()
        user = dialect.user(different_from(about, told))
        what = [
            opening([user], asked, dialect),
            asked.model_dump(mode="json", exclude={"value_schema"}),
            way,
            model,
            place,
        ]
        key = hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]
        return cls(about, *place, told, asked, way, key)

    @property
    def prompt(self) -> str:
        """What the user message says: the prompt, and what its answers are to differ from."""
        return different_from(self.about, self.told)

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of the exchange, as a component takes them."""
        return dict(self.asked)


class CallRecord(JournalRecord):
    r"""What came of a call.

    Attributes:
        prompt: The prompt that it was about, without what it was told.
        round: Which round of calls about this prompt, from 0.
        number: Which call of its round, from 0.
        way: Stands for the settings of the prompt.
        key: Stands for messages, settings, model and which of several equal calls it is.
        k: Candidates asked for.
        told: How many earlier answers it was told to differ from.
        distribution: What the model answered, with its cost in the trace; None if it failed to.
        error: Why it failed; None if it did not.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.generation import Generation
        >>> from vs_core.generation import CallRecord, GenerationSettings
        >>> call = Generation("Flip a coin.", GenerationSettings(n=2)).next_step()
        >>> record = CallRecord.of(call, parse_reply("1. (0.5) heads\n2. (0.5) tails"))
        >>> CallRecord.model_validate_json(record.model_dump_json()) == record
        True
    """

    round: int
    number: int
    way: str
    key: str
    k: int
    told: int = 0

    @classmethod
    def of(
        cls,
        call: PlannedCall,
        distribution: VerbalizedDistribution[Any] | None = None,
        error: Exception | None = None,
    ) -> CallRecord:
        """Record an outcome.

        Args:
            call: The call.
            distribution: What the model answered.
            error: What went wrong.
        """
        return cls(
            prompt=call.about,
            round=call.round,
            number=call.number,
            way=call.way,
            key=call.key,
            k=call.asked.k,
            told=len(call.told),
            distribution=None if distribution is None else writable(distribution),
            error=None if error is None else error_line(error),
        )

    @property
    def answers(self) -> list[Candidate[Any]]:
        """The candidates; none if nothing could be read."""
        # A reply that runs away fills its end with anything.
        return [] if self.distribution is None else list(self.distribution)[: 2 * self.k]

    @property
    def unusable(self) -> int:
        """How many candidates could not be used: cut off, not of the type, above the bound."""
        return 0 if self.distribution is None else len(self.distribution.trace.dropped)

    @property
    def place(self) -> tuple[int, int]:
        """Its round, and its number within the round."""
        return self.round, self.number
