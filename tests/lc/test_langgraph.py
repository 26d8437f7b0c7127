"""Inside LangGraph and inside LCEL's compositions: nodes, state, checkpoints, branches."""

from __future__ import annotations

import json
import logging
import operator
import os
import subprocess
import sys
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any

import pytest
from langchain_core.runnables import (
    RunnableBranch,
    RunnableConfig,
    RunnableLambda,
    RunnableParallel,
    RunnablePassthrough,
)
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.graph import START, StateGraph
from pydantic import BaseModel
from typing_extensions import TypedDict

from langchain_vs import SampleCandidate, VerbalizedSamplingRunnable
from tests.lc.models import ScriptedChatModel
from tests.scenarios import QUESTION, xml
from vs_core import Candidate, Trace, VerbalizedDistribution

AB = xml("a", "b")
CD = xml("c", "d")
ASKED = {"question": QUESTION}
THREAD: RunnableConfig = {"configurable": {"thread_id": "1"}}
ROOT = Path(__file__).parent.parent.parent


class State(TypedDict, total=False):
    question: str
    jokes: VerbalizedDistribution[Any]
    joke: str


class Pooled(TypedDict, total=False):
    question: str
    jokes: Annotated[VerbalizedDistribution[Any], operator.add]


class Problem(BaseModel):
    """A typed value; a checkpoint must find its class again, so it stands in a module."""

    statement: str
    answer: int


def sampling(*script: str) -> VerbalizedSamplingRunnable:
    return VerbalizedSamplingRunnable(llm=ScriptedChatModel(script=list(script)), k=2)


def graph_of(node: Any, checkpointer: Any = None) -> Any:
    graph = StateGraph(State).add_node("ask", node).add_edge(START, "ask")
    return graph.compile(checkpointer=checkpointer)


def as_node(vs: VerbalizedSamplingRunnable) -> Any:
    """The runnable as a node of its own, without a function around it."""
    return RunnableParallel(jokes=itemgetter("question") | vs)


def allowing(*types: type) -> JsonPlusSerializer:
    return JsonPlusSerializer(allowed_msgpack_modules=[VerbalizedDistribution, *types])


def problems() -> VerbalizedDistribution[Any]:
    return VerbalizedDistribution.of(
        [
            Candidate(value=Problem(statement="1 + 1", answer=2), stated=0.3),
            Candidate(value=Problem(statement="7 * 6", answer=42), stated=0.1),
        ],
        Trace(k=2, method="standard", definition="explicit", calls=1),
    )


# --- nodes --------------------------------------------------------------------------------


def test_in_a_node_function() -> None:
    vs = sampling(AB)

    def ask(state: State) -> State:
        return {"jokes": vs.invoke(state["question"])}

    assert graph_of(ask).invoke(ASKED)["jokes"].texts == ["a", "b"]


async def test_in_an_async_node_function() -> None:
    vs = sampling(AB)

    async def ask(state: State, config: RunnableConfig) -> State:
        return {"jokes": await vs.ainvoke(state["question"], config)}

    assert (await graph_of(ask).ainvoke(ASKED))["jokes"].texts == ["a", "b"]


def test_as_a_node() -> None:
    assert graph_of(as_node(sampling(AB))).invoke(ASKED)["jokes"].texts == ["a", "b"]


async def test_as_a_node_async() -> None:
    state = await graph_of(as_node(sampling(AB))).ainvoke(ASKED)
    assert state["jokes"].texts == ["a", "b"]


async def test_the_run_in_a_node_nests_in_the_nodes_run() -> None:
    events = [e async for e in graph_of(as_node(sampling(AB))).astream_events(ASKED, version="v2")]
    started = {e["run_id"]: e["name"] for e in events if e["event"] == "on_chain_start"}
    [model] = [e for e in events if e["event"] == "on_chat_model_start"]
    above = [started[run] for run in model["parent_ids"]]
    assert [
        name for name in above if name in {"LangGraph", "ask", "VerbalizedSamplingRunnable"}
    ] == [
        "LangGraph",
        "ask",
        "VerbalizedSamplingRunnable",
    ]


def test_a_later_node_draws_from_the_state() -> None:
    graph = StateGraph(State)
    graph.add_node("ask", as_node(sampling(AB)))
    graph.add_node("draw", RunnableParallel(joke=itemgetter("jokes") | SampleCandidate()))
    graph.add_edge(START, "ask")
    graph.add_edge("ask", "draw")
    compiled: Any = graph.compile()
    assert compiled.invoke(ASKED)["joke"] in {"a", "b"}


def test_distributions_of_parallel_nodes_add_up_in_the_state() -> None:
    graph = StateGraph(Pooled)
    for name, reply in {"left": AB, "right": CD}.items():
        graph.add_node(name, as_node(sampling(reply)))
        graph.add_edge(START, name)
    compiled: Any = graph.compile()
    jokes = compiled.invoke(ASKED)["jokes"]
    assert (jokes.texts, jokes.trace.calls) == (["a", "b", "c", "d"], 2)


def test_the_tag_nostream_keeps_the_reply_out_of_the_message_stream() -> None:
    def messages_of(vs: Any) -> str:
        graph = graph_of(as_node(vs))
        return "".join(m.content for m, _ in graph.stream(ASKED, stream_mode="messages"))

    assert messages_of(sampling(AB)) == AB
    assert messages_of(sampling(AB).with_config(tags=["nostream"])) == ""


# --- checkpoints --------------------------------------------------------------------------


