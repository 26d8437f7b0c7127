"""The numbers a model states, one by one and as a set."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.values.stated import read_number, read_together

FRACTIONS = {
    "0.12": 0.12,
    ".12": 0.12,
    "0,12": 0.12,
    "12%": 0.12,
    "12 percent": 0.12,
    "12,5 %": 0.125,
    "12\\%": 0.12,
    "%12": 0.12,
    "百分之12": 0.12,
    "百分之十": 0.1,
    "百分之十二": 0.12,
    "百分之三十五": 0.35,
    "百分之一百": 1.0,
    "百分之〇": 0.0,
    "twenty-five percent": 0.25,
    "5‰": 0.005,
    "~0.3": 0.3,
    "≈ 0.3": 0.3,
    "<0.1": 0.1,
    "≤ 0.1": 0.1,
    "less than 1%": 0.01,
    "p=0.12": 0.12,
    "Probability: 0.12": 0.12,
    "Probability of response 2: 0.3": 0.3,
    "p1 = 0.2": 0.2,
    "P2 0.3": 0.3,
    "#2 0.3": 0.3,
    "response_2 0.3": 0.3,
    "1/5": 0.2,
    "1 / 5": 0.2,
    "2:1": 2 / 3,
    "1 in 20": 0.05,
    "1-in-20": 0.05,
    "about one in 20": 0.05,
    "1 out of 5": 0.2,
    "3 times in 20": 0.15,
    "7/10 (70%)": 0.7,
    "0.12/1.0": 0.12,
    "5e-2": 0.05,
    "5×10⁻²": 0.05,
    "5 x 10^-2": 0.05,
    "10^-2": 0.01,
    "½": 0.5,
    "0.05-0.1": 0.075,
    "0.1 to 0.3": 0.2,
    "0.1–0.3": 0.2,
    "between 0.1 and 0.2": 0.15,
    "5-10%": 0.075,
    "5%-10%": 0.075,
    "5～10%": 0.075,
    "0.1 ± 0.02": 0.1,
    "0.05 (5%)": 0.05,
    "5 (5%)": 0.05,
    "0.05 (top 10%)": 0.05,
    "&lt;0.1": 0.1,
    "12&#37;": 0.12,
    "０．１": 0.1,
    "１２％": 0.12,
    "٠٫١": 0.1,
    "٪١٢": 0.12,
    "०.१": 0.1,
    "\u200b0.1\u200b": 0.1,
    "\ufeff0.1": 0.1,
    "**0.12**": 0.12,
    "`0.12`": 0.12,
    "(0.12)": 0.12,
    "0.12.": 0.12,
    "100%": 1.0,
    "0": 0.0,
    "-0.0": 0.0,
    "0.0": 0.0,
}

UNUSABLE = [
    "",
    "high",
    "n/a",
    "nan",
    "NaN",
    "inf",
    "Infinity",
    "-0.1",
    "−0.1",
    "minus 0.2",
    "120%",
    "150",
    "0.5 / 0",
    "3/2",
    "1e400",
    "0.",
    "...",
    "1" * 100_000,
]


def test_a_number_is_read_as_a_fraction() -> None:
    found = {raw: read_together([raw])[0] for raw in FRACTIONS}
    assert found == pytest.approx(FRACTIONS)


def test_a_field_without_a_usable_number_is_none() -> None:
    assert [
        (raw[:20], number) for raw in UNUSABLE if (number := read_number(raw)) is not None
    ] == []


@pytest.mark.parametrize(
    ("raws", "expected"),
    [
        (["40", "60"], [0.4, 0.6]),
        (["40", "0.5"], [0.4, 0.005]),
        (["0.4", "0.6", "150"], [0.4, 0.6, None]),
        (["0.5", "12%"], [0.5, 0.12]),
        (["40", "12%", "1/5"], [0.4, 0.12, 0.2]),
        (["12"], [0.12]),
        (["1"], [1.0]),
        (["0.4", None, "high"], [0.4, None, None]),
        (["2", "-1"], [0.02, None]),
    ],
)
def test_bare_numbers_are_percentages_when_one_exceeds_one(
    raws: list[str | None], expected: list[float | None]
) -> None:
    assert read_together(raws) == pytest.approx(expected)


def test_only_numbers_without_a_unit_are_bare() -> None:
    bare = [number.bare for raw in ("0.5", "50%", "1/2") if (number := read_number(raw))]
    assert bare == [True, False, False]


def test_nll_is_taken_as_written() -> None:
    written = {"2.3": 2.3, "120": 120.0, "NLL: 12.5": 12.5, "0": 0.0, "-1": None, "inf": None}
    assert {raw: read_together([raw], "nll")[0] for raw in written} == written


def test_perplexity_is_taken_as_written_and_is_above_zero() -> None:
    written = {"1,234.5": 1234.5, "8.3": 8.3, "0": None}
    assert {raw: read_together([raw], "perplexity")[0] for raw in written} == written


@given(st.text(max_size=60) | st.from_regex(r"[~<]?-?\d{0,4}[.,]?\d{0,6} ?[%/e-]?\d{0,3}"))
def test_any_text_gives_a_fraction_or_nothing(raw: str) -> None:
    (number,) = read_together([raw])
    assert number is None or (math.isfinite(number) and 0.0 <= number <= 1.0)


@given(st.floats(min_value=0.0, max_value=1.0))
def test_what_python_writes_is_read_back(value: float) -> None:
    assert read_together([repr(value)]) == [pytest.approx(value)]
