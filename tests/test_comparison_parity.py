"""LangChain and LlamaIndex, sync and async, make the same comparison of the same replies."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from langchain_vs import SimulatedChatModel
from langchain_vs import acompare as lc_acompare
from langchain_vs import compare as lc_compare
from llamaindex_vs import SimulatedLLM
from llamaindex_vs import acompare as li_acompare
from llamaindex_vs import compare as li_compare
from tests.comparing import COCOA, COFFEE, TEA, Respondent
from tests.every import for_every
from tests.lc.test_comparison import model_of as lc_model
from tests.li.test_comparison import model_of as li_model
from vs_core.comparison import Comparison, ExchangeRecord

Driver = Callable[..., Awaitable[Comparison]]


async def _lc_sync(respondent: Respondent, **options: Any) -> Comparison:
    return lc_compare(lc_model(respondent), **options)


async def _lc_async(respondent: Respondent, **options: Any) -> Comparison:
    return await lc_acompare(lc_model(respondent), **options)


async def _li_sync(respondent: Respondent, **options: Any) -> Comparison:
    return li_compare(li_model(respondent), **options)


async def _li_async(respondent: Respondent, **options: Any) -> Comparison:
    return await li_acompare(li_model(respondent), **options)


everywhere = pytest.mark.parametrize("driver", [_lc_sync, _lc_async, _li_sync, _li_async])


def _embed(texts: list[str]) -> list[list[float]]:
    return [[1.0, float(len(text)), float(len(set(text)))] for text in texts]


TROUBLED: dict[str, Any] = {
    "down": [(TEA, "standard"), (COCOA, "direct")],
    "refused": [(COFFEE, "standard")],
    "short": [(TEA, "sequence")],
}
SCENARIOS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "all goes well": ({}, {"prompts": [COFFEE, TEA, COCOA]}),
    "one prompt": ({}, {"prompts": COFFEE, "n": 7}),
    "exchanges fail": (TROUBLED, {"prompts": [COFFEE, TEA, COCOA], "n": 7, "k": 3}),
    "embeddings": ({}, {"prompts": [COFFEE, TEA], "n": 5, "embeddings": _embed}),
    "a reference": ({}, {"prompts": COFFEE, "n": 5, "reference": [f"{COFFEE}, number 1"]}),
    "settings": (
        {},
        {
            "prompts": COFFEE,
            "methods": ["standard", "direct"],
            "n": 6,
            "max_probability": 0.2,
            "layout": "lines",
            "words": 12,
            "instructions": "You write {puns}.",
            "seed": 11,
            "metrics": ["entropy", "distinct_2"],
        },
    ),
}


@for_every("driver", [_lc_async, _li_sync, _li_async])
@for_every("scenario", SCENARIOS)
async def test_comparisons_and_calls_are_the_same(scenario: str, driver: Driver) -> None:
    troubles, options = SCENARIOS[scenario]
    one, other = Respondent(**troubles), Respondent(**troubles)
    assert await _lc_sync(one, **options) == await driver(other, **options)
    assert Counter(one.calls) == Counter(other.calls)


@pytest.mark.parametrize("driver", [_lc_async, _li_sync, _li_async])
async def test_records_are_the_same(driver: Driver) -> None:
    recorded: list[list[ExchangeRecord]] = []
    for run in (_lc_sync, driver):
        records: list[ExchangeRecord] = []
        await run(
            Respondent(**TROUBLED),
            prompts=[COFFEE, TEA, COCOA],
            n=7,
            on_progress=lambda *told, records=records: records.append(told[2]),
        )
        recorded.append(sorted(records, key=lambda record: record.key))
    assert recorded[0] == recorded[1]


@pytest.mark.parametrize("driver", [_lc_async, _li_sync, _li_async])
async def test_a_run_begun_in_one_can_be_finished_in_the_other(driver: Driver) -> None:
    records: list[ExchangeRecord] = []
    options: dict[str, Any] = {"prompts": [COFFEE, TEA], "n": 7}
    whole = await _lc_sync(
        Respondent(), **options, on_progress=lambda *told: records.append(told[2])
    )
    respondent = Respondent()
    assert await driver(respondent, **options, finished=records[:10]) == whole
    assert respondent.asked() == whole.planned - 10


def test_the_simulation_is_the_same_in_both() -> None:
    options: dict[str, Any] = {"prompts": [COFFEE, TEA], "n": 7, "max_concurrency": 1}
    lc = lc_compare(SimulatedChatModel(seed=4), **options)
    assert lc == li_compare(SimulatedLLM(seed=4), **options)


@everywhere
async def test_a_resumed_run_asks_for_what_is_missing_only(driver: Driver) -> None:
    first, second = Respondent(), Respondent()
    journal: list[str] = []

    def stop_after_six(done: int, _: int, record: ExchangeRecord) -> None:
        journal.append(record.model_dump_json())
        if done == 6:
            raise KeyboardInterrupt

    asked: dict[str, Any] = {"prompts": [COFFEE, TEA], "n": 10}
    with pytest.raises(KeyboardInterrupt):
        await driver(first, max_concurrency=1, on_progress=stop_after_six, **asked)
    finished = [ExchangeRecord.model_validate_json(line) for line in journal]
    found = await driver(second, finished=finished, **asked)
    assert len(finished) + second.asked() == found.planned == 28
    assert found == await driver(Respondent(), **asked)


@everywhere
async def test_progress_is_told_in_the_caller_s_thread(driver: Driver) -> None:
    told: list[tuple[int, int, int]] = []

    def on_progress(done: int, total: int, record: ExchangeRecord) -> None:
        assert record.texts
        told.append((done, total, threading.get_ident()))

    await driver(Respondent(), prompts=COFFEE, n=5, on_progress=on_progress)
    assert told == [(i, 7, threading.get_ident()) for i in range(1, 8)]
