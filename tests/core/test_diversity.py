"""Maximal marginal relevance."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.adapters import most_diverse

EAST, NORTH, NORTH_EAST = [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]
numbers = st.floats(-1e308, 1e308)


def test_the_most_probable_goes_first() -> None:
    assert most_diverse([0.2, 0.5, 0.3], [EAST, NORTH, NORTH_EAST], n=1) == [1]


def test_a_likeness_is_passed_over_for_something_less_probable() -> None:
    assert most_diverse([0.5, 0.4, 0.1], [EAST, EAST, NORTH], n=2) == [0, 2]


def test_a_trade_off_of_one_ignores_the_vectors() -> None:
    assert most_diverse([0.5, 0.4, 0.1], [EAST, EAST, NORTH], n=2, trade_off=1.0) == [0, 1]


def test_a_trade_off_of_zero_ignores_the_probabilities_once_one_is_chosen() -> None:
    chosen = most_diverse([0.6, 0.39, 0.01], [EAST, NORTH_EAST, NORTH], n=2, trade_off=0.0)
    assert chosen == [0, 2]


def test_the_choice_follows_the_formula() -> None:
    # After 0: for 1 it is 0.7 * 0.8 - 0.3 * cos 45 deg = 0.348, for 2 it is 0.7 * 0.4 = 0.28.
    vectors = [EAST, NORTH_EAST, NORTH]
    assert most_diverse([0.5, 0.4, 0.2], vectors, n=2, trade_off=0.7) == [0, 1]
    # With 0.6: 0.6 * 0.8 - 0.4 * cos 45 deg = 0.197 and 0.6 * 0.4 = 0.24.
    assert most_diverse([0.5, 0.4, 0.2], vectors, n=2, trade_off=0.6) == [0, 2]


def test_likeness_to_the_nearest_chosen_counts() -> None:
    # 2 is as far from 0 as 3 is, but equal to 1.
    chosen = most_diverse([0.4, 0.3, 0.2, 0.1], [EAST, NORTH, NORTH, [0.0, -1.0]], n=3)
    assert chosen == [0, 1, 3]


def test_the_opposite_is_preferred_to_the_unrelated() -> None:
    chosen = most_diverse([0.5, 0.25, 0.25], [EAST, NORTH, [-1.0, 0.0]], n=2, trade_off=0.0)
    assert chosen == [0, 2]


def test_only_the_direction_of_a_vector_counts() -> None:
    near = most_diverse([0.5, 0.3, 0.2], [EAST, NORTH_EAST, NORTH], n=2)
    far = most_diverse([0.5, 0.3, 0.2], [[1e300, 0.0], [1e-300, 1e-300], [0.0, 7.0]], n=2)
    assert near == far


def test_a_vector_of_zeros_is_unlike_any_other() -> None:
    assert most_diverse([0.5, 0.4, 0.1], [EAST, EAST, [0.0, 0.0]], n=2) == [0, 2]


def test_vectors_of_zeros_only_leave_the_order_of_probabilities() -> None:
    assert most_diverse([0.2, 0.5, 0.3], [[0.0]] * 3, n=3) == [1, 2, 0]


def test_ties_go_to_the_more_probable_then_to_the_earlier() -> None:
    assert most_diverse([0.2, 0.3, 0.3], [EAST] * 3, n=3, trade_off=0.0) == [1, 2, 0]


def test_rounding_breaks_no_tie() -> None:
    # The directions of both are the same, but come out different in their last digits.
    up, thirds, sevenths = [0.0, 0.0, 1.0], [1 / 3, 1 / 3, 0.1], [1 / 7, 1 / 7, 0.3 / 7]
    for vectors in ([up, thirds, sevenths], [up, sevenths, thirds]):
        assert most_diverse([0.5, 0.25, 0.25], vectors, n=2)[1] == 1


def test_more_than_there_are_chooses_all() -> None:
    assert most_diverse([0.6, 0.4], [EAST, NORTH], n=9) == [0, 1]


def test_nothing_is_chosen_from_nothing() -> None:
    assert most_diverse([], [], n=3) == []


def test_none_are_chosen_if_none_are_asked_for() -> None:
    assert most_diverse([1.0], [EAST], n=0) == []


def test_probabilities_of_zero_are_all_equally_relevant() -> None:
    assert most_diverse([0.0, 0.0, 0.0], [EAST, EAST, NORTH], n=2) == [0, 2]


@pytest.mark.parametrize(
    ("vectors", "says"),
    [
        ([EAST], "1 vectors were given for 2 candidates"),
        ([EAST] * 3, "3 vectors were given for 2 candidates"),
        ([EAST, [1.0, 0.0, 0.0]], r"different lengths \(2, 3\)"),
        ([EAST, [math.nan, 0.0]], "vector 1 holds a number that is not finite"),
        ([[math.inf, 0.0], EAST], "vector 0 holds a number that is not finite"),
    ],
)
def test_unusable_vectors_are_refused(vectors: list[list[float]], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        most_diverse([0.5, 0.5], vectors, n=1)


@pytest.mark.parametrize("trade_off", [-0.1, 1.1, math.nan])
def test_a_trade_off_beyond_its_bounds_is_refused(trade_off: float) -> None:
    with pytest.raises(ValueError, match="trade_off"):
        most_diverse([1.0], [EAST], n=1, trade_off=trade_off)


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="n=-1"):
        most_diverse([1.0], [EAST], n=-1)


@given(
    st.lists(st.tuples(st.floats(0, 1), numbers, numbers), max_size=8),
    st.integers(0, 9),
    st.floats(0, 1),
)
def test_any_choice_is_of_different_candidates(
    drawn: list[tuple[float, float, float]], n: int, trade_off: float
) -> None:
    chosen = most_diverse([p for p, *_ in drawn], [v for _, *v in drawn], n, trade_off)
    assert len(chosen) == len(set(chosen)) == min(n, len(drawn))


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=6), st.floats(0, 1))
def test_choosing_fewer_chooses_the_first_of_more(
    vectors: list[tuple[float, float]], trade_off: float
) -> None:
    probabilities = [1.0 / (position + 1) for position in range(len(vectors))]
    orders = [most_diverse(probabilities, vectors, n, trade_off) for n in range(len(vectors) + 1)]
    assert all(more[: len(fewer)] == fewer for fewer, more in combinations(orders, 2))
