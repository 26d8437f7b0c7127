"""What counts as a labelled decision, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.core.calibration.worlds import alternating
from tests.every import for_every
from vs_core import Candidate, VerbalizedDistribution
from vs_core.calibration import calibrate, evaluate

TRUE = ["tea", "tea", "coffee"] * 4


@dataclass
class Answer:
    probabilities: Mapping[Any, float]


@dataclass
class YesNo:
    noul: float


def distribution(**stated: float) -> VerbalizedDistribution[str]:
    return VerbalizedDistribution(
        candidates=tuple(Candidate(value=text, stated=number) for text, number in stated.items())
    )


@for_every(
    "decision",
    [
        {"tea": 0.8, "coffee": 0.2},
        Answer({"tea": 0.8, "coffee": 0.2}),
        {"tea": 0.4, "coffee": 0.1},
        {"tea": 8, "coffee": 2},
        distribution(tea=0.8, coffee=0.2),
        distribution(tea=0.4, coffee=0.1),
    ],
)
def test_decisions_of_any_kind_say_the_same(decision: object) -> None:
    plain = evaluate([{"tea": 0.8, "coffee": 0.2}] * 12, TRUE)
    assert evaluate([decision] * 12, TRUE) == plain


def test_candidates_of_the_same_value_are_one_label() -> None:
    twice = VerbalizedDistribution[str](
        candidates=(
            Candidate(value="tea", stated=0.5),
            Candidate(value="coffee", stated=0.2),
            Candidate(value="tea", stated=0.3),
        )
    )
    assert evaluate([twice] * 12, TRUE).bins[0].stated == pytest.approx(0.8)


@for_every(("yes", "no"), [(True, False), ("yes", "no")])
def test_the_probability_of_yes_has_the_labels_yes_and_no(yes: object, no: object) -> None:
    found = evaluate([YesNo(0.8)] * 12, [yes, yes, no] * 4)
    assert found.accuracy.value == pytest.approx(2 / 3)
    assert found.bins[0].stated == pytest.approx(0.8)


def test_a_level_may_be_given_as_the_text_that_json_makes_of_it() -> None:
    scores = [Answer({0: 0.1, 1: 0.2, 2: 0.7})] * 12
    assert evaluate(scores, [2] * 12) == evaluate(scores, ["2"] * 12)


def test_decisions_of_one_call_may_have_different_labels() -> None:
    decisions: list[object] = [
        {"tea": 0.9, "coffee": 0.1},
        YesNo(0.3),
        {"a": 0.2, "b": 0.3, 1: 0.5},
    ]
    found = calibrate(decisions * 4, ["tea", "no", 1] * 4)
    assert found.after.examples == 12
    assert found.labels == ("tea", "coffee", True, False, "a", "b")


def refusal(decisions: list[Any], labels: list[Any]) -> str:
    with pytest.raises((TypeError, ValueError)) as refused:
        calibrate(decisions, labels)
    with pytest.raises(type(refused.value)) as again:
        evaluate(decisions, labels)
    assert str(refused.value) == str(again.value)
    return str(refused.value)


def instead_of_the_fourth(decision: object) -> str:
    decisions: list[object] = [{"tea": 0.8, "coffee": 0.2}] * 12
    return refusal([*decisions[:3], decision, *decisions[4:]], TRUE)


def test_there_are_as_many_labels_as_decisions() -> None:
    decisions, _ = alternating(12)
    assert refusal(decisions, TRUE[:11]) == (
        "12 decisions and 11 labels: pass the true label of each decision"
    )


def test_one_text_is_no_list_of_labels() -> None:
    with pytest.raises(TypeError, match="labels is one text"):
        calibrate([{"t": 0.5, "e": 0.5}] * 3, "tee")


def test_fewer_than_ten_examples_are_refused() -> None:
    decisions, labels = alternating(9)
    assert refusal(decisions, labels) == "9 examples: at least 10 are needed, 100 are better"


def test_a_true_label_is_one_of_those_of_its_decision() -> None:
    decisions, labels = alternating(12)
    labels[5] = "milk"
    assert refusal(decisions, labels) == (
        "labels[5] is 'milk', which is none of the labels of decisions[5]: 'tea', 'coffee'"
    )


def test_of_a_hundred_labels_a_refusal_shows_a_few() -> None:
    decisions = [{f"route {n}": 0.01 for n in range(100)}] * 12
    said = refusal(decisions, ["elsewhere"] * 12)
    assert said.endswith("'route 6', 'route 7' and 92 more")


def test_what_a_label_holds_steers_no_terminal() -> None:
    assert "\x1b" not in instead_of_the_fourth({"\x1b[2J": 0.5, "coffee": 0.5})


@for_every("number", [-0.1, math.nan, math.inf, None, "0.5", True])
def test_what_is_no_probability_is_refused_with_its_place(number: object) -> None:
    assert instead_of_the_fourth({"tea": number, "coffee": 0.5}) == (
        f"decisions[3] has {number!r} for 'tea': pass finite numbers, 0 or more"
    )


@for_every("noul", [-0.1, 1.1, math.nan, "yes"])
def test_the_probability_of_yes_lies_between_0_and_1(noul: Any) -> None:
    assert f"decisions[3].noul is {noul!r}" in instead_of_the_fourth(YesNo(noul))


def test_a_whole_number_beyond_those_of_floating_point_is_no_probability() -> None:
    with pytest.raises(ValueError, match="finite"):
        evaluate([{"tea": 10**400, "coffee": 1}] * 12, TRUE)


def test_of_the_largest_numbers_only_the_shares_count() -> None:
    small = evaluate([{"tea": 1, "coffee": 1}] * 12, TRUE)
    assert evaluate([{"tea": 1e308, "coffee": 1e308}] * 12, TRUE) == small


def test_a_decision_without_any_number_above_0_is_refused() -> None:
    assert instead_of_the_fourth({"tea": 0.0, "coffee": 0.0}) == (
        "decisions[3] has no number above 0: leave out a decision that was not made"
    )


def test_a_decision_with_a_single_label_decides_nothing() -> None:
    assert instead_of_the_fourth({"tea": 1.0}) == (
        "decisions[3] has the labels 'tea': there must be two or more"
    )


@for_every("decision", ["tea", 0.7, None, Answer([0.7, 0.3])])  # type: ignore[arg-type]
def test_what_is_no_decision_is_refused(decision: object) -> None:
    assert instead_of_the_fourth(decision).startswith(
        f"decisions[3] is a {type(decision).__name__}: pass a mapping from label to probability"
    )


def test_settings_are_checked() -> None:
    decisions, labels = alternating(40)
    with pytest.raises(ValueError, match="method='isotonic' with 40 examples"):
        calibrate(decisions, labels, method="isotonic")
    with pytest.raises(ValueError, match="method='platt': must be one of auto, temp"):
        calibrate(decisions, labels, method="platt")  # type: ignore[arg-type]
    for folds in (1, 41):
        with pytest.raises(ValueError, match=rf"folds={folds}: must be from 2 to .* 40"):
            calibrate(decisions, labels, folds=folds)
