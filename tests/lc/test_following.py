"""Candidates on LangGraph's custom stream, while the model writes them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.caches import InMemoryCache
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import RunnableConfig, RunnableLambda
from langgraph.graph import START, MessagesState, StateGraph
from pydantic import PrivateAttr

from langchain_vs import ChatVerbalizedSampling, VerbalizedSamplingMiddleware
from tests.lc.models import ScriptedChatModel
from tests.scenarios import QUESTION, ModelDownError, xml

ABC = xml("a", "b", "c")
LISTED = "Here they are:\n- a: 30%\n- b: 20%"
ASKED: Any = {"messages": [HumanMessage(QUESTION, id="1")]}


class Watched(ScriptedChatModel):
    """Notes what it has written; waits behind the first response to be heard, if there is a gate.

    Attributes:
        gate: Opened by whoever has heard it.
    """

    gate: Any = None

    _written: list[str] = PrivateAttr(default_factory=list)
    _was_heard: list[bool] = PrivateAttr(default_factory=list)

    @property
    def written(self) -> list[str]:
        return self._written

    @property
    def was_heard(self) -> list[bool]:
        return self._was_heard

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        for chunk in super()._stream(*args, **kwargs):
            self._written.append(chunk.text)
            yield chunk
            if self.gate and not self._was_heard and "</response>" in "".join(self._written):
                self._was_heard.append(self.gate.wait(5))


def chatting(*script: Any, cache: Any = None, gate: Any = None, **settings: Any) -> Any:
    """The wrapped model, and a graph that asks the chat model around it."""
    inner = Watched(script=list(script), cache=cache, gate=gate)
    model = ChatVerbalizedSampling(llm=inner, **{"k": 3, "stream_candidates": True, **settings})
    return inner, graph_of(model)


def graph_of(model: Any) -> Any:
    def sync(state: MessagesState) -> Any:
        return {"messages": [model.invoke(state["messages"])]}

    async def chat(state: MessagesState, config: RunnableConfig) -> Any:
        # Python 3.10 needs the config where it is asynchronous.
        return {"messages": [await model.ainvoke(state["messages"], config)]}

    node: Any = RunnableLambda(sync, chat)
    return StateGraph(MessagesState).add_node("chat", node).add_edge(START, "chat").compile()


def acting(*script: Any, gate: Any = None, **settings: Any) -> Any:
    """The model, and an agent of it with the middleware."""
    inner = Watched(script=list(script), gate=gate)
    settings = {"k": 3, "stream_candidates": True, **settings}
    middleware: Any = VerbalizedSamplingMiddleware(**settings)
    return inner, create_agent(inner, middleware=[middleware])


def followed(graph: Any, **options: Any) -> list[Any]:
    """What is on the custom stream."""
    stream = graph.stream(ASKED, stream_mode="custom", **options)
    return [event["verbalized_sampling"] for event in stream]


async def afollowed(graph: Any) -> list[Any]:
    stream = graph.astream(ASKED, stream_mode="custom")
    return [event["verbalized_sampling"] async for event in stream]


def values(events: list[Any]) -> list[str]:
    return [event["value"] for event in events]


both = pytest.mark.parametrize("make", [chatting, acting])


@both
def test_each_candidate_is_told_with_its_number(make: Any) -> None:
    events = followed(make(ABC)[1])
    assert values(events) == ["a", "b", "c"]
    assert set(events[0]) == {"value", "stated", "raw_probability", "reasoning"}
    assert events[0]["stated"] is not None


needs_writer = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="LangGraph's writer needs a later Python in async agents"
)


@pytest.mark.parametrize("make", [chatting, pytest.param(acting, marks=needs_writer)])
async def test_each_candidate_is_told_async(make: Any) -> None:
    assert values(await afollowed(make(ABC)[1])) == ["a", "b", "c"]


@both
def test_a_candidate_is_told_before_the_next_is_written(make: Any) -> None:
    gate = threading.Event()
    model, graph = make(ABC, gate=gate)
    for event in graph.stream(ASKED, stream_mode=["custom", "messages"]):
        if event[0] == "custom":
            gate.set()
    assert model.was_heard == [True]


@both
def test_beside_messages_each_is_told_once(make: Any) -> None:
    parts = list(make(ABC)[1].stream(ASKED, stream_mode=["custom", "messages"]))
    events = [part["verbalized_sampling"] for mode, part in parts if mode == "custom"]
    assert values(events) == ["a", "b", "c"]
    words = "".join(m.text for mode, (m, _) in filter(lambda p: p[0] == "messages", parts))
    assert words in {"a", "b", "c"}


@pytest.mark.skipif(
    not hasattr(BaseChatModel, "_chat_model_stream_v3"), reason="a later langchain-core has it"
)
@pytest.mark.filterwarnings("ignore:The v3 streaming protocol:Warning")
@both
def test_where_events_are_streamed_each_is_told_once(make: Any) -> None:
    transformers: Any = pytest.importorskip("langgraph.stream.transformers")
    run = make(ABC)[1].stream_events(
        ASKED, version="v3", transformers=[transformers.CustomTransformer]
    )
    assert values([event["verbalized_sampling"] for event in run.custom]) == ["a", "b", "c"]


@both
def test_it_is_silent_unless_asked_for(make: Any) -> None:
    model, graph = make(ABC, stream_candidates=False)
    assert (followed(graph), model.written) == ([], [])


@both
def test_the_answer_is_one_of_them(make: Any) -> None:
    answer = make(ABC)[1].invoke(ASKED)["messages"][-1]
    assert isinstance(answer, AIMessage)
    assert answer.text in {"a", "b", "c"}
    assert answer.usage_metadata is not None


def test_those_of_a_further_call_are_told_too() -> None:
    assert values(followed(chatting(xml("a", "b"), xml("c"))[1])) == ["a", "b", "c"]


def test_a_looser_notation_is_told_at_the_end() -> None:
    assert values(followed(chatting(LISTED, k=2)[1])) == ["a", "b"]


def test_a_plain_answer_of_an_agent_tells_nothing() -> None:
    assert followed(acting(LISTED)[1]) == []


def test_a_model_that_cannot_be_streamed_is_told_at_the_end() -> None:
    model = ChatVerbalizedSampling(llm=RunnableLambda(lambda _: ABC), k=3, stream_candidates=True)
    assert values(followed(graph_of(model))) == ["a", "b", "c"]


def test_the_cache_of_the_model_is_still_asked() -> None:
    model, graph = chatting(ABC, cache=InMemoryCache())
    assert values(followed(graph)) == values(followed(graph)) == ["a", "b", "c"]
    assert len(model.calls) == 1


def test_a_retry_is_still_made() -> None:
    inner = Watched(script=[ModelDownError(), ABC]).with_retry(
        retry_if_exception_type=(ModelDownError,), wait_exponential_jitter=False
    )
    model = ChatVerbalizedSampling(llm=inner, k=3, stream_candidates=True)
    assert values(followed(graph_of(model))) == ["a", "b", "c"]


def test_the_context_can_ask_for_it() -> None:
    _, agent = acting(ABC, stream_candidates=False)
    context = {"verbalized_sampling": {"stream_candidates": True}}
    assert values(followed(agent, context=context)) == ["a", "b", "c"]


async def test_an_agent_without_a_writer_answers_all_the_same() -> None:
    _, agent = acting(ABC)
    assert (await agent.ainvoke(ASKED))["messages"][-1].text in {"a", "b", "c"}


def test_generate_in_a_graph_tells_them_too() -> None:
    model = ChatVerbalizedSampling(llm=Watched(script=[ABC]), k=3, stream_candidates=True)

    def chat(state: MessagesState) -> Any:
        return {"messages": [model.generate([state["messages"]]).generations[0][0].message]}  # type: ignore[list-item, union-attr]

    node: Any = chat
    graph = StateGraph(MessagesState).add_node("chat", node).add_edge(START, "chat").compile()
    assert values(followed(graph)) == ["a", "b", "c"]


def test_outside_of_a_graph_the_model_is_not_streamed() -> None:
    inner = Watched(script=[ABC, ABC])
    model = ChatVerbalizedSampling(llm=inner, k=3, stream_candidates=True)
    assert model.invoke(QUESTION).text in {"a", "b", "c"}
    assert (RunnableLambda(lambda text: text) | model).invoke(QUESTION).text in {"a", "b", "c"}
    assert inner.written == []


def test_without_langgraph_it_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "langgraph.config")
    model = ChatVerbalizedSampling(llm=Watched(script=[ABC]), k=3, stream_candidates=True)
    assert model.invoke(QUESTION).text in {"a", "b", "c"}
    assert "langgraph.config" not in sys.modules
