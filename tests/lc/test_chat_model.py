"""The chat model around a chat model, as a citizen of LangChain."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.caches import InMemoryCache
from langchain_core.callbacks import (
    BaseCallbackHandler,
    UsageMetadataCallbackHandler,
    get_usage_metadata_callback,
)
from langchain_core.globals import set_llm_cache
from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from langchain_core.runnables import ConfigurableField, RunnableConfig, RunnableLambda
from langchain_core.tools import tool
from langchain_core.tracers.context import collect_runs
from langchain_core.utils.uuid import uuid7
from langgraph.graph import START, MessagesState, StateGraph
from pydantic import BaseModel, ValidationError

from langchain_vs import (
    ChatVerbalizedSampling,
    SimulatedChatModel,
    VerbalizedSamplingParserError,
    VerbalizedSamplingRunnable,
)
from tests.every import for_every
from tests.lc.models import ScriptedChatModel
from tests.scenarios import QUESTION, ModelDownError, xml
from tests.wire.clients import chat
from tests.wire.server import Reply, ToolCall, WireServer, serve
from vs_core import PromptError, PromptSettings, VerbalizedDistribution, instruction

AB = xml("a", "b")
LIKELY = (
    "<response><text>one two  three</text><probability>0.9</probability></response>"
    "<response><text>never</text><probability>0.0</probability></response>"
)
TOPPED_UP = (xml("a"), xml("b"))
INSTRUCTION = instruction(PromptSettings(k=2))
WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {}}}
CALL = ToolCall("weather", '{"city": "Oslo"}')


@tool
def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


class Joke(BaseModel):
    """A joke."""

    setup: str


def around(*script: Any, **settings: Any) -> tuple[ScriptedChatModel, ChatVerbalizedSampling]:
    model = ScriptedChatModel(script=list(script))
    return model, ChatVerbalizedSampling(llm=model, **{"k": 2, **settings})


def distribution_of(message: AIMessage) -> VerbalizedDistribution[Any]:
    metadata = message.response_metadata["verbalized_sampling"]
    return VerbalizedDistribution.model_validate(metadata)


# --- every way to call it, in one shape ---------------------------------------------------


async def by_invoke(model: Any, config: RunnableConfig | None = None) -> Any:
    return model.invoke(QUESTION, config)


async def by_ainvoke(model: Any, config: RunnableConfig | None = None) -> Any:
    return await model.ainvoke(QUESTION, config)


async def by_stream(model: Any, config: RunnableConfig | None = None) -> Any:
    return _sum(list(model.stream(QUESTION, config)))


async def by_astream(model: Any, config: RunnableConfig | None = None) -> Any:
    return _sum([chunk async for chunk in model.astream(QUESTION, config)])


def _sum(chunks: list[AIMessageChunk]) -> AIMessageChunk:
    total, *rest = chunks
    for chunk in rest:
        total += chunk
    return total


EVERY_WAY = [by_invoke, by_ainvoke, by_stream, by_astream]
every_way = for_every("call", EVERY_WAY)


@every_way
async def test_the_answer_is_a_candidate(call: Any) -> None:
    _, model = around(LIKELY)
    assert (await call(model)).content == "one two  three"


@every_way
async def test_the_distribution_is_in_the_metadata(call: Any) -> None:
    _, model = around(LIKELY)
    vs = VerbalizedSamplingRunnable(llm=ScriptedChatModel(script=[LIKELY]), k=2)
    assert distribution_of(await call(model)) == vs.invoke(QUESTION)


@every_way
async def test_the_metadata_is_plain_json(call: Any) -> None:
    metadata = (await call(around(LIKELY)[1])).response_metadata
    assert json.loads(json.dumps(metadata)) == metadata


@every_way
async def test_the_metadata_tells_all_calls(call: Any) -> None:
    trace = distribution_of(await call(around(*TOPPED_UP)[1])).trace
    assert (trace.calls, trace.input_tokens, trace.output_tokens) == (2, 14, 6)


@every_way
async def test_the_name_of_the_wrapped_model_is_told(call: Any) -> None:
    assert (await call(around(AB)[1])).response_metadata["model_name"] == "scripted"


@every_way
async def test_the_model_is_asked_for_a_distribution(call: Any) -> None:
    inner, model = around(AB)
    await call(model)
    assert inner.calls == [[SystemMessage(content=INSTRUCTION), HumanMessage(content=QUESTION)]]


@every_way
async def test_an_unreadable_reply_raises_with_the_reply(call: Any) -> None:
    _, model = around("I cannot.", "I really cannot.")
    with pytest.raises(VerbalizedSamplingParserError) as caught:
        await call(model)
    assert caught.value.llm_output == "I really cannot."


@every_way
async def test_an_unreadable_reply_can_be_the_answer(call: Any) -> None:
    _, model = around("I cannot.", on_failure="whole_reply", max_reasks=0)
    assert (await call(model)).content == "I cannot."


@every_way
async def test_the_models_own_error_comes_through(call: Any) -> None:
    with pytest.raises(ModelDownError):
        await call(around(ModelDownError())[1])


THOUGHT = {"type": "thinking", "thinking": "hm", "signature": "c2ln", "index": 0}
CALLED = {"type": "tool_use", "name": "look", "id": "1", "input": {}}


def thinking(*contents: Any, **kept: Any) -> ChatVerbalizedSampling:
    replies: list[BaseMessage] = [AIMessage(content=content, **kept) for content in contents]
    inner = FakeMessagesListChatModel(responses=replies)
    return ChatVerbalizedSampling(llm=inner, k=2)


@every_way
async def test_the_reasoning_of_the_reply_stays(call: Any) -> None:
    reply = [THOUGHT, CALLED, {"type": "text", "text": LIKELY, "index": 2}]
    message = await call(thinking(reply, response_metadata={"model_provider": "anthropic"}))
    thought, text = message.content
    assert (thought, text["type"], text["text"]) == (THOUGHT, "text", "one two  three")
    assert [block["type"] for block in message.content_blocks] == ["reasoning", "text"]


@every_way
async def test_reasoning_beside_the_content_stays(call: Any) -> None:
    message = await call(thinking(LIKELY, additional_kwargs={"reasoning_content": "hm", "x": 1}))
    assert message.content == "one two  three"
    assert message.additional_kwargs == {"reasoning_content": "hm"}


@every_way
async def test_of_several_replies_no_reasoning_stays(call: Any) -> None:
    replies = [[THOUGHT, {"type": "text", "text": text}] for text in TOPPED_UP]
    assert (await call(thinking(*replies))).content in {"a", "b"}


def test_behind_reasoning_the_text_comes_word_by_word() -> None:
    model = thinking([THOUGHT, {"type": "text", "text": LIKELY}])
    first, *rest = [chunk.content for chunk in model.stream(QUESTION)]
    assert first == [THOUGHT]
    texts = [block["text"] for content in rest for block in content if isinstance(block, dict)]
    assert texts == ["one ", "two  ", "three"]


# --- the draw ---------------------------------------------------------------------------------


def answers(n: int, **settings: Any) -> Counter[Any]:
    model = ChatVerbalizedSampling(llm=RunnableLambda(lambda _: SKEWED), k=2, **settings)
    return Counter(model.invoke(QUESTION).content for _ in range(n))


SKEWED = (
    "<response><text>rare</text><probability>0.1</probability></response>"
    "<response><text>usual</text><probability>0.4</probability></response>"
)


def test_each_call_draws_afresh() -> None:
    assert set(answers(150)) == {"rare", "usual"}


def test_best_takes_the_most_probable() -> None:
    assert set(answers(30, select="best")) == {"usual"}


def test_a_seed_fixes_the_draw() -> None:
    assert len(answers(30, seed=3)) == 1


def test_different_seeds_draw_differently() -> None:
    assert len({next(iter(answers(1, seed=seed))) for seed in range(40)}) == 2


def test_a_low_draw_temperature_sharpens() -> None:
    assert set(answers(50, draw_temperature=0.01)) == {"usual"}


def test_uniform_gives_each_the_same_chance() -> None:
    assert 100 < answers(400, uniform=True)["rare"] < 300


@for_every(
    "wrong", [{"select": "worst"}, {"draw_temperature": 0.0}, {"k": 0}, {"max_tokens": 0}, {"x": 1}]
)
def test_a_wrong_setting_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        around(AB, **wrong)


def test_an_empty_prompt_is_refused_before_any_call() -> None:
    inner, model = around(AB)
    with pytest.raises(PromptError):
        model.invoke("")
    assert inner.calls == []


def test_a_model_that_cannot_shape_replies_is_refused_at_construction() -> None:
    with pytest.raises(ValidationError, match="bind_tools"):
        ChatVerbalizedSampling(llm=RunnableLambda(str), structured_output="function_calling")


def test_a_typed_candidate_is_answered_as_json() -> None:
    reply = '{"responses": [{"response": {"setup": "Why?"}, "probability": 0.3}]}'
    _, model = around(reply, k=1, value_schema=Joke)
    assert json.loads(str(model.invoke(QUESTION).content)) == {"setup": "Why?"}


def test_the_provider_can_shape_the_candidates(server: WireServer) -> None:
    arguments = '{"responses": [{"text": "a", "probability": 0.3}]}'
    server.respond_with(lambda _: Reply(tool_calls=(ToolCall("give_responses", arguments),)))
    model = openai(server, k=1, structured_output="function_calling")
    assert model.invoke(QUESTION).content == "a"


# --- streaming --------------------------------------------------------------------------------


def test_the_stream_comes_word_by_word() -> None:
    texts = [chunk.text for chunk in around(LIKELY)[1].stream(QUESTION)]
    assert texts == ["one ", "two  ", "three", ""]


def test_only_the_last_chunk_is_marked_as_last() -> None:
    chunks = list(around(LIKELY)[1].stream(QUESTION))
    assert [chunk.chunk_position for chunk in chunks] == [None, None, None, "last"]


def test_all_chunks_have_one_id() -> None:
    assert len({chunk.id for chunk in around(LIKELY)[1].stream(QUESTION)}) == 1


def test_the_stream_can_be_switched_off() -> None:
    _, model = around(LIKELY, disable_streaming=True)
    assert [chunk.content for chunk in model.stream(QUESTION)] == ["one two  three"]


def test_invoke_can_report_word_by_word() -> None:
    told: list[str] = []

    class Listen(BaseCallbackHandler):
        def on_llm_new_token(self, token: Any, **kwargs: Any) -> None:
            told.append(token)

    around(LIKELY, streaming=True)[1].invoke(QUESTION, {"callbacks": [Listen()]})
    assert told == ["one ", "two  ", "three", ""]


async def test_events_show_the_words_of_the_answer() -> None:
    _, model = around(LIKELY)
    events = [event async for event in model.astream_events(QUESTION, version="v2")]
    assert [
        event["data"]["chunk"].content
        for event in events
        if event["event"] == "on_chat_model_stream" and "nostream" not in event.get("tags", ())
    ] == ["one ", "two  ", "three", ""]


def test_content_blocks_stream_word_by_word_too() -> None:
    _, model = around(LIKELY, output_version="v1")
    assert _sum(list(model.stream(QUESTION))).content == [
        {"type": "text", "text": "one two  three", "index": 0}
    ]


def test_the_message_stream_of_langgraph_shows_the_answer_only() -> None:
    _, model = around(LIKELY)
    graph = StateGraph(MessagesState)
    graph.add_node("chat", lambda state: {"messages": [model.invoke(state["messages"])]})
    graph.add_edge(START, "chat")
    asked: Any = {"messages": [("user", QUESTION)]}
    streamed: Iterator[Any] = graph.compile().stream(asked, stream_mode="messages")
    assert [message.content for message, _ in streamed] == ["one ", "two  ", "three", ""]


# --- usage ------------------------------------------------------------------------------------

TWO_CALLS = {"input_tokens": 14, "output_tokens": 6, "total_tokens": 20}


@every_way
async def test_the_message_carries_the_usage_of_all_calls(call: Any) -> None:
    assert (await call(around(*TOPPED_UP)[1])).usage_metadata == TWO_CALLS


@every_way
async def test_a_usage_handler_counts_each_token_once(call: Any) -> None:
    handler = UsageMetadataCallbackHandler()
    await call(around(*TOPPED_UP)[1], {"callbacks": [handler]})
    assert handler.usage_metadata == {"scripted": TWO_CALLS}


@every_way
async def test_a_usage_context_counts_each_token_once(call: Any) -> None:
    with get_usage_metadata_callback() as counted:
        await call(around(*TOPPED_UP)[1])
    assert counted.usage_metadata == {"scripted": TWO_CALLS}


async def test_the_usage_leaves_no_trace_elsewhere() -> None:
    message = await by_stream(around(AB)[1])
    assert set(message.response_metadata) == {"verbalized_sampling", "model_name"}


def test_details_of_the_usage_are_kept() -> None:
    usage: Any = {
        "input_tokens": 9,
        "output_tokens": 2,
        "total_tokens": 11,
        "input_token_details": {"cache_read": 5},
    }
    inner = FakeMessagesListChatModel(responses=[AIMessage(AB, usage_metadata=usage)])
    message = ChatVerbalizedSampling(llm=inner, k=2).invoke(QUESTION)
    assert message.usage_metadata == usage


def test_without_model_runs_inside_the_usage_is_reported_outside() -> None:
    usage: Any = {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}
    reply = AIMessage(AB, usage_metadata=usage, response_metadata={"model_name": "plain"})
    handler = UsageMetadataCallbackHandler()
    model = ChatVerbalizedSampling(llm=RunnableLambda(lambda _: reply), k=2)
    model.invoke(QUESTION, {"callbacks": [handler]})
    assert handler.usage_metadata == {"plain": usage}


def test_a_model_that_reports_no_usage_has_none() -> None:
    model = ChatVerbalizedSampling(llm=RunnableLambda(lambda _: AB), k=2)
    assert model.invoke(QUESTION).usage_metadata is None


# --- runs -------------------------------------------------------------------------------------


@every_way
async def test_the_runs_are_nested(call: Any) -> None:
    with collect_runs() as collected:
        await call(around(AB)[1])
    [run] = collected.traced_runs
    [exchange] = run.child_runs
    assert (run.name, exchange.name) == ("ChatVerbalizedSampling", "VerbalizedSamplingRunnable")
    assert "ScriptedChatModel" in [child.name for child in exchange.child_runs]


@every_way
async def test_only_inner_runs_are_tagged_nostream(call: Any) -> None:
    seen: list[list[str]] = []

    class Watch(BaseCallbackHandler):
        def on_chat_model_start(self, *args: Any, **kwargs: Any) -> None:
            seen.append(sorted(kwargs["tags"]))

    await call(around(AB)[1], {"callbacks": [Watch()], "tags": ["mine"]})
    assert seen == [["mine"], ["mine", "nostream"]]


@every_way
async def test_a_given_run_id_and_name_are_kept(call: Any) -> None:
    run_id = uuid7()
    with collect_runs() as collected:
        await call(around(AB)[1], {"run_id": run_id, "run_name": "joker"})
    [run] = collected.traced_runs
    assert (run.id, run.name) == (run_id, "joker")


@every_way
async def test_inner_fields_can_be_configured(call: Any) -> None:
    inner = ScriptedChatModel(script=[]).configurable_fields(script=ConfigurableField("script"))
    model = ChatVerbalizedSampling(llm=inner, k=2)
    message = await call(model, {"configurable": {"script": [LIKELY]}})
    assert message.content == "one two  three"


def test_own_fields_can_be_configured() -> None:
    model = ChatVerbalizedSampling(llm=RunnableLambda(lambda _: SKEWED), k=2).configurable_fields(
        select=ConfigurableField("select")
    )
    config: RunnableConfig = {"configurable": {"select": "best"}}
    assert {model.invoke(QUESTION, config).content for _ in range(30)} == {"usual"}


async def test_a_batch_keeps_the_order() -> None:
    def echo(messages: Any) -> str:
        return xml(str(messages[-1].content))

    model = ChatVerbalizedSampling(llm=RunnableLambda(echo), k=1)
    prompts = [f"prompt {n}" for n in range(20)]
    assert [message.content for message in await model.abatch(list(prompts))] == prompts


# --- the cache --------------------------------------------------------------------------------


@pytest.fixture
def _cached() -> Iterator[None]:
    set_llm_cache(InMemoryCache())
    yield
    set_llm_cache(None)


@pytest.mark.usefixtures("_cached")
def test_a_repeated_question_costs_nothing_and_draws_afresh() -> None:
    inner, model = around(AB)
    drawn = {model.invoke(QUESTION).content for _ in range(60)}
    assert (drawn, len(inner.calls)) == ({"a", "b"}, 1)


# --- parameters -------------------------------------------------------------------------------


@every_way
async def test_parameters_reach_the_model(call: Any) -> None:
    inner, model = around(AB, temperature=0.7, max_tokens=50, stop=["END"])
    await call(model)
    assert inner.settings == [{"temperature": 0.7, "max_tokens": 50, "stop": ["END"]}]


@every_way
async def test_parameters_of_the_call_go_first(call: Any) -> None:
    inner, model = around(AB, temperature=0.7, stop=["END"])
    await call(model.bind(temperature=0.1, stop=["."], top_p=0.5))
    assert inner.settings == [{"temperature": 0.1, "stop": ["."], "top_p": 0.5}]


@every_way
async def test_nothing_is_sent_unasked(call: Any) -> None:
    inner, model = around(AB, seed=1, draw_temperature=2.0)
    await call(model)
    assert inner.settings == [{"stop": None}]


# --- what passes through ----------------------------------------------------------------------

PICTURE: list[str | dict[str, Any]] = [
    {"type": "text", "text": "Describe this."},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
]
TOOL_TALK: list[BaseMessage] = [
    HumanMessage("How is the weather in Oslo?"),
    AIMessage(
        "Let me see.",
        tool_calls=[{"name": "weather", "args": {"city": "Oslo"}, "id": "1", "type": "tool_call"}],
    ),
    ToolMessage("Sunny in Oslo.", tool_call_id="1"),
]


@pytest.mark.parametrize("talk", [TOOL_TALK, [HumanMessage(content=PICTURE)]])
def test_conversations_reach_the_model_unchanged(talk: list[BaseMessage]) -> None:
    inner, model = around(AB)
    model.invoke(talk)
    assert inner.calls == [[SystemMessage(content=INSTRUCTION), *talk]]


def openai(server: WireServer, **settings: Any) -> ChatVerbalizedSampling:
    return ChatVerbalizedSampling(llm=chat(server, stream_usage=True), **{"k": 2, **settings})


BINDINGS: list[Callable[[ChatVerbalizedSampling], Any]] = [
    lambda model: model.bind_tools([weather]),
    lambda model: model.bind(tools=[WEATHER]),
    lambda model: ChatVerbalizedSampling(llm=model.llm.bind(tools=[WEATHER])),
]


@for_every("bind", BINDINGS)
@for_every("call", EVERY_WAY, server=serve)
async def test_a_request_with_tools_is_the_wrapped_models(
    server: WireServer, call: Any, bind: Callable[[ChatVerbalizedSampling], Any]
) -> None:
    server.add(Reply("Let me see.", tool_calls=(CALL,)))
    message = await call(bind(openai(server)))
    [request] = server.requests
    assert request.messages == [{"role": "user", "content": QUESTION}]
    assert (message.content, message.tool_calls[0]["args"]) == ("Let me see.", {"city": "Oslo"})


@for_every("call", EVERY_WAY, server=serve)
async def test_a_request_with_a_response_format_is_the_wrapped_models(
    server: WireServer, call: Any
) -> None:
    server.add('{"setup": "Why?"}')
    message = await call(openai(server).bind(response_format={"type": "json_object"}))
    assert message.content == '{"setup": "Why?"}'
    assert "verbalized_sampling" not in message.response_metadata


def test_structured_output_is_the_wrapped_models(server: WireServer) -> None:
    server.add(Reply(tool_calls=(ToolCall("Joke", '{"setup": "Why?"}'),)))
    model = openai(server).with_structured_output(Joke, method="function_calling")
    assert model.invoke(QUESTION) == Joke(setup="Why?")


@pytest.mark.parametrize("method", ["generate", "agenerate"])
async def test_tools_in_generate_count_each_token_once(server: WireServer, method: str) -> None:
    server.add(Reply(tool_calls=(CALL,)))
    model = openai(server)
    asked: list[list[BaseMessage]] = [[HumanMessage(QUESTION)]]
    with get_usage_metadata_callback() as counted:
        if method == "generate":
            result = model.generate(asked, tools=[WEATHER])
        else:
            result = await model.agenerate(asked, tools=[WEATHER])
    [[generation]] = result.generations
    assert generation.message.tool_calls[0]["name"] == "weather"  # type: ignore[union-attr]
    assert counted.usage_metadata["test"]["input_tokens"] == len(QUESTION.split())


@pytest.mark.parametrize("method", ["bind_tools", "with_structured_output"])
def test_a_wrapped_runnable_without_the_method_is_told_of(method: str) -> None:
    model = ChatVerbalizedSampling(llm=SimulatedChatModel().with_retry())
    with pytest.raises(NotImplementedError, match=method):
        getattr(model, method)([])


@for_every(
    "wrap",
    [
        lambda model: model.with_retry(),
        lambda model: model.bind(stop=["END"]),
        lambda model: ScriptedChatModel(script=[ModelDownError()]).with_fallbacks([model]),
        lambda model: model | RunnableLambda(lambda message: message.content),
    ],
)
def test_any_runnable_to_a_message_can_be_wrapped(wrap: Any) -> None:
    inner = ScriptedChatModel(script=[LIKELY])
    model = ChatVerbalizedSampling(llm=wrap(inner), k=2)
    assert model.invoke(QUESTION).content == "one two  three"


# --- in agents --------------------------------------------------------------------------------


def test_an_agent_without_tools_answers_with_a_draw(server: WireServer) -> None:
    server.add(LIKELY)
    agent = create_agent(openai(server), system_prompt="You are a barista.")
    state = agent.invoke({"messages": [HumanMessage(QUESTION)]})
    assert state["messages"][-1].content == "one two  three"
    assert server.requests[0].messages[0]["content"] == f"You are a barista.\n\n{INSTRUCTION}"


async def test_an_agents_message_stream_shows_the_answer_only(server: WireServer) -> None:
    server.add(LIKELY)
    agent: Any = create_agent(openai(server))
    stream = agent.astream({"messages": [HumanMessage(QUESTION)]}, stream_mode="messages")
    assert "".join([message.content async for message, _ in stream]) == "one two  three"


def test_an_agent_with_tools_runs_as_with_the_wrapped_model(server: WireServer) -> None:
    def conversation(model: Any) -> list[Any]:
        server.add(Reply(tool_calls=(CALL,)), "It is sunny.")
        agent = create_agent(model, tools=[weather])
        messages = agent.invoke({"messages": [HumanMessage("How is the weather?")]})["messages"]
        return [message.content for message in messages]

    model = openai(server)
    assert conversation(model) == conversation(model.llm)
    bodies = [request.body for request in server.requests]
    assert bodies[:2] == bodies[2:]


def test_an_agent_with_a_response_format_gets_the_wrapped_models(server: WireServer) -> None:
    server.add(Reply(tool_calls=(ToolCall("Joke", '{"setup": "Why?"}'),)))
    agent: Any = create_agent(openai(server), response_format=Joke)
    state = agent.invoke({"messages": [HumanMessage(QUESTION)]})
    assert state["structured_response"] == Joke(setup="Why?")


# --- what it tells of itself ------------------------------------------------------------------


def test_the_parameters_told_hold_no_key(server: WireServer) -> None:
    model = openai(server)
    told = f"{model!r} {model._identifying_params} {model._get_ls_params()}"
    assert "api_key='test'" not in told
    assert "SecretStr('test')" not in told


def test_the_parameters_told_are_the_settings() -> None:
    params = around(AB, seed=3, max_probability=0.1)[1]._identifying_params
    assert (params["llm"], params["seed"], params["max_probability"]) == (
        "ScriptedChatModel",
        3,
        0.1,
    )


def test_traces_name_the_model_that_answers(server: WireServer) -> None:
    told = openai(server, temperature=0.7)._get_ls_params()
    assert (told["ls_provider"], told["ls_model_name"], told["ls_temperature"]) == (
        "openai",
        "test",
        0.7,
    )


def test_traces_of_a_model_made_of_a_function_name_this_one() -> None:
    told = ChatVerbalizedSampling(llm=RunnableLambda(str))._get_ls_params(model="mine")
    assert (told["ls_provider"], told["ls_model_name"]) == ("verbalizedsampling", "mine")


def test_tokens_are_counted_as_the_wrapped_model_counts() -> None:
    class Counting(ScriptedChatModel):
        def get_token_ids(self, text: str) -> list[int]:
            return [len(word) for word in text.split()]

    model = ChatVerbalizedSampling(llm=Counting(script=[]))
    assert model.get_num_tokens("a bcd ef") == 3
    assert model.get_num_tokens_from_messages([HumanMessage("a bcd")]) == 3  # "Human: a bcd"


def test_the_profile_is_the_wrapped_models() -> None:
    inner = ScriptedChatModel(script=[], profile={"max_input_tokens": 1000})
    assert ChatVerbalizedSampling(llm=inner).profile == {"max_input_tokens": 1000}
