"""LangGraph pauses a graph by an exception, which no step and no exchange may swallow."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.runnables import RunnableLambda
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from langgraph.types import Command, interrupt
from typing_extensions import TypedDict

from langchain_vs import (
    MapCandidates,
    ReweightCandidates,
    SimulatedChatModel,
    VerbalizedSamplingRunnable,
)
from tests.every import for_every
from tests.scenarios import QUESTION, xml
from vs_core import VerbalizedDistribution


class State(TypedDict, total=False):
    question: str
    answers: int


def _asking_a_person(step: Any) -> Any:
    """A graph whose node runs a step that may interrupt it."""

    def node(state: State) -> State:
        return {"answers": step.invoke(state["question"])}

    graph = StateGraph(State)
    graph.add_node("node", node)
    graph.add_edge(START, "node")
    return graph.compile(checkpointer=InMemorySaver())


def _interrupting(value: Any) -> Any:
    return interrupt(f"is {value} good?")


ASKING = RunnableLambda(_interrupting)
STEPS: dict[str, Any] = {
    "map": lambda: MapCandidates(runnable=RunnableLambda(_interrupting), on_error="drop"),
    "reweight, drop": lambda: ReweightCandidates(
        scorer=RunnableLambda(_interrupting), on_error="drop"
    ),
    "reweight, keep": lambda: ReweightCandidates(
        scorer=RunnableLambda(_interrupting), on_error="keep"
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_an_interrupt_inside_a_step_pauses_the_graph(step: str) -> None:
    vs = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=1), k=1)
    graph = _asking_a_person(vs | STEPS[step]() | RunnableLambda(len))
    config: Any = {"configurable": {"thread_id": "1"}}
    assert "__interrupt__" in graph.invoke({"question": "Roll a die"}, config)
    assert graph.invoke(Command(resume=1), config)["answers"] == 1


@for_every("settings", [{"k": 2}, {"k": 2, "method": "direct"}], ids=str)
@for_every("way", ["invoke", "stream"])
def test_an_interrupt_inside_a_follow_up_call_pauses_the_graph(
    settings: dict[str, Any], way: str
) -> None:
    calls: list[int] = []

    def model(_: Any) -> str:
        calls.append(1)
        return xml("a") if len(calls) % 2 else str(interrupt("go on?"))

    vs: Any = VerbalizedSamplingRunnable(llm=RunnableLambda(model), **settings)

    def ask(question: str) -> Any:
        given = vs.stream(question) if way == "stream" else [vs.invoke(question)]
        return sum(given, VerbalizedDistribution())

    graph = _asking_a_person(RunnableLambda(ask) | RunnableLambda(len))
    config: Any = {"configurable": {"thread_id": "1"}, "max_concurrency": 1}
    assert "__interrupt__" in graph.invoke({"question": QUESTION}, config)
