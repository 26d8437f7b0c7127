"""From stated numbers to probabilities."""

from __future__ import annotations

import math

import pytest
from hypothesis import given

from tests.core.distributions import distributions, stating, written
from vs_core import Candidate, Trace, VerbalizedDistribution


@given(distributions)
def test_probabilities_are_finite_and_sum_to_one(d: VerbalizedDistribution[str]) -> None:
    assert all(math.isfinite(p) and p >= 0 for p in d.probabilities)
    assert not d or math.fsum(d.probabilities) == pytest.approx(1.0, abs=1e-9)


def test_stated_numbers_are_normalised() -> None:
    assert stating(a=0.3, b=0.1).probabilities == pytest.approx([0.75, 0.25])


def test_a_missing_number_gets_the_mean_of_the_others() -> None:
    assert stating(a=0.3, b=0.1, c=None).probabilities == pytest.approx([0.5, 1 / 6, 1 / 3])


def test_a_missing_number_is_recorded() -> None:
    assert stating(a=0.3, c=None).trace.fallbacks == (
        "a candidate without a usable number was given the mean weight of the others",
    )


def test_without_any_number_the_distribution_is_uniform() -> None:
    assert stating(a=None, b=None).probabilities == [0.5, 0.5]


def test_without_any_number_the_uniformity_is_recorded() -> None:
    assert "uniform" in stating(a=None, b=None).trace.fallbacks[0]


def test_a_baseline_has_no_fallback_to_record() -> None:
    assert written(None, None, method="sequence").trace.fallbacks == ()


def test_all_zero_is_uniform() -> None:
    assert stating(a=0.0, b=0.0).probabilities == [0.5, 0.5]


def test_all_zero_is_recorded() -> None:
    assert "zero" in stating(a=0.0, b=0.0).trace.fallbacks[0]


def test_zero_beside_others_is_a_usable_number() -> None:
    assert stating(a=0.0, b=0.2).probabilities == [0.0, 1.0]


def test_bare_numbers_above_one_make_all_of_them_percentages() -> None:
    assert [c.stated for c in written("30", "0.5")] == pytest.approx([0.3, 0.005])


def test_the_percentage_rule_waits_for_the_sum_of_chunks() -> None:
    together = written("0.5") + written("30")
    assert [c.stated for c in together] == pytest.approx([0.005, 0.3])


def test_reading_a_chunk_early_changes_nothing_in_the_sum() -> None:
    first, second = written("0.5"), written("30")
    assert first.probabilities == [1.0]
    assert (first + second) == (written("0.5") + written("30"))


def test_each_reply_is_read_by_itself() -> None:
    fractions = written("0.5")
    percentages: VerbalizedDistribution[str] = VerbalizedDistribution(
        candidates=(Candidate(value="later", raw_probability="30", turn=1),)
    )
    assert [c.stated for c in fractions + percentages] == [0.5, 0.3]


def test_nll_weighs_by_its_exponential() -> None:
    d = written("1", "2", definition="nll")
    assert d.probabilities == pytest.approx([1 / (1 + math.exp(-1)), 1 / (1 + math.e)])


def test_nll_of_long_texts_does_not_underflow() -> None:
    assert written("2000", "2001", definition="nll").probabilities == pytest.approx(
        [1 / (1 + math.exp(-1)), 1 / (1 + math.e)]
    )


def test_nll_keeps_the_number_as_written() -> None:
    assert written("12.5", definition="nll")[0].stated == 12.5


def test_perplexity_weighs_by_its_inverse() -> None:
    d = written("2", "6", definition="perplexity")
    assert d.probabilities == pytest.approx([0.75, 0.25])


def test_a_perplexity_of_zero_is_no_usable_number() -> None:
    d: VerbalizedDistribution[str] = VerbalizedDistribution(
        candidates=(Candidate(value="a", stated=0.0), Candidate(value="b", stated=2.0)),
        trace=Trace(definition="perplexity"),
    )
    assert d.probabilities == [0.5, 0.5]


def test_a_huge_weight_does_not_overflow() -> None:
    d = stating(a=0.1, b=0.1).reweight(lambda _: 1.7e308)
    assert d.probabilities == [0.5, 0.5]


def test_a_candidate_written_by_hand_keeps_its_probability() -> None:
    d: VerbalizedDistribution[str] = VerbalizedDistribution(
        candidates=(Candidate(value="a", probability=0.7), Candidate(value="b", probability=0.3))
    )
    assert d.probabilities == pytest.approx([0.7, 0.3])


def test_distributions_of_different_definitions_add_by_their_weights() -> None:
    nll = written("1.0", definition="nll")
    explicit = written("0.5", definition="explicit")
    expected = [math.exp(-1) / (math.exp(-1) + 0.5), 0.5 / (math.exp(-1) + 0.5)]
    assert (nll + explicit).probabilities == pytest.approx(expected)


def test_adding_traces_sums_cost() -> None:
    total = Trace(calls=1, input_tokens=5) + Trace(calls=2, input_tokens=7, output_tokens=1)
    assert (total.calls, total.input_tokens, total.output_tokens) == (3, 12, 1)
