"""The figures of probabilities, by hand and in worlds where the truth is known."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.calibration.worlds import alternating, squared, world
from tests.every import for_every
from vs_core.calibration import Evaluation, calibrate, evaluate

Z = 1.959963984540054
DECISION = {"tea": 0.7, "coffee": 0.2, "milk": 0.1}


def intervals(found: Evaluation) -> dict[str, tuple[float, float, float]]:
    figures = {name: getattr(found, name) for name in ("accuracy", "ece", "brier", "log_loss")}
    return {name: (one.low, one.value, one.high) for name, one in figures.items()}


def test_figures_of_a_few_examples_by_hand() -> None:
    found = evaluate([DECISION] * 10, ["tea"] * 5 + ["coffee"] * 4 + ["milk"])
    assert found.accuracy.value == 0.5
    assert found.ece.value == pytest.approx(0.2)
    brier = 5 * (0.09 + 0.04 + 0.01) + 4 * (0.49 + 0.64 + 0.01) + (0.49 + 0.04 + 0.81)
    assert found.brier.value == pytest.approx(brier / 10)
    losses = -5 * math.log(0.7) - 4 * math.log(0.2) - math.log(0.1)
    assert found.log_loss.value == pytest.approx(losses / 10)


def test_the_interval_of_a_share_is_wilsons() -> None:
    found = evaluate([DECISION] * 10, ["tea"] * 8 + ["milk"] * 2)
    for share in (found.accuracy.low, found.accuracy.high, found.bins[0].low, found.bins[0].high):
        # Wilson's ends are where the share lies 1.96 standard errors away, by their own.
        assert abs(0.8 - share) == pytest.approx(Z * math.sqrt(share * (1 - share) / 10))


def test_the_worst_brier_score_is_2_and_a_stated_0_costs_no_more_than_half_a_digit() -> None:
    found = evaluate([{"tea": 1.0, "coffee": 0.0}] * 10, ["coffee"] * 10)
    assert found.brier.value == 2.0
    assert found.log_loss.value == pytest.approx(math.log(1.005 / 0.005))
    assert found.ece.value == 1.0


def test_the_best_figures_are_1_0_0_and_almost_0() -> None:
    found = evaluate([{"tea": 1.0, "coffee": 0.0}] * 10, ["tea"] * 10)
    assert (found.accuracy.value, found.ece.value, found.brier.value) == (1.0, 0.0, 0.0)
    assert found.log_loss.value == pytest.approx(math.log(1.005))


@given(seed=st.integers(0, 10_000), count=st.integers(10, 80))
@settings(max_examples=20, deadline=None)
def test_figures_lie_in_their_intervals_and_these_in_their_ranges(seed: int, count: int) -> None:
    found = evaluate(*world(count, squared, seed=seed))
    ends = {"accuracy": 1.0, "ece": 2.0, "brier": 2.0, "log_loss": math.log(1.015 / 0.005)}
    for name, (low, value, high) in intervals(found).items():
        assert 0.0 <= low <= value <= high <= ends[name], name
    assert sum(one.count for one in found.bins) == count
    assert found.ece.value == pytest.approx(
        sum(one.count * abs(one.stated - one.right) for one in found.bins) / count
    )


@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_the_order_of_the_examples_changes_no_figure(seed: int) -> None:
    decisions, labels = world(40, lambda p: round(p, 1) + 0.01, seed=seed)
    found, turned = evaluate(decisions, labels), evaluate(decisions[::-1], labels[::-1])
    for name, (_, value, _) in intervals(found).items():
        assert value == pytest.approx(intervals(turned)[name][1]), name
    assert [one.count for one in found.bins] == [one.count for one in turned.bins]


def test_equal_numbers_are_in_one_bin() -> None:
    found = evaluate([DECISION] * 500, ["tea"] * 500)
    assert [one.count for one in found.bins] == [500]
    decisions = [{"a": 0.6, "b": 0.4}] * 10 + [{"a": 0.9, "b": 0.1}] * 490
    assert [one.count for one in evaluate(decisions, ["a"] * 500).bins] == [10, 490]


def test_numbers_that_differ_by_their_normalisation_only_are_in_one_bin() -> None:
    decisions = [{"a": 0.7, "b": 0.3}, {"a": 0.07, "b": 0.03}, {"a": 2.1, "b": 0.9}] * 10
    assert len(evaluate(decisions, ["a"] * 30).bins) == 1


@for_every(("count", "bins"), [(30, 3), (120, 5), (1000, 10)])
def test_there_are_as_many_bins_of_equal_size_as_the_cube_root(count: int, bins: int) -> None:
    found = evaluate(*world(count))
    sizes = [one.count for one in found.bins]
    assert len(sizes) == bins
    assert max(sizes) - min(sizes) <= 1
    stated = [one.stated for one in found.bins]
    assert stated == sorted(stated)


def test_of_numbers_that_mean_what_they_say_the_ece_is_near_0_and_may_be_0() -> None:
    found = evaluate(*world(4000))
    assert found.ece.value < 0.03
    assert found.ece.low == 0.0
    assert found.ece.value < 3 * found.ece_if_calibrated


def test_of_few_examples_the_ece_is_above_0_by_chance_alone() -> None:
    found = evaluate(*world(40))
    assert found.ece_if_calibrated > 0.05
    assert found.ece.low == 0.0


def test_of_numbers_that_mean_what_they_say_almost_all_intervals_of_the_ece_hold_0() -> None:
    holding = [evaluate(*world(40, seed=seed)).ece.low == 0.0 for seed in range(60)]
    assert sum(holding) >= 54


def test_a_mean_has_the_interval_of_the_normal_distribution() -> None:
    found = evaluate([{"tea": 0.7, "coffee": 0.3}] * 400, ["tea", "coffee"] * 200)
    for figure, spread in ((found.brier, 0.98 - 0.18), (found.log_loss, math.log(0.7 / 0.3))):
        half = Z * spread / 2 / math.sqrt(400)
        assert figure.low == pytest.approx(figure.value - half, rel=0.01)
        assert figure.high == pytest.approx(figure.value + half, rel=0.01)


def test_of_numbers_that_are_too_large_the_ece_is_above_0() -> None:
    found = evaluate(*world(800, squared))
    assert found.ece.low > 0.05
    assert found.ece.low > 2 * found.ece_if_calibrated


def test_a_calibration_makes_the_numbers_of_others_mean_more_of_what_they_say() -> None:
    calibration = calibrate(*world(400, squared, seed=1), method="temperature", folds=2)
    others = world(800, squared, seed=2)
    stated, made = evaluate(*others), evaluate(*others, calibration=calibration)
    assert (stated.calibrated, made.calibrated) == (False, True)
    assert made.ece.high < stated.ece.low
    assert made.brier.value < stated.brier.value
    assert made.log_loss.value < stated.log_loss.value
    assert made.accuracy == stated.accuracy


def test_what_was_calibrated_before_is_measured_as_what_is_calibrated_here() -> None:
    calibration = calibrate(*world(100, squared, seed=1), folds=2, method="temperature")
    decisions, labels = world(60, squared, seed=2)
    before = evaluate([calibration.applied(one) for one in decisions], labels)
    here = evaluate(decisions, labels, calibration=calibration)
    for name, figure in intervals(before).items():
        assert figure == pytest.approx(intervals(here)[name]), name


def test_the_change_is_the_difference_of_the_figures() -> None:
    found = calibrate(*world(120, squared), folds=3)
    for name in ("accuracy", "ece", "brier", "log_loss"):
        after, before = getattr(found.after, name).value, getattr(found.before, name).value
        assert getattr(found.change, name).value == pytest.approx(after - before)


def test_the_changes_are_paired_and_so_narrower_than_the_figures() -> None:
    found = calibrate(*world(600, squared), method="temperature", folds=5)
    brier = found.change.brier
    assert brier.high < 0.0
    assert brier.high - brier.low < 0.6 * (found.after.brier.high - found.after.brier.low)


def test_a_seed_fixes_the_intervals() -> None:
    examples = world(40, squared)
    assert evaluate(*examples, seed=7) == evaluate(*examples, seed=7)
    assert evaluate(*examples, seed=7) != evaluate(*examples, seed=8)
    assert evaluate(*examples, seed=-3).brier == evaluate(*examples, seed=3).brier


def test_a_thousand_examples_of_a_hundred_labels_are_no_trouble() -> None:
    labels = [f"route {n}" for n in range(100)]
    found = evaluate(*world(1000, squared, labels=labels))
    assert found.examples == 1000


def test_remarks_are_about_the_examples() -> None:
    assert evaluate(*alternating(30)).remarks == (
        "only 30 examples: the intervals say how little that is",
    )
    assert evaluate(*world(120)).remarks == ()
