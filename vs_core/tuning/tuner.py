"""`Tuner`: what is to be asked now, who stays, and what it all adds up to. No I/O."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from vs_core.comparison.answered import who_answered
from vs_core.comparison.experiment import Outcome
from vs_core.exchange.settings import ExchangeSettings
from vs_core.journal.cost import Cost
from vs_core.tuning.decision import decided
from vs_core.tuning.final import Trial, final_of
from vs_core.tuning.forecast import exchanges_ahead
from vs_core.tuning.halving import better_half
from vs_core.tuning.journal import TrialRecord
from vs_core.tuning.records import Final, HalvingStage, Verdict
from vs_core.tuning.remarks import remarks
from vs_core.tuning.scoring import Scoring
from vs_core.tuning.settings import TuningSettings
from vs_core.tuning.stages import FINAL, Stage, TrialExchange, Way, final_stage, halving_stage
from vs_core.tuning.tuning import Tuning
from vs_core.tuning.under_way import StageUnderWay
from vs_core.tuning.variants import Variant


class Tuner:
    r"""A tuning in the making: it says what to ask, takes what comes back, and eliminates. No I/O.

    It goes on in stages. When nothing of a stage is pending, `advance` closes it: after a stage of
    the halving the better half of the variants stays, until one is left; it meets the default in
    the final, on calls of which none was made before.

    Args:
        settings: What is tried.
        embeddings: What `vs_core.metrics.as_embed` takes, for a metric that needs it.
        finished: Outcomes of an earlier run. Those that asked just what is to be asked now are not
            asked again; the others are ignored. Calls that failed are made again, but for those of
            a stage that is over, the final too: what it decided stands.

    Attributes:
        settings: What is tried.
        complete: Whether the final is over.

    Raises:
        ValueError: The metric needs embeddings, and there are none.
        TypeError: `embeddings` embeds nothing.
        MissingExtraError: numpy, or what the metric needs, is not installed.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.tuning import Tuner
        >>> from vs_core.tuning import TuningSettings
        >>> prompts = [f"Question {number}?" for number in range(10)]
        >>> tuner = Tuner(TuningSettings(prompts=prompts, variants=[{"k": 10}]))
        >>> while not tuner.complete:
        ...     for exchange in tuner.pending:
        ...         listed = [f"{i}. (0.1) answer {i}" for i in range(exchange.settings.k)]
        ...         record = tuner.take(exchange, parse_reply("\n".join(listed)))
        ...     tuner.advance()
        >>> found = tuner.tuning()
        >>> found.decision, found.notes[0]
        ('taken', 'k=10 is taken: more diverse than the default, and not shown to be less readable')
    """

    def __init__(
        self,
        settings: TuningSettings,
        *,
        embeddings: Any = None,
        finished: Iterable[TrialRecord] = (),
    ) -> None:
        self.settings = settings
        self.complete = False
        self._scoring = Scoring(settings.metric, embeddings)
        self._kept = {record.key: record for record in finished}
        self._scores: dict[str, list[float | None]] = defaultdict(list)
        self._closed: list[HalvingStage] = []
        self._earlier: list[TrialRecord] = []
        self._final: Final | None = None
        self._under_way = self._begun(settings.variants)

    @property
    def stage(self) -> Stage:
        """The stage that is under way, or the last one."""
        return self._under_way.stage

    @property
    def closed(self) -> tuple[HalvingStage, ...]:
        """The stages of the halving that are closed."""
        return tuple(self._closed)

    @property
    def pending(self) -> tuple[TrialExchange, ...]:
        """What is still to be asked in this stage, in the best order."""
        return self._under_way.pending

    @property
    def ways(self) -> dict[Way, ExchangeSettings]:
        """The settings of each way in which this tuning may ask, in whatever stage."""
        settings = self.settings
        return {
            (variant.name, asked.k): asked
            for variant in (settings.default, *settings.variants)
            for responses in (settings.halving_responses, settings.responses)
            for asked in settings.exchanges(variant, responses)
        }

    @property
    def planned(self) -> int:
        """Number of exchanges, as if always those stayed that make the most of them."""
        here = len(self._earlier) + len(self._under_way.planned)
        if self.stage.name == FINAL:
            return here
        return here + exchanges_ahead(self.settings, self.stage.variants, len(self._closed) + 1)

    @property
    def finished(self) -> int:
        """Number of exchanges that have ended, well or in an error."""
        return len(self._earlier) + len(self._under_way.records)

    @property
    def records(self) -> tuple[TrialRecord, ...]:
        """The outcomes so far, stage by stage in the order in which they came."""
        return (*self._earlier, *self._under_way.records.values())

    def take(
        self, exchange: TrialExchange, outcome: Outcome, *, day: date | None = None
    ) -> TrialRecord:
        """Take the outcome of an exchange.

        Args:
            exchange: One of those that were pending.
            outcome: What the model answered, or the error that ended the exchange.
            day: When it did, in UTC, for the record.

        Returns:
            The record, for a journal.
        """
        return self._under_way.take(exchange, outcome, day)

    def advance(self) -> None:
        """Close the stage, and begin the next one or, after the final, be complete.

        Raises:
            RuntimeError: Something is still pending.
            EmbeddingsError: What came cannot be embedded. The stage stays open.
            Exception: The first error of the stage, if every exchange of it ended in one.
        """
        if self.pending:
            raise RuntimeError(f"{len(self.pending)} exchanges of {self.stage.name} are pending")
        if self.complete:
            return
        self._under_way.require_responses()
        if self.stage.name == FINAL:
            self._final = self._decisive()
            self.complete = True
        else:
            stayed = self._halved()
            self._earlier += self._under_way.records.values()
            self._under_way = self._begun(stayed)

    def tuning(self) -> Tuning:
        """What the outcomes so far add up to."""
        answered = who_answered(
            self.settings.model, simulated=self.settings.simulated, records=self.records
        )
        settings = self.settings.model_copy(update={**answered})
        found = Tuning(
            settings=settings,
            stages=self.closed,
            survivor=self.stage.variants[1] if self.stage.name == FINAL else None,
            final=self._final,
            decision=self._decision(),
            cost=sum((record.cost for record in self.records), Cost()),
            days=tuple(sorted({record.day for record in self.records if record.day})),
        )
        return found.model_copy(update={"notes": remarks(found, self.records)})

    def _begun(self, variants: tuple[Variant, ...]) -> StageUnderWay:
        """The stage that is next for those who are still there."""
        if len(variants) == 1:
            stage = final_stage(self.settings, variants[0])
        else:
            stage = halving_stage(self.settings, len(self._closed) + 1, variants)
        return StageUnderWay(stage, self.settings, self._kept)

    def _halved(self) -> tuple[Variant, ...]:
        """The variants that stay after this stage of the halving."""
        stage = self.stage
        scores = [self._scored(variant) for variant in stage.variants]
        for variant, of_one in zip(stage.variants, scores, strict=True):
            self._scores[variant.name] += of_one
        so_far = {variant.name: self._scores[variant.name] for variant in stage.variants}
        stayed = better_half(so_far, self.settings.metric)
        self._closed.append(
            HalvingStage(
                prompts=len(stage.prompts),
                responses=stage.responses,
                stayed=tuple(stayed),
                eliminated=tuple(name for name in so_far if name not in stayed),
                cost=self._under_way.cost,
            )
        )
        return tuple(variant for variant in stage.variants if variant.name in stayed)

    def _decisive(self) -> Final | None:
        """The final, of nothing but its own calls."""
        default, survivor = (
            Trial(v, self._under_way.brought_by(v), self._scored(v), self._under_way.records_of(v))
            for v in self.stage.variants
        )
        return final_of(default, survivor, coverage=self.settings.coverage, seed=self.settings.seed)

    def _scored(self, variant: Variant) -> list[float | None]:
        return self._scoring.scores(self._under_way.brought_by(variant))

    def _decision(self) -> Verdict:
        if not self.complete:
            return "not_complete"
        if self._final is None:
            return "not_measured"
        return decided(self._final.difference, self.settings.metric)
