"""How spread out the answers are."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vs_core import Candidate, VerbalizedDistribution
from vs_core.metrics import effective_size, entropy, expected_distinct

counts = st.lists(st.integers(1, 50), min_size=1, max_size=12)


@given(counts)
def test_entropy_is_scipys(numbers: list[int]) -> None:
    assert entropy(numbers) == pytest.approx(stats.entropy(numbers), abs=1e-12)


@given(counts)
def test_texts_and_their_counts_have_the_same_entropy(numbers: list[int]) -> None:
    texts = [f"answer {place}" for place, count in enumerate(numbers) for _ in range(count)]
    by_text = {f"Answer {place}.": count for place, count in enumerate(numbers)}
    assert entropy(texts) == pytest.approx(entropy(by_text))
    assert entropy(by_text) == pytest.approx(entropy(numbers))


def test_entropy_of_a_distribution_follows_its_probabilities() -> None:
    stated = (("Heads", 0.5), ("heads.", 0.25), ("tails", 0.25))
    dist: VerbalizedDistribution[str] = VerbalizedDistribution(
        candidates=tuple(Candidate(value=text, stated=number) for text, number in stated)
    )
    assert entropy(dist) == pytest.approx(-0.75 * math.log(0.75) - 0.25 * math.log(0.25))
    assert entropy(dist, match=str) == pytest.approx(dist.entropy())


def test_effective_size_of_equally_frequent_answers_is_their_number() -> None:
    assert effective_size(["a", "b", "c"] * 5) == pytest.approx(3.0)
    assert effective_size(["a"] * 5) == 1.0


def test_answers_that_were_not_given_do_not_count() -> None:
    assert effective_size({"a": 2, "b": 2, "c": 0}) == pytest.approx(2.0)


@pytest.mark.parametrize("nothing", [[], {}, {"a": 0}, VerbalizedDistribution()])
def test_nothing_given_has_no_entropy(nothing: Any) -> None:
    assert entropy(nothing) is None
    assert effective_size(nothing) is None
    assert expected_distinct(nothing, 5) == 0.0


@given(counts, st.integers(0, 30))
def test_expected_distinct_by_its_formula(numbers: list[int], n: int) -> None:
    total = sum(numbers)
    expected = sum(1 - (1 - count / total) ** n for count in numbers)
    assert expected_distinct(numbers, n) == pytest.approx(expected)


def test_expected_distinct_is_what_draws_give_on_average() -> None:
    weights, rng = [0.6, 0.3, 0.1], random.Random(0)
    seen = [len(set(rng.choices(range(3), weights, k=4))) for _ in range(20000)]
    assert expected_distinct(weights, 4) == pytest.approx(sum(seen) / len(seen), abs=0.02)


def test_a_tiny_probability_is_not_lost() -> None:
    assert expected_distinct([1.0, 1e-20], 10**6) == pytest.approx(1 + 1e-14, abs=1e-16)
    assert expected_distinct([1.0, 1e-20], 10**20) == pytest.approx(2 - math.exp(-1))


@pytest.mark.parametrize("bad", [[1, -1], {"a": math.nan}, [math.inf], {"a": "two"}, [1, "a"]])
def test_counts_that_are_none_are_refused(bad: Any) -> None:
    with pytest.raises(ValueError, match="must be a number, 0 or more"):
        entropy(bad)


def test_a_negative_number_of_draws_is_refused() -> None:
    with pytest.raises(ValueError, match="n=-1: must be 0 or more"):
        expected_distinct(["a"], -1)
