"""A stage under way: what is pending, and what has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from vs_core.comparison.experiment import Outcome, distribution_and_error
from vs_core.journal.cost import Cost
from vs_core.tuning.journal import TrialRecord
from vs_core.tuning.scoring import Brought
from vs_core.tuning.settings import TuningSettings
from vs_core.tuning.stages import Key, Stage, TrialExchange
from vs_core.tuning.variants import Variant


class StageUnderWay:
    """The exchanges of one stage, and their outcomes.

    Args:
        stage: Who is asked what.
        settings: What is tried.
        kept: Outcomes of an earlier run; those that asked something else are ignored.

    Attributes:
        stage: Who is asked what.
        planned: Its exchanges, in the best order.
        records: The outcomes so far, in the order in which they came.
    """

    def __init__(
        self, stage: Stage, settings: TuningSettings, kept: Mapping[Key, TrialRecord]
    ) -> None:
        self.stage = stage
        self.planned = {exchange.key: exchange for exchange in stage.exchanges(settings)}
        self._first_error: Exception | None = None
        found = {
            key: record
            for key, exchange in self.planned.items()
            if (record := kept.get(key)) is not None and record.is_of(exchange)
        }
        answered = {key: record for key, record in found.items() if record.answered}
        # A call that failed is made again, but not in a stage that is over: another outcome might
        # have others stay, or change a verdict that was not to one's liking.
        self.records = found if answered and len(found) == len(self.planned) else answered

    @property
    def pending(self) -> tuple[TrialExchange, ...]:
        """What is still to be asked."""
        return tuple(e for key, e in self.planned.items() if key not in self.records)

    @property
    def cost(self) -> Cost:
        """What it has cost so far."""
        return sum((record.cost for record in self.records.values()), Cost())

    def take(
        self, exchange: TrialExchange, outcome: Outcome, day: date | None = None
    ) -> TrialRecord:
        """Take the outcome of an exchange, and give its record.

        Args:
            exchange: One of those that were pending.
            outcome: What the model answered, or the error that ended the exchange.
            day: When it did.
        """
        distribution, error = distribution_and_error(outcome, exchange.settings)
        self._first_error = self._first_error or error
        record = TrialRecord.of(exchange, distribution, error, day)
        self.records[exchange.key] = record
        return record

    def require_responses(self) -> None:
        """Refuse to decide anything without a single response.

        Raises:
            Exception: The first error, if every exchange ended in one.
        """
        if self._first_error and not any(record.texts for record in self.records.values()):
            raise self._first_error

    def brought_by(self, variant: Variant) -> list[Brought]:
        """What a variant brought, prompt by prompt.

        Args:
            variant: One of the stage.
        """
        own = self.records_of(variant)
        return [
            Brought.of(prompt, self.stage.responses, [r for r in own if r.prompt == prompt])
            for prompt in self.stage.prompts
        ]

    def records_of(self, variant: Variant) -> list[TrialRecord]:
        """The outcomes of a variant, in the order in which it asked.

        Args:
            variant: One of the stage.
        """
        own = [record for record in self.records.values() if record.variant == variant.name]
        return sorted(own, key=lambda record: record.number)
