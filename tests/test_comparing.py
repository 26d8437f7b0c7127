"""`compare` and `acompare` of both frameworks show and cost the same, and fail alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

import langchain_vs
import llamaindex_vs
from tests.comparing import COFFEE, TEA, Respondent
from tests.every import for_every
from tests.lc.models import INPUT_TOKENS, OUTPUT_TOKENS
from tests.lc.test_comparison import model_of as lc_model_of
from tests.li.test_comparison import model_of as li_model_of
from tests.scenarios import ModelDownError
from vs_core import Method
from vs_core.comparison import Comparison
from vs_core.simulation import SIMULATION_NOTICE


@dataclass(frozen=True)
class Way:
    """One way to compare.

    Attributes:
        run: What compares.
        model_of: A model that answers as a respondent does.
        simulated: The simulated model.
    """

    run: Callable[..., Awaitable[Comparison]]
    model_of: Callable[[Respondent], Any]
    simulated: Callable[[], Any]


async def _lc_compare(*args: Any, **options: Any) -> Comparison:
    # In the running loop of the test, as a notebook would.
    return langchain_vs.compare(*args, **options)


async def _li_compare(*args: Any, **options: Any) -> Comparison:
    return llamaindex_vs.compare(*args, **options)


def _lc_simulated() -> Any:
    return langchain_vs.SimulatedChatModel(seed=1)


def _li_simulated() -> Any:
    return llamaindex_vs.SimulatedLLM(seed=1)


WAYS = {
    "LangChain": Way(_lc_compare, lc_model_of, _lc_simulated),
    "LangChain, async": Way(langchain_vs.acompare, lc_model_of, _lc_simulated),
    "LlamaIndex": Way(_li_compare, li_model_of, _li_simulated),
    "LlamaIndex, async": Way(llamaindex_vs.acompare, li_model_of, _li_simulated),
}
everywhere = for_every("way", WAYS.values(), ids=WAYS)


def mean(found: Comparison, method: Method, metric: str) -> float:
    value = found.summary_of(method).scores[metric].mean
    assert value is not None
    return value


@everywhere
async def test_the_simulation_shows_the_collapse_and_the_recovery(way: Way) -> None:
    prompts = [COFFEE, "Name a US state", "Pick a number from 1 to 100"]
    found = await way.run(way.simulated(), prompts)
    direct, sequence, standard = (s.scores["unique_fraction"] for s in found.summaries)
    assert direct.high is not None
    assert sequence.low is not None
    assert standard.low is not None
    assert direct.high < min(sequence.low, standard.low)
    assert mean(found, "direct", "self_bleu") > mean(found, "standard", "self_bleu")
    assert [summary.responses for summary in found.summaries] == [90, 90, 90]


@everywhere
async def test_a_simulation_is_labelled(way: Way) -> None:
    found = await way.run(way.simulated(), COFFEE, n=5)
    assert found.settings.simulated
    assert SIMULATION_NOTICE in found.to_markdown()


@everywhere
async def test_a_real_model_is_named_by_its_replies(way: Way) -> None:
    found = await way.run(way.model_of(Respondent()), COFFEE, n=5)
    assert (found.settings.model, found.settings.simulated) == ("scripted", False)


@everywhere
async def test_every_method_spends_the_same_budget_of_responses(way: Way) -> None:
    respondent = Respondent()
    found = await way.run(way.model_of(respondent), [COFFEE, TEA], n=12, k=5)
    assert {len(result.texts) for result in found.results} == {12}
    calls = [respondent.asked(COFFEE, method) for method in ("direct", "sequence", "standard")]
    assert calls == [12, 3, 3]
    assert [summary.cost.calls for summary in found.summaries] == [24, 6, 6]
    assert found.summary_of("standard").cost.input_tokens == 6 * INPUT_TOKENS


@everywhere
async def test_cot_and_multi_can_be_compared_too(way: Way) -> None:
    found = await way.run(way.simulated(), COFFEE, ["cot", "multi"], n=12)
    assert [summary.responses for summary in found.summaries] == [12, 12]


@everywhere
async def test_one_failing_method_leaves_the_others(way: Way) -> None:
    respondent = Respondent(down=[(COFFEE, "standard")])
    found = await way.run(way.model_of(respondent), [COFFEE, TEA], n=5)
    coffee, tea = found.of_method("standard")
    assert coffee.failures == (f"ModelDownError: no answer to {COFFEE}",)
    assert (len(coffee.texts), len(tea.texts)) == (0, 5)
    assert "standard: 5 of 10 responses (1 of 2 exchanges failed)" in found.notes


@everywhere
async def test_a_reply_that_cannot_be_read_is_a_failure_whose_tokens_count(way: Way) -> None:
    respondent = Respondent(refused=[(COFFEE, "standard")])
    found = await way.run(way.model_of(respondent), COFFEE, n=5)
    standard = found.summary_of("standard")
    # It was asked once more before the exchange gave up.
    assert (standard.failures, standard.responses, standard.cost.calls) == (1, 0, 2)
    assert standard.cost.output_tokens == 2 * OUTPUT_TOKENS


@everywhere
async def test_a_short_reply_is_topped_up_and_what_is_missing_is_said(way: Way) -> None:
    respondent = Respondent(short=[(COFFEE, "standard")])
    found = await way.run(way.model_of(respondent), COFFEE, n=10)
    assert "standard: 8 of 10 responses" in found.notes
    assert found.summary_of("standard").cost.calls == 4
    assert [result.measured for result in found.results] == [8, 8, 8]


@everywhere
async def test_the_first_error_is_raised_if_nothing_else_came(way: Way) -> None:
    respondent = Respondent(down=[(COFFEE, "direct")])
    with pytest.raises(ModelDownError):
        await way.run(way.model_of(respondent), COFFEE, ["direct"], n=3)
    assert respondent.asked() == 3


@everywhere
async def test_a_reference_brings_its_metrics(way: Way) -> None:
    reference = {f"{COFFEE}, number {i}": 1 for i in range(10)}
    found = await way.run(way.model_of(Respondent()), COFFEE, n=5, reference=reference)
    assert mean(found, "standard", "coverage_n") == 0.5
    assert mean(found, "direct", "coverage_n") == 0.0


@everywhere
async def test_settings_of_the_exchange_are_passed_on(way: Way) -> None:
    respondent = Respondent()
    await way.run(
        way.model_of(respondent),
        COFFEE,
        n=5,
        instructions="You write {puns}.",
        max_probability=0.05,
    )
    instructions = {way[1]: talk[0][1] for way, talk in respondent.calls}
    assert all(text.startswith("You write {puns}.") for text in instructions.values())
    assert ["0.05" in instructions[m] for m in ("direct", "sequence", "standard")] == [0, 0, 1]
