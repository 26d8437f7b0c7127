"""Under which key LangChain's cache keeps a reply, and which part of two requests is the same."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.messages import HumanMessage, SystemMessage

from langchain_vs import SampleCandidate, VerbalizedSamplingRunnable
from tests.every import for_every
from tests.lc.models import ScriptedChatModel
from tests.scenarios import QUESTION, xml
from tests.wire.clients import chat
from tests.wire.server import WireServer

AB = xml("a", "b")


def scripted(*replies: str) -> ScriptedChatModel:
    return ScriptedChatModel(script=list(replies or [AB] * 9), cache=InMemoryCache())


def runnable(model: Any) -> VerbalizedSamplingRunnable:
    return VerbalizedSamplingRunnable(llm=model, k=2)


DIFFERENT: dict[str, tuple[dict[str, Any], Any]] = {
    "k": ({"k": 3}, QUESTION),
    "layout": ({"layout": "json"}, QUESTION),
    "bound": ({"max_probability": 0.1}, QUESTION),
    "one more blank": ({}, f"{QUESTION} "),
    "another user's instructions": ({}, [SystemMessage("Be brief."), HumanMessage(QUESTION)]),
    "edition": ({}, [HumanMessage(QUESTION, response_metadata={"edition": "2"})]),
}


@for_every("difference", DIFFERENT)
def test_whatever_is_asked_otherwise_is_asked_anew(difference: str) -> None:
    settings, question = DIFFERENT[difference]
    model = scripted()
    VerbalizedSamplingRunnable(llm=model, k=2, max_topups=0).invoke(QUESTION)
    VerbalizedSamplingRunnable(llm=model, max_topups=0, **{"k": 2, **settings}).invoke(question)
    assert len(model.calls) == 2


def test_another_temperature_is_another_key_but_the_draws_temperature_is_none(
    server: WireServer,
) -> None:
    server.add(AB, AB)
    cache = InMemoryCache()
    for temperature in (0.2, 0.2, 1.0, 1.0):
        model = chat(server, cache=cache, temperature=temperature)
        runnable(model).invoke(QUESTION).sample(temperature=5.0)
    assert len(server.requests) == 2


def test_an_edition_is_no_part_of_what_is_sent(server: WireServer) -> None:
    server.add(AB, AB)
    vs = runnable(chat(server, cache=InMemoryCache()))
    for edition in ("1", "1", "2", "2"):
        vs.invoke([HumanMessage(QUESTION, response_metadata={"edition": edition})])
    first, second = [request.body for request in server.requests]
    assert first == second


def test_a_cleared_cache_is_filled_anew() -> None:
    model = scripted(AB, xml("c", "d"))
    vs = runnable(model)
    assert vs.invoke(QUESTION).texts == vs.invoke(QUESTION).texts == ["a", "b"]
    assert isinstance(model.cache, InMemoryCache)
    model.cache.clear()
    assert vs.invoke(QUESTION).texts == ["c", "d"]


def test_several_replies_are_kept_each_by_itself() -> None:
    model = scripted(*(xml(*pair) for pair in ("ab", "cd", "ef")))
    vs = VerbalizedSamplingRunnable(llm=model, k=6, per_call=2, split="parallel")
    drawn = {(vs | SampleCandidate()).invoke(QUESTION) for _ in range(200)}
    assert (drawn, len(model.calls)) == (set("abcdef"), 3)


# --- what providers may keep ------------------------------------------------------------------


def test_two_questions_are_sent_with_the_same_beginning() -> None:
    model = scripted()
    vs = runnable(model)
    for question in (QUESTION, "Name a US state"):
        vs.invoke([SystemMessage("You are a barista."), HumanMessage(question)])
    first, second = model.calls
    assert first[:-1] == second[:-1]
    assert str(first[0].content).startswith("You are a barista.")


@pytest.mark.parametrize("settings", [{"method": "multi"}, {"method": "standard"}], ids=str)
def test_a_follow_up_begins_with_what_was_sent_before(settings: dict[str, Any]) -> None:
    model = scripted(xml("a"), xml("b"))
    VerbalizedSamplingRunnable(llm=model, k=2, per_call=1, **settings).invoke(QUESTION)
    first, second = model.calls
    assert second[: len(first)] == first
