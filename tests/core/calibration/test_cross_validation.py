"""The figures after a calibration are those of examples that no map was fitted to."""

from __future__ import annotations

import random

import pytest

from tests.core.calibration.worlds import alternating, squared, world
from vs_core.calibration import calibrate, evaluate


def noise(count: int, seed: int = 1) -> tuple[list[dict[str, float]], list[str]]:
    """Numbers that have nothing to do with the labels."""
    rng = random.Random(seed)
    numbers = [0.5 + rng.random() / 2 for _ in range(count)]
    return [{"a": n, "b": 1 - n} for n in numbers], [rng.choice("ab") for _ in range(count)]


def test_a_curve_is_better_on_its_own_examples_than_the_figures_after_it_say() -> None:
    decisions, labels = noise(150)
    found = calibrate(decisions, labels, method="isotonic")
    own = evaluate(decisions, labels, calibration=found)
    assert own.brier.value < found.after.brier.value - 0.01
    assert own.log_loss.value < found.after.log_loss.value - 0.01


def test_the_figures_after_are_those_of_fresh_examples() -> None:
    decisions, labels = noise(150)
    found = calibrate(decisions, labels, method="isotonic")
    fresh = evaluate(*noise(4000, seed=2), calibration=found)
    assert abs(found.after.brier.value - fresh.brier.value) < 0.03


def test_with_as_many_folds_as_examples_each_is_left_out_alone() -> None:
    decisions, labels = world(20, squared)
    found = calibrate(decisions, labels, folds=20)
    losses = []
    for place in range(20):
        others = calibrate(
            decisions[:place] + decisions[place + 1 :], labels[:place] + labels[place + 1 :]
        )
        made = others.applied(decisions[place])
        losses.append(sum((p - (name == labels[place])) ** 2 for name, p in made.items()))
    assert abs(found.after.brier.value - sum(losses) / 20) < 1e-9


def test_what_a_fold_has_of_right_ones_is_no_error_of_the_numbers() -> None:
    # All say 0.9, and two thirds are right. A map of nine folds is the lower, the more of the tenth
    # are right: bins by such numbers would show shares of 100 % and of 33 %.
    found = calibrate(*alternating(30))
    (one,) = found.after.bins
    assert one.stated == pytest.approx(one.right, abs=0.01)
    assert found.after.ece.value < 0.01


def test_the_map_is_fitted_to_all_examples() -> None:
    examples = world(60, squared)
    few, many = calibrate(*examples, folds=2), calibrate(*examples, folds=20)
    assert few.temperature == many.temperature
    assert few.after != many.after


def test_the_choice_of_auto_is_made_without_the_examples_that_are_measured() -> None:
    decisions, labels = world(120, squared)
    curves = {
        method: calibrate(decisions, labels, method=method, folds=4).after.brier.value
        for method in ("auto", "temperature", "isotonic")
    }
    low, high = sorted([curves["temperature"], curves["isotonic"]])
    assert low - 0.02 <= curves["auto"] <= high + 0.02


def test_a_seed_fixes_the_folds() -> None:
    examples = world(60, squared)
    one, again, other = (calibrate(*examples, seed=seed).after.brier.value for seed in (1, 1, 2))
    assert one == again
    assert one != other
