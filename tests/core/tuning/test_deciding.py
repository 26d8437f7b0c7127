"""What the final decides: by the interval of paired differences, and by what can be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.comparison.exchanges import INPUT_TOKENS, OUTPUT_TOKENS, answer
from tests.core.tuning.trials import PROMPTS, settings_of, tuned, varying
from vs_core import VerbalizedDistribution
from vs_core.adapters.comparison import Outcome
from vs_core.adapters.tuning import TrialExchange
from vs_core.comparison import Cost
from vs_core.tuning import PromptOutcome, Tuning
from vs_core.tuning.final import compared


def outcomes(shares: Sequence[float], *, readable: float = 1.0) -> list[PromptOutcome]:
    return [
        PromptOutcome(
            variant="default",
            prompt=f"Question {number}?",
            asked=100,
            usable=round(100 * readable),
            different=round(100 * share),
            diversity=share,
            cost=Cost(calls=20, output_tokens=1000),
        )
        for number, share in enumerate(shares)
    ]


def by_prompt(default: Sequence[int], tried: Sequence[int]) -> Any:
    """So many different responses by prompt, the others repeat one of them."""

    def respond(exchange: TrialExchange) -> Outcome:
        different = (default if exchange.variant == "default" else tried)[
            PROMPTS.index(exchange.prompt)
        ]
        first = exchange.number * exchange.settings.k
        numbers = range(first, first + exchange.settings.k)
        return answer(*(f"answer {n if n < different else 0}" for n in numbers))

    return respond


def decided(default: Sequence[int], tried: Sequence[int], **settings: Any) -> Tuning:
    return tuned(settings_of(**settings), by_prompt(default, tried))


def test_what_is_shown_to_be_more_diverse_is_taken() -> None:
    found = decided([10] * 10, [15, 16, 17, 18, 15, 16, 17, 18, 15, 16])
    assert (found.decision, found.chosen.changes) == ("taken", {"k": 10})
    assert found.notes[0].startswith("k=10 is taken")
    assert any("some are large by chance" in note for note in found.notes)


def test_a_difference_whose_interval_includes_0_is_none() -> None:
    found = decided([10] * 10, [25, 4, 22, 6, 24, 8, 20, 5, 19, 7])
    assert found.final is not None
    mean = found.final.difference.diversity.mean
    assert mean is not None
    assert mean > 0.1
    assert (found.decision, found.chosen.name) == ("no_difference", "default")
    assert found.notes[0] == (
        "no difference shown between k=10 and the default: the default is kept"
    )


def test_what_is_shown_to_be_less_diverse_is_not_taken() -> None:
    found = decided([20] * 10, [10] * 10)
    assert (found.decision, found.chosen.name) == ("less_diverse", "default")


def test_the_same_prompts_pair_the_sides() -> None:
    # From prompt to prompt far more differs than between the sides.
    default = [2, 5, 8, 11, 14, 17, 20, 23, 26, 29]
    found = decided(default, [number + 2 + number % 2 for number in default])
    assert found.decision == "taken"


def test_where_a_lower_value_is_more_diverse_a_lower_one_is_taken() -> None:
    def respond(exchange: TrialExchange) -> Outcome:
        shared = "" if exchange.variant == "k=10" else "the same beginning of all of them "
        return answer(*(f"{shared}{i} of {exchange.prompt}" for i in range(exchange.settings.k)))

    found = tuned(settings_of(metric="rouge_l"), respond)
    assert found.final is not None
    assert found.final.difference.diversity.high is not None
    assert found.final.difference.diversity.high < 0
    assert found.decision == "taken"


def test_more_diversity_is_not_taken_for_less_that_can_be_read() -> None:
    def respond(exchange: TrialExchange) -> Outcome:
        if exchange.variant == "default":
            return answer(*["the same"] * exchange.settings.k)
        if exchange.number == 1:
            return answer()
        return answer(*(f"{exchange.number} {i}" for i in range(exchange.settings.k)))

    found = tuned(settings_of(), respond)
    assert found.final is not None
    assert found.final.difference.diversity.low is not None
    assert found.final.difference.diversity.low > 0
    assert (found.decision, found.chosen.name) == ("less_readable", "default")
    assert found.notes[0] == (
        "k=10 is more diverse than the default, but fewer of the responses that were asked for can "
        "be used: the default is kept"
    )


def test_a_shortfall_that_is_not_shown_does_not_stand_in_the_way() -> None:
    def respond(exchange: TrialExchange) -> Outcome:
        if exchange.variant == "default":
            return answer(*["the same"] * exchange.settings.k)
        # One exchange of one prompt brings nothing.
        if (exchange.prompt, exchange.number) == (PROMPTS[0], 3):
            return answer()
        return answer(*(f"{exchange.number} {i}" for i in range(exchange.settings.k)))

    assert tuned(settings_of(), respond).decision == "taken"


def test_costs_stand_beside_diversity_with_their_intervals() -> None:
    found = decided([10] * 10, [15, 16, 17, 18, 15, 16, 17, 18, 15, 16])
    assert found.final is not None
    default, survivor = found.final.default, found.final.survivor
    # 7 calls of 5 and 4 of 10 candidates for each of 10 prompts.
    assert (default.cost.calls, survivor.cost.calls) == (70, 40)
    assert default.cost.tokens == 70 * (INPUT_TOKENS + OUTPUT_TOKENS)
    assert default.figures.tokens_per_different.mean == pytest.approx(70 * 10 / 100)
    assert survivor.figures.calls_per_different.mean == pytest.approx(40 / survivor.different)
    assert survivor.figures.calls_per_different.low is not None
    difference = found.final.difference.tokens_per_different
    assert difference.high is not None
    assert difference.high < 0


def test_tokens_that_were_not_reported_are_none() -> None:
    def respond(exchange: TrialExchange) -> VerbalizedDistribution[str]:
        found = answer(*(str(i) for i in range(exchange.settings.k)))
        unknown = {"input_tokens": None, "output_tokens": None}
        return found.model_copy(update={"trace": found.trace.model_copy(update=unknown)})

    found = tuned(settings_of(), respond)
    assert found.final is not None
    assert found.final.default.cost.tokens is None
    assert found.final.difference.tokens_per_different.mean is None
    assert found.final.difference.calls_per_different.mean is not None


def test_nothing_different_at_all_has_no_cost_for_each() -> None:
    def respond(exchange: TrialExchange) -> Outcome:
        usable = exchange.variant == "default" or exchange.prompt == PROMPTS[0]
        return answer(*"abcde"[: exchange.settings.k]) if usable else answer()

    found = tuned(settings_of(), respond)
    assert found.final is not None
    # Some bootstrap samples lack the one prompt that something came to.
    cost = found.final.survivor.figures.calls_per_different
    assert cost.mean is not None
    assert (cost.low, cost.high) == (None, None)


def test_how_small_a_difference_would_be_missed_is_said() -> None:
    found = decided([10] * 10, [15, 16, 17, 18, 15, 16, 17, 18, 15, 16])
    assert found.final is not None
    difference = found.final.difference.diversity
    assert difference.low is not None
    assert difference.high is not None
    half = (difference.high - difference.low) / 2
    [said] = [note for note in found.notes if "missed more often than seen" in note]
    assert (
        f"with 10 prompts and the 110 calls of the final, a difference below about {half:.2g}"
        in said
    )


@given(st.lists(st.floats(0.0, 1.0), min_size=10, max_size=40))
@settings(max_examples=20)
def test_a_side_against_itself_differs_by_exactly_0(shares: list[float]) -> None:
    default, survivor, difference = compared(outcomes(shares), outcomes(shares))
    assert default == survivor
    assert difference.diversity.low == difference.diversity.high == 0.0


@given(
    st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)), min_size=10, max_size=40),
    st.integers(0, 99),
)
@settings(max_examples=20)
def test_sides_that_change_places_have_the_opposite_difference(
    pairs: list[tuple[float, float]], seed: int
) -> None:
    one, other = (outcomes(shares) for shares in zip(*pairs, strict=True))
    forth = compared(one, other, seed=seed)[2].diversity
    back = compared(other, one, seed=seed)[2].diversity
    assert forth.low is not None
    assert back.high is not None
    assert forth.low == pytest.approx(-back.high, abs=1e-9)
    assert forth.low <= (forth.mean or 0.0) + 1e-12


def test_with_ten_prompts_chance_alone_lies_above_the_interval_in_one_case_of_forty() -> None:
    rng = np.random.default_rng(5)
    trials = 600
    differences = rng.normal(0.5, 0.1, (trials, 2, 10))
    taken = 0
    for default, survivor in differences:
        low = compared(outcomes(default), outcomes(survivor))[2].diversity.low
        taken += low is not None and low > 0
    # The plain percentile bootstrap takes 4 to 5 %; Student's t would be 2.5 %.
    assert taken / trials < 0.035


def test_a_final_of_equals_is_told_as_one() -> None:
    found = tuned(
        settings_of(variants=[{"layout": "json"}]), varying({"layout=json": 3, "default": 3})
    )
    assert found.decision == "no_difference"
