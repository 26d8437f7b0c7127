"""The agent middleware: one model call a turn, and a final answer that is drawn."""

from __future__ import annotations

import dataclasses
import logging
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import ModelRequest, ModelResponse, wrap_model_call
from langchain.agents.structured_output import ToolStrategy
from langchain_core.callbacks import BaseCallbackHandler, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolCall
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from pydantic import BaseModel, PrivateAttr, ValidationError

from langchain_vs import SimulatedChatModel, VerbalizedSamplingMiddleware
from langchain_vs._agent_settings import AgentOptions
from tests.every import for_every
from tests.scenarios import QUESTION, xml
from tests.setting_types import options_for
from tests.wire import server as wire
from tests.wire.clients import chat
from vs_core import PromptSettings, VerbalizedDistribution, instruction
from vs_core.adapters import agent_instruction

AB = xml("a", "b")
CERTAIN = (
    "<response><text>never</text><probability>0.0</probability></response>"
    "<response><text>always</text><probability>0.4</probability></response>"
)
ASKED = {"messages": [("user", QUESTION)]}
CALL = ToolCall(name="weather", args={"city": "Oslo"}, id="call_1", type="tool_call")
LOOKS_UP = AIMessage("Let me see.", tool_calls=[CALL])
USAGE: Any = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}
ROOT = Path(__file__).parent.parent.parent


@tool
def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


class Weather(BaseModel):
    """A structured answer."""

    sky: str


