"""`compare` over LangChain models: what it shows, what it costs, and what can go wrong."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.globals import set_llm_cache
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda
from langchain_core.tracers.run_collector import RunCollectorCallbackHandler
from pydantic import ValidationError

from langchain_vs import (
    SimulatedChatModel,
    VerbalizedSamplingParserError,
    acompare,
    compare,
)
from langchain_vs._convert import LangChainDialect
from tests.comparing import COCOA, COFFEE, TEA, Respondent
from tests.every import for_every
from tests.lc.models import INPUT_TOKENS, OUTPUT_TOKENS, ScriptedChatModel
from tests.scenarios import ModelDownError, xml
from vs_core import Method
from vs_core.comparison import Comparison
from vs_core.simulation import SIMULATION_NOTICE

PATIENCE = 5.0
Compare = Callable[..., Awaitable[Comparison]]


async def _compare(*args: Any, **options: Any) -> Comparison:
    # In the running loop of the test, as a notebook would.
    return compare(*args, **options)


BOTH = pytest.mark.parametrize("run", [_compare, acompare], ids=["sync", "async"])


def model_of(respondent: Respondent) -> Runnable[Any, Any]:
    def reply(messages: list[BaseMessage]) -> AIMessage:
        dialect = LangChainDialect()
        return AIMessage(
            respondent.reply([(dialect.role(m), str(m.content)) for m in messages]),
            response_metadata={"model_name": "scripted"},
            usage_metadata={
                "input_tokens": INPUT_TOKENS,
                "output_tokens": OUTPUT_TOKENS,
                "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS,
            },
        )

    return RunnableLambda(reply)


def mean(found: Comparison, method: Method, metric: str) -> float:
    value = found.summary_of(method).scores[metric].mean
    assert value is not None
    return value


@pytest.fixture
def llm_cache() -> Iterator[InMemoryCache]:
    cache = InMemoryCache()
    set_llm_cache(cache)
    yield cache
    set_llm_cache(None)


@BOTH
async def test_the_simulation_shows_the_collapse_and_the_recovery(run: Compare) -> None:
    prompts = [COFFEE, "Name a US state", "Pick a number from 1 to 100"]
    found = await run(SimulatedChatModel(seed=1), prompts)
    direct, sequence, standard = (s.scores["unique_fraction"] for s in found.summaries)
    assert direct.high is not None
    assert sequence.low is not None
    assert standard.low is not None
    assert direct.high < min(sequence.low, standard.low)
    assert mean(found, "direct", "self_bleu") > mean(found, "standard", "self_bleu")
    assert [summary.responses for summary in found.summaries] == [90, 90, 90]


@BOTH
async def test_a_simulation_is_labelled(run: Compare) -> None:
    found = await run(SimulatedChatModel(seed=1), COFFEE, n=5)
    assert found.settings.simulated
    assert SIMULATION_NOTICE in found.to_markdown()


@BOTH
async def test_a_real_model_is_named_by_its_replies(run: Compare) -> None:
    found = await run(model_of(Respondent()), COFFEE, n=5)
    assert (found.settings.model, found.settings.simulated) == ("scripted", False)


@BOTH
async def test_every_method_spends_the_same_budget_of_responses(run: Compare) -> None:
    respondent = Respondent()
    found = await run(model_of(respondent), [COFFEE, TEA], n=12, k=5)
    assert {len(result.texts) for result in found.results} == {12}
    calls = [respondent.asked(COFFEE, method) for method in ("direct", "sequence", "standard")]
    assert calls == [12, 3, 3]
    assert [summary.cost.calls for summary in found.summaries] == [24, 6, 6]
    assert found.summary_of("standard").cost.input_tokens == 6 * INPUT_TOKENS


@BOTH
async def test_cot_and_multi_can_be_compared_too(run: Compare) -> None:
    found = await run(SimulatedChatModel(seed=1), COFFEE, ["cot", "multi"], n=12)
    assert [summary.responses for summary in found.summaries] == [12, 12]


@BOTH
async def test_one_failing_method_leaves_the_others(run: Compare) -> None:
    respondent = Respondent(down=[(COFFEE, "standard")])
    found = await run(model_of(respondent), [COFFEE, TEA], n=5)
    coffee, tea = found.of_method("standard")
    assert coffee.failures == (f"ModelDownError: no answer to {COFFEE}",)
    assert (len(coffee.texts), len(tea.texts)) == (0, 5)
    assert "standard: 5 of 10 responses (1 of 2 exchanges failed)" in found.notes


@BOTH
async def test_a_reply_that_cannot_be_read_is_a_failure_whose_tokens_count(run: Compare) -> None:
    respondent = Respondent(refused=[(COFFEE, "standard")])
    found = await run(model_of(respondent), COFFEE, n=5)
    standard = found.summary_of("standard")
    # It was asked once more before the exchange gave up.
    assert (standard.failures, standard.responses, standard.cost.calls) == (1, 0, 2)
    assert standard.cost.output_tokens == 2 * OUTPUT_TOKENS


@BOTH
async def test_a_short_reply_is_topped_up_and_what_is_missing_is_said(run: Compare) -> None:
    respondent = Respondent(short=[(COFFEE, "standard")])
    found = await run(model_of(respondent), COFFEE, n=10)
    assert "standard: 8 of 10 responses" in found.notes
    assert found.summary_of("standard").cost.calls == 4
    assert [result.measured for result in found.results] == [8, 8, 8]


@BOTH
async def test_the_first_error_is_raised_if_nothing_else_came(run: Compare) -> None:
    respondent = Respondent(down=[(COFFEE, "direct")])
    with pytest.raises(ModelDownError):
        await run(model_of(respondent), COFFEE, ["direct"], n=3)
    assert respondent.asked() == 3


def test_no_more_exchanges_are_made_at_a_time_than_allowed() -> None:
    together = threading.Barrier(4)
    lock, active, most = threading.Lock(), 0, 0

    def reply(_: Any) -> str:
        nonlocal active, most
        with lock:
            active += 1
            most = max(most, active)
        together.wait(PATIENCE)
        with lock:
            active -= 1
        return "a joke"

    found = compare(RunnableLambda(reply), COFFEE, ["direct"], n=12, max_concurrency=4)
    assert (most, found.summaries[0].responses) == (4, 12)


async def test_the_loop_goes_on_while_embeddings_are_made() -> None:
    embedding, released = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def embed(texts: list[str]) -> list[list[float]]:
        loop.call_soon_threadsafe(embedding.set)
        assert released.wait(PATIENCE)
        return [[1.0, float(len(text))] for text in texts]

    run = asyncio.create_task(acompare(model_of(Respondent()), COFFEE, n=5, embeddings=embed))
    await asyncio.wait_for(embedding.wait(), PATIENCE)
    released.set()
    assert mean(await run, "standard", "vendi_score") > 1.0


@BOTH
async def test_langchain_embeddings_bring_the_semantic_metrics(run: Compare) -> None:
    embeddings = DeterministicFakeEmbedding(size=16)
    found = await run(model_of(Respondent()), COFFEE, n=5, embeddings=embeddings)
    assert mean(found, "direct", "semantic_diversity") == pytest.approx(0.0)
    assert mean(found, "standard", "semantic_diversity") > 0.5


@BOTH
async def test_a_reference_brings_its_metrics(run: Compare) -> None:
    reference = {f"{COFFEE}, number {i}": 1 for i in range(10)}
    found = await run(model_of(Respondent()), COFFEE, n=5, reference=reference)
    assert mean(found, "standard", "coverage_n") == 0.5
    assert mean(found, "direct", "coverage_n") == 0.0


@BOTH
async def test_settings_of_the_exchange_are_passed_on(run: Compare) -> None:
    respondent = Respondent()
    await run(
        model_of(respondent), COFFEE, n=5, instructions="You write {puns}.", max_probability=0.05
    )
    instructions = {way[1]: talk[0][1] for way, talk in respondent.calls}
    assert all(text.startswith("You write {puns}.") for text in instructions.values())
    assert ["0.05" in instructions[m] for m in ("direct", "sequence", "standard")] == [0, 0, 1]


@BOTH
@for_every(
    ("options", "error"),
    [
        ({"n": 0}, ValidationError),
        ({"temperature": 1.0}, ValidationError),
        ({"structured_output": "function_calling"}, ValidationError),
        ({"metrics": ["novelty"]}, ValueError),
        ({"max_concurrency": 0}, ValueError),
        ({"embeddings": "ada"}, TypeError),
    ],
    ids=str,
)
async def test_what_cannot_be_done_is_refused_before_the_first_call(
    run: Compare, options: dict[str, Any], error: type[Exception]
) -> None:
    respondent = Respondent()
    with pytest.raises(error):
        await run(model_of(respondent), COFFEE, **options)
    assert respondent.asked() == 0


@BOTH
async def test_callbacks_of_the_config_see_each_exchange(run: Compare) -> None:
    collector = RunCollectorCallbackHandler()
    config: RunnableConfig = {"callbacks": [collector], "tags": ["mine"]}
    await run(SimulatedChatModel(seed=1), COFFEE, n=5, config=config)
    assert len(collector.traced_runs) == 7
    assert all("mine" in (traced.tags or []) for traced in collector.traced_runs)
    kinds = [{nested.run_type for nested in traced.child_runs} for traced in collector.traced_runs]
    assert all("llm" in seen for seen in kinds)


async def test_a_comparison_inside_a_chain_belongs_to_its_run() -> None:
    collector = RunCollectorCallbackHandler()
    chain: Runnable[str, Comparison] = RunnableLambda(
        lambda prompt: compare(SimulatedChatModel(seed=1), prompt, n=5)
    )
    await chain.ainvoke(COFFEE, {"callbacks": [collector]})
    [whole] = collector.traced_runs
    assert len(whole.child_runs) == 7


def _plain(model: ScriptedChatModel) -> Runnable[Any, Any]:
    return model


def _bound(model: ScriptedChatModel) -> Runnable[Any, Any]:
    return model.bind(stop=["END"]).with_retry(stop_after_attempt=1)


def _with_fallbacks(model: ScriptedChatModel) -> Runnable[Any, Any]:
    return ScriptedChatModel(script=[]).with_fallbacks(
        [model], exceptions_to_handle=(AssertionError,)
    )


@BOTH
@pytest.mark.usefixtures("llm_cache")
@for_every("wrap", [_plain, _bound, _with_fallbacks])
async def test_no_reply_comes_from_a_cache(
    run: Compare, wrap: Callable[[ScriptedChatModel], Runnable[Any, Any]]
) -> None:
    model = ScriptedChatModel(script=[f"joke {i}" for i in range(4)])
    found = await run(wrap(model), COFFEE, ["direct"], n=4)
    assert (len(model.calls), found.summaries[0].distinct) == (4, 4)


@BOTH
async def test_a_model_s_own_cache_is_left_alone(run: Compare) -> None:
    cache = InMemoryCache()
    model = ScriptedChatModel(script=[f"joke {i}" for i in range(4)], cache=cache)
    await run(model, COFFEE, ["direct"], n=4)
    assert not cache._cache
    assert model.cache is cache


@BOTH
async def test_an_unreadable_first_reply_is_carried_by_the_error(run: Compare) -> None:
    model = ScriptedChatModel(script=["<response></response>"] * 2)
    with pytest.raises(VerbalizedSamplingParserError) as caught:
        await run(model, COFFEE, ["standard"], n=5)
    assert caught.value.llm_output == "<response></response>"


@BOTH
async def test_the_order_of_texts_is_that_of_the_exchanges(run: Compare) -> None:
    script = [xml("a", "b"), xml("c", "d"), xml("e")]
    found = await run(
        ScriptedChatModel(script=script), COCOA, ["standard"], n=5, k=2, max_concurrency=1
    )
    assert found.results[0].texts == tuple("abcde")
