"""Calls that do not depend on each other stay independent: cached, streamed, and in fallbacks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.globals import set_llm_cache
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableLambda

from langchain_vs import SimulatedChatModel, VerbalizedSamplingRunnable
from tests.drivers import LANGCHAIN
from tests.every import for_every
from tests.lc.models import ScriptedChatModel
from tests.scenarios import QUESTION, Said, xml
from tests.wire.clients import chat
from tests.wire.server import WireServer
from vs_core import VerbalizedDistribution

INDEPENDENT: list[dict[str, Any]] = [
    {"method": "direct"},
    {"split": "parallel", "per_call": 1},
]


@contextmanager
def empty_cache() -> Iterator[None]:
    set_llm_cache(InMemoryCache())
    try:
        yield
    finally:
        set_llm_cache(None)


@pytest.fixture
def cache() -> Iterator[None]:
    with empty_cache():
        yield


def wrapped(model: Any) -> list[Any]:
    """The model, and with what people put around one."""
    return [model, model.bind(stop=["END"]), model.with_retry(), model.with_fallbacks([model])]


@for_every("around", range(4))
@for_every("settings", INDEPENDENT, ids=str)
@for_every("way", ["invoke", "ainvoke"])
async def test_a_cache_does_not_answer_independent_calls_with_one_reply(
    settings: dict[str, Any], way: str, around: int
) -> None:
    model = ScriptedChatModel(script=[xml(text) for text in "abcde"])
    vs = VerbalizedSamplingRunnable(llm=wrapped(model)[around], k=5, **settings)
    with empty_cache():
        first = await LANGCHAIN[way](vs, QUESTION)
        assert len(model.calls) == 5
        # Each is cached by itself: the same again costs nothing, and is the same.
        again = await LANGCHAIN[way](vs, QUESTION)
    assert sorted(again.texts) == sorted(first.texts)
    assert len(model.calls) == 5


@pytest.mark.usefixtures("cache")
def test_a_blank_reply_in_the_cache_does_not_answer_the_second_attempt() -> None:
    model = ScriptedChatModel(script=[" ", xml("a")])
    vs = VerbalizedSamplingRunnable(llm=model, k=1)
    assert vs.invoke(QUESTION).texts == vs.invoke(QUESTION).texts == ["a"]
    assert len(model.calls) == 2


@pytest.mark.usefixtures("cache")
def test_what_tells_the_calls_apart_is_not_sent(server: WireServer) -> None:
    server.add("a", "b", "c")
    VerbalizedSamplingRunnable(llm=chat(server), k=3, method="direct").invoke(QUESTION)
    bodies = [request.body for request in server.requests]
    assert bodies[0] == bodies[1] == bodies[2]
    assert "replica" not in str(bodies)


def test_a_cached_reply_without_usage_is_read_as_the_first_was() -> None:
    model = FakeListChatModel(responses=[xml("a")], cache=InMemoryCache())
    vs = VerbalizedSamplingRunnable(llm=model, k=1)
    for _ in range(2):
        found = vs.invoke(QUESTION)
        assert found.texts == ["a"]
        assert (found.trace.input_tokens, found.trace.output_tokens) == (None, None)


@pytest.mark.parametrize(
    "usage",
    [
        {"input_tokens": 3, "total_tokens": 3},
        {"input_tokens": None, "output_tokens": "many"},
        {"total_cost": 0},
    ],
    ids=str,
)
def test_odd_usage_is_read_or_none(usage: dict[str, Any]) -> None:
    message = AIMessage(xml("a"))
    message.usage_metadata = usage  # type: ignore[assignment]  # as caches and gateways do
    vs = VerbalizedSamplingRunnable(llm=RunnableLambda(lambda _: message), k=1)
    trace = vs.invoke(QUESTION).trace
    assert (trace.input_tokens, trace.output_tokens) in [(3, None), (None, None)]


# --- at the same time ----------------------------------------------------------------------------


class Crowd:
    """Answers once a number of calls wait at the same time."""

    def __init__(self, together: int) -> None:
        self.together = together
        self.here = 0
        self.event = asyncio.Event()

    async def answer(self, _: Any) -> Any:
        self.here += 1
        mine = self.here
        if self.here >= self.together:
            self.event.set()
        await asyncio.wait_for(self.event.wait(), timeout=5)
        yield AIMessage(xml(f"answer {mine}"))


@pytest.mark.parametrize("settings", INDEPENDENT, ids=str)
async def test_streamed_calls_run_side_by_side(settings: dict[str, Any]) -> None:
    crowd = Crowd(4)
    vs = VerbalizedSamplingRunnable(llm=RunnableLambda(crowd.answer), k=4, **settings)
    found = await LANGCHAIN["astream"](vs, QUESTION)
    assert (len(found), found.trace.calls) == (4, 4)


@pytest.mark.parametrize("settings", INDEPENDENT, ids=str)
def test_streamed_calls_run_side_by_side_in_threads(settings: dict[str, Any]) -> None:
    def slow(_: Any) -> str:
        time.sleep(0.3)
        return xml(str(time.monotonic_ns()))

    vs = VerbalizedSamplingRunnable(llm=RunnableLambda(slow), k=6, **settings)
    begun = time.monotonic()
    found = sum(vs.stream(QUESTION), VerbalizedDistribution())
    assert len(found) == 6
    assert time.monotonic() - begun < 6 * 0.3


@pytest.mark.parametrize("settings", INDEPENDENT, ids=str)
async def test_no_more_run_at_a_time_than_the_config_admits(settings: dict[str, Any]) -> None:
    running, most = 0, 0

    async def answer(_: Any) -> str:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        return xml(f"answer {time.monotonic_ns()}")

    vs = VerbalizedSamplingRunnable(llm=RunnableLambda(answer), k=6, **settings)
    chunks = [chunk async for chunk in vs.astream(QUESTION, {"max_concurrency": 2})]
    assert len(sum(chunks, VerbalizedDistribution())) == 6
    assert most == 2


@pytest.mark.parametrize("way", ["stream", "astream"])
async def test_they_are_delivered_in_the_order_of_the_calls(way: str) -> None:
    model = ScriptedChatModel(script=[xml(text, text * 2) for text in "abc"])
    vs = VerbalizedSamplingRunnable(llm=model, k=6, per_call=2, split="parallel")
    found = await LANGCHAIN[way](vs, QUESTION)
    assert [candidate.turn for candidate in found] == [0, 0, 1, 1, 2, 2]


@for_every("way", ["stream", "astream"])
@for_every("method", ["direct", "standard"])
async def test_one_of_them_that_breaks_off_is_dropped_and_told(way: str, method: Any) -> None:
    broken = Said("Half an ans", breaks=ConnectionError("reset by peer"))
    model = ScriptedChatModel(script=[xml("a"), broken, xml("b")])
    vs = VerbalizedSamplingRunnable(llm=model, k=3, per_call=1, split="parallel", method=method)
    if method == "direct":
        model.script[:] = ["a", broken, "b"]
    found = await LANGCHAIN[way](vs, QUESTION)
    assert sorted(found.texts) == ["a", "b"]
    assert "reset by peer" in " ".join(found.trace.notes)
    if method == "direct":
        assert [d.fragment for d in found.trace.dropped] == ["Half an ans"]


@pytest.mark.parametrize("way", ["stream", "astream"])
async def test_a_direct_stream_that_breaks_off_raises(way: str) -> None:
    model = ScriptedChatModel(script=[Said("Half an ans", breaks=ConnectionError("reset"))])
    vs = VerbalizedSamplingRunnable(llm=model, k=1, method="direct")
    with pytest.raises(ConnectionError, match="reset"):
        await LANGCHAIN[way](vs, QUESTION)


# --- fallbacks -----------------------------------------------------------------------------------


def down(_: Any) -> str:
    raise ConnectionError("provider down")


FAILING: dict[str, Any] = {
    "down": lambda: RunnableLambda(down),
    "unreadable": lambda: FakeListChatModel(responses=["I cannot."]),
    "refused": lambda: ScriptedChatModel(script=[Said(refusal="No.")]),
    "broken off": lambda: ScriptedChatModel(script=[Said("<resp", breaks=ConnectionError("off"))]),
}


@for_every("way", LANGCHAIN)
@for_every("failing", FAILING)
async def test_a_fallback_takes_over_however_it_is_asked(failing: str, way: str) -> None:
    backup = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=1), k=3)
    vs = VerbalizedSamplingRunnable(llm=FAILING[failing](), k=3)
    found = await LANGCHAIN[way](vs.with_fallbacks([backup]), "Roll a die")
    assert len(found) == 3


def test_nothing_is_given_before_the_first_candidate() -> None:
    model = ScriptedChatModel(script=["I cannot.", xml("a")])
    first, *_ = VerbalizedSamplingRunnable(llm=model, k=1).stream(QUESTION)
    assert first.texts == ["a"]
    assert first.trace.calls == 1
