"""What the answers about many states add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from vs_cli.decide.outcome import Answer, Outcome
from vs_cli.decide.show import cost, meaning
from vs_cli.figures import count, counted
from vs_core import Trace

_MOST_NOTES = 5


class Tally:
    """Counts what comes of states.

    Args:
        threshold: The probability below which an answer is to be handed over; None for never.

    Attributes:
        taken: States that were tried.
        failed: Those of them that got no answer.
        first_error: Why the first of those failed.
    """

    def __init__(self, threshold: float | None) -> None:
        self.taken = 0
        self.failed = 0
        self.first_error: str | None = None
        self._threshold = threshold
        self._trace = Trace()
        self._calibrated_on: dict[str, int | None] = {}
        self._answers: Counter[str] = Counter()
        self._labelled: Counter[str] = Counter()
        self._right: Counter[str] = Counter()
        self._kept: Counter[str] = Counter()
        self._kept_labelled: Counter[str] = Counter()
        self._kept_right: Counter[str] = Counter()

    @property
    def answered(self) -> int:
        """States that got an answer to each question."""
        return self.taken - self.failed

    def count(self, outcome: Outcome) -> None:
        """Count a state.

        Args:
            outcome: What came of it.
        """
        self.taken += 1
        if outcome.error is not None:
            self.failed += 1
            self.first_error = self.first_error or outcome.error
            return
        self._trace += outcome.trace
        for answer in outcome.answers:
            self._count(answer)

    def lines(self, model: str | None, *, have_ids: bool) -> Iterator[str]:
        """What to say at the end, a sentence a line; nothing if there was no answer.

        Args:
            model: Who was asked; None is the simulation.
            have_ids: Whether questions are told apart by their ids.
        """
        if not self.answered:
            return
        who = self._trace.model or model or "the model"
        yield f"{who}: {counted(self.answered, 'state')}, {cost(self._trace)}"
        for id_ in self._answers:
            begun = f"{id_}: " if have_ids else ""
            if self._labelled[id_]:
                yield f"{begun}right: {_share(self._right[id_], self._labelled[id_])}"
            if self._threshold is not None:
                yield f"{begun}{self._handed_over(id_)}"
        meanings = {id_: meaning(examples) for id_, examples in self._calibrated_on.items()}
        is_same = len(set(meanings.values())) == 1
        yield from set(meanings.values()) if is_same else (f"{i}: {m}" for i, m in meanings.items())
        notes = self._trace.notes + self._trace.fallbacks
        yield from (f"note: {note}" for note in notes[:_MOST_NOTES])
        if len(notes) > _MOST_NOTES:
            yield f"and {count(len(notes) - _MOST_NOTES)} notes more, which --json has"

    def _count(self, answer: Answer) -> None:
        id_ = answer.question.id
        is_right = answer.label == answer.chosen
        self._calibrated_on[id_] = answer.calibrated_on
        self._answers[id_] += 1
        self._labelled[id_] += answer.label is not None
        self._right[id_] += is_right
        if not answer.is_handed_over:
            self._kept[id_] += 1
            self._kept_labelled[id_] += answer.label is not None
            self._kept_right[id_] += is_right

    def _handed_over(self, id_: str) -> str:
        over = self._answers[id_] - self._kept[id_]
        said = (
            f"below the threshold of {self._threshold:g}, to be handed over to a person: "
            f"{count(over)} of {count(self._answers[id_])}"
        )
        if not self._kept_labelled[id_]:
            return said
        right = _share(self._kept_right[id_], self._kept_labelled[id_])
        return f"{said}; right among the others: {right}"


def _share(part: int, whole: int) -> str:
    return f"{count(part)} of {count(whole)} ({part / whole:.2f})"
