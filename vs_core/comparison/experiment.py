"""`Experiment`: what is still to be asked, what came back, and what that adds up to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from vs_core.comparison.comparison import Comparison
from vs_core.comparison.evaluation import evaluate
from vs_core.comparison.journal import ExchangeRecord
from vs_core.comparison.measuring import Measuring
from vs_core.comparison.plan import Key, PlannedExchange, Way, plan
from vs_core.comparison.settings import ComparisonSettings
from vs_core.errors import NoCandidatesError
from vs_core.exchange.record import NOT_VERBALIZED
from vs_core.exchange.settings import ExchangeSettings
from vs_core.exchange.shortfall import Shortfall
from vs_core.values.distribution import VerbalizedDistribution

Outcome = VerbalizedDistribution[Any] | Exception


class Experiment:
    r"""A comparison in the making: it says what to ask, and takes what comes back. No I/O.

    Args:
        settings: What is compared.
        embeddings: What `vs_core.metrics.as_embed` takes, for the metrics that need it; None
            leaves these out.
        finished: Outcomes of an earlier run. Those that asked just what is to be asked now, and
            did not fail, are not asked again; the others are ignored.

    Raises:
        ValueError: There is no metric of a name, or one needs what is not given.
        TypeError: `embeddings` embeds nothing.
        MissingExtraError: A metric needs a library of the `eval` extra.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.comparison import Experiment
        >>> from vs_core.comparison import ComparisonSettings
        >>> settings = ComparisonSettings(prompts="Flip a coin.", methods=["standard"], n=4, k=2)
        >>> experiment = Experiment(settings)
        >>> for exchange in experiment.pending:
        ...     record = experiment.take(exchange, parse_reply("1. (0.6) Heads\n2. (0.4) Tails"))
        >>> experiment.comparison().of_method("standard")[0].texts
        ('Heads', 'Tails', 'Heads', 'Tails')
    """

    def __init__(
        self,
        settings: ComparisonSettings,
        *,
        embeddings: Any = None,
        finished: Iterable[ExchangeRecord] = (),
    ) -> None:
        self.settings = settings
        self._measuring = Measuring(
            settings.metrics, embeddings=embeddings, reference=settings.reference
        )
        self._planned = {exchange.key: exchange for exchange in plan(settings)}
        self._first_error: Exception | None = None
        self._records: dict[Key, ExchangeRecord] = {}
        for record in finished:
            planned = self._planned.get(record.key)
            if planned and record.answers(planned):
                self._records[record.key] = record

    @property
    def pending(self) -> tuple[PlannedExchange, ...]:
        """What is still to be asked, in the best order; what failed here is not asked again."""
        return tuple(e for key, e in self._planned.items() if key not in self._records)

    @property
    def ways(self) -> dict[Way, ExchangeSettings]:
        """The settings of each way in which is still to be asked."""
        return {exchange.way: exchange.settings for exchange in self.pending}

    @property
    def planned(self) -> int:
        """Number of exchanges that the comparison consists of."""
        return len(self._planned)

    @property
    def finished(self) -> int:
        """Number of exchanges that have ended, well or in an error."""
        return len(self._records)

    @property
    def records(self) -> tuple[ExchangeRecord, ...]:
        """The outcomes so far, in the order in which they came."""
        return tuple(self._records.values())

    def take(
        self, exchange: PlannedExchange, outcome: Outcome, *, day: date | None = None
    ) -> ExchangeRecord:
        """Take the outcome of an exchange.

        Args:
            exchange: One of those that were pending.
            outcome: What the model answered, or the error that ended the exchange.
            day: When it did, in UTC, for the record.

        Returns:
            The record, for a journal.
        """
        distribution, error = distribution_and_error(outcome, exchange.settings)
        self._first_error = self._first_error or error
        record = ExchangeRecord.of(exchange, distribution, error, day)
        self._records[exchange.key] = record
        return record

    def comparison(self) -> Comparison:
        """What the outcomes so far add up to."""
        return evaluate(
            self.settings, tuple(self._planned.values()), self._records, self._measuring
        )

    def require_responses(self) -> None:
        """Refuse to go on without a single response.

        Raises:
            Exception: The first error, if every exchange so far ended in one.
        """
        if self._first_error and not any(record.texts for record in self._records.values()):
            raise self._first_error


def distribution_and_error(
    outcome: Outcome, asked: ExchangeSettings
) -> tuple[VerbalizedDistribution[Any] | None, Exception | None]:
    """What an outcome is recorded as: what the model answered, and why it counts as failed.

    Args:
        outcome: Of one exchange.
        asked: Its settings, by which an error advises what was not done yet.
    """
    shortfall = Shortfall(asked)
    if isinstance(outcome, NoCandidatesError):
        # Frameworks have errors of their own for this; records are to be the same for all.
        error = shortfall.error(outcome.reply)
        error.__cause__ = outcome.__cause__
        return None, error
    if isinstance(outcome, Exception):
        return None, outcome
    unread = [c.text for c in outcome if NOT_VERBALIZED in c.repairs]
    if unread or not outcome:
        shortfall.note(outcome.trace)
        return outcome, shortfall.error("\n".join(unread))
    return outcome, None