class AgentModel(BaseChatModel):
    """Gives scripted messages in order, whole or in pieces, and records what it was sent."""

    script: list[Any]

    _calls: list[list[BaseMessage]] = PrivateAttr(default_factory=list)

    @property
    def calls(self) -> list[list[BaseMessage]]:
        return self._calls

    @property
    def _llm_type(self) -> str:
        return "agent-script"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self.bind(tools=tools)

    def _next(self, messages: list[BaseMessage]) -> AIMessage:
        self._calls.append(messages)
        reply = self.script[len(self._calls) - 1]
        message = AIMessage(reply) if isinstance(reply, str) else reply
        return message.model_copy()

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._next(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        message = self._next(messages)
        for character in str(message.content):
            yield ChatGenerationChunk(message=AIMessageChunk(content=character))
        yield ChatGenerationChunk(
            message=AIMessageChunk(content="", tool_calls=message.tool_calls, chunk_position="last")
        )


def sampling(**settings: Any) -> VerbalizedSamplingMiddleware[None]:
    return VerbalizedSamplingMiddleware(**{"k": 2, **settings})


def agent_of(*script: Any, tools: Any = (), **settings: Any) -> tuple[AgentModel, Any]:
    model = AgentModel(script=list(script))
    return model, create_agent(model, tools, middleware=[sampling(**settings)])


def answer_of(*script: Any, **settings: Any) -> AIMessage:
    _, agent = agent_of(*script, **settings)
    answer = agent.invoke(ASKED)["messages"][-1]
    assert isinstance(answer, AIMessage)
    return answer


def carried_by(answer: AIMessage) -> VerbalizedDistribution[str]:
    return VerbalizedDistribution[str].model_validate(
        answer.response_metadata["verbalized_sampling"]
    )


# --- the answer ---------------------------------------------------------------------------


def test_the_final_answer_is_one_candidate() -> None:
    assert answer_of(AB).content in {"a", "b"}


async def test_the_final_answer_is_one_candidate_async() -> None:
    _, agent = agent_of(AB)
    state = await agent.ainvoke(ASKED)
    assert state["messages"][-1].content in {"a", "b"}


def test_the_answer_is_drawn_by_probability() -> None:
    assert answer_of(CERTAIN).content == "always"


def test_every_candidate_gets_its_turn() -> None:
    assert set(Counter(str(answer_of(AB).content) for _ in range(60))) == {"a", "b"}


def test_a_seed_fixes_the_draw() -> None:
    distribution = carried_by(answer_of(AB))
    for seed in range(8):
        assert answer_of(AB, seed=seed).content == distribution.sample(seed=seed).text


def test_best_takes_the_most_probable() -> None:
    reply = xml("rare", probability="0.05") + xml("common", probability="0.6")
    assert {answer_of(reply, select="best").content for _ in range(20)} == {"common"}


def test_the_answer_keeps_id_name_usage_and_metadata() -> None:
    reply = AIMessage(
        AB, id="msg-1", name="poet", usage_metadata=USAGE, response_metadata={"model_name": "m"}
    )
    answer = answer_of(reply)
    assert (answer.id, answer.name, answer.usage_metadata) == ("msg-1", "poet", USAGE)
    assert answer.response_metadata["model_name"] == "m"


def test_the_distribution_travels_as_plain_json() -> None:
    reply = AIMessage(AB, usage_metadata=USAGE)
    answer = answer_of(reply, max_probability=0.2)
    distribution = carried_by(answer)
    assert distribution.model_dump(mode="json") == answer.response_metadata["verbalized_sampling"]
    assert distribution.texts == ["a", "b"]
    trace = distribution.trace
    assert (trace.k, trace.max_probability, trace.calls, trace.input_tokens) == (2, 0.2, 1, 7)


def test_the_reasoning_of_cot_is_no_part_of_the_answer() -> None:
    answer = answer_of(f"<reasoning>First I think.</reasoning>\n{AB}", method="cot")
    assert answer.content in {"a", "b"}


@for_every(
    "reply",
    [
        "I cannot do that.",
        "",
        "The poll results:\n\n1. Smith: 45%\n2. Jones: 40%\n3. Lee: 15%\n\nSmith leads.",
        "What changed:\n1. Revenue grew (12%)\n2. Costs fell\n3. Staff left",
        '{"temp": 21, "humidity": 40}',
        '[{"name": "Oslo", "score": 0.3}, {"name": "Bergen", "score": 0.1}]',
        f"Ask for it like this:\n```xml\n{AB}\n```\nand read both.",
        f"{'It is written in tags, of which there are several. ' * 8}\n{AB}",
        AIMessage(AB, tool_calls=[CALL]),
    ],
)
@for_every("layout", ["xml", "json", "lines"])
def test_what_is_no_distribution_passes_as_it_is(reply: Any, layout: Any) -> None:
    message = AIMessage(reply, id="1") if isinstance(reply, str) else reply
    kept = sampling(layout=layout).wrap_model_call(
        ModelRequest(model=AgentModel(script=[]), messages=[]),
        lambda _: ModelResponse(result=[message]),
    )
    assert kept.result == [message]


JSON = '{"responses": [{"text": "a", "probability": 0.3}, {"text": "b", "probability": 0.2}]}'


@for_every("layout", ["xml", "json", "lines"])
@for_every(
    "reply",
    [
        AB,
        JSON,
        f"```json\n{JSON}\n```",
        "<response>a</response>",
        f"<think>Hm. 1. (0.9) no</think>\n\n{AB}",
        f"Here are two: {AB}",
        f"{AB}\n\nAnything else?",
        f"{AB}<response><text>c is cut o",
    ],
)
def test_a_distribution_in_the_form_asked_for_is_drawn_from(reply: str, layout: Any) -> None:
    assert answer_of(reply, layout=layout).content in {"a", "b"}


def test_the_lines_are_drawn_from_where_they_were_asked_for() -> None:
    reply = "1. (0.3) a\n2. (0.2) b"
    assert answer_of(reply, layout="lines").content in {"a", "b"}
    assert answer_of(reply, layout="xml").content == reply


# --- what stays on the message ------------------------------------------------------------

SIGNED = {"type": "thinking", "thinking": "hm", "signature": "c2ln"}
FOUND = {"type": "web_search_tool_result", "tool_use_id": "1", "content": []}
TEXT = {"type": "text", "text": AB, "id": "msg_1", "annotations": [{"start_index": 3}]}


@for_every(
    ("content", "expected"),
    [
        (AB, "{}"),
        ([{"type": "text", "text": AB}], [{"type": "text", "text": "{}"}]),
        (
            [SIGNED, {"type": "redacted_thinking", "data": "x"}, FOUND, {**TEXT, "citations": [1]}],
            [
                SIGNED,
                {"type": "redacted_thinking", "data": "x"},
                FOUND,
                {"type": "text", "text": "{}", "id": "msg_1", "annotations": []},
            ],
        ),
        (
            [
                {"type": "text", "text": AB[:40]},
                {"type": "image", "url": "https://example.com/a.png"},
                {"type": "text", "text": AB[40:]},
                {"type": "reasoning", "reasoning": "enough"},
            ],
            [
                {"type": "text", "text": "{}"},
                {"type": "image", "url": "https://example.com/a.png"},
                {"type": "reasoning", "reasoning": "enough"},
            ],
        ),
        ([AB], ["{}"]),
    ],
    ids=["text", "a block", "a provider's blocks", "text apart", "text in a list"],
)
@for_every("kind", [AIMessage, AIMessageChunk])
def test_what_is_no_text_keeps_its_place(content: Any, expected: Any, kind: Any) -> None:
    response: ModelResponse[Any] = ModelResponse(result=[kind(content=content)])
    drawn = sampling(seed=1).wrap_model_call(
        ModelRequest(model=AgentModel(script=[]), messages=[]), lambda _: response
    )
    [message] = drawn.result
    assert isinstance(message, kind)
    assert message.text in {"a", "b"}
    assert repr(message.content) == repr(expected).replace("{}", message.text)


def test_standard_content_blocks_keep_their_place() -> None:
    written: list[Any] = [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": AB}]
    reply = AIMessage(content_blocks=written, response_metadata={"output_version": "v1"})
    blocks: list[Any] = answer_of(reply).content_blocks
    assert [block["type"] for block in blocks] == ["reasoning", "text"]
    assert blocks[1]["text"] in {"a", "b"}


def test_what_the_provider_adds_is_kept() -> None:
    reply = AIMessage(AB, additional_kwargs={"reasoning_content": "hm"})
    assert answer_of(reply).additional_kwargs == {"reasoning_content": "hm"}


def test_the_reply_can_be_kept() -> None:
    kept = carried_by(answer_of(f"<think>hm</think>{AB}", keep_replies=True))
    assert kept.trace.replies == (f"<think>hm</think>{AB}",)
    assert carried_by(answer_of(AB)).trace.replies == ()


def test_all_of_it_survives_a_checkpoint(caplog: pytest.LogCaptureFixture) -> None:
    model, saver = AgentModel(script=[AB]), InMemorySaver()
    agent: Any = create_agent(model, middleware=[sampling(keep_replies=True)], checkpointer=saver)
    thread: Any = {"configurable": {"thread_id": "1"}}
    with caplog.at_level(logging.WARNING):
        answer = agent.invoke(ASKED, thread)["messages"][-1]
        restored = agent.get_state(thread).values["messages"][-1]
    assert restored == answer
    assert carried_by(restored).trace.replies == (AB,)
    assert carried_by(restored).texts == ["a", "b"]
    assert caplog.records == []


# --- what the runtime context says --------------------------------------------------------


@dataclasses.dataclass
class Tuning:
    """Settings of a request."""

    k: int = 7
    max_probability: float | None = 0.1


class Tuned(BaseModel):
    """Settings of a request."""

    k: int = 3
    select: str = "sample"
    max_probability: float = 0.1


@dataclasses.dataclass
class Context:
    """What an application tells of a request."""

    user: str = "Ada"
    verbalized_sampling: Any = dataclasses.field(default_factory=dict)


def asked_with(context: Any, **settings: Any) -> tuple[str, AIMessage]:
    """What the model is told, and the answer."""
    model, agent = agent_of(AB, **settings)
    answer = agent.invoke(ASKED, context=context)["messages"][-1]
    system = model.calls[0][0]
    return (str(system.content) if system.type == "system" else ""), answer


@for_every(
    ("given", "expected"),
    [
        ({}, {"k": 2}),
        (True, {"k": 2}),
        ({"enabled": True}, {"k": 2}),
        ({"k": 4, "max_probability": 0.1}, {"k": 4, "max_probability": 0.1}),
        ({"layout": "json", "words": 9}, {"k": 2, "layout": "json", "words": 9}),
        (Tuning(), {"k": 7, "max_probability": 0.1}),
        (Tuned(max_probability=0.05), {"k": 2, "max_probability": 0.05}),
    ],
)
@for_every(
    "put", [lambda given: {"verbalized_sampling": given}, lambda given: Context("Ada", given)]
)
def test_the_context_sets_what_is_asked(put: Any, given: Any, expected: dict[str, Any]) -> None:
    told, answer = asked_with(put(given))
    assert told == instruction(PromptSettings(**expected))
    assert answer.content in {"a", "b"}


def test_the_context_sets_the_draw() -> None:
    reply = xml("rare", probability="0.05") + xml("common", probability="0.6")

    def drawn(**settings: Any) -> set[str]:
        agents = (agent_of(reply)[1] for _ in range(20))
        context = {"verbalized_sampling": settings}
        return {a.invoke(ASKED, context=context)["messages"][-1].content for a in agents}

    assert drawn(select="best") == {"common"}
    assert len(drawn(seed=3)) == 1


def test_the_context_takes_a_tail_back() -> None:
    told, _ = asked_with({"verbalized_sampling": {"max_probability": None}}, max_probability=0.1)
    assert told == instruction(PromptSettings(k=2))


@pytest.mark.parametrize("off", [None, False, {"enabled": False}])
async def test_the_context_switches_it_off(off: Any) -> None:
    told, answer = asked_with({"verbalized_sampling": off})
    assert (told, answer.content) == ("", AB)
    _, agent = agent_of(AB)
    state = await agent.ainvoke(ASKED, context={"verbalized_sampling": off})
    assert state["messages"][-1].content == AB


@for_every("context", [None, {}, {"user": "Ada"}, object()])
def test_a_context_without_the_key_changes_nothing(context: Any) -> None:
    assert asked_with(context)[0] == instruction(PromptSettings(k=2))


def test_requests_do_not_change_each_other() -> None:
    model, agent = agent_of(AB, AB)
    agent.invoke(ASKED, context={"verbalized_sampling": {"k": 9}})
    agent.invoke(ASKED)
    assert model.calls[1][0].content == instruction(PromptSettings(k=2))


@for_every(
    ("wrong", "named"),
    [
        ({"k": 0}, "k"),
        ({"max_probability": 3}, "max_probability"),
        ({"select": "worst"}, "select"),
        ({"method": "multi"}, "method"),
        ({"tial": 0.1}, "tial"),
        ({"enabled": "perhaps"}, "enabled"),
        (5, "dictionary"),
        ("off", "dictionary"),
    ],
)
def test_what_the_context_may_not_say_is_refused_by_name(wrong: Any, named: str) -> None:
    with pytest.raises(ValidationError, match=rf"context\['verbalized_sampling'\]\s.*{named}"):
        asked_with({"verbalized_sampling": wrong})


# --- what reaches the model ---------------------------------------------------------------


def test_the_instruction_is_the_system_message() -> None:
    model, agent = agent_of(AB)
    agent.invoke(ASKED)
    assert [(m.type, m.content) for m in model.calls[0]] == [
        ("system", instruction(PromptSettings(k=2))),
        ("human", QUESTION),
    ]


def test_the_instruction_joins_the_system_prompt() -> None:
    model = AgentModel(script=[AB])
    agent: Any = create_agent(model, system_prompt="You are a barista.", middleware=[sampling()])
    agent.invoke(ASKED)
    expected = f"You are a barista.\n\n{instruction(PromptSettings(k=2))}"
    assert model.calls[0][0].content == expected


def test_with_tools_the_model_is_told_to_call_them_as_usual() -> None:
    model, agent = agent_of(AB, tools=[weather])
    agent.invoke(ASKED)
    system = str(model.calls[0][0].content)
    assert system == agent_instruction(PromptSettings(k=2))
    assert system.endswith("if you call a tool, do so as usual.")


def test_the_instruction_can_go_into_the_user_message() -> None:
    model, agent = agent_of(LOOKS_UP, AB, tools=[weather], placement="user")
    state = agent.invoke(ASKED)
    asked = f"{agent_instruction(PromptSettings(k=2))}\n\n{QUESTION}"
    assert [[m.type for m in call] for call in model.calls] == [["human"], ["human", "ai", "tool"]]
    assert [call[0].content for call in model.calls] == [asked, asked]
    assert state["messages"][0].content == QUESTION


def test_the_papers_prompt_can_be_sent() -> None:
    model, agent = agent_of(AB, wording="simple")
    agent.invoke(ASKED)
    assert model.calls[0][0].content == instruction(PromptSettings(k=2, wording="simple"))


def test_the_settings_shape_the_instruction() -> None:
    settings: dict[str, Any] = {
        "k": 7,
        "method": "cot",
        "max_probability": 0.1,
        "definition": "confidence",
        "layout": "json",
        "words": 40,
        "instructions": "You write {haiku}.",
    }
    model, agent = agent_of(AB, **settings)
    agent.invoke(ASKED)
    assert model.calls[0][0].content == instruction(PromptSettings(**settings))


def test_the_next_turn_sees_the_drawn_answer_only() -> None:
    model, agent = agent_of(AB, CERTAIN)
    state = agent.invoke(ASKED)
    agent.invoke({"messages": [*state["messages"], ("user", "Another")]})
    assert [m.content for m in model.calls[1][1:]] == [
        QUESTION,
        state["messages"][-1].content,
        "Another",
    ]


# --- tools --------------------------------------------------------------------------------


def test_a_tool_call_passes_and_the_answer_after_it_is_drawn() -> None:
    _, agent = agent_of(LOOKS_UP, AB, tools=[weather])
    _, called, result, answer = agent.invoke(ASKED)["messages"]
    assert (called.content, called.tool_calls) == (LOOKS_UP.content, LOOKS_UP.tool_calls)
    assert result.content == "Sunny in Oslo."
    assert answer.content in {"a", "b"}


@pytest.mark.parametrize("last", [AB, "I cannot do that.", xml("only one of two")])
def test_a_tool_loop_costs_as_many_calls_as_without(last: str) -> None:
    script = [LOOKS_UP, LOOKS_UP, last]
    bare = AgentModel(script=script)
    plain: Any = create_agent(bare, [weather])
    plain.invoke(ASKED)
    model, agent = agent_of(*script, tools=[weather])
    agent.invoke(ASKED)
    assert len(model.calls) == len(bare.calls) == 3


async def test_a_tool_loop_costs_as_many_calls_as_without_async() -> None:
    model, agent = agent_of(LOOKS_UP, LOOKS_UP, AB, tools=[weather])
    await agent.ainvoke(ASKED)
    assert len(model.calls) == 3


def test_with_a_response_format_it_does_nothing() -> None:
    structured = ToolCall(name="Weather", args={"sky": "blue"}, id="call_2", type="tool_call")
    model = AgentModel(script=[AIMessage("", tool_calls=[structured])])
    agent: Any = create_agent(model, response_format=ToolStrategy(Weather), middleware=[sampling()])
    assert agent.invoke(ASKED)["structured_response"] == Weather(sky="blue")
    assert [m.type for m in model.calls[0]] == ["human"]


async def test_with_a_response_format_it_does_nothing_async() -> None:
    request = ModelRequest(
        model=AgentModel(script=[]), messages=[], response_format=ToolStrategy(Weather)
    )
    response: ModelResponse[Any] = ModelResponse(result=[AIMessage(AB)])

    async def handler(received: ModelRequest[None]) -> ModelResponse[Any]:
        assert received is request
        return response

    assert await sampling().awrap_model_call(request, handler) is response


def test_it_works_beside_another_middleware() -> None:
    @wrap_model_call
    def shouting(request: Any, handler: Any) -> Any:
        [message] = handler(request).result
        return message.model_copy(update={"content": str(message.content).upper()})

    model = AgentModel(script=[CERTAIN])
    agent: Any = create_agent(model, middleware=[shouting, sampling()])
    assert agent.invoke(ASKED)["messages"][-1].content == "ALWAYS"


# --- over HTTP ----------------------------------------------------------------------------

WIRED_CALL = wire.Reply(tool_calls=(wire.ToolCall("weather", '{"city": "Oslo"}'),))


def test_over_http_a_tool_loop_costs_as_many_requests_as_without(server: wire.WireServer) -> None:
    server.add(WIRED_CALL, "It is sunny.", WIRED_CALL, AB)
    bare: Any = create_agent(chat(server), [weather])
    bare.invoke(ASKED)
    without = len(server.requests)
    agent: Any = create_agent(chat(server), [weather], middleware=[sampling()])
    state = agent.invoke(ASKED)
    assert (without, len(server.requests) - without) == (2, 2)
    assert state["messages"][-1].content in {"a", "b"}


async def test_over_http_a_tool_loop_costs_as_many_requests_async(server: wire.WireServer) -> None:
    server.add(WIRED_CALL, AB)
    agent: Any = create_agent(chat(server), [weather], middleware=[sampling()])
    state = await agent.ainvoke(ASKED)
    assert [message.type for message in state["messages"]] == ["human", "ai", "tool", "ai"]
    assert (len(server.requests), state["messages"][-1].content in {"a", "b"}) == (2, True)


def test_over_http_the_tools_are_still_offered(server: wire.WireServer) -> None:
    server.add(WIRED_CALL, AB)
    agent: Any = create_agent(chat(server), [weather], middleware=[sampling()])
    agent.invoke(ASKED)
    offered = [[t["function"]["name"] for t in r.body["tools"]] for r in server.requests]
    assert offered == [["weather"], ["weather"]]


def test_over_http_the_usage_is_kept(server: wire.WireServer) -> None:
    server.add(AB)
    agent: Any = create_agent(chat(server), middleware=[sampling()])
    answer = agent.invoke(ASKED)["messages"][-1]
    trace = carried_by(answer).trace
    assert answer.usage_metadata["input_tokens"] == trace.input_tokens
    assert answer.usage_metadata["output_tokens"] == trace.output_tokens


async def test_over_http_the_reply_is_not_streamed_as_the_answer(server: wire.WireServer) -> None:
    server.add(WIRED_CALL, AB)
    agent: Any = create_agent(chat(server), [weather], middleware=[sampling()])
    shown = [m async for m, _ in agent.astream(ASKED, stream_mode="messages")]
    assert [m.type for m in shown] == ["ai", "tool", "ai"]
    assert shown[-1].content in {"a", "b"}


# --- streaming ----------------------------------------------------------------------------


def test_streamed_messages_arrive_whole() -> None:
    _, agent = agent_of(LOOKS_UP, AB, tools=[weather])
    shown = [message for message, _ in agent.stream(ASKED, stream_mode="messages")]
    assert [m.type for m in shown] == ["ai", "tool", "ai"]
    assert shown[0].tool_calls == [CALL]
    assert shown[-1].content in {"a", "b"}


def test_without_it_the_same_model_streams_token_by_token() -> None:
    agent: Any = create_agent(AgentModel(script=[AB]))
    shown = [message for message, _ in agent.stream(ASKED, stream_mode="messages")]
    assert "".join(m.content for m in shown) == AB
    assert len(shown) > len(AB)


async def test_streamed_messages_arrive_whole_async() -> None:
    _, agent = agent_of(AB)
    shown = [message async for message, _ in agent.astream(ASKED, stream_mode="messages")]
    assert [m.content in {"a", "b"} for m in shown] == [True]


def test_the_streamed_answer_is_the_one_in_the_state() -> None:
    _, agent = agent_of(AB)
    seen = dict(agent.stream(ASKED, stream_mode=["messages", "values"]))
    assert seen["messages"][0] == seen["values"]["messages"][-1]


def test_streamed_updates_show_the_drawn_answer() -> None:
    _, agent = agent_of(AB)
    [update] = agent.stream(ASKED, stream_mode="updates")
    assert update["model"]["messages"][-1].content in {"a", "b"}


def test_as_a_subgraph_the_reply_is_not_shown_either() -> None:
    _, agent = agent_of(AB)
    graph: Any = (
        StateGraph(MessagesState).add_node("agent", agent).add_edge(START, "agent").compile()
    )
    parts = graph.stream(ASKED, stream_mode="messages", subgraphs=True)
    assert [message.content in {"a", "b"} for _, (message, _) in parts] == [True]


def test_a_middleware_within_that_changes_the_model_does_not_bring_the_reply_back() -> None:
    other = AgentModel(script=[AB])

    @wrap_model_call
    def switching(request: Any, handler: Any) -> Any:
        return handler(request.override(model=other))

    agent: Any = create_agent(AgentModel(script=[]), middleware=[sampling(), switching])
    shown = [message for message, _ in agent.stream(ASKED, stream_mode="messages")]
    assert [m.content in {"a", "b"} for m in shown] == [True]


class Tags(BaseCallbackHandler):
    """Notes the tags of chain runs and of model runs."""

    def __init__(self) -> None:
        self.of_chains: list[str] = []
        self.of_models: list[str] = []

    def on_chain_start(self, *args: Any, tags: list[str] | None = None, **kwargs: Any) -> None:
        self.of_chains += tags or []

    def on_chat_model_start(self, *args: Any, tags: list[str] | None = None, **kwargs: Any) -> None:
        self.of_models += tags or []


def test_only_the_models_own_run_has_the_tag() -> None:
    _, agent = agent_of(AB)
    tags = Tags()
    agent.invoke(ASKED, {"callbacks": [tags]})
    assert "nostream" in tags.of_models
    assert "nostream" not in tags.of_chains


# --- construction and import --------------------------------------------------------------


@pytest.mark.parametrize("method", ["multi", "direct"])
def test_methods_of_several_calls_are_refused_with_the_reason(method: Any) -> None:
    with pytest.raises(ValidationError, match=rf"'{method}' needs several calls"):
        VerbalizedSamplingMiddleware(method=method)


def test_a_method_without_probabilities_is_refused_with_the_reason() -> None:
    with pytest.raises(ValidationError, match="'sequence' asks for no probabilities"):
        VerbalizedSamplingMiddleware(method="sequence")


@for_every("wrong", [{"k": 0}, {"select": "worst"}, {"max_probability": 2}, {"instructions": " "}])
def test_bad_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(
        ValidationError, match=rf"VerbalizedSamplingMiddleware\s{next(iter(wrong))}"
    ):
        VerbalizedSamplingMiddleware(**wrong)


@for_every("foreign", ["per_call", "value_schema", "max_topups", "layuot"])
def test_settings_it_does_not_have_are_refused(foreign: str) -> None:
    with pytest.raises(TypeError, match=foreign):
        VerbalizedSamplingMiddleware(**{foreign: 1})  # type: ignore[arg-type]  # the point


def test_its_keyword_arguments_have_the_names_and_types_of_its_settings() -> None:
    left_out = {"structured_output", "value_schema", "per_call", "split"}
    assert get_type_hints(AgentOptions) == options_for(PromptSettings, without=left_out)


def test_settings_are_keyword_only() -> None:
    middleware: Any = VerbalizedSamplingMiddleware
    with pytest.raises(TypeError, match="positional"):
        middleware(5)


def test_it_works_with_the_simulated_model() -> None:
    agent: Any = create_agent(SimulatedChatModel(seed=1), middleware=[sampling()])
    answer = agent.invoke(ASKED)["messages"][-1]
    assert answer.content in carried_by(answer).texts


def run(code: str) -> str:
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


def test_it_is_listed_and_loads_langchain_when_it_is_asked_for() -> None:
    code = """
import sys, langchain_vs
print({'langchain', 'langgraph'} & set(sys.modules))
print('VerbalizedSamplingMiddleware' in dir(langchain_vs))
langchain_vs.VerbalizedSamplingMiddleware
print('langchain' in sys.modules)
from langchain_vs import *
print(VerbalizedSamplingMiddleware.__name__)
"""
    assert run(code).splitlines() == ["set()", "True", "True", "VerbalizedSamplingMiddleware"]


def test_without_langchain_there_is_the_rest_and_asking_for_it_says_what_to_install() -> None:
    code = """
import sys
sys.modules['langchain'] = None
from langchain_vs import *
import langchain_vs
print('SampleCandidate' in dir(), 'VerbalizedSamplingMiddleware' in dir(langchain_vs))
try:
    from langchain_vs import VerbalizedSamplingMiddleware
except ImportError as error:
    print(type(error).__name__, error)
"""
    rest, _, said = run(code).partition("\n")
    assert rest == "True False"
    assert said.startswith("MissingExtraError VerbalizedSamplingMiddleware needs langchain")
    assert "pip install 'verbalized-sampling-integrations[agents]'" in said
