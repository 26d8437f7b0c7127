"""A known distortion is found again."""

from __future__ import annotations

import sys
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression, minimize_scalar

from tests.core.calibration.worlds import alternating, squared, world
from vs_core import MissingExtraError
from vs_core.calibration import Calibration, calibrate

FLOOR = 0.005


def temperature_of(found: Calibration) -> float:
    assert found.temperature is not None
    return found.temperature


def by_scipy(decisions: list[dict[str, float]], labels: list[str]) -> float:
    def loss(inverse: float) -> float:
        total = 0.0
        for decision, label in zip(decisions, labels, strict=True):
            powers = {name: max(p, FLOOR) ** inverse for name, p in decision.items()}
            total -= np.log(powers[label] / sum(powers.values()))
        return float(total)

    return float(1 / minimize_scalar(loss, bounds=(0.01, 10.0), options={"xatol": 1e-9}).x)


def test_of_squared_probabilities_the_temperature_is_2() -> None:
    found = calibrate(*world(4000, squared), method="temperature", folds=2)
    assert temperature_of(found) == pytest.approx(2.0, abs=0.15)


def test_of_true_probabilities_the_temperature_is_1() -> None:
    found = calibrate(*world(4000), method="temperature", folds=2)
    assert temperature_of(found) == pytest.approx(1.0, abs=0.07)


@given(seed=st.integers(0, 10_000), count=st.integers(10, 60))
@settings(max_examples=15, deadline=None)
def test_the_temperature_is_that_of_the_smallest_log_loss(seed: int, count: int) -> None:
    decisions, labels = world(count, squared, seed=seed)
    found = temperature_of(calibrate(decisions, labels, folds=2))
    assert found == pytest.approx(by_scipy(decisions, labels), rel=1e-3)


def test_two_thirds_of_09_are_made_two_thirds() -> None:
    made = calibrate(*alternating(30)).applied({"tea": 0.9, "coffee": 0.1})
    assert made["tea"] == pytest.approx(2 / 3)


def test_where_the_numbers_tell_nothing_they_are_made_alike() -> None:
    found = calibrate(*alternating(30, right=1))
    assert found.temperature == 100.0
    assert found.applied({"tea": 0.9, "coffee": 0.1})["tea"] == pytest.approx(0.5, abs=0.01)
    assert any("the temperature is the highest there is" in remark for remark in found.remarks)


def test_where_all_choices_are_right_the_temperature_ends_at_the_lowest() -> None:
    found = calibrate([{"tea": 0.6, "coffee": 0.4}] * 20, ["tea"] * 20)
    assert found.temperature == 0.1
    assert any("the temperature is the lowest there is" in remark for remark in found.remarks)


def test_decisions_that_decide_nothing_have_the_temperature_1() -> None:
    found = calibrate([{"tea": 0.5, "coffee": 0.5}, {1: 1, 2: 1, 3: 1}] * 10, ["tea", 3] * 10)
    assert found.temperature == 1.0


def by_pooling(decisions: list[dict[str, float]], labels: list[str]) -> dict[float, float]:
    """The curve by scipy, at each stated number, with a case added at either end."""
    true: dict[float, float] = defaultdict(float)
    cases: dict[float, float] = defaultdict(float)
    for decision, label in zip(decisions, labels, strict=True):
        for name, number in decision.items():
            cases[round(max(number, FLOOR), 9)] += 1.0
            true[round(max(number, FLOOR), 9)] += float(name == label)
    numbers = sorted(cases)
    cases[numbers[0]] += 1.0
    true[numbers[0]] += 1.0
    cases[numbers[-1]] += 1.0
    shares = [true[number] / cases[number] for number in numbers]
    curve = isotonic_regression(shares, weights=[cases[number] for number in numbers]).x
    return dict(zip(numbers, curve.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(5))
def test_the_curve_is_that_of_scipy(seed: int) -> None:
    decisions, labels = world(120, squared, seed=seed)
    rounded = [{label: round(p, 2) for label, p in one.items()} for one in decisions]
    whole = [{label: p / sum(one.values()) for label, p in one.items()} for one in rounded]
    found = calibrate(rounded, labels, method="isotonic", folds=2)
    expected = by_pooling(whole, labels)
    assert found.points[0][0] == min(expected)
    assert found.points[-1][0] == max(expected)
    assert {n: expected[n] for n, _ in found.points} == pytest.approx(dict(found.points))


def shelf(probability: float) -> float:
    """Above 0.4 everything is stated as almost certain: no power of a number does that."""
    return 0.9 + 0.1 * probability if probability > 0.4 else probability * 0.3


def test_a_curve_finds_a_distortion_that_is_no_power() -> None:
    decisions, labels = world(3000, shelf, labels=("yes", "no"))
    curve = calibrate(decisions, labels, method="isotonic", folds=2)
    line = calibrate(decisions, labels, method="temperature", folds=2)
    assert curve.after.log_loss.value < line.after.log_loss.value - 0.003
    for true in (0.65, 0.75, 0.85, 0.95):
        said = {"yes": shelf(true), "no": shelf(1 - true)}
        assert curve.applied(said)["yes"] == pytest.approx(true, abs=0.1)


def test_auto_takes_the_curve_where_it_is_better_and_there_are_100_examples() -> None:
    decisions, labels = world(600, shelf, labels=("yes", "no"))
    assert calibrate(decisions, labels, folds=3).method == "isotonic"
    found = calibrate(decisions[:99], labels[:99], folds=3)
    assert (found.asked, found.method) == ("auto", "temperature")


def test_auto_takes_the_temperature_where_that_is_enough() -> None:
    assert calibrate(*world(200, squared), folds=3).method == "temperature"


def test_an_isotonic_curve_is_never_0_nor_1() -> None:
    decisions = [{"tea": 1.0, "coffee": 0.0}, {"tea": 0.0, "coffee": 1.0}] * 50
    found = calibrate(decisions, ["tea", "coffee"] * 50, method="isotonic")
    assert all(0.0 < share < 1.0 for _, share in found.points)
    assert found.applied({"tea": 1.0, "coffee": 0.0})["tea"] == pytest.approx(100 / 101, abs=1e-3)


def test_without_numpy_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(MissingExtraError, match=r"needs numpy.*\n.*\[eval\]"):
        calibrate(*alternating(30))
