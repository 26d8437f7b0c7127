"""LangChain and LlamaIndex, sync and async, make the same tuning of the same replies."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from langchain_vs import SimulatedChatModel
from langchain_vs import atune as lc_atune
from langchain_vs import tune as lc_tune
from llamaindex_vs import SimulatedLLM
from llamaindex_vs import atune as li_atune
from llamaindex_vs import tune as li_tune
from tests.comparing import Respondent
from tests.every import for_every
from tests.lc.test_comparison import model_of as lc_model
from tests.li.test_comparison import model_of as li_model
from tests.scenarios import ModelDownError
from vs_core.simulation import SIMULATION_NOTICE
from vs_core.tuning import TrialRecord, Tuning

Driver = Callable[..., Awaitable[Tuning]]
PROMPTS = [f"Tell me a joke about {number}" for number in range(10)]


async def _lc_sync(respondent: Respondent, *args: Any, **options: Any) -> Tuning:
    # In the running loop of the test, as a notebook would.
    return lc_tune(lc_model(respondent), PROMPTS, *args, **options)


async def _lc_async(respondent: Respondent, *args: Any, **options: Any) -> Tuning:
    return await lc_atune(lc_model(respondent), PROMPTS, *args, **options)


async def _li_sync(respondent: Respondent, *args: Any, **options: Any) -> Tuning:
    return li_tune(li_model(respondent), PROMPTS, *args, **options)


async def _li_async(respondent: Respondent, *args: Any, **options: Any) -> Tuning:
    return await li_atune(li_model(respondent), PROMPTS, *args, **options)


everywhere = for_every("driver", [_lc_sync, _lc_async, _li_sync, _li_async])


def _embed(texts: list[str]) -> list[list[float]]:
    return [[1.0, float(len(text)), float(len(set(text)))] for text in texts]


LARGER: dict[str, Any] = {"variants": [{"k": 10}]}
SCENARIOS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "one variant": ({}, LARGER),
    "a halving": ({}, {"variants": [{"k": 8}, {"k": 3}, {"layout": "json"}], "n": 30}),
    "exchanges fail": (
        {
            "down": [(PROMPTS[0], "standard")],
            "refused": [(PROMPTS[1], "sequence")],
            "short": [(PROMPTS[2], "standard")],
        },
        {"variants": [{"method": "sequence"}]},
    ),
    "embeddings": ({}, {**LARGER, "metric": "semantic_diversity", "embeddings": _embed}),
    "settings": (
        {},
        {
            "variants": [{"k": 8}],
            "k": 4,
            "n": 32,
            "words": 12,
            "max_probability": 0.2,
            "instructions": "You write {puns}.",
            "seed": 11,
            "metric": "rouge_l",
        },
    ),
}


@for_every("driver", [_lc_async, _li_sync, _li_async])
@for_every("scenario", SCENARIOS)
async def test_tunings_and_calls_are_the_same(scenario: str, driver: Driver) -> None:
    troubles, options = SCENARIOS[scenario]
    one, other = Respondent(**troubles), Respondent(**troubles)
    assert await _lc_sync(one, **options) == await driver(other, **options)
    assert Counter(one.calls) == Counter(other.calls)


@everywhere
async def test_what_is_shown_to_be_more_diverse_is_taken(driver: Driver) -> None:
    # Each call gives the same jokes, so that a larger one has more of them.
    found = await driver(Respondent(), [{"k": 10}, {"k": 3}])
    assert found.stages[0].eliminated == ("k=3",)
    assert (found.decision, found.chosen.changes) == ("taken", {"k": 10})
    assert found.settings.model == "scripted"


@everywhere
async def test_both_sides_of_the_final_are_asked_for_as_many_responses(driver: Driver) -> None:
    respondent = Respondent()
    found = await driver(respondent, [{"k": 10}])
    assert found.final is not None
    assert found.final.default.asked == found.final.survivor.asked == 350
    assert respondent.asked() == found.cost.calls == 10 * (7 + 4)


@everywhere
async def test_a_variant_that_the_model_cannot_do_is_refused_before_anything_is_asked(
    driver: Driver,
) -> None:
    respondent = Respondent()
    with pytest.raises(ValueError, match="structured_output='json_schema' needs"):
        await driver(respondent, [{"k": 10}, {"structured_output": "json_schema"}])
    assert respondent.asked() == 0


@everywhere
async def test_the_first_error_is_raised_if_nothing_else_came(driver: Driver) -> None:
    respondent = Respondent(down=[(prompt, "standard") for prompt in PROMPTS])
    with pytest.raises(ModelDownError):
        await driver(respondent, [{"k": 10}])


@everywhere
async def test_a_resumed_run_asks_for_what_is_missing_only(driver: Driver) -> None:
    journal: list[str] = []

    def stop_after_six(done: int, _: int, record: TrialRecord) -> None:
        journal.append(record.model_dump_json())
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await driver(Respondent(), [{"k": 10}], max_concurrency=1, on_progress=stop_after_six)
    finished = [TrialRecord.model_validate_json(line) for line in journal]
    second = Respondent()
    found = await driver(second, [{"k": 10}], finished=finished)
    assert len(finished) + second.asked() == found.cost.calls == 110
    assert found == await driver(Respondent(), [{"k": 10}])


@everywhere
async def test_progress_is_told_in_the_caller_s_thread(driver: Driver) -> None:
    told: list[tuple[int, int, int]] = []

    def on_progress(done: int, total: int, record: TrialRecord) -> None:
        assert record.usable
        told.append((done, total, threading.get_ident()))

    await driver(Respondent(), [{"k": 10}], on_progress=on_progress)
    assert told == [(i, 110, threading.get_ident()) for i in range(1, 111)]


def test_the_simulation_is_the_same_in_both_and_labelled() -> None:
    options: dict[str, Any] = {"variants": [{"k": 10}], "max_concurrency": 1}
    lc = lc_tune(SimulatedChatModel(seed=4), PROMPTS, **options)
    assert lc == li_tune(SimulatedLLM(seed=4), PROMPTS, **options)
    assert lc.settings.simulated
    assert SIMULATION_NOTICE in lc.to_markdown()
