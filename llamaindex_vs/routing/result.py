"""What a selection amounts to: LlamaIndex's own results, with probabilities."""

from __future__ import annotations

from collections.abc import Sequence

from llama_index.core.base.base_selector import SelectorResult, SingleSelection

from vs_core import Trace
from vs_core.decisions import Decision


class VerbalizedSelection(SingleSelection):
    """One choice that was taken, with its probability.

    Attributes:
        index: Its position among the choices, from 0.
        reason: Its probability in a few words, and what that is worth.
        probability: The probability.

    Example:
        >>> from llamaindex_vs import VerbalizedSelection
        >>> selection = VerbalizedSelection(index=1, reason="billing: 0.80", probability=0.8)
        >>> VerbalizedSelection.model_validate_json(selection.model_dump_json()) == selection
        True
    """

    probability: float


class VerbalizedSelectorResult(SelectorResult):
    """The choices that were taken, and the probability of each choice.

    `ind`, `inds`, `reason` and `reasons` are LlamaIndex's. Whole results, too, are what
    `vs_core.calibration.calibrate` takes: their labels are the positions of the choices.

    Attributes:
        selections: The choices taken, first the one that was taken first.
        decision: What the model stated, by the labels that it was shown: the names of the tools,
            or numbers from 1.
        trace: What it cost, what was left out, and what had to be worked around.

    Example:
        >>> from llamaindex_vs import VerbalizedSelection, VerbalizedSelectorResult
        >>> from vs_core import Trace
        >>> from vs_core.decisions import Decision
        >>> result = VerbalizedSelectorResult(
        ...     selections=[VerbalizedSelection(index=1, reason="billing: 0.80", probability=0.8)],
        ...     decision=Decision(id="route", probabilities={"sales": 0.2, "billing": 0.8}),
        ...     trace=Trace(calls=1),
        ... )
        >>> result.ind, result.probabilities
        (1, {0: 0.2, 1: 0.8})
    """

    selections: list[VerbalizedSelection]  # type: ignore[assignment]  # each is one of LlamaIndex's
    decision: Decision
    trace: Trace

    @property
    def probabilities(self) -> dict[int, float]:
        """The probability of each choice, by its position; they sum to 1."""
        return dict(enumerate(self.decision.probabilities.values()))


def result_of(decision: Decision, taken: Sequence[int], trace: Trace) -> VerbalizedSelectorResult:
    """The result of a selection.

    Args:
        decision: The probabilities, in the order of the choices.
        taken: The positions of the choices that are taken.
        trace: How they came about.
    """
    shares = list(decision.probabilities.values())
    selections = [
        VerbalizedSelection(index=at, reason=_reason(decision, at), probability=shares[at])
        for at in taken
    ]
    return VerbalizedSelectorResult(selections=selections, decision=decision, trace=trace)


def _reason(decision: Decision, at: int) -> str:
    if len(decision.probabilities) == 1:
        return "it is the only choice"
    label, share = list(decision.probabilities.items())[at]
    called = f"choice {label}" if label.isdecimal() else label
    worth = "calibrated" if decision.calibrated else "as stated, not calibrated"
    return f"{called} has a probability of {share:.2f} ({worth})"
