"""What several calls amount to."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.decisions.asked import ANGER, INTENT, URGENT
from vs_core.adapters.decisions import pooled
from vs_core.decisions import Decision

shares = st.dictionaries(
    st.sampled_from(INTENT.labels), st.floats(0, 1, allow_subnormal=True), min_size=1
).filter(lambda numbers: any(numbers.values()))


@given(st.lists(shares, min_size=1, max_size=5))
def test_probabilities_are_one_for_each_label_and_sum_to_one(
    stated: list[dict[str, float]],
) -> None:
    decision = pooled(INTENT, stated)
    assert list(decision.probabilities) == list(INTENT.labels)
    assert math.isclose(sum(decision.probabilities.values()), 1, abs_tol=1e-9)
    assert all(0 <= p <= 1 + 1e-9 for p in decision.probabilities.values())
    assert decision.confidence > 0
    assert decision.calls == len(stated)
    assert 0 <= decision.agreement <= 1


@given(st.lists(shares, min_size=1, max_size=5))
def test_the_order_of_the_calls_does_not_matter(stated: list[dict[str, float]]) -> None:
    one, other = pooled(INTENT, stated), pooled(INTENT, stated[::-1])
    assert other.probabilities == pytest.approx(one.probabilities)
    assert other.spread == pytest.approx(one.spread)


def test_each_call_counts_the_same_however_large_its_numbers_are() -> None:
    decision = pooled(URGENT, [{"yes": 1.0, "no": 1.0}, {"yes": 0.009, "no": 0.001}])
    assert decision.probabilities["yes"] == pytest.approx(0.7)


def test_a_label_that_a_call_left_out_has_no_probability_there() -> None:
    decision = pooled(INTENT, [{"billing": 0.5, "other": 0.5}, {"billing": 1.0}])
    assert decision.probabilities == {"billing": 0.75, "technical": 0.0, "other": 0.25}
    assert decision.stated == {"billing": 0.75, "other": 0.5}


def test_numbers_that_sum_to_one_stay_as_they_were_written() -> None:
    stated = {"billing": 0.7, "technical": 0.2, "other": 0.1}
    assert pooled(INTENT, [stated]).probabilities == stated


def test_tiny_numbers_do_not_vanish() -> None:
    assert pooled(URGENT, [{"yes": 5e-324, "no": 0.0}]).probabilities == {"yes": 1.0, "no": 0.0}


def test_one_call_has_no_spread_and_agrees_with_itself() -> None:
    decision = pooled(URGENT, [{"yes": 0.9, "no": 0.1}])
    assert (decision.spread, decision.agreement) == ({}, 1.0)


def test_spread_is_the_deviation_between_the_calls() -> None:
    decision = pooled(URGENT, [{"yes": 0.9, "no": 0.1}, {"yes": 0.5, "no": 0.5}])
    deviation = math.sqrt(0.08)  # of 0.9 and 0.5 around 0.7, over n - 1
    assert decision.spread == {"yes": pytest.approx(deviation), "no": pytest.approx(deviation)}


def test_a_call_that_is_undecided_agrees_with_each_of_its_labels() -> None:
    calls = [{"yes": 0.9, "no": 0.1}, {"yes": 0.5, "no": 0.5}, {"yes": 0.2, "no": 0.8}]
    assert pooled(URGENT, calls).agreement == pytest.approx(2 / 3)


def test_of_equally_probable_labels_the_first_of_the_question_is_chosen() -> None:
    assert pooled(INTENT, [{"other": 0.5, "technical": 0.5}]).label == "technical"


def test_the_expected_level_counts_from_zero() -> None:
    assert pooled(ANGER, [{"0": 0.2, "1": 0.2, "2": 0.6}]).expected_level == pytest.approx(1.4)


def test_a_calibrated_decision_says_so_and_keeps_what_was_stated() -> None:
    class Reversed:
        def applied(self, probabilities: Mapping[str, float], /) -> dict[str, float]:
            return dict(zip(probabilities, [*probabilities.values()][::-1], strict=True))

    decision = pooled(URGENT, [{"yes": 0.9, "no": 0.1}])
    calibrated = decision.calibrated_by(Reversed())
    assert (decision.label, decision.calibrated) == ("yes", False)
    assert (calibrated.label, calibrated.calibrated) == ("no", True)
    assert calibrated.stated == decision.stated
    assert Decision.model_validate_json(calibrated.model_dump_json()) == calibrated
