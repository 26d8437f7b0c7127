"""One decision of what several calls state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev

from vs_core.decisions.decision import Decision
from vs_core.values.question import LabelQuestion

_ROUNDING = 1e-9
"""Numbers this near to 1 in sum are left as they were written."""


def pooled(question: LabelQuestion, stated: Sequence[Mapping[str, float]]) -> Decision:
    """The decision that some calls amount to: for each label the mean of its probabilities.

    Each call's numbers are made to sum to 1 first, and a label that a call left out has 0 there.
    Averaging probabilities is the linear opinion pool (Stone 1961; Clemen and Winkler 1999,
    section 3.1).

    Args:
        question: What was asked.
        stated: For each call that answered it the numbers of the labels, one of them above 0.

    Example:
        >>> from vs_core.adapters.decisions import pooled
        >>> from vs_core.decisions import yes_no
        >>> decision = pooled(yes_no("urgent", "Urgent?"), [{"yes": 0.5, "no": 0.5}, {"yes": 0.9}])
        >>> decision.probabilities, round(decision.spread["yes"], 2)
        ({'yes': 0.75, 'no': 0.25}, 0.35)
    """
    calls = [_normalised(question, numbers) for numbers in stated]
    probabilities = {label: fmean(call[label] for call in calls) for label in question.labels}
    decision = Decision(
        id=question.id,
        probabilities=probabilities,
        stated=_mean_of_stated(question, stated),
        calls=len(calls),
    )
    if len(calls) == 1:
        return decision
    spread = {label: stdev(call[label] for call in calls) for label in question.labels}
    # A call that is undecided between several agrees with each of them.
    agreeing = sum(call[decision.label] == max(call.values()) for call in calls)
    return decision.model_copy(update={"spread": spread, "agreement": agreeing / len(calls)})


def _normalised(question: LabelQuestion, numbers: Mapping[str, float]) -> dict[str, float]:
    total = sum(numbers.values())
    if abs(total - 1) < _ROUNDING:
        total = 1.0
    return {label: numbers.get(label, 0.0) / total for label in question.labels}


def _mean_of_stated(
    question: LabelQuestion, stated: Sequence[Mapping[str, float]]
) -> dict[str, float]:
    given = {
        label: [numbers[label] for numbers in stated if label in numbers]
        for label in question.labels
    }
    return {label: fmean(numbers) for label, numbers in given.items() if numbers}
