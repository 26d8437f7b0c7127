"""What a calibration makes of the numbers of one decision."""

from __future__ import annotations

import functools
import math
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.calibration.worlds import alternating, squared, world
from tests.every import for_every
from vs_core.calibration import Calibration, CalibrationMethod, calibrate

ROOT = Path(__file__).parents[3]
NUMBERS = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12).filter(any)
METHODS: tuple[CalibrationMethod, ...] = ("temperature", "isotonic")


@functools.cache
def fitted(method: CalibrationMethod) -> Calibration:
    return calibrate(*world(150, squared), method=method, folds=2)


def of_temperature(temperature: float) -> Calibration:
    return fitted("temperature").model_copy(update={"temperature": temperature})


def shares(numbers: list[float]) -> list[float]:
    return [number / math.fsum(numbers) for number in numbers]


def applied(calibration: Calibration, numbers: list[float]) -> list[float]:
    return list(calibration.applied(dict(enumerate(numbers))).values())


@given(numbers=NUMBERS, method=st.sampled_from(METHODS))
def test_they_sum_to_1_and_none_is_0(numbers: list[float], method: CalibrationMethod) -> None:
    made = applied(fitted(method), numbers)
    assert math.fsum(made) == pytest.approx(1.0)
    assert all(0.0 < number <= 1.0 for number in made)


@given(numbers=NUMBERS, method=st.sampled_from(METHODS))
def test_the_order_stays_and_so_does_the_choice(
    numbers: list[float], method: CalibrationMethod
) -> None:
    pairs = sorted(zip(shares(numbers), applied(fitted(method), numbers), strict=True))
    for (stated, made), (larger, more) in pairwise(pairs):
        assert made <= more + 1e-12
        if larger > 0.005 and larger - stated > 1e-6:
            assert made < more


@given(numbers=st.lists(st.floats(0.01, 1.0), min_size=2, max_size=12))
def test_the_temperature_1_leaves_what_is_above_the_floor(numbers: list[float]) -> None:
    stated = shares(numbers)
    made = applied(of_temperature(1.0), numbers)
    if min(stated) >= 0.005:
        assert made == pytest.approx(stated)
    raised = shares([max(number, 0.005) for number in stated])
    assert made == pytest.approx(raised)


@given(count=st.integers(1, 300), method=st.sampled_from(METHODS))
def test_numbers_that_are_alike_stay_alike(count: int, method: CalibrationMethod) -> None:
    made = applied(fitted(method), [0.3] * count)
    assert set(made) == {made[0]}
    assert made[0] == pytest.approx(1 / count)


@for_every("method", METHODS)
def test_a_single_label_has_all(method: CalibrationMethod) -> None:
    assert fitted(method).applied({"tea": 0.4}) == {"tea": 1.0}


@for_every("method", METHODS)
def test_labels_stay_as_and_where_they_were(method: CalibrationMethod) -> None:
    made = fitted(method).applied({True: 0.2, "b": 0.7, None: 0.1})
    assert list(made) == [True, "b", None]


def test_a_temperature_is_a_power() -> None:
    assert of_temperature(2.0).applied({"a": 0.8, "b": 0.2}) == pytest.approx(
        {"a": 2 / 3, "b": 1 / 3}
    )


def test_a_stated_0_counts_as_half_of_the_last_digit() -> None:
    of_0, of_half = ({"a": 1.0, "b": number / (1 - number)} for number in (0.0, 0.005))
    made = of_temperature(1.0).applied(of_0)
    assert made["b"] == pytest.approx(0.005 / 1.005)
    assert made["b"] == pytest.approx(of_temperature(1.0).applied(of_half)["b"], rel=0.01)


def test_among_hundreds_of_labels_even_shares_are_no_floor() -> None:
    made = applied(of_temperature(1.0), [2.0, 1.0, *[1.0] * 998])
    assert made[0] == pytest.approx(2 * made[1])


def test_labels_that_the_curve_makes_alike_keep_their_order() -> None:
    level = fitted("isotonic").model_copy(update={"points": ((0.1, 0.5), (0.9, 0.5))})
    first, second = applied(level, [0.6, 0.4])
    assert first > second
    assert (first, second) == pytest.approx((0.5, 0.5), abs=1e-5)


def test_between_the_points_the_curve_is_straight_and_outside_level() -> None:
    curve = fitted("isotonic").model_copy(update={"points": ((0.2, 0.1), (0.6, 0.3))})
    # 0.1 counts as 0.2, 0.4 is half-way, 0.5 three quarters.
    assert applied(curve, [0.1, 0.4, 0.5]) == pytest.approx(shares([0.1, 0.2, 0.25]), abs=1e-5)


@for_every("numbers", [{}, {"a": 0.0}, {"a": -1.0, "b": 2.0}, {"a": math.nan}, {"a": "0.2"}])
def test_what_are_no_probabilities_is_refused(numbers: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="the decision has"):
        fitted("temperature").applied(numbers)


def test_applying_loads_no_library(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    calibrate(*alternating(30)).save(path)
    code = (
        "import sys; from vs_core.calibration import Calibration;"
        f"print(Calibration.load({str(path)!r}).applied({{'a': 0.9, 'b': 0.1}}));"
        "print('numpy' in sys.modules)"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert printed.splitlines()[1] == "False"
