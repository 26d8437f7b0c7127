"""The agent middleware: one model call a turn, and a final answer that is drawn."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
from langgraph.graph import START, MessagesState, StateGraph
from pydantic import BaseModel, PrivateAttr, ValidationError

from langchain_vs import SimulatedChatModel, VerbalizedSamplingMiddleware
from tests.scenarios import QUESTION, xml
from tests.wire import server as wire
from tests.wire.clients import chat
from vs_core import PromptSettings, VerbalizedDistribution, agent_instruction, instruction

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


def test_an_answer_in_content_blocks_stays_one() -> None:
    blocks: list[Any] = [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": AB}]
    answer = answer_of(AIMessage(blocks))
    assert answer.content in ([{"type": "text", "text": "a"}], [{"type": "text", "text": "b"}])


def test_the_reasoning_of_cot_is_no_part_of_the_answer() -> None:
    answer = answer_of(f"<reasoning>First I think.</reasoning>\n{AB}", method="cot")
    assert answer.content in {"a", "b"}


@pytest.mark.parametrize(
    "reply",
    [
        "I cannot do that.",
        "",
        "Three steps:\n1. Grind\n2. Brew\n3. Drink",
        "What changed:\n1. Revenue grew (12%)\n2. Costs fell\n3. Staff left",
        '```json\n["Oslo", "Bergen"]\n```',
        AIMessage(AB, tool_calls=[CALL]),
    ],
)
def test_what_is_no_distribution_passes_as_it_is(reply: Any) -> None:
    message = AIMessage(reply, id="1") if isinstance(reply, str) else reply
    kept = sampling().wrap_model_call(
        ModelRequest(model=AgentModel(script=[]), messages=[]),
        lambda _: ModelResponse(result=[message]),
    )
    assert kept.result == [message]


@pytest.mark.parametrize(
    "reply", ["1. (0.3) a\n2. (0.2) b", '{"a": 0.3, "b": 0.2}', "<response>a</response>"]
)
def test_a_distribution_in_any_notation_is_drawn_from(reply: str) -> None:
    assert answer_of(reply).content in {"a", "b"}


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


@pytest.mark.parametrize(
    "wrong", [{"k": 0}, {"select": "worst"}, {"max_probability": 2}, {"instructions": " "}]
)
def test_bad_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(
        ValidationError, match=rf"VerbalizedSamplingMiddleware\s{next(iter(wrong))}"
    ):
        VerbalizedSamplingMiddleware(**wrong)


@pytest.mark.parametrize("foreign", ["per_call", "value_schema", "max_topups", "layuot"])
def test_settings_it_does_not_have_are_refused(foreign: str) -> None:
    with pytest.raises(TypeError, match=foreign):
        VerbalizedSamplingMiddleware(**{foreign: 1})  # type: ignore[arg-type]  # the point


def test_settings_are_keyword_only() -> None:
    with pytest.raises(TypeError, match="positional"):
        VerbalizedSamplingMiddleware(5)  # type: ignore[call-arg]  # the point


def test_it_works_with_the_simulated_model() -> None:
    agent: Any = create_agent(SimulatedChatModel(seed=1), middleware=[sampling()])
    answer = agent.invoke(ASKED)["messages"][-1]
    assert answer.content in carried_by(answer).texts


def run(code: str) -> str:
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


WITHOUT_LANGCHAIN = "import sys; sys.modules['langchain'] = None; "


def test_asking_for_it_loads_langchain_and_importing_the_package_does_not() -> None:
    code = (
        "import sys, langchain_vs; before = {'langchain', 'langgraph'} & set(sys.modules); "
        "langchain_vs.VerbalizedSamplingMiddleware; print(len(before), 'langchain' in sys.modules)"
    )
    assert run(code) == "0 True"


def test_without_langchain_asking_for_it_says_what_to_install() -> None:
    code = f"""{WITHOUT_LANGCHAIN}
try:
    from langchain_vs import VerbalizedSamplingMiddleware
except ImportError as error:
    print(type(error).__name__, error)
"""
    said = run(code)
    assert said.startswith("MissingExtraError VerbalizedSamplingMiddleware needs langchain")
    assert "pip install 'verbalized-sampling-integrations[agents]'" in said


def test_without_langchain_a_star_import_gives_the_rest() -> None:
    code = (
        f"{WITHOUT_LANGCHAIN} from langchain_vs import *; import langchain_vs; "
        "print('SampleCandidate' in dir(), "
        "'VerbalizedSamplingMiddleware' in dir(langchain_vs))"
    )
    assert run(code) == "True False"


def test_with_langchain_the_package_lists_it() -> None:
    code = (
        "import langchain_vs; listed = dir(langchain_vs); from langchain_vs import *; "
        "print('VerbalizedSamplingMiddleware' in listed, VerbalizedSamplingMiddleware.__name__)"
    )
    assert run(code) == "True VerbalizedSamplingMiddleware"
