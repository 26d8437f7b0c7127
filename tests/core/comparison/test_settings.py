"""What can be compared, and what is refused before anything is asked."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from tests.core.comparison.exchanges import COIN, DIE, settings_of
from vs_core import Method
from vs_core.comparison import ComparisonSettings


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"prompts": []}, "at least 1"),
        ({"prompts": ""}, "prompt 1 is blank"),
        ({"prompts": [COIN, " "]}, "prompt 2 is blank"),
        ({"prompts": [COIN, "cut \ud83d"]}, "half of a surrogate pair"),
        ({"reference": {"cut \ud83d": 1}}, "half of a surrogate pair"),
        ({"instructions": "cut \ud83d"}, "half of a surrogate pair"),
        ({"prompts": [COIN, DIE, COIN]}, "more than once: 'Flip a coin.'"),
        ({"prompts": [COIN, 3]}, "valid string"),
        ({"methods": []}, "at least 1"),
        ({"methods": ["direct", "direct"]}, "more than once: 'direct'"),
        ({"methods": ["verbal"]}, "'standard', 'cot'"),
        ({"n": 0}, "greater than or equal to 1"),
        ({"k": 0}, "greater than or equal to 1"),
        ({"max_probability": 1.5}, "less than or equal to 1"),
        ({"instructions": " "}, "instructions is blank"),
        ({"value_schema": int}, "Extra inputs"),
        ({"reference": {DIE: {"6": 1.0}}}, "not asked: ['Roll a die.']"),
        ({"reference": {"heads": 0.0}}, "no answer with a probability above 0"),
        ({"reference": {"heads": -1.0}}, "greater than or equal to 0"),
        ({"reference": "heads"}, "valid dictionary"),
        ({"reference": [1, 2]}, "valid dictionary"),
    ],
)
def test_bad_settings_are_refused(settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ComparisonSettings(**{"prompts": COIN, **settings})
    assert complaint in str(caught.value)


def test_prompts_may_come_from_a_generator() -> None:
    prompts: Any = (prompt for prompt in (COIN, DIE))
    assert settings_of(prompts, reference=["6"]).prompts == (COIN, DIE)


@pytest.mark.parametrize(
    "reference",
    [
        ["heads", "tails"],
        {"heads": 1, "tails": 1},
        {"heads": 0.5, "tails": 0.5},
        {"heads": 1e308, "tails": 1e308},
        {"heads": 5e-324, "tails": 5e-324},
        {COIN: ["heads", "tails"], DIE: {"heads": 3, "tails": 3}},
    ],
)
def test_a_reference_is_normalised_for_each_prompt(reference: Any) -> None:
    shares = {"heads": 0.5, "tails": 0.5}
    assert settings_of([COIN, DIE], reference=reference).reference == {COIN: shares, DIE: shares}


def test_a_prompt_may_have_no_reference() -> None:
    assert settings_of([COIN, DIE], reference={DIE: ["6"]}).reference == {DIE: {"6": 1.0}}


def test_settings_survive_json_exactly() -> None:
    weights = {str(side): 0.1 * side for side in range(1, 8)}
    settings = settings_of([COIN, DIE], reference=weights, max_probability=0.1, metrics=["rouge_l"])
    assert ComparisonSettings.model_validate_json(settings.model_dump_json()) == settings


@pytest.mark.parametrize("method", get_args(Method))
def test_each_method_takes_the_settings_that_mean_something_to_it(method: Method) -> None:
    settings = settings_of(
        methods=[method],
        max_probability=0.1,
        definition="nll",
        layout="json",
        words=20,
        structured_output="function_calling",
    )
    asked = settings.exchange_settings(method, 3)
    verbalized = method in {"standard", "cot", "multi"}
    assert (asked.method, asked.k, asked.words) == (method, 3, 20)
    assert (asked.max_probability, asked.definition) == (
        (0.1, "nll") if verbalized else (None,) * 2
    )
    assert asked.structured_output == (None if method == "direct" else "function_calling")
