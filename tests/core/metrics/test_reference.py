"""Answers against the answers that are known to exist."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vs_core import Candidate, VerbalizedDistribution
from vs_core.metrics import coverage_n, kl_divergence, precision

COIN = ("heads", "tails")
each = pytest.mark.parametrize("metric", [coverage_n, precision, kl_divergence])
counts = st.lists(st.integers(0, 30), min_size=5, max_size=5).filter(any)
weights = st.lists(st.floats(0.1, 5.0), min_size=5, max_size=5)


def test_coverage_counts_reference_answers_that_came() -> None:
    assert coverage_n(["Heads.", "heads", "the edge"], COIN) == 0.5
    assert coverage_n(["the edge"], COIN) == 0.0
    assert coverage_n([], COIN) == 0.0


def test_precision_counts_responses_that_are_reference_answers() -> None:
    assert precision(["Heads.", "heads", "the edge", "a draw"], COIN) == 0.5
    assert precision({"tails": 3, "the edge": 1}, COIN) == 0.75
    assert precision([], COIN) is None


def test_a_distribution_counts_by_probability() -> None:
    stated = (("Heads", 0.6), ("the edge", 0.2))
    dist: VerbalizedDistribution[str] = VerbalizedDistribution(
        candidates=tuple(Candidate(value=text, stated=number) for text, number in stated)
    )
    assert precision(dist, COIN) == pytest.approx(0.75)
    assert coverage_n(dist, COIN) == 0.5


def test_answers_are_matched_as_they_are_told_to() -> None:
    given_ = ["I'd say heads", "tails it is"]
    assert coverage_n(given_, COIN, match=lambda text: text.split()[-1]) == 0.5
    assert precision(["HEADS"], COIN, match=str) == 0.0


def test_each_reference_answer_of_a_collection_counts_once() -> None:
    assert coverage_n(["heads"], ["Heads", "heads", "tails"]) == 0.5
    assert kl_divergence(["heads"], ["Heads", "heads", "tails"]) == pytest.approx(math.log(2))


def test_reference_answers_of_probability_0_are_none() -> None:
    reference = {"heads": 1.0, "tails": 1.0, "edge": 0.0}
    assert coverage_n(COIN, reference) == 1.0
    assert precision(["edge", "heads"], reference) == 0.5


@given(counts, weights)
def test_kl_over_the_observed_is_scipys(given_: list[int], known: list[float]) -> None:
    answers = {str(place): count for place, count in enumerate(given_)}
    reference = {str(place): weight for place, weight in enumerate(known)}
    total = sum(known)
    seen = [(count, weight / total) for count, weight in zip(given_, known, strict=True) if count]
    shares, expected = zip(*seen, strict=True)
    p = [share / sum(shares) for share in shares]
    value = sum(float(term) for term in stats.entropy([*p], [*expected]).flat) - math.log(
        sum(expected)
    )
    assert kl_divergence(answers, reference) == pytest.approx(max(0, value), abs=1e-8)


def test_kl_over_the_observed_adds_1e_10_and_renormalises() -> None:
    p = [(0.75 + 1e-10) / (1 + 2e-10), (0.25 + 1e-10) / (1 + 2e-10)]
    expected = sum(share * math.log(share / 0.5) for share in p)
    assert kl_divergence(["heads"] * 3 + ["tails"], COIN) == expected


def test_kl_over_the_observed_hides_what_matches_nothing() -> None:
    wrong = [f"wrong {n}" for n in range(1000)]
    assert kl_divergence([*COIN, *wrong], COIN) == pytest.approx(0.0, abs=1e-9)
    assert kl_divergence(wrong, COIN) is None


def test_the_full_kl_counts_what_matches_nothing() -> None:
    wrong = [f"wrong {n}" for n in range(1000)]
    clean = kl_divergence([*COIN] * 500, COIN, convention="full")
    mixed = kl_divergence([*COIN * 500, *wrong], COIN, convention="full")
    assert clean == pytest.approx(0.0, abs=1e-3)
    assert mixed == pytest.approx(math.log(2), abs=1e-2)
    assert kl_divergence(wrong, COIN, convention="full") is not None


@given(counts, weights)
def test_the_full_kl_is_scipys_over_all_reference_answers(
    given_: list[int], known: list[float]
) -> None:
    answers = {str(place): count for place, count in enumerate(given_)}
    reference = {str(place): weight for place, weight in enumerate(known)}
    # The sixth place is everything else: no reference answer, and never given here.
    smoothed = [count + 0.5 for count in [*given_, 0]]
    expected = stats.entropy([*known, 0.0], smoothed)
    found = kl_divergence(answers, reference, convention="full")
    assert found == pytest.approx(float(expected), abs=1e-9)


def test_the_full_kl_falls_as_more_reference_answers_come() -> None:
    reference = [str(n) for n in range(10)]
    values = [
        kl_divergence([str(n % seen) for n in range(100)], reference, convention="full") or 0.0
        for seen in range(1, 11)
    ]
    assert values == sorted(values, reverse=True)


def test_without_smoothing_an_answer_that_never_came_is_infinitely_far() -> None:
    without = {"convention": "full", "smoothing": 0.0}
    call: Callable[..., float | None] = kl_divergence
    assert call(["heads"], COIN, **without) == math.inf
    assert call(["heads", "tails"], COIN, **without) == 0.0


def test_no_responses_have_no_divergence() -> None:
    assert kl_divergence([], COIN) is None
    assert kl_divergence([], COIN, convention="full") is None


@each
@pytest.mark.parametrize("reference", [[], {}, {"heads": 0.0}])
def test_an_empty_reference_is_refused(metric: Callable[..., Any], reference: Any) -> None:
    with pytest.raises(ValueError, match="the reference has no answers"):
        metric(["heads"], reference)


@each
def test_a_reference_that_is_one_text_is_refused(metric: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="pass a list of texts"):
        metric(["heads"], "heads")


@each
def test_a_negative_probability_is_refused(metric: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="must be a number, 0 or more"):
        metric(["heads"], {"heads": 1.5, "tails": -0.5})


@pytest.mark.parametrize(
    "setting", [{"convention": "paper"}, {"convention": "full", "smoothing": -1.0}]
)
def test_a_bad_setting_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        kl_divergence(["heads"], COIN, **setting)
