"""The bootstrap interval of a mean over prompts."""

from __future__ import annotations

import math

import pytest

from vs_core.comparison import Estimate, estimate


def test_no_value_has_no_mean() -> None:
    assert estimate([]) == Estimate()


def test_one_value_has_a_mean_and_no_interval() -> None:
    assert estimate([0.4]) == Estimate(mean=0.4)


def test_equal_values_have_an_interval_without_width() -> None:
    found = estimate([0.4, 0.4, 0.4])
    assert (found.low, found.high) == pytest.approx((0.4, 0.4))


def test_the_mean_lies_within_the_interval_in_spite_of_rounding() -> None:
    # Added up one by one, seven times 0.4 gives less, and seven times 0.7 more, than the product.
    for value in (0.4, 0.7):
        found = estimate([value] * 7)
        assert found.low is not None
        assert found.mean is not None
        assert found.high is not None
        assert found.low <= found.mean <= found.high


def test_two_values_span_the_interval() -> None:
    # A resample has the mean 0 with probability 1/4, 1/2 with 1/2, and 1 with 1/4.
    assert estimate([0.0, 1.0]) == Estimate(mean=0.5, low=0.0, high=1.0)


def test_four_values_have_the_interval_of_all_their_resamples() -> None:
    # Of the 256 resamples of 0, 1, 2, 3, those with a sum of 0 to 12 are 1, 4, 10, 20, 31, 40, 44
    # and so on in reverse: 5 of 256 (2.0 %) have a sum below 2, 15 (5.9 %) one below 3.
    assert estimate([0.0, 1.0, 2.0, 3.0]) == Estimate(mean=1.5, low=0.5, high=2.5)


def test_many_values_have_the_interval_of_the_normal_distribution() -> None:
    values = [float(i) for i in range(400)]
    found = estimate(values, seed=5)
    half = 1.96 * math.sqrt((400**2 - 1) / 12 / 400)
    assert found.low == pytest.approx(199.5 - half, abs=1.0)
    assert found.high == pytest.approx(199.5 + half, abs=1.0)


def test_a_seed_fixes_the_interval() -> None:
    values = [math.sin(i) for i in range(20)]
    assert estimate(values, seed=7) == estimate(values, seed=7)
    assert estimate(values, seed=7) != estimate(values, seed=8)


def test_a_negative_seed_will_do() -> None:
    assert estimate([0.0, 1.0], seed=-3).low == 0.0


def test_equally_many_values_get_the_same_draws() -> None:
    values = [math.sin(i) for i in range(20)]
    plain, shifted = estimate(values), estimate([value + 1.0 for value in values])
    assert plain.low is not None
    assert shifted.low == pytest.approx(plain.low + 1.0)
