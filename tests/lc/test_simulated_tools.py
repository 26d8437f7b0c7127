"""The simulated model with tools: an agent can be tried without a key."""

from __future__ import annotations

from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, ToolMessage
from langchain_core.tools import tool
from pydantic import BaseModel

from langchain_vs import (
    SimulatedChatModel,
    VerbalizedSamplingMiddleware,
    VerbalizedSamplingRunnable,
)
from tests.every import for_every
from tests.scenarios import QUESTION
from vs_core import VerbalizedDistribution
from vs_core.simulation import find_space

ASKED = "How is the weather in Oslo?"
TOKENS = ("input_tokens", "output_tokens")


@tool
def get_weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


@tool
def local_time(city: str) -> str:
    """Tell the time in a city."""
    return f"Noon in {city}."


class Report(BaseModel):
    """A report."""

    title: str
    pages: int


def bound(**options: Any) -> Any:
    return SimulatedChatModel(seed=1).bind_tools([get_weather, local_time], **options)


def test_a_mentioned_tool_is_called() -> None:
    message = bound().invoke(ASKED)
    [call] = message.tool_calls
    assert (message.content, call["name"], call["args"]) == ("", "get_weather", {"city": "Oslo"})
    assert message.response_metadata["simulated"] is True
    assert all(message.usage_metadata[name] > 0 for name in TOKENS)


async def test_every_way_to_call_it_gives_the_same() -> None:
    whole = bound().invoke(ASKED)
    streamed: Any = None
    for chunk in bound().stream(ASKED):
        streamed = chunk if streamed is None else streamed + chunk
    asynchronous = await bound().ainvoke(ASKED)
    astreamed: Any = None
    async for chunk in bound().astream(ASKED):
        astreamed = chunk if astreamed is None else astreamed + chunk
    assert isinstance(streamed, AIMessageChunk)
    told = [(m.tool_calls, m.usage_metadata) for m in (whole, streamed, asynchronous, astreamed)]
    assert told == [told[0]] * 4


@for_every(
    ("choice", "name"),
    [
        (None, "get_weather"),
        ("auto", "get_weather"),
        ("any", "get_weather"),
        ("required", "get_weather"),
        (True, "get_weather"),
        ("local_time", "local_time"),
        ({"type": "function", "function": {"name": "local_time"}}, "local_time"),
        ({"type": "tool", "name": "local_time"}, "local_time"),
    ],
)
def test_the_choice_is_obeyed(choice: Any, name: str) -> None:
    assert bound(tool_choice=choice).invoke(ASKED).tool_calls[0]["name"] == name


def test_no_tool_is_called_where_none_is_to_be() -> None:
    assert bound(tool_choice="none").invoke(ASKED).tool_calls == []


def test_a_demanded_tool_is_called_without_being_mentioned() -> None:
    assert bound(tool_choice="any").invoke(QUESTION).tool_calls
    assert bound().invoke(QUESTION).tool_calls == []


def test_a_choice_that_names_no_tool_is_refused() -> None:
    with pytest.raises(ValueError, match="'look' names no tool"):
        bound(tool_choice="look")


def test_after_the_result_the_question_is_answered() -> None:
    talk = [HumanMessage(QUESTION), AIMessage("", tool_calls=bound().invoke(ASKED).tool_calls)]
    result = ToolMessage("Sunny in Oslo.", tool_call_id=talk[-1].tool_calls[0]["id"])  # type: ignore[attr-defined]
    answer = bound().invoke([*talk, result])
    assert answer.content in find_space(QUESTION).answers


def test_a_later_question_may_call_again() -> None:
    first = bound().invoke(ASKED)
    talk: list[Any] = [
        HumanMessage(ASKED),
        first,
        ToolMessage("Sunny in Oslo.", tool_call_id=first.tool_calls[0]["id"]),
        AIMessage("It is sunny."),
        HumanMessage("And the weather in Bergen?"),
    ]
    [call] = bound().invoke(talk).tool_calls
    assert call["args"] == {"city": "Bergen"}
    assert call["id"] != first.tool_calls[0]["id"]


def test_an_agent_calls_a_tool_and_draws_its_answer() -> None:
    middleware: Any = VerbalizedSamplingMiddleware(k=3)
    agent: Any = create_agent(
        SimulatedChatModel(seed=1), tools=[get_weather], middleware=[middleware]
    )
    asked, call, result, answer = agent.invoke({"messages": [("user", ASKED)]})["messages"]
    assert (asked.content, result.content) == (ASKED, "Sunny in Oslo.")
    assert [made["args"] for made in call.tool_calls] == [{"city": "Oslo"}]
    carried = answer.response_metadata["verbalized_sampling"]
    distribution = VerbalizedDistribution[str].model_validate(carried)
    assert len(distribution) == 3
    assert answer.content in distribution.texts


def test_an_agent_gives_a_structured_response_behind_a_tool() -> None:
    agent: Any = create_agent(SimulatedChatModel(), tools=[get_weather], response_format=Report)
    state = agent.invoke({"messages": [("user", ASKED)]})
    assert isinstance(state["structured_response"], Report)
    assert [made["name"] for made in state["messages"][1].tool_calls] == ["get_weather"]


def test_structured_output_fits_the_schema() -> None:
    report = SimulatedChatModel().with_structured_output(Report).invoke("Write 7 pages about Oslo")
    assert report == Report(title="Oslo", pages=7)


def test_our_own_tool_gets_a_distribution() -> None:
    vs = VerbalizedSamplingRunnable(
        llm=SimulatedChatModel(seed=1), k=3, structured_output="function_calling"
    )
    distribution = vs.invoke(QUESTION)
    assert len(distribution) == 3
    assert set(distribution.texts) <= set(find_space(QUESTION).answers)


def test_our_own_tool_gets_different_values_of_a_type() -> None:
    vs = VerbalizedSamplingRunnable(
        llm=SimulatedChatModel(seed=1), structured_output="function_calling", value_schema=Report
    )
    distribution = vs.invoke("Write about Oslo")
    assert len({report.title for report in distribution.values}) == 5
    assert distribution.trace.calls == 1


def test_tools_that_a_provider_runs_itself_are_never_called() -> None:
    model = SimulatedChatModel(seed=1).bind(tools=[{"type": "web_search"}])
    assert model.invoke("Use web_search").tool_calls == []
