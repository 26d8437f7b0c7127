"""What came of a state: an answer to each question, or an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vs_cli.decide.questions import AskedQuestion, Questions
from vs_cli.decide.states import State
from vs_core import Trace
from vs_core.calibration import Calibration
from vs_core.decisions import Decision


@dataclass(frozen=True)
class Answer:
    """The answer to one question about one state.

    Attributes:
        question: What was asked.
        decision: What the model states, calibrated where there is a calibration.
        calibrated_on: How many examples that was fitted on; None without one.
        threshold: The probability below which it is to be handed over; None for never.
        label: The true label, as it is printed; None if it is not known.
    """

    question: AskedQuestion
    decision: Decision
    calibrated_on: int | None = None
    threshold: float | None = None
    label: str | None = None

    @property
    def chosen(self) -> str:
        """The most probable label, as it is printed."""
        return self.question.labels[self.decision.label]

    @property
    def probabilities(self) -> dict[str, float]:
        """Of each label, as it is printed."""
        return self.question.named(self.decision.probabilities)

    @property
    def is_handed_over(self) -> bool:
        """Whether the most probable label is not probable enough."""
        return self.threshold is not None and self.decision.confidence < self.threshold

    @property
    def record(self) -> dict[str, Any]:
        """All that it says, as plain JSON."""
        decision = self.decision
        level = {"level": decision.expected_level} if self.question.has_levels else {}
        threshold = {} if self.threshold is None else {"handed_over": self.is_handed_over}
        label = {} if self.label is None else {"label": self.label}
        return {
            "answer": self.chosen,
            "confidence": decision.confidence,
            **level,
            **threshold,
            **label,
            "probabilities": self.probabilities,
            "calibrated": decision.calibrated,
            "stated": self.question.named(decision.stated),
            "calls": decision.calls,
            "spread": self.question.named(decision.spread),
            "agreement": decision.agreement,
        }


@dataclass(frozen=True)
class Outcome:
    """What came of one state.

    Attributes:
        state: What was judged.
        answers: One for each question; none if it failed.
        trace: What it cost, and what had to be worked around.
        error: Why it failed; None if it did not.
    """

    state: State
    answers: tuple[Answer, ...] = ()
    trace: Trace = field(default_factory=Trace)
    error: str | None = None

    @classmethod
    def of(
        cls,
        state: State,
        response: Any,
        questions: Questions,
        calibrations: Mapping[str, Calibration],
        threshold: float | None,
    ) -> Outcome:
        """The outcome of a decision model's response.

        Args:
            state: What was judged.
            response: With a decision for each question, and the trace.
            questions: What was asked.
            calibrations: Those that the model used, by the ids of their questions.
            threshold: The probability below which an answer is to be handed over.
        """
        answers = tuple(
            Answer(
                question,
                response.decisions[question.id],
                calibrations[question.id].examples if question.id in calibrations else None,
                threshold,
                state.labels.get(question.id),
            )
            for question in questions.each
        )
        return cls(state, answers, response.trace)

    @property
    def is_handed_over(self) -> bool:
        """Whether any answer is."""
        return any(answer.is_handed_over for answer in self.answers)

    @property
    def notes(self) -> tuple[str, ...]:
        """What else a reader should know, in sentences."""
        return self.trace.notes + self.trace.fallbacks

    def record(self, *, have_ids: bool, model: str | None) -> dict[str, Any]:
        """All that it says, as plain JSON.

        Args:
            have_ids: Whether answers stand under the ids of their questions.
            model: Who was asked; None is the simulation.
        """
        line = {} if self.state.line is None else {"line": self.state.line}
        begun = {**line, "state": self.state.content}
        if self.error is not None:
            return {**begun, "error": self.error}
        if have_ids:
            said = {"decisions": {answer.question.id: answer.record for answer in self.answers}}
        else:
            said = self.answers[0].record
        trace = self.trace
        return {
            **begun,
            **said,
            "model": trace.model or model,
            "simulated": model is None,
            "cost": {
                "calls": trace.calls,
                "input_tokens": trace.input_tokens,
                "output_tokens": trace.output_tokens,
            },
            "notes": list(self.notes),
        }
