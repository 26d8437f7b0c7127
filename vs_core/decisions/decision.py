"""`Decision`: what a model states about one question, as a probability for each label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field


class Calibrating(Protocol):
    """What turns stated probabilities into calibrated ones; a `Calibration` does.

    Example:
        >>> from vs_core.decisions import Calibrating, Decision
        >>> class Even:
        ...     def applied(self, probabilities):
        ...         return {label: 1 / len(probabilities) for label in probabilities}
        >>> even: Calibrating = Even()
        >>> Decision(id="x", probabilities={"a": 0.9, "b": 0.1}).calibrated_by(even).probabilities
        {'a': 0.5, 'b': 0.5}
    """

    def applied(self, probabilities: Mapping[str, float], /) -> dict[str, float]:
        """The same labels with calibrated probabilities that sum to 1."""
        ...


class Decision(BaseModel):
    """The answer to one question: a probability for each of its labels.

    As a model states them they say how plausible each label seems to it. They are no frequencies:
    of a hundred answers stated at 0.9, far fewer than ninety may be right. A calibration, fitted on
    examples whose answers are known, makes them mean that.

    Attributes:
        id: Of the question.
        probabilities: For each label, in the question's order; they sum to 1. The mean over the
            calls, where there were several.
        stated: For each label the mean of the numbers that the model wrote, as a fraction and
            before they were made to sum to 1; labels that it left out have none.
        calls: How many calls answered the question.
        spread: For each label the standard deviation of its probability between the calls, before
            calibration; empty for one call.
        agreement: The share of the calls whose most probable label is that of the mean, before
            calibration; 1 for one call.
        calibrated: Whether the probabilities are calibrated.

    Example:
        >>> from vs_core.decisions import Decision
        >>> decision = Decision(id="team", probabilities={"sales": 0.2, "support": 0.8})
        >>> decision.label, decision.confidence, decision.calibrated
        ('support', 0.8, False)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    probabilities: dict[str, float] = Field(min_length=1)
    stated: dict[str, float] = Field(default_factory=dict)
    calls: int = Field(default=1, ge=1)
    spread: dict[str, float] = Field(default_factory=dict)
    agreement: float = Field(default=1.0, ge=0.0, le=1.0)
    calibrated: bool = False

    @property
    def label(self) -> str:
        """The most probable label; of equals the one that the question names first."""
        return max(self.probabilities, key=lambda label: self.probabilities[label])

    @property
    def confidence(self) -> float:
        """The probability of that label."""
        return self.probabilities[self.label]

    @property
    def expected_level(self) -> float:
        """Of a question with levels the mean level, counted from 0 in the labels' order.

        Example:
            >>> from vs_core.decisions import Decision
            >>> Decision(id="anger", probabilities={"0": 0.5, "1": 0.25, "2": 0.25}).expected_level
            0.75
        """
        return sum(level * p for level, p in enumerate(self.probabilities.values()))

    def calibrated_by(self, calibration: Calibrating) -> Decision:
        """The same decision with calibrated probabilities.

        Args:
            calibration: Fitted on decisions that were made in the same way.

        Example:
            >>> from vs_core.calibration import calibrate
            >>> from vs_core.decisions import Decision
            >>> decision = Decision(id="team", probabilities={"sales": 0.1, "support": 0.9})
            >>> known = ["support", "support", "sales"] * 10
            >>> calibrated = decision.calibrated_by(calibrate([decision] * 30, known))
            >>> round(calibrated.confidence, 3), calibrated.calibrated
            (0.667, True)
        """
        probabilities = calibration.applied(self.probabilities)
        return self.model_copy(update={"probabilities": probabilities, "calibrated": True})