def test_a_distribution_survives_a_checkpoint(caplog: pytest.LogCaptureFixture) -> None:
    graph = graph_of(as_node(sampling(AB)), InMemorySaver(serde=allowing()))
    with caplog.at_level(logging.WARNING):
        answered = graph.invoke(ASKED, THREAD)
        restored = graph.get_state(THREAD).values["jokes"]
    assert restored == answered["jokes"]
    assert caplog.records == []


def test_a_restored_distribution_can_be_drawn_from() -> None:
    graph = graph_of(as_node(sampling(AB)), InMemorySaver(serde=allowing()))
    answered = graph.invoke(ASKED, THREAD)["jokes"]
    restored = graph.get_state(THREAD).values["jokes"]
    assert [restored.sample(seed=s) for s in range(9)] == [
        answered.sample(seed=s) for s in range(9)
    ]


def test_a_transformed_distribution_survives_too() -> None:
    graph = graph_of(
        as_node(sampling(AB)) | (lambda state: {"jokes": state["jokes"].temper(2.0).top_k(1)}),
        InMemorySaver(serde=allowing()),
    )
    answered = graph.invoke(ASKED, THREAD)
    assert graph.get_state(THREAD).values["jokes"] == answered["jokes"]


def test_typed_values_survive_a_checkpoint() -> None:
    saver = InMemorySaver(serde=allowing(Problem))
    graph = graph_of(lambda _: {"jokes": problems()}, saver)
    graph.invoke(ASKED, THREAD)
    restored = graph.get_state(THREAD).values["jokes"]
    assert restored == problems()
    assert [problem.answer for problem in restored.values] == [2, 42]


FRESH = """
import json, sys
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from tests.lc.test_langgraph import Problem, problems
from vs_core import VerbalizedDistribution

serde = JsonPlusSerializer(allowed_msgpack_modules=[VerbalizedDistribution, Problem])
kind, file = sys.argv[1:]
with open(file, "rb") as stored:
    state = serde.loads_typed((kind, stored.read()))
print(json.dumps([state["jokes"].model_dump(mode="json"), state["problems"] == problems()]))
"""


def test_a_fresh_process_reads_what_was_stored_and_allowed_where_all_else_is_refused(
    tmp_path: Path,
) -> None:
    jokes = sampling(AB).invoke(QUESTION)
    kind, stored = allowing(Problem).dumps_typed({"jokes": jokes, "problems": problems()})
    (tmp_path / "state").write_bytes(stored)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FRESH, kind, str(tmp_path / "state")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "LANGGRAPH_STRICT_MSGPACK": "true"},
    )
    assert json.loads(done.stdout) == [jokes.model_dump(mode="json"), True]
    # LangGraph logs what it meets that is not allowed.
    assert done.stderr == ""


# --- LCEL ---------------------------------------------------------------------------------


def test_in_a_parallel() -> None:
    both = RunnableParallel(first=sampling(AB), second=sampling(CD) | SampleCandidate())
    found = both.invoke(QUESTION)
    assert (found["first"].texts, found["second"] in {"c", "d"}) == (["a", "b"], True)


async def test_in_a_parallel_async() -> None:
    found = await RunnableParallel(first=sampling(AB), second=sampling(CD)).ainvoke(QUESTION)
    assert {name: d.texts for name, d in found.items()} == {
        "first": ["a", "b"],
        "second": ["c", "d"],
    }


def test_the_streams_of_a_parallel_add_up() -> None:
    script = RunnableParallel(first=sampling(AB, AB), second=sampling(CD, CD))
    chunks = list(script.stream(QUESTION))
    total: Any = chunks[0]
    for chunk in chunks[1:]:
        total += chunk
    assert total == script.invoke(QUESTION)


@pytest.mark.parametrize(("question", "texts"), [("short", ["a", "b"]), ("a long one", ["c", "d"])])
def test_in_a_branch(question: str, texts: list[str]) -> None:
    branch: Any = RunnableBranch((lambda text: " " in text, sampling(CD)), sampling(AB))
    assert branch.invoke(question).texts == texts


async def test_in_a_branch_async() -> None:
    branch: Any = RunnableBranch((lambda text: " " in text, sampling(CD)), sampling(AB))
    assert (await branch.ainvoke(QUESTION)).texts == ["c", "d"]


def test_a_branch_streams_candidates() -> None:
    branch: Any = RunnableBranch((lambda text: " " in text, sampling(CD)), sampling(AB))
    assert [chunk.texts for chunk in branch.stream(QUESTION)] == [["c"], ["d"], []]


def test_a_branch_can_decide_on_a_distribution() -> None:
    unsure: Any = RunnableBranch(
        (lambda d: d.entropy() > 0.5, RunnableLambda(lambda d: f"one of {len(d)}")),
        SampleCandidate(),
    )
    assert (sampling(AB) | unsure).invoke(QUESTION) == "one of 2"


def test_in_an_assign() -> None:
    chain: Any = RunnablePassthrough.assign(jokes=itemgetter("question") | sampling(AB))
    found = chain.invoke({**ASKED, "user": "Ada"})
    assert (found["user"], found["jokes"].texts) == ("Ada", ["a", "b"])


async def test_in_an_assign_async() -> None:
    chain: Any = RunnablePassthrough.assign(jokes=itemgetter("question") | sampling(AB))
    found = await chain.ainvoke(ASKED)
    assert (found["question"], found["jokes"].texts) == (QUESTION, ["a", "b"])


def test_an_assign_streams_candidates() -> None:
    chain: Any = RunnablePassthrough.assign(jokes=itemgetter("question") | sampling(AB))
    chunks = list(chain.stream(ASKED))
    assert [c["jokes"].texts for c in chunks if "jokes" in c] == [["a"], ["b"], []]
