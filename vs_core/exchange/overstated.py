"""Candidates that do not keep the bound of a tail, where it is enforced."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from vs_core.prompts.settings import PromptSettings
from vs_core.values.bound import exceeds
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.trace import Trace
from vs_core.values.weights import likelihood


class Overstated:
    """Holds back candidates that seem to state too much, until the whole turn is known.

    Whether a bare `0.5` means half or half a percent shows only in all numbers of a reply; those
    that are below the bound as they stand are below it in any case.

    Args:
        settings: What is asked; with a `max_probability`.
    """

    def __init__(self, settings: PromptSettings) -> None:
        self._bound = settings.max_probability or 1.0
        self._definition = settings.asked_definition
        self._turns: defaultdict[int, list[Candidate[Any]]] = defaultdict(list)
        self._held: defaultdict[int, list[int]] = defaultdict(list)

    def holding_back(self, answers: list[Candidate[Any]], turn: int) -> list[Candidate[Any]]:
        """Those that keep the bound; the others wait.

        Args:
            answers: Candidates of a turn.
            turn: The turn.
        """
        kept: list[Candidate[Any]] = []
        for answer in answers:
            if exceeds(answer, self._bound, self._definition):
                self._held[turn].append(len(self._turns[turn]))
            else:
                kept.append(answer)
            self._turns[turn].append(answer)
        return kept

    def decided(self, turn: int) -> tuple[list[Candidate[Any]], list[tuple[Candidate[Any], str]]]:
        """Of those that waited: which keep the bound after all, and why the others do not.

        Args:
            turn: The turn, which has ended.
        """
        kept: list[Candidate[Any]] = []
        above: list[tuple[Candidate[Any], str]] = []
        answers, held = self._turns.pop(turn, []), self._held.pop(turn, [])
        read = VerbalizedDistribution.of(answers, Trace(definition=self._definition)).candidates
        for at in held:
            if exceeds(read[at], self._bound, self._definition):
                above.append((answers[at], self._reason(read[at])))
            else:
                # Without those taken out, nothing would show how its number is meant.
                weight = likelihood(read[at].stated, self._definition)
                settled = {"stated": read[at].stated, "weight": weight}
                kept.append(answers[at].model_copy(update=settled))
        return kept, above

    def _reason(self, candidate: Candidate[Any]) -> str:
        return f"states {candidate.raw_probability}, and less than {self._bound:g} was asked for"
