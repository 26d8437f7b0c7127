"""What the chat model costs is told once, to whoever listens, however it is called."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from langchain_core.callbacks import (
    AsyncCallbackHandler,
    BaseCallbackHandler,
    UsageMetadataCallbackHandler,
    get_usage_metadata_callback,
)
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage
from langchain_core.outputs import ChatGeneration, LLMResult
from langchain_core.runnables import RunnableConfig, RunnableLambda
from langchain_core.tracers import LangChainTracer
from langchain_core.tracers.base import BaseTracer
from langchain_core.tracers.context import collect_runs
from langchain_core.tracers.schemas import Run
from langgraph.graph import START, MessagesState, StateGraph

from langchain_vs import ChatVerbalizedSampling, SimulatedChatModel
from tests.every import for_every
from tests.lc.models import ScriptedChatModel
from tests.scenarios import QUESTION, xml

TOPPED_UP = (xml("a"), xml("b"))
COST: Any = {"input_tokens": 14, "output_tokens": 6, "total_tokens": 20}
TOLD = {"scripted": COST}
CONFIG = RunnableConfig()


def around(*script: str, **settings: Any) -> ChatVerbalizedSampling:
    inner = ScriptedChatModel(script=list(script or TOPPED_UP))
    return ChatVerbalizedSampling(llm=inner, **{"k": 2, **settings})


# --- every way to call it -----------------------------------------------------------------


def callbacks_of(config: RunnableConfig) -> Any:
    return config.get("callbacks")


async def by_invoke(model: Any, config: RunnableConfig = CONFIG) -> Any:
    return model.invoke(QUESTION, config)


async def by_ainvoke(model: Any, config: RunnableConfig = CONFIG) -> Any:
    return await model.ainvoke(QUESTION, config)


async def by_stream(model: Any, config: RunnableConfig = CONFIG) -> Any:
    return total(list(model.stream(QUESTION, config)))


async def by_astream(model: Any, config: RunnableConfig = CONFIG) -> Any:
    return total([chunk async for chunk in model.astream(QUESTION, config)])


async def by_generate(model: Any, config: RunnableConfig = CONFIG) -> Any:
    result = model.generate([[HumanMessage(QUESTION)]], callbacks=callbacks_of(config))
    return result.generations[0][0].message


async def by_agenerate(model: Any, config: RunnableConfig = CONFIG) -> Any:
    asked = [[HumanMessage(QUESTION)]]
    result = await model.agenerate(asked, callbacks=callbacks_of(config))
    return result.generations[0][0].message


async def by_batch(model: Any, config: RunnableConfig = CONFIG) -> Any:
    return model.batch([QUESTION], config)[0]


async def by_abatch(model: Any, config: RunnableConfig = CONFIG) -> Any:
    return (await model.abatch([QUESTION], config))[0]


async def by_events(model: Any, config: RunnableConfig = CONFIG) -> Any:
    events = [event async for event in model.astream_events(QUESTION, config, version="v2")]
    return events[-1]["data"]["output"]


async def by_v3_events(model: Any, config: RunnableConfig = CONFIG) -> Any:
    return model.stream_events(QUESTION, config, version="v3").output


async def by_async_v3_events(model: Any, config: RunnableConfig = CONFIG) -> Any:
    stream = await model.astream_events(QUESTION, config, version="v3")
    message = await stream.output
    await asyncio.sleep(0.01)  # handlers are told of the end when the output is there
    return message


async def in_a_graph(model: Any, config: RunnableConfig = CONFIG) -> Any:
    return (await graph_of(model).ainvoke(asked(), config))["messages"][-1]


async def by_a_graphs_message_stream(model: Any, config: RunnableConfig = CONFIG) -> Any:
    graph = graph_of(model)
    return total([m for m, _ in graph.stream(asked(), config, stream_mode="messages")])


async def by_a_graphs_v3_events(model: Any, config: RunnableConfig = CONFIG) -> Any:
    run = graph_of(model).stream_events(asked(), config, version="v3")
    [message] = [message.output for message in run.messages]
    return message


def asked() -> Any:
    return {"messages": [("user", QUESTION)]}


def graph_of(model: Any) -> Any:
    def chat(state: MessagesState, config: RunnableConfig) -> Any:
        # Python 3.10 needs the config where the graph is asynchronous.
        return {"messages": [model.invoke(state["messages"], config)]}

    return StateGraph(MessagesState).add_node("chat", chat).add_edge(START, "chat").compile()


def total(chunks: list[AIMessageChunk]) -> AIMessageChunk:
    first, *rest = chunks
    for chunk in rest:
        first += chunk
    return first


EVERY_WAY = [
    by_invoke,
    by_ainvoke,
    by_stream,
    by_astream,
    by_generate,
    by_agenerate,
    by_batch,
    by_abatch,
    by_events,
    in_a_graph,
    by_a_graphs_message_stream,
]
if hasattr(BaseChatModel, "_chat_model_stream_v3"):  # a later langchain-core has it
    EVERY_WAY += [by_v3_events, by_async_v3_events, by_a_graphs_v3_events]
Way = Callable[..., Awaitable[AIMessage]]
every_way = for_every("call", EVERY_WAY)
pytestmark = pytest.mark.filterwarnings(
    # The stream of events in their third version is said to be in beta, by both packages.
    "ignore:The (method `BaseChatModel|v3 streaming protocol):Warning"
)


@every_way
async def test_the_message_has_the_usage(call: Way) -> None:
    assert (await call(around())).usage_metadata == COST


@every_way
async def test_nothing_else_is_in_the_metadata(call: Way) -> None:
    metadata = (await call(around())).response_metadata
    named = {"verbalized_sampling", "model_name", "token_usage", "output_version"}
    assert {"verbalized_sampling", "model_name"} <= set(metadata) <= named


@every_way
async def test_a_handler_of_the_call_counts_once(call: Way) -> None:
    handler = UsageMetadataCallbackHandler()
    await call(around(), {"callbacks": [handler]})
    assert handler.usage_metadata == TOLD


@every_way
async def test_a_handler_of_the_context_counts_once(call: Way) -> None:
    with get_usage_metadata_callback() as handler:
        await call(around())
    assert handler.usage_metadata == TOLD


@every_way
async def test_a_handler_of_the_model_counts_once(call: Way) -> None:
    handler = UsageMetadataCallbackHandler()
    await call(around(callbacks=[handler]))
    assert handler.usage_metadata == TOLD


@every_way
async def test_a_handler_of_the_wrapped_model_counts_once(call: Way) -> None:
    own, other = UsageMetadataCallbackHandler(), UsageMetadataCallbackHandler()
    inner = ScriptedChatModel(script=list(TOPPED_UP), callbacks=[own])
    model = ChatVerbalizedSampling(llm=inner, k=2)
    await call(model, {"callbacks": [other]})
    assert (own.usage_metadata, other.usage_metadata) == (TOLD, TOLD)


class Tokens(BaseTracer):
    """A tracer that adds up what the runs of models cost."""

    def __init__(self) -> None:
        super().__init__()
        self.reported: list[Any] = []
        self.names: list[str] = []

    def _persist_run(self, run: Run) -> None:
        pass

    def _on_llm_end(self, run: Run) -> None:
        self.names.append(run.name)
        [[generation]] = (run.outputs or {})["generations"]
        if usage := generation["message"]["kwargs"].get("usage_metadata"):
            self.reported.append(usage)


@every_way
async def test_a_tracer_sees_all_runs_and_the_usage_once(call: Way) -> None:
    tracer = Tokens()
    await call(around(), {"callbacks": [tracer]})
    assert tracer.names == ["ScriptedChatModel", "ScriptedChatModel", "ChatVerbalizedSampling"]
    assert tracer.reported == [COST]


class Received:
    """What LangSmith would be sent."""

    tracing_queue = None

    def __init__(self) -> None:
        self.parents: dict[str, Any] = {}
        self.tokens: list[Any] = []

    def create_run(self, name: str, **run: Any) -> None:
        self.parents[name] = run.get("parent_run_id")

    def update_run(self, **run: Any) -> None:
        for [generation] in (run.get("outputs") or {}).get("generations", ()):
            if usage := generation["message"]["kwargs"].get("usage_metadata"):
                self.tokens.append((run["name"], usage))


# The tracer of langchain-core before 1.3 dumps and copies what it sends by pydantic's old methods.
@pytest.mark.filterwarnings("ignore:The `.*` method is deprecated:DeprecationWarning")
@for_every("call", [by_invoke, by_ainvoke, by_stream, by_generate])
async def test_langsmith_gets_nested_runs_and_the_usage_once(call: Way) -> None:
    received: Any = Received()
    tracer = LangChainTracer(client=received)
    await call(around(), {"callbacks": [tracer]})
    assert [name for name, parent in received.parents.items() if parent is None] == [
        "ChatVerbalizedSampling"
    ]
    assert "ScriptedChatModel" in received.parents
    assert received.tokens == [("ChatVerbalizedSampling", COST)]


@for_every("call", [by_ainvoke, by_astream, by_invoke])
async def test_an_asynchronous_handler_counts_once(call: Way) -> None:
    told: list[Any] = []

    class Listen(AsyncCallbackHandler):
        async def on_llm_end(self, response: LLMResult, **kwargs: Any) -> None:
            [[generation]] = response.generations
            assert isinstance(generation, ChatGeneration)
            assert isinstance(generation.message, AIMessage)
            told.append(generation.message.usage_metadata)

    await call(around(), {"callbacks": [Listen()]})
    assert told == [None, None, COST]


class OldStyle(BaseCallbackHandler):
    """Counts what was reported before messages had their usage."""

    def __init__(self) -> None:
        self.tokens = 0

    def on_llm_end(self, response: LLMResult, **kwargs: Any) -> None:
        usage = (response.llm_output or {}).get("token_usage", {})
        self.tokens += usage.get("total_tokens", 0)


class Reporting(ScriptedChatModel):
    """Reports its usage in the old place too."""

    def _generate(self, *args: Any, **kwargs: Any) -> Any:
        result = super()._generate(*args, **kwargs)
        return result.model_copy(update={"llm_output": {"token_usage": {"total_tokens": 10}}})


async def test_a_handler_of_the_old_style_counts_once() -> None:
    inherited, own = OldStyle(), OldStyle()
    inner = Reporting(script=list(TOPPED_UP))
    model = ChatVerbalizedSampling(llm=inner, k=2, callbacks=[own])
    model.invoke(QUESTION, {"callbacks": [inherited]})
    assert (inherited.tokens, own.tokens) == (20, 20)


@every_way
async def test_one_around_another_counts_once(call: Way) -> None:
    handler = UsageMetadataCallbackHandler()
    inner = around(*(xml("a", "b") for _ in range(2)))
    inner = inner.model_copy(update={"select": "best"})
    outer = ChatVerbalizedSampling(
        llm=inner, k=1, on_failure="whole_reply", max_reasks=0, max_topups=0
    )
    await call(outer, {"callbacks": [handler]})
    assert handler.usage_metadata["scripted"]["total_tokens"] == 10


async def test_calls_side_by_side_count_their_own() -> None:
    model = ChatVerbalizedSampling(llm=SimulatedChatModel(seed=1), k=2)
    handlers = [UsageMetadataCallbackHandler() for _ in range(8)]
    messages = await asyncio.gather(
        *(model.ainvoke(f"Question {n}", {"callbacks": [h]}) for n, h in enumerate(handlers))
    )
    assert [h.usage_metadata["simulated"] for h in handlers] == [m.usage_metadata for m in messages]


def test_a_bound_model_inside_a_chain_counts_once() -> None:
    handler = UsageMetadataCallbackHandler()
    inner = ScriptedChatModel(script=list(TOPPED_UP)).with_retry().with_config(tags=["mine"])
    chain = RunnableLambda(lambda text: text) | ChatVerbalizedSampling(llm=inner, k=2)
    with collect_runs() as collected:
        chain.invoke(QUESTION, {"callbacks": [handler]})
    assert handler.usage_metadata == TOLD
    [run] = collected.traced_runs
    assert [child.name for child in run.child_runs][-1] == "ChatVerbalizedSampling"


def test_the_next_call_in_the_same_context_is_told_again() -> None:
    plain = ScriptedChatModel(script=[xml("a"), xml("b")])
    with get_usage_metadata_callback() as handler:
        around().invoke(QUESTION)
        plain.invoke(QUESTION)
    assert handler.usage_metadata["scripted"]["total_tokens"] == 30


# --- requests that go to the wrapped model ------------------------------------------------

TOOL = {"type": "function", "function": {"name": "look", "parameters": {}}}


@for_every("bind", [lambda model: model.bind(tools=[TOOL]), lambda model: model.bind_tools([TOOL])])
@for_every("call", [by_invoke, by_ainvoke, by_stream, by_astream, by_batch])
async def test_a_request_with_tools_is_told_to_the_handlers_of_the_model(
    bind: Any, call: Way
) -> None:
    class Binding(ScriptedChatModel):
        def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
            return self.bind(tools=tools, **kwargs)

    own, other = UsageMetadataCallbackHandler(), UsageMetadataCallbackHandler()
    model = ChatVerbalizedSampling(llm=Binding(script=["Let me see."]), callbacks=[own])
    message = await call(bind(model), {"callbacks": [other]})
    assert message.content == "Let me see."
    assert own.usage_metadata == other.usage_metadata == {"scripted": message.usage_metadata}


@for_every("call", [by_generate, by_agenerate])
async def test_generate_with_tools_counts_once(call: Way) -> None:
    own, other = UsageMetadataCallbackHandler(), UsageMetadataCallbackHandler()
    inner = ScriptedChatModel(script=["Let me see."]).bind(tools=[TOOL])
    message = await call(ChatVerbalizedSampling(llm=inner, callbacks=[own]), {"callbacks": [other]})
    assert own.usage_metadata == other.usage_metadata == {"scripted": message.usage_metadata}


def test_a_request_with_tools_inside_a_chain_counts_once() -> None:
    inner = ScriptedChatModel(script=["Let me see."]).bind(tools=[TOOL]).with_config(tags=["mine"])
    model = ChatVerbalizedSampling(llm=inner)

    def ask(question: str, config: RunnableConfig) -> str:
        asked: Any = [[HumanMessage(question)]]
        return model.generate(asked, callbacks=config.get("callbacks")).generations[0][0].text

    handler, tracer = UsageMetadataCallbackHandler(), Tokens()
    RunnableLambda(ask).invoke(QUESTION, {"callbacks": [handler, tracer]})
    assert handler.usage_metadata["scripted"]["total_tokens"] == 10
    assert tracer.names == ["ScriptedChatModel", "ChatVerbalizedSampling"]
