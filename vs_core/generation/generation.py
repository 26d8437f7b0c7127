"""`Generation`: what is still to be asked about all prompts, and what that adds up to. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from statistics import fmean

from vs_core.generation.budget import Budget
from vs_core.generation.calls import CallRecord
from vs_core.generation.exploration import Exploration, Step
from vs_core.generation.history import History
from vs_core.generation.novelty.novelty import Novelty
from vs_core.generation.outcome import CallOutcome
from vs_core.generation.prompts import GenerationPrompt, Prompts, each_once, require_prompts
from vs_core.generation.records import EndedBy, Judged
from vs_core.generation.report import Figures, GenerationReport, PromptReport
from vs_core.generation.settings import GenerationSettings
from vs_core.generation.stopping import DRY_ROUNDS
from vs_core.generation.window import Window
from vs_core.journal.cost import Cost


class Generation:
    r"""A generation in the making: it says what to ask, and takes what comes back. No I/O.

    Args:
        prompts: One prompt or several. They are taken as they are needed.
        settings: Of all prompts.
        model: Name of the model, if known.
        simulated: Whether the built-in simulation answers.
        width: Most calls at a time.
        embeds: Whether answers come with embeddings.

    Raises:
        MissingExtraError: Near-duplicates are to be found, and what finds them is not installed.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.generation import Generation
        >>> from vs_core.generation import CallRecord, GenerationSettings
        >>> generation = Generation("Flip a coin.", GenerationSettings(n=2))
        >>> call = generation.next_step()
        >>> reply = parse_reply("1. (0.6) Heads\n2. (0.4) Tails")
        >>> found = generation.take(CallRecord.of(call, reply))
        >>> [record.value for record in found], generation.next_step(), generation.report().complete
        (['Heads', 'Tails'], None, True)
    """

    def __init__(
        self,
        prompts: Prompts,
        settings: GenerationSettings,
        *,
        model: str | None = None,
        simulated: bool = False,
        width: int = 8,
        embeds: bool = False,
    ) -> None:
        self.settings = settings
        self._model = model
        self._simulated = simulated
        self._width = width
        self._embeds = embeds
        self._recorded: Callable[[str], Iterable[CallRecord]] = lambda _: ()
        self._to_recall = 0
        require_prompts(prompts)
        self._window = Window(each_once(prompts), width, self._begun)
        self._budget = Budget(settings.max_calls, settings.max_tokens)
        self._history = History()
        self._stopped_by: EndedBy | None = None
        self._novelty(settings)  # what is missing is to be told before the first call

    def resume(
        self, recorded: Callable[[str], Iterable[CallRecord]], *, spent: Cost, prompts: int
    ) -> None:
        """Go on where an earlier run ended; before the first step.

        Args:
            recorded: Gives for a prompt what came of calls about it.
            spent: What they cost, over all prompts.
            prompts: How many prompts they are about.
        """
        self._recorded = recorded
        self._to_recall = prompts
        self._budget = Budget(self.settings.max_calls, self.settings.max_tokens, spent)

    def next_step(self) -> Step | None:
        """The next call to make, or earlier outcome to take.

        None if an outcome is awaited first, or everything has ended.
        """
        while self._fill_up():
            share = max(1, self._width // len(self._window))
            for exploration in self._window:
                step = self._step_of(exploration, share)
                if step is not None:
                    return step
            if len(self._window) and not self._stopped_by:
                return None
            if len(self._window) == self._width or not self._window.has_more:
                return None
        return None

    def take(self, outcome: CallOutcome | CallRecord) -> list[Judged]:
        """Take the outcome of a step.

        Args:
            outcome: What came of a call, or the earlier outcome that was given as a step.

        Returns:
            The answers that can be judged now, accepted and refused, in their order.

        Raises:
            UnsuitableModelError: There is a budget of tokens, and the model reports none.
        """
        taken = outcome if isinstance(outcome, CallOutcome) else CallOutcome(outcome)
        record = taken.record
        exploration = self._window.of(record.prompt)
        judged = exploration.take(taken)
        self._history.note(record, judged, self._unseen)
        self._window.put_aside(exploration)
        self._budget.end(record)
        return judged

    def report(self) -> GenerationReport:
        """What it has come to so far."""
        prompts = self._window.reports()
        return GenerationReport(
            settings=self.settings.identity | {"n": self.settings.n, "k": self.settings.k},
            model=self._model,
            simulated=self._simulated,
            figures=sum((one.figures for one in prompts), Figures()),
            prompts=prompts,
            history=self._history.moments(),
            complete=not (self._window.has_more or self._stopped_by or len(self._window)),
            notes=tuple(self._remarks(prompts)),
        )

    def _unseen(self) -> float | None:
        shares = [share for one in self._window if (share := one.unseen) is not None]
        return fmean(share.estimate for share in shares) if shares else None

    def _fill_up(self) -> bool:
        """Whether anything is under way, once there is as much as there may be."""
        if self._stopped_by is None:
            self._window.fill_up()
        elif self._to_recall > 0:
            # What was paid for is taken, whatever the budget is.
            self._window.fill_up(recalling_only=True)
        return len(self._window) > 0

    def _begun(self, prompt: GenerationPrompt) -> Exploration:
        settings = prompt.settings_among(self.settings)
        exploration = Exploration(
            prompt.prompt,
            settings,
            self._novelty(settings),
            model=self._model,
            recorded=self._recorded(prompt.prompt),
        )
        self._to_recall -= exploration.is_recalling
        return exploration

    def _novelty(self, settings: GenerationSettings) -> Novelty:
        return Novelty(
            near_duplicate=settings.near_duplicate,
            embeds=self._embeds,
            min_distance=settings.min_distance,
        )

    def _step_of(self, exploration: Exploration, most: int) -> Step | None:
        if exploration.is_recalling:
            return exploration.next_step(most)
        if self._stopped_by is None:
            if self._budget.is_unknown():
                return None
            exceeded = self._budget.exceeded()
            if exceeded is None:
                step = exploration.next_step(most)
                if step is not None:
                    self._budget.begin(step.key)
                return step
            if self._budget.is_under_way:
                return None
            self._stopped_by = exceeded
        exploration.stop(self._stopped_by)
        self._window.put_aside(exploration)
        return None

    def _remarks(self, prompts: Iterable[PromptReport]) -> Iterator[str]:
        if self._stopped_by is not None and (self._window.has_more or self._window.left_out):
            yield f"stopped by {self._stopped_by}; not all prompts were begun"
        ended = [one.ended_by for one in prompts]
        dry = ended.count("nothing new")
        if dry:
            what = "the prompt" if len(ended) == 1 else f"{dry} of the prompts"
            yield (
                f"{what} brought nothing new in {DRY_ROUNDS} rounds in a row: the model has no "
                "more to say to it, asked in this way"
            )
