"""Tools and structured predictions go past the model around a model; agents run with it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Any

import pytest
from llama_index.core.agent.workflow import AgentWorkflow, FunctionAgent, ReActAgent
from llama_index.core.base.llms.types import ChatMessage, MessageRole, ToolCallBlock
from llama_index.core.program import FunctionCallingProgram
from llama_index.core.prompts import PromptTemplate
from llama_index.core.tools import FunctionTool
from pydantic import BaseModel

from llamaindex_vs import SimulatedLLM, VerbalizedSamplingLLM
from tests.every import for_every
from tests.li.models import ScriptedLLM
from tests.scenarios import QUESTION, xml
from vs_core import PromptSettings, UnsuitableModelError, instruction

AB = xml("a", "b")
INSTRUCTION = instruction(PromptSettings(k=2))
SPEC = {"type": "function", "function": {"name": "weather", "parameters": {}}}


class City(BaseModel):
    """A city."""

    name: str


def weather(city: str) -> str:
    """Tell the weather in a city."""
    return f"Sunny in {city}."


def call(tool: str, **arguments: Any) -> ChatMessage:
    block = ToolCallBlock(tool_call_id="1", tool_name=tool, tool_kwargs=json.dumps(arguments))
    return ChatMessage(role=MessageRole.ASSISTANT, blocks=[block])


# LlamaIndex's workflows look at every attribute of an agent, pydantic's old ones too, and its
# ReActAgent asks for one that is about to go.
runs_agents = pytest.mark.filterwarnings(
    "ignore::pydantic.PydanticDeprecatedSince20",
    "ignore::pydantic.PydanticDeprecatedSince211",
    "ignore:is_running called from within a step:DeprecationWarning",
)

WEATHER = FunctionTool.from_defaults(weather)
LOOK = call("weather", city="Oslo")
OSLO = call("City", name="Oslo")
ABOUT = PromptTemplate("Name a city in {country}.")


def around(*script: Any, **settings: Any) -> tuple[ScriptedLLM, VerbalizedSamplingLLM]:
    inner = ScriptedLLM(script=list(script))
    return inner, VerbalizedSamplingLLM(llm=inner, **{"k": 2, **settings})


async def settled(result: Any) -> Any:
    """The result of a call of any kind; of a stream the last item."""
    if isinstance(result, Awaitable):
        result = await result
    if isinstance(result, Iterator):
        return list(result)[-1]
    if isinstance(result, AsyncIterator):
        return [item async for item in result][-1]
    return result


# --- calls that ask for structure -------------------------------------------------------------

WAYS = [
    lambda llm, **kwargs: llm.chat([ChatMessage(content=QUESTION)], **kwargs),
    lambda llm, **kwargs: llm.achat([ChatMessage(content=QUESTION)], **kwargs),
    lambda llm, **kwargs: llm.stream_chat([ChatMessage(content=QUESTION)], **kwargs),
    lambda llm, **kwargs: llm.astream_chat([ChatMessage(content=QUESTION)], **kwargs),
    lambda llm, **kwargs: llm.complete(QUESTION, **kwargs),
    lambda llm, **kwargs: llm.acomplete(QUESTION, **kwargs),
    lambda llm, **kwargs: llm.stream_complete(QUESTION, **kwargs),
    lambda llm, **kwargs: llm.astream_complete(QUESTION, **kwargs),
]


@for_every("way", WAYS)
async def test_a_request_with_tools_is_the_wrapped_models(way: Any) -> None:
    bare, (inner, llm) = ScriptedLLM(script=["plain"]), around("plain")
    expected = await settled(way(bare, tools=[SPEC]))
    assert await settled(way(llm, tools=[SPEC])) == expected
    assert (inner.calls, inner.kwargs) == (bare.calls, bare.kwargs)


@for_every(
    "structure",
    [
        {"functions": [SPEC]},
        {"response_format": {"type": "json_object"}},
        {"response_schema": City},
        {"output_format": "json"},
        {"format": "json"},
    ],
    ids=str,
)
def test_so_is_one_for_structured_output(structure: dict[str, Any]) -> None:
    assert around("plain")[1].complete(QUESTION, **structure).text == "plain"


def test_so_is_one_whose_structure_is_set_on_the_wrapped_model() -> None:
    class Shaped(ScriptedLLM):
        additional_kwargs: dict[str, Any] = {"response_format": {"type": "json_object"}}  # noqa: RUF012  # a pydantic field

    assert VerbalizedSamplingLLM(llm=Shaped(script=["{}"])).complete(QUESTION).text == "{}"


def test_parameters_that_name_no_tool_change_nothing() -> None:
    assert around(AB)[1].complete(QUESTION, tools=None, response_format=None).text in {"a", "b"}


TOOL_CALLS = [
    lambda llm, tools: llm.chat_with_tools(tools, user_msg=QUESTION, tool_required=True),
    lambda llm, tools: llm.achat_with_tools(tools, user_msg=QUESTION, tool_required=True),
    lambda llm, tools: llm.stream_chat_with_tools(tools, user_msg=QUESTION, tool_required=True),
    lambda llm, tools: llm.astream_chat_with_tools(tools, user_msg=QUESTION, tool_required=True),
]


@for_every("way", TOOL_CALLS)
async def test_chatting_with_tools_is_the_wrapped_models(way: Any) -> None:
    bare, (inner, llm) = ScriptedLLM(script=[LOOK]), around(LOOK)
    expected = await settled(way(bare, [WEATHER]))
    assert await settled(way(llm, [WEATHER])) == expected
    assert (inner.calls, inner.kwargs) == (bare.calls, bare.kwargs)


@for_every("way", TOOL_CALLS)
async def test_chatting_with_no_tool_at_all_draws(way: Any) -> None:
    response = await settled(way(around(AB)[1], []))
    assert response.message.content in {"a", "b"}


def test_tool_calls_are_read_by_the_wrapped_model() -> None:
    llm = around(LOOK)[1]
    response = llm.chat_with_tools([WEATHER], user_msg=QUESTION)
    [selection] = llm.get_tool_calls_from_response(response)
    assert (selection.tool_name, selection.tool_kwargs) == ("weather", {"city": "Oslo"})


PREDICTIONS = [
    lambda llm: llm.structured_predict(City, ABOUT, country="Norway"),
    lambda llm: llm.astructured_predict(City, ABOUT, country="Norway"),
    lambda llm: llm.stream_structured_predict(City, ABOUT, country="Norway"),
    lambda llm: llm.astream_structured_predict(City, ABOUT, country="Norway"),
]


@for_every("way", PREDICTIONS)
async def test_structured_predictions_are_the_wrapped_models(way: Any) -> None:
    bare, (inner, llm) = ScriptedLLM(script=[OSLO]), around(OSLO)
    expected = await settled(way(bare))
    assert (await settled(way(llm))).model_dump() == expected.model_dump()
    assert (inner.calls, inner.kwargs) == (bare.calls, bare.kwargs)


def test_a_structured_model_is_made_of_the_wrapped_one() -> None:
    llm = around(OSLO)[1]
    response = llm.as_structured_llm(City).complete("Name a city in Norway.")
    assert response.raw == City(name="Oslo")


def test_a_function_calling_program_runs_with_it() -> None:
    program = FunctionCallingProgram.from_defaults(City, llm=around(OSLO)[1], prompt=ABOUT)
    assert program(country="Norway") == City(name="Oslo")


@pytest.mark.parametrize(
    "way",
    [
        lambda llm: llm.predict_and_call([WEATHER], user_msg=QUESTION),
        lambda llm: llm.apredict_and_call([WEATHER], user_msg=QUESTION),
    ],
)
async def test_predicting_and_calling_is_the_wrapped_models(way: Any) -> None:
    assert (await settled(way(around(LOOK)[1]))).response == "Sunny in Oslo."


SYNC = [
    "chat_with_tools",
    "stream_chat_with_tools",
    "get_tool_calls_from_response",
    "structured_predict",
    "stream_structured_predict",
    "as_structured_llm",
    "predict_and_call",
]
ASYNC = [
    "achat_with_tools",
    "astream_chat_with_tools",
    "astructured_predict",
    "astream_structured_predict",
    "apredict_and_call",
]


@pytest.mark.parametrize("name", SYNC)
def test_a_way_of_the_wrapped_models_own_is_taken(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def own(*args: Any, **kwargs: Any) -> Any:
        return args, kwargs

    monkeypatch.setattr(ScriptedLLM, name, staticmethod(own))
    assert getattr(around()[1], name)([WEATHER], n=1) == (([WEATHER],), {"n": 1})


@pytest.mark.parametrize("name", ASYNC)
async def test_an_async_way_of_the_wrapped_models_own_is_taken(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def own(*args: Any, **kwargs: Any) -> Any:
        return args, kwargs

    monkeypatch.setattr(ScriptedLLM, name, staticmethod(own))
    assert await getattr(around()[1], name)([WEATHER], n=1) == (([WEATHER],), {"n": 1})


# --- a model that calls no functions ----------------------------------------------------------


@for_every("way", TOOL_CALLS)
async def test_a_model_without_functions_says_so(way: Any) -> None:
    with pytest.raises(UnsuitableModelError, match="SimulatedLLM calls no functions"):
        await settled(way(VerbalizedSamplingLLM(llm=SimulatedLLM()), [WEATHER]))


@pytest.mark.parametrize("able", [True, False])
def test_the_metadata_say_whether_it_calls_functions(able: bool) -> None:
    inner = ScriptedLLM(script=[], is_function_calling_model=able)
    assert VerbalizedSamplingLLM(llm=inner).metadata.is_function_calling_model is able


def test_a_model_without_functions_predicts_structure_by_text() -> None:
    inner = ScriptedLLM(script=['{"name": "Oslo"}'], is_function_calling_model=False)
    llm = VerbalizedSamplingLLM(llm=inner)
    assert llm.structured_predict(City, ABOUT, country="Norway") == City(name="Oslo")


# --- agents -----------------------------------------------------------------------------------


async def output_of(agent: Any) -> Any:
    return await agent.run(QUESTION)


@runs_agents
@pytest.mark.parametrize("streaming", [True, False])
async def test_a_function_agent_calls_its_tools_as_with_the_wrapped_model(streaming: bool) -> None:
    bare, (inner, llm) = ScriptedLLM(script=[LOOK, "Sunny."]), around(LOOK, "Sunny.")
    for model in (bare, llm):
        agent = FunctionAgent(tools=[weather], llm=model, streaming=streaming)
        assert (await output_of(agent)).response.content == "Sunny."
    assert (inner.calls, inner.kwargs) == (bare.calls, bare.kwargs)


@runs_agents
@pytest.mark.parametrize("streaming", [True, False])
async def test_a_function_agent_without_tools_answers_with_a_draw(streaming: bool) -> None:
    inner, llm = around(AB)
    output = await output_of(FunctionAgent(tools=[], llm=llm, streaming=streaming))
    assert output.response.content in {"a", "b"}
    assert len(inner.calls) == 1


@runs_agents
@pytest.mark.parametrize("streaming", [True, False])
async def test_an_agents_output_carries_the_distribution(streaming: bool) -> None:
    output = await output_of(FunctionAgent(tools=[], llm=around(AB)[1], streaming=streaming))
    found = output.raw["verbalized_sampling"]["candidates"]
    assert [candidate["value"] for candidate in found] == ["a", "b"]


ACT = 'Thought: I need to look.\nAction: weather\nAction Input: {{"city": "{}"}}'
ANSWER = "Thought: I can answer without using any more tools.\nAnswer: {}"


@runs_agents
@pytest.mark.parametrize("streaming", [True, False])
async def test_each_step_of_a_react_agent_is_a_draw(streaming: bool) -> None:
    acts = (
        f"<response><text>{ACT.format('Rome')}</text><probability>0.3</probability></response>"
        f"<response><text>{ACT.format('Oslo')}</text><probability>0.6</probability></response>"
    )
    answers = xml(ANSWER.format("Sunny."), ANSWER.format("Dry."))
    inner, llm = around(acts, answers, select="best")
    output = await output_of(ReActAgent(tools=[weather], llm=llm, streaming=streaming))
    assert output.response.content == "Sunny."
    assert inner.calls[1][-1].content == "Observation: Sunny in Oslo."


@runs_agents
async def test_the_instruction_joins_the_react_prompt() -> None:
    inner, llm = around(xml(ANSWER.format("Sunny."), ANSWER.format("Dry.")))
    await output_of(ReActAgent(tools=[weather], llm=llm))
    [[system, *_]] = inner.calls
    assert str(system.content).startswith("You are designed to help")
    assert str(system.content).endswith(INSTRUCTION)


@runs_agents
async def test_a_workflow_of_agents_runs_with_it() -> None:
    workflow = AgentWorkflow.from_tools_or_functions([weather], llm=around(LOOK, "Sunny.")[1])
    assert (await output_of(workflow)).response.content == "Sunny."
