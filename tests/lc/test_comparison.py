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
from tests.comparing import COCOA, COFFEE, Respondent
from tests.every import for_every
from tests.lc.models import INPUT_TOKENS, OUTPUT_TOKENS, ScriptedChatModel
from tests.scenarios import xml
from vs_core import Method
from vs_core.comparison import Comparison

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
