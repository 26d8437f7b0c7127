"""`Exploration`: the rounds of calls about one prompt."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable

from vs_core.generation.calls import CallRecord, PlannedCall
from vs_core.generation.judging import Judge
from vs_core.generation.novelty.novelty import Novelty
from vs_core.generation.outcome import CallOutcome
from vs_core.generation.records import EndedBy, GeneratedRecord, Judged
from vs_core.generation.report import PromptReport
from vs_core.generation.settings import GenerationSettings
from vs_core.generation.stopping import Patience
from vs_core.generation.unseen import UnseenShare

Step = PlannedCall | CallRecord
"""A call to make, or what came of one in an earlier run."""

PROBED = 5
"""Once calls are told of earlier answers, every so many-th is not, where the unseen share decides
when it is enough."""

_LEAST_YIELD = 0.05

_LEAST_SIZE = 5
"""Candidates that a further call asks for at least: a list of one or two would be what there is."""


class Exploration:
    """One prompt: what is to be asked next, what came of it, and when it is enough.

    A round is planned with what earlier rounds brought, and its calls do not know of each other;
    their answers are judged in the order of the calls, whichever comes first. Rounds grow from
    one call, twofold, as long as they bring something and more is needed.

    Args:
        prompt: The prompt.
        settings: Its settings.
        novelty: Decides which answers are new.
        model: Name of the model, if known.
        recorded: What came of calls about this prompt in earlier runs. Calls that failed are made
            again, and those that asked in another way are ignored.

    Attributes:
        prompt: The prompt.
        ended_by: Why no more calls are made; None as long as there may be some.
    """

    def __init__(
        self,
        prompt: str,
        settings: GenerationSettings,
        novelty: Novelty,
        *,
        model: str | None = None,
        recorded: Iterable[CallRecord] = (),
    ) -> None:
        self.prompt = prompt
        self.ended_by: EndedBy | None = None
        self._settings = settings
        self._model = model
        self._judge = Judge(prompt, settings, novelty, model)
        self._patience = Patience()
        self._way = settings.way
        answers = (r for r in recorded if not r.error and r.way == self._way)
        self._recorded = deque(sorted(answers, key=lambda r: r.place))
        self._ready: deque[Step] = deque()
        self._order: deque[tuple[int, int]] = deque()
        self._outcomes: dict[tuple[int, int], CallOutcome] = {}
        self._under_way = 0
        self._round = 0
        self._most_calls = 1
        self._fitting = settings.call_size
        self._planned = 0
        self._ended_of_round: list[CallRecord] = []
        self._brought_in_round = 0

    @property
    def is_over(self) -> bool:
        """Whether it has ended and no outcome is awaited any more."""
        return self.ended_by is not None and not self._under_way

    @property
    def is_recalling(self) -> bool:
        """Whether the next step is the outcome of an earlier run."""
        return isinstance(self._ready[0], CallRecord) if self._ready else bool(self._recorded)

    @property
    def unseen(self) -> UnseenShare | None:
        """The share of new answers to be expected of another call; None if not known."""
        return self._judge.sightings.share()

    def next_step(self, most: int) -> Step | None:
        """The next call to make, or earlier outcome to take; None if an outcome is awaited first.

        Args:
            most: Most calls of a round.
        """
        if self.ended_by is not None or (not self._ready and self._under_way):
            return None
        if not self._ready:
            self._ready.extend(self._recorded_round() or self._planned_round(most))
            self._order.extend((step.round, step.number) for step in self._ready)
        self._under_way += 1
        return self._ready.popleft()

    def take(self, outcome: CallOutcome) -> list[Judged]:
        """Take the outcome of a step.

        Args:
            outcome: The outcome.

        Returns:
            The answers that can be judged now: those of this call and of later ones that waited
            for it; none while it waits itself.
        """
        self._under_way -= 1
        self._outcomes[outcome.record.place] = outcome
        judged: list[Judged] = []
        while self._order and self._order[0] in self._outcomes:
            next_one = self._outcomes.pop(self._order.popleft())
            judged += self._judge.judge(next_one)
            self._learn_size(next_one.record)
            self._ended_of_round.append(next_one.record)
        if self._judge.has_enough:
            self.stop("n")
        self._brought_in_round += sum(isinstance(one, GeneratedRecord) for one in judged)
        if not self._order:
            self._end_round()
        return judged

    def stop(self, reason: EndedBy) -> None:
        """Make no more calls; those under way are still to be taken.

        Args:
            reason: Why.
        """
        if self.ended_by is None:
            self.ended_by = reason
        for step in self._ready:
            self._order.remove((step.round, step.number))
        self._ready.clear()

    def report(self) -> PromptReport:
        """What it has come to so far."""
        return PromptReport(
            prompt=self.prompt,
            n=self._settings.n,
            unseen=self.unseen,
            ended_by=self.ended_by,
            figures=self._judge.tally.figures(),
            error=self._judge.tally.error,
        )

    def _recorded_round(self) -> list[Step]:
        steps: list[Step] = []
        while self._recorded and (not steps or self._recorded[0].round == steps[0].round):
            steps.append(self._recorded.popleft())
        if steps:
            self._round = steps[0].round
        return steps

    def _planned_round(self, most: int) -> list[Step]:
        needed = self._settings.n - self._judge.tally.accepted
        answers = math.ceil(needed / max(_LEAST_YIELD, self._judge.accepted_per_answer))
        least = _LEAST_SIZE if self._judge.tally.accepted else 1
        size = min(self._fitting, max(least, answers))
        calls = min(math.ceil(answers / size), most, self._most_calls)
        told = self._judge.digest.told(self._patience.dry)
        return [self._planned_call(number, size, told) for number in range(calls)]

    def _planned_call(self, number: int, size: int, told: tuple[str, ...]) -> PlannedCall:
        self._planned += 1
        # In another order for each, as a model that is not random would answer all alike.
        told = told[number:] + told[:number]
        is_probe = self._settings.until_unseen is not None and self._planned % PROBED == 0
        return PlannedCall.of(
            self.prompt,
            (self._round, number),
            () if is_probe else told,
            self._settings.exchange_settings(size),
            way=self._way,
            model=self._model,
        )

    def _learn_size(self, record: CallRecord) -> None:
        """Ask for no more than fits into a reply, where one was cut off."""
        if record.truncated and len(record.answers) < record.k:
            self._fitting = min(self._fitting, len(record.answers) or max(1, record.k // 2))

    def _end_round(self) -> None:
        self._patience.note(self._ended_of_round, brought=self._brought_in_round)
        self._most_calls = self._most_calls * 2 if self._brought_in_round else 1
        self._round += 1
        self._ended_of_round, self._brought_in_round = [], 0
        reason = self._patience.ended_by() or self._seen_enough()
        if reason is not None:
            self.stop(reason)

    def _seen_enough(self) -> EndedBy | None:
        bound = self._settings.until_unseen
        share = None if bound is None else self.unseen
        return "until_unseen" if bound and share and share.high < bound else None
