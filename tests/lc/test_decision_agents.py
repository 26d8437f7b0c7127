"""Decisions in langchain's own middlewares: which model answers, and which tool may run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool

from langchain_vs import VerbalizedSamplingParserError
from tests.every import for_every
from tests.lc.models import ScriptedChatModel

pytest.importorskip("langchain_core.decisions")
middleware: Any = pytest.importorskip("langchain.agents.middleware")
if not hasattr(middleware, "AutoModeMiddleware"):
    pytest.skip("this langchain has no middleware of decisions", allow_module_level=True)

from langchain_vs import VerbalizedDecisionModel  # noqa: E402

TASK = "Prove that there are infinitely many primes."


def route(**stated: float) -> str:
    labels = [{"label": label, "probability": p} for label, p in stated.items()]
    return json.dumps({"model_route": labels})


def risk(yes: float) -> str:
    return json.dumps({"is_risky": [{"label": "yes", "probability": yes}]})


def says(*messages: Any) -> GenericFakeChatModel:
    return GenericFakeChatModel(messages=iter(messages))


class ToolCaller(GenericFakeChatModel):
    """Calls what it is told to call."""

    def bind_tools(self, *args: Any, **kwargs: Any) -> Any:
        return self


@tool
def delete_file(path: str) -> str:
    """Delete a file."""
    DELETED.append(path)
    return f"deleted {path}"


DELETED: list[str] = []


def routed(*script: Any, **settings: Any) -> tuple[ScriptedChatModel, Any]:
    judge = ScriptedChatModel(script=list(script))
    router = middleware.ModelRouterMiddleware(
        choices={
            "fast": middleware.ModelChoice(says("I am fast."), "Simple tasks."),
            "powerful": middleware.ModelChoice(says("I am powerful."), "Proofs."),
        },
        instructions="Choose the least costly model suited to the task.",
        classifier=VerbalizedDecisionModel(judge, **settings),
    )
    return judge, create_agent(says("I am the default."), middleware=[router])


def guarded(*script: Any) -> Any:
    DELETED.clear()
    call = {"name": "delete_file", "args": {"path": "a.txt"}, "id": "1"}
    model = ToolCaller(messages=iter([AIMessage("", tool_calls=[call]), "Done."]))
    auto_mode = middleware.AutoModeMiddleware(
        tools=[delete_file],
        classifier=VerbalizedDecisionModel(ScriptedChatModel(script=list(script))),
    )
    return create_agent(model, tools=[delete_file], middleware=[auto_mode])


async def by_invoke(agent: Any, text: str) -> Any:
    return agent.invoke({"messages": [HumanMessage(text)]})


async def by_ainvoke(agent: Any, text: str) -> Any:
    return await agent.ainvoke({"messages": [HumanMessage(text)]})


every_way = for_every("run", [by_invoke, by_ainvoke])


@every_way
async def test_the_most_probable_model_answers_and_the_answer_is_in_the_state(run: Any) -> None:
    judge, agent = routed(route(fast=0.2, powerful=0.7))
    state = await run(agent, TASK)
    assert state["messages"][-1].content == "I am powerful."
    assert state["model_route"].probabilities == pytest.approx({"fast": 2 / 9, "powerful": 7 / 9})
    instruction, task = judge.calls[0]
    assert task.content == f"<state>\n{TASK}\n</state>"
    assert '- "powerful": Proofs.' in instruction.content


@every_way
async def test_a_route_that_cannot_be_read_ends_the_run(run: Any) -> None:
    _, agent = routed("Hm.", "Hm.")
    with pytest.raises(VerbalizedSamplingParserError, match="model_route"):
        await run(agent, TASK)


@for_every("yes, status", [(0.1, "success"), (0.49, "success"), (0.5, "error"), (0.97, "error")])
async def test_a_tool_runs_below_even_odds_of_a_risk(yes: float, status: str) -> None:
    for run in (by_invoke, by_ainvoke):
        state = await run(guarded(risk(yes)), "Delete a.txt.")
        assert (["a.txt"] if status == "success" else []) == DELETED
        [answer] = [m for m in state["messages"] if isinstance(m, ToolMessage)]
        assert answer.status == status


@every_way
async def test_a_risk_that_cannot_be_read_runs_no_tool(run: Any) -> None:
    agent = guarded("It is fine, go ahead.", '{"is_risky": {"yes": 0.0}}')
    with pytest.raises(VerbalizedSamplingParserError, match="is_risky"):
        await run(agent, "Delete a.txt.")
    assert DELETED == []


@every_way
async def test_a_risk_left_open_is_asked_for_once_more(run: Any) -> None:
    await run(guarded("It is fine, go ahead.", risk(0.9)), "Delete a.txt.")
    assert DELETED == []


async def test_the_route_survives_a_checkpoint() -> None:
    memory = pytest.importorskip("langgraph.checkpoint.memory")
    judge = ScriptedChatModel(script=[route(fast=0.9, powerful=0.1)])
    router = middleware.ModelRouterMiddleware(
        choices={
            "fast": middleware.ModelChoice(says("I am fast."), "Simple tasks."),
            "powerful": middleware.ModelChoice(says("I am powerful."), "Proofs."),
        },
        instructions="Choose.",
        classifier=VerbalizedDecisionModel(judge),
    )
    saver = memory.InMemorySaver()
    agent: Any = create_agent(says("-"), middleware=[router], checkpointer=saver)
    config = {"configurable": {"thread_id": "1"}}
    await agent.ainvoke({"messages": [HumanMessage("Hi.")]}, config)
    assert agent.get_state(config).values["model_route"].confidence == 0.9


async def test_the_judging_call_shows_in_no_stream_of_messages() -> None:
    _, agent = routed(route(fast=0.9, powerful=0.1))
    shown = [
        chunk.content
        async for chunk, _ in agent.astream(
            {"messages": [HumanMessage("Hi.")]}, stream_mode="messages"
        )
    ]
    assert not any("model_route" in str(content) for content in shown)
