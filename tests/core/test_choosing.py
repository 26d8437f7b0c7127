"""Drawing from a distribution."""

from __future__ import annotations

import random
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.distributions import distributions, stating
from vs_core import EmptyDistributionError, SampleSizeError, VerbalizedDistribution

DRAWS = 4000


def chi_square(observed: Counter[str], expected: dict[str, float]) -> float:
    """Pearson's statistic for counts against probabilities."""
    total = sum(observed.values())
    return sum((observed[key] - total * p) ** 2 / (total * p) for key, p in expected.items())


def test_best_is_the_most_probable() -> None:
    assert stating(a=0.1, b=0.3, c=0.2).best().text == "b"


def test_the_first_of_equals_is_best() -> None:
    assert stating(a=0.1, b=0.3, c=0.3).best().text == "b"


def test_frequencies_of_draws_match_the_probabilities() -> None:
    d = stating(a=0.5, b=0.3, c=0.15, d=0.05)
    drawn = Counter(d.sample(seed=seed).text for seed in range(DRAWS))
    # 16.27 is the 99.9 % quantile of chi-square with 3 degrees of freedom.
    assert chi_square(drawn, dict(zip(d.texts, d.probabilities, strict=True))) < 16.27


def test_pairs_without_replacement_have_the_probabilities_of_successive_draws() -> None:
    weights = {"a": 0.5, "b": 0.3, "c": 0.2}
    expected = {
        first + second: weights[first] * weights[second] / (1 - weights[first])
        for first, second in permutations(weights, 2)
    }
    d = stating(**weights)
    drawn = Counter(
        "".join(candidate.text for candidate in d.sample_many(2, seed=seed))
        for seed in range(DRAWS)
    )
    # 20.52 is the 99.9 % quantile of chi-square with 5 degrees of freedom.
    assert chi_square(drawn, expected) < 20.52


def test_a_uniform_draw_ignores_the_probabilities() -> None:
    d = stating(a=0.98, b=0.01, c=0.01)
    drawn = Counter(d.sample(seed=seed, uniform=True).text for seed in range(DRAWS))
    assert chi_square(drawn, dict.fromkeys("abc", 1 / 3)) < 13.82


def test_temperature_tempers_the_draw() -> None:
    d = stating(a=0.8, b=0.2)
    tempered = d.temper(2.0)
    drawn = Counter(d.sample(seed=seed, temperature=2.0).text for seed in range(DRAWS))
    assert chi_square(drawn, dict(zip("ab", tempered.probabilities, strict=True))) < 10.83


@given(distributions, st.integers())
def test_a_seed_repeats_the_draw(d: VerbalizedDistribution[str], seed: int) -> None:
    if d:
        assert d.sample(seed=seed) == d.sample(seed=seed)


def test_without_a_seed_draws_differ() -> None:
    d = stating(a=0.5, b=0.5)
    assert len({d.sample().text for _ in range(200)}) == 2


def test_a_generator_is_advanced_by_the_draw() -> None:
    d, rng = stating(a=0.5, b=0.5), random.Random(3)
    assert len({d.sample(rng=rng).text for _ in range(50)}) == 2


def test_a_seed_and_a_generator_together_are_refused() -> None:
    with pytest.raises(ValueError, match="seed=1 and rng"):
        stating(a=0.5).sample(seed=1, rng=random.Random(1))


@given(distributions, st.integers())
def test_draws_without_replacement_are_all_different(
    d: VerbalizedDistribution[str], seed: int
) -> None:
    support = sum(p > 0 for p in d.probabilities)
    if d:
        drawn = d.sample_many(support, seed=seed)
        assert len({id(candidate) for candidate in drawn}) == support


def test_more_draws_than_candidates_are_refused() -> None:
    with pytest.raises(SampleSizeError, match=r"cannot draw 3 candidates .* from 2"):
        stating(a=0.1, b=0.2, c=0.0).sample_many(3)


def test_more_draws_than_candidates_are_fine_with_replacement() -> None:
    assert len(stating(a=0.1, b=0.2).sample_many(10, replace=True)) == 10


def test_no_draws_give_nothing() -> None:
    assert stating(a=0.1).sample_many(0) == []


def test_a_negative_number_of_draws_is_refused() -> None:
    with pytest.raises(ValueError, match="n=-1"):
        stating(a=0.1).sample_many(-1)


def test_a_candidate_of_probability_zero_is_never_drawn() -> None:
    d = stating(a=0.0, b=0.2)
    assert {d.sample(seed=seed).text for seed in range(200)} == {"b"}


@pytest.mark.parametrize("choose", ["best", "sample"])
def test_an_empty_distribution_has_nothing_to_choose(choose: str) -> None:
    with pytest.raises(EmptyDistributionError, match=choose):
        getattr(VerbalizedDistribution(), choose)()


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_temperature_is_refused(temperature: float) -> None:
    with pytest.raises(ValueError, match="temperature="):
        stating(a=0.5).sample(temperature=temperature)
