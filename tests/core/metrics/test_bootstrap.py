"""Intervals of means: which percentiles of the bootstrap make them, with few rows and with many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.every import for_every
from vs_core.metrics.bootstrap import COVERED, covered_with_few


@for_every(
    # Percentiles of the normal distribution at t √(n / (n - 1)), with t from printed tables.
    ("rows", "low"),
    [(10, 0.855), (20, 1.588), (40, 2.026), (101, 2.307)],
)
def test_few_rows_make_an_interval_as_wide_as_student_has_it(rows: int, low: float) -> None:
    assert covered_with_few(rows) == pytest.approx((low, 100 - low), abs=2e-3)


def test_an_interval_that_covers_more_is_wider() -> None:
    # t of 9 degrees of freedom at the 98.75th percentile is 2.685.
    assert covered_with_few(10, 0.975)[0] == pytest.approx(0.233, abs=2e-3)


@given(st.integers(2, 10_000))
def test_more_rows_make_it_narrower_and_never_narrower_than_the_plain_one(rows: int) -> None:
    low, high = covered_with_few(rows)
    assert low < covered_with_few(rows + 1)[0] < COVERED[0]
    assert low + high == pytest.approx(100)
