"""One call serves many: a reply in LangChain's cache, and draws from it that are fresh."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.caches import InMemoryCache
from langchain_core.callbacks import UsageMetadataCallbackHandler
from langchain_core.documents import Document
from langchain_core.messages import HumanMessage
from langchain_core.outputs import ChatResult
from pydantic import PrivateAttr

from langchain_vs import (
    ChatVerbalizedSampling,
    SampleCandidate,
    SampleCandidates,
    VerbalizedSamplingMiddleware,
    VerbalizedSamplingParserError,
    VerbalizedSamplingRetriever,
    VerbalizedSamplingRunnable,
)
from tests.every import for_every
from tests.lc.models import INPUT_TOKENS, OUTPUT_TOKENS, ScriptedChatModel
from tests.scenarios import QUESTION, xml

AB = xml("a", "b")
Asking = Callable[[Any, Any], Awaitable[Any]]


async def _invoke(component: Any, question: Any) -> Any:
    return component.invoke(question)


async def _ainvoke(component: Any, question: Any) -> Any:
    return await component.ainvoke(question)


async def _batch(component: Any, question: Any) -> Any:
    [answer] = component.batch([question])
    return answer


async def _abatch(component: Any, question: Any) -> Any:
    [answer] = await component.abatch([question])
    return answer


async def _stream(component: Any, question: Any) -> Any:
    return list(component.stream(question))


async def _astream(component: Any, question: Any) -> Any:
    return [chunk async for chunk in component.astream(question)]


async def _astream_events(component: Any, question: Any) -> Any:
    return [event async for event in component.astream_events(question, version="v2")]


WHOLE: dict[str, Asking] = {
    "invoke": _invoke,
    "ainvoke": _ainvoke,
    "batch": _batch,
    "abatch": _abatch,
}
STREAMED: dict[str, Asking] = {
    "stream": _stream,
    "astream": _astream,
    "astream_events": _astream_events,
}


def scripted(*replies: str, **settings: Any) -> ScriptedChatModel:
    return ScriptedChatModel(script=list(replies or [AB] * 9), cache=InMemoryCache(), **settings)


def runnable(model: Any) -> Any:
    return VerbalizedSamplingRunnable(llm=model, k=2)


COMPONENTS: dict[str, Callable[[Any], Any]] = {
    "runnable": runnable,
    "chain": lambda model: runnable(model) | SampleCandidate(),
    "retried": lambda model: runnable(model.with_retry()),
    "the model itself": lambda model: model,
}


# --- what is kept -----------------------------------------------------------------------------


@for_every("way", WHOLE)
async def test_one_call_serves_all_draws(way: str) -> None:
    model = scripted(AB)
    chain = COMPONENTS["chain"](model)
    drawn = {await WHOLE[way](chain, QUESTION) for _ in range(60)}
    assert (drawn, len(model.calls)) == ({"a", "b"}, 1)


def test_one_call_serves_lists_without_repeats() -> None:
    model = scripted(xml("a", "b", "c"))
    chain = VerbalizedSamplingRunnable(llm=model, k=3) | SampleCandidates(n=2)
    lists = [tuple(chain.invoke(QUESTION)) for _ in range(60)]
    assert all(one != other for one, other in lists)
    assert len(set(lists)) == 6
    assert len(model.calls) == 1


@for_every("way", WHOLE | STREAMED)
async def test_a_chat_model_draws_from_the_kept_reply_however_it_is_asked(way: str) -> None:
    model = scripted(AB)
    verbalized = ChatVerbalizedSampling(llm=model, k=2)
    for _ in range(3):
        await (WHOLE | STREAMED)[way](verbalized, QUESTION)
    assert len(model.calls) == 1
    assert {verbalized.invoke(QUESTION).text for _ in range(60)} == {"a", "b"}


def ids_are_in_the_key() -> bool:
    """Whether this langchain-core tells messages apart that differ in nothing but their id."""
    model = scripted()
    for number in "12":
        model.invoke([HumanMessage(QUESTION, id=number)])
    return len(model.calls) == 2


@pytest.mark.skipif(ids_are_in_the_key(), reason="a graph gives each message an id of its own")
@for_every("mode", ["values", "updates", "messages"])
def test_an_agent_draws_from_the_kept_reply_in_streams_too(mode: Any) -> None:
    model = scripted(AB)
    agent: Any = create_agent(model, middleware=[VerbalizedSamplingMiddleware(k=2)])
    asked = {"messages": [("user", QUESTION)]}
    for _ in range(3):
        list(agent.stream(asked, stream_mode=mode))
    drawn = {agent.invoke(asked)["messages"][-1].text for _ in range(60)}
    assert (drawn, len(model.calls)) == ({"a", "b"}, 1)


def test_rewrites_of_a_query_are_kept() -> None:
    model = scripted(AB)
    retriever = VerbalizedSamplingRetriever(
        retriever=lambda query: [Document(page_content=query)], llm=model, num_queries=3
    )
    assert retriever.invoke("one") == retriever.invoke("one")
    assert len(model.calls) == 1


def test_a_reply_that_could_not_be_read_is_kept_as_well() -> None:
    model = scripted(" ", " ", AB)
    vs = VerbalizedSamplingRunnable(llm=model, k=2, max_reasks=1)
    for _ in range(3):
        with pytest.raises(VerbalizedSamplingParserError):
            vs.invoke(QUESTION)
    assert len(model.calls) == 2


# --- what streams do --------------------------------------------------------------------------


@for_every("way", STREAMED)
@for_every("component", COMPONENTS)
async def test_streams_never_ask_langchains_cache(component: str, way: str) -> None:
    model = scripted()
    asked = COMPONENTS[component](model)
    for _ in range(3):
        await STREAMED[way](asked, QUESTION)
    assert len(model.calls) == 3


@for_every("way", STREAMED)
async def test_streams_leave_nothing_in_the_cache_and_take_nothing_from_it(way: str) -> None:
    model = scripted()
    vs = runnable(model)
    await STREAMED[way](vs, QUESTION)
    vs.invoke(QUESTION)
    assert len(model.calls) == 2
    await STREAMED[way](vs, QUESTION)
    vs.invoke(QUESTION)
    assert len(model.calls) == 3


@for_every("way", STREAMED)
@for_every("component", COMPONENTS)
async def test_where_streaming_is_disabled_streams_ask_it(component: str, way: str) -> None:
    model = scripted(AB, disable_streaming=True)
    asked = COMPONENTS[component](model)
    for _ in range(3):
        await STREAMED[way](asked, QUESTION)
    assert len(model.calls) == 1


# --- what it costs ----------------------------------------------------------------------------


def test_a_kept_reply_still_tells_what_it_cost_the_first_time() -> None:
    counted = UsageMetadataCallbackHandler()
    model = scripted(AB)
    for _ in range(3):
        trace = runnable(model).invoke(QUESTION, {"callbacks": [counted]}).trace
        assert (trace.calls, trace.input_tokens, trace.output_tokens) == (
            1,
            INPUT_TOKENS,
            OUTPUT_TOKENS,
        )
    assert counted.usage_metadata["scripted"]["output_tokens"] == 3 * OUTPUT_TOKENS


def test_a_cache_is_given_what_was_paid_for_and_nothing_else() -> None:
    given = []

    class Ledger(InMemoryCache):
        def update(self, prompt: str, llm_string: str, return_val: Any) -> None:
            given.extend(return_val)
            super().update(prompt, llm_string, return_val)

    model = ScriptedChatModel(script=[AB, AB], cache=Ledger())
    for question in (QUESTION, QUESTION, "another", QUESTION, "another"):
        runnable(model).invoke(question)
    assert len(given) == len(model.calls) == 2


class Slow(ScriptedChatModel):
    """Answers when two calls wait."""

    _both: threading.Barrier = PrivateAttr(default_factory=lambda: threading.Barrier(2, timeout=20))

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        self._both.wait()
        return super()._generate(*args, **kwargs)


def test_what_is_asked_at_the_same_time_is_asked_several_times() -> None:
    model = Slow(script=[AB, AB], cache=InMemoryCache())
    runnable(model).batch([QUESTION, QUESTION])
    assert len(model.calls) == 2
    runnable(model).batch([QUESTION] * 6)
    assert len(model.calls) == 2
