"""What can be tried, how much is asked for it, and what is refused before anything is asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.core.tuning.trials import PROMPTS, settings_of
from tests.every import for_every
from vs_core.tuning import TuningSettings, forecast

MORE = tuple(f"Question {number}?" for number in range(40))


@for_every(
    ("settings", "complaint"),
    [
        ({"prompts": PROMPTS[:9]}, "9 prompts are too few"),
        ({"prompts": [*PROMPTS, PROMPTS[0]]}, "more than once: 'Question 0?'"),
        ({"prompts": [*PROMPTS, " "]}, "prompt 11 is blank"),
        ({"prompts": [*PROMPTS, "cut \ud83d"]}, "half of a surrogate pair"),
        ({"variants": []}, "at least 1"),
        ({"variants": [{"k": 5}]}, "k=5 asks just as the default does"),
        ({"variants": [{"k": 3}, {"k": 3, "layout": "xml"}]}, "asks just as k=3 does"),
        (
            {"variants": [{"instructions": "Be odd", "k": 8}, {"instructions": "Be odd, k=8"}]},
            "two variants read instructions=Be odd, k=8",
        ),
        ({"variants": [{"layout": "yaml"}]}, "layout=yaml: layout: Input should be"),
        ({"variants": [{"k": 0}]}, "k=0: k: Input should be greater than or equal to 1"),
        ({"variants": [{"method": "verbal"}]}, "method=verbal: method: Input should be"),
        ({"variants": [{"wording": "simple", "layout": "json"}]}, "does not say layout='json'"),
        (
            {"variants": [{"method": "sequence", "max_probability": 0.1}]},
            "max_probability says nothing to method='sequence'",
        ),
        ({"variants": [{"enforce_bound": True}]}, "enforce_bound=True needs a bound"),
        ({"n": 20}, "a final of 60 calls, both sides together"),
        ({"n": 20}, "take n=35, or more prompts"),
        ({"n": 8}, "n=8 is less than the largest k, 10"),
        ({"n_halving": 8}, "n_halving=8 is less than the largest k, 10"),
        ({"metric": "coverage_n"}, "there is no metric 'coverage_n' of diversity alone"),
        ({"metric": "novelty"}, "unique_fraction, distinct_1"),
        ({"value_schema": int}, "Extra inputs"),
        ({"instructions": " "}, "instructions is blank"),
    ],
)
def test_bad_settings_are_refused(settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError) as caught:
        settings_of(**settings)
    assert complaint in str(caught.value)


def test_the_usual_variants_change_one_thing_each() -> None:
    assert [v.name for v in TuningSettings(prompts=PROMPTS).variants] == [
        "k=3",
        "k=10",
        "method=cot",
        "max_probability=0.1",
        "layout=json",
        "layout=lines",
    ]


def test_a_shape_is_tried_where_the_model_is_known_to_enforce_one() -> None:
    names = [v.name for v in TuningSettings(prompts=PROMPTS, enforces_schemas=True).variants]
    assert names[-1] == "structured_output=json_schema"


def test_of_the_usual_variants_those_that_cannot_differ_or_be_asked_are_left_out() -> None:
    names = [v.name for v in TuningSettings(prompts=PROMPTS, k=10, wording="simple").variants]
    assert names == ["k=3", "method=cot", "max_probability=0.1"]


def test_settings_of_the_default_hold_for_the_variants_that_they_say_something_to() -> None:
    settings = settings_of(
        variants=[{"method": "sequence"}, {"k": 10}], max_probability=0.1, words=20
    )
    sequence, larger = (settings.exchange_settings(v) for v in settings.variants)
    assert (sequence.max_probability, sequence.words, sequence.k) == (None, 20, 5)
    assert (larger.max_probability, larger.words, larger.k) == (0.1, 20, 10)


def test_a_reply_that_cannot_be_read_is_taken_whole_so_that_its_cost_is_known() -> None:
    settings = settings_of()
    assert settings.exchange_settings(settings.default).on_failure == "whole_reply"


@for_every(
    ("prompts", "variants", "n"),
    [
        (PROMPTS, [{"k": 10}], 35),
        (PROMPTS, [{"k": 3}], 20),
        (PROMPTS, [{"layout": "json"}], 25),
        (MORE, [{"layout": "json"}], 10),
        (MORE, [{"k": 10}], 20),
        (PROMPTS, [{"k": 10}, {"k": 3}], 35),
    ],
)
def test_without_n_as_few_responses_are_asked_for_as_suffice(
    prompts: tuple[str, ...], variants: list[dict[str, int]], n: int
) -> None:
    assert settings_of(prompts=prompts, variants=variants).responses == n


def test_calls_of_both_sides_count_together_whoever_gets_to_the_final() -> None:
    settings = settings_of(variants=[{"k": 10}, {"k": 3}])
    # 7 calls of k=5 and 4 of k=10 for each of 10 prompts; with k=3 there are more.
    assert settings.least_calls(35) == 110


def test_calls_that_an_exchange_is_planned_to_take_count() -> None:
    settings = settings_of(variants=[{"method": "multi"}, {"method": "direct"}])
    assert [settings.calls(v, 10) for v in settings.variants] == [6, 10]


def test_the_last_exchange_asks_for_what_is_left() -> None:
    settings = settings_of()
    assert [e.k for e in settings.exchanges(settings.variants[0], 35)] == [10, 10, 10, 5]


def test_the_halving_asks_for_two_calls_of_the_largest_variant() -> None:
    assert settings_of(variants=[{"k": 8}, {"k": 3}]).halving_responses == 16


def test_settings_survive_json_exactly() -> None:
    settings = settings_of(variants=[{"k": 10, "max_probability": 0.1}], words=7, metric="rouge_l")
    assert TuningSettings.model_validate_json(settings.model_dump_json()) == settings


@given(
    st.integers(10, 60),
    st.sets(st.integers(1, 20).filter(lambda k: k != 5), min_size=1, max_size=7),
)
def test_the_fewest_responses_that_are_taken_are_enough_and_not_too_many(
    prompts: int, sizes: set[int]
) -> None:
    settings = TuningSettings(
        prompts=[f"Question {number}?" for number in range(prompts)],
        variants=[{"k": k} for k in sorted(sizes)],
    )
    n, largest = settings.responses, max({5, *sizes})
    assert settings.least_calls(n) >= 100
    assert n >= 2 * largest
    fewer = n - settings.k
    assert fewer < 2 * largest or settings.least_calls(fewer) < 100
    assert forecast(settings).fewest <= forecast(settings).most
