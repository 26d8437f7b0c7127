"""Candidates validated to a type, asked for in words or as a tool's arguments."""

from __future__ import annotations

import dataclasses
import json
import pickle
from collections.abc import Callable
from typing import Any, Literal

import pytest
from llama_index.core.base.llms.types import ChatMessage, MessageRole, TextBlock, ToolCallBlock
from llama_index.core.llms.llm import LLM
from llama_index.core.llms.mock import MockLLM
from llama_index.core.settings import Settings
from pydantic import BaseModel, ValidationError
from typing_extensions import TypedDict

from llamaindex_vs import SimulatedLLM, VerbalizedSampler
from tests.every import for_every
from tests.li.models import ScriptedLLM
from tests.scenarios import QUESTION, xml
from vs_core import NoCandidatesError, UnsuitableModelError, VerbalizedDistribution


class Problem(BaseModel):
    question: str
    answer: int


class ProblemDict(TypedDict):
    question: str
    answer: int


@dataclasses.dataclass
class ProblemData:
    question: str
    answer: int


ONE = '{"question": "1 + 1?", "answer": 2}'
TWO = '{"question": "Is 2 < 3 & 3 > 2?", "answer": 1}'
WRONG = '{"question": "no answer"}'
ARGUMENTS = {
    "responses": [
        {"text": json.loads(ONE), "probability": 0.3},
        {"text": json.loads(TWO), "probability": 0.1},
    ]
}
RESPONSES = json.dumps(ARGUMENTS)
VALUES = [Problem(question="1 + 1?", answer=2), Problem(question="Is 2 < 3 & 3 > 2?", answer=1)]


def scripted(*script: Any, **settings: Any) -> tuple[ScriptedLLM, VerbalizedSampler]:
    model = ScriptedLLM(script=list(script))
    settings = {"k": 2, "value_schema": Problem, **settings}
    return model, VerbalizedSampler(llm=model, **settings)


@for_every(
    "reply",
    [
        xml(ONE, TWO),
        RESPONSES,
        f"1. (0.3) {ONE}\n2. (0.1) {TWO}",
        f"```json\n{RESPONSES}\n```",
        xml(f"\n```json\n{ONE}\n```\n", TWO),
    ],
)
def test_values_come_out_in_their_type_from_any_notation(reply: str) -> None:
    assert scripted(reply)[1].run(QUESTION).values == VALUES


@for_every(
    ("schema", "text", "expected"),
    [
        (ProblemDict, ONE, {"question": "1 + 1?", "answer": 2}),
        (ProblemData, ONE, ProblemData("1 + 1?", 2)),
        (Problem, ONE, VALUES[0]),
        (dict[str, Any], ONE, {"question": "1 + 1?", "answer": 2}),
        (int, "42", 42),
        (bool, "true", True),
        (list[int], "[1, 2]", [1, 2]),
        (Literal["heads", "tails"], "heads", "heads"),
        (str, "[1, 2] is a list", "[1, 2] is a list"),
    ],
    ids=str,
)
def test_any_type_that_json_can_describe_will_do(schema: Any, text: str, expected: Any) -> None:
    _, vs = scripted(xml(text), k=1, value_schema=schema)
    assert vs.run(QUESTION).values == [expected]


def test_the_prompt_has_a_form_for_the_value() -> None:
    model, vs = scripted(xml(ONE, TWO))
    vs.run(QUESTION)
    assert '<text>{"question": "...", "answer": 0}</text>' in str(model.calls[0][0].content)


def test_a_value_of_another_type_is_dropped_with_the_reason() -> None:
    _, vs = scripted(xml(ONE, WRONG), max_topups=0)
    distribution = vs.run(QUESTION)
    assert distribution.values == VALUES[:1]
    [dropped] = distribution.trace.dropped
    assert (dropped.fragment, dropped.reason) == (
        WRONG,
        "does not match the schema: answer: Field required",
    )


def test_a_value_of_another_type_is_asked_for_again() -> None:
    _, vs = scripted(xml(ONE, WRONG), xml(TWO))
    assert vs.run(QUESTION).values == VALUES


def test_typed_values_stream_one_by_one() -> None:
    _, vs = scripted(xml(ONE, TWO))
    assert [chunk.values for chunk in vs.stream(QUESTION)] == [VALUES[:1], VALUES[1:], []]


def test_typed_distributions_survive_json() -> None:
    json_text = scripted(xml(ONE, TWO))[1].run(QUESTION).model_dump_json()
    assert VerbalizedDistribution[Problem].model_validate_json(json_text).values == VALUES


def test_the_class_stays_unparametrised() -> None:
    assert type(scripted(xml(ONE, TWO))[1].run(QUESTION)) is VerbalizedDistribution


def test_a_json_schema_has_values_of_plain_json() -> None:
    _, sampler = scripted(xml(ONE, WRONG, TWO), value_schema=Problem.model_json_schema())
    distribution = sampler.run(QUESTION)
    assert distribution.values == [value.model_dump() for value in VALUES]
    [dropped] = distribution.trace.dropped
    assert dropped.reason == "does not match the schema: answer: Field required"


def test_a_json_schema_survives_json_a_dict_and_a_pickle() -> None:
    vs = VerbalizedSampler(llm=SimulatedLLM(), value_schema=Problem.model_json_schema())
    assert VerbalizedSampler.from_json(vs.to_json(), llm=vs.llm) == vs
    assert VerbalizedSampler.from_dict(vs.to_dict(), llm=vs.llm) == vs
    assert pickle.loads(pickle.dumps(vs)).value_schema == vs.value_schema


def test_what_is_no_type_is_refused_at_construction() -> None:
    with pytest.raises(ValidationError, match="is no type that JSON can describe"):
        VerbalizedSampler(value_schema="Problem | None")


# --- as a tool's arguments ------------------------------------------------------------------------


def call(arguments: Any) -> ToolCallBlock:
    return ToolCallBlock(tool_call_id="1", tool_name="give_responses", tool_kwargs=arguments)


def calling(arguments: Any, text: str = "") -> ChatMessage:
    blocks = [TextBlock(text=text), call(arguments)] if text else [call(arguments)]
    return ChatMessage(role=MessageRole.ASSISTANT, blocks=blocks)


def older(*calls: Any) -> ChatMessage:
    """As integrations gave tool calls before there were blocks for them."""
    return ChatMessage(
        role=MessageRole.ASSISTANT, content=None, additional_kwargs={"tool_calls": list(calls)}
    )


class Function(BaseModel):
    name: str = "give_responses"
    arguments: Any


class FunctionCall(BaseModel):
    function: Function


CALLS: dict[str, ChatMessage] = {
    "as text": calling(RESPONSES),
    "parsed": calling(ARGUMENTS),
    "behind a text": calling(RESPONSES, "Here are two responses:"),
    "parsed, behind a text": calling(ARGUMENTS, "Here are two responses:"),
    "older, objects": older(FunctionCall(function=Function(arguments=RESPONSES))),
    "older, dicts": older({"function": {"name": "give_responses", "arguments": RESPONSES}}),
    "older, parsed": older({"function": {"name": "give_responses", "arguments": ARGUMENTS}}),
    "older, input": older({"type": "tool_use", "name": "give_responses", "input": ARGUMENTS}),
    "older, args": older({"name": "give_responses", "args": ARGUMENTS}),
    "no call": ChatMessage(role=MessageRole.ASSISTANT, content=RESPONSES),
}


@for_every("reply", CALLS.values(), ids=CALLS.keys())
async def test_arguments_are_read_wherever_an_integration_puts_them(reply: ChatMessage) -> None:
    _, vs = scripted(reply, reply, structured_output="function_calling")
    assert vs.run(QUESTION).values == VALUES
    assert (await vs.arun(QUESTION)).values == VALUES


@for_every("reply", CALLS.values(), ids=CALLS.keys())
async def test_streamed_arguments_add_up_to_the_same(reply: ChatMessage) -> None:
    _, vs = scripted(reply, reply, reply, structured_output="function_calling")
    whole = vs.run(QUESTION)
    assert sum(vs.stream(QUESTION), VerbalizedDistribution()) == whole
    chunks = [chunk async for chunk in vs.astream(QUESTION)]
    assert sum(chunks, VerbalizedDistribution()) == whole


@pytest.mark.parametrize("name", ["as text", "behind a text"])
def test_each_value_is_streamed_while_its_arguments_are_written(name: str) -> None:
    _, vs = scripted(CALLS[name], structured_output="function_calling")
    assert [chunk.values for chunk in vs.stream(QUESTION)] == [VALUES[:1], VALUES[1:], []]


def test_two_calls_are_read_as_one_reply() -> None:
    one, two = ({"responses": [response]} for response in ARGUMENTS["responses"])
    reply = ChatMessage(role=MessageRole.ASSISTANT, blocks=[call(json.dumps(one)), call(two)])
    assert scripted(reply, structured_output="function_calling")[1].run(QUESTION).values == VALUES


def test_the_model_is_given_the_tool_and_must_call_it() -> None:
    model, vs = scripted(calling(RESPONSES), structured_output="function_calling")
    vs.run(QUESTION)
    [sent] = model.kwargs
    assert [tool["function"]["name"] for tool in sent["tools"]] == ["give_responses"]
    assert sent["tool_required"] is True


def test_the_tool_has_the_schema_of_the_values() -> None:
    model, vs = scripted(calling(RESPONSES), structured_output="function_calling")
    vs.run(QUESTION)
    parameters = model.kwargs[0]["tools"][0]["function"]["parameters"]
    response = parameters["properties"]["responses"]["items"]["properties"]
    assert set(response) == {"text", "probability"}
    assert set(response["text"]["properties"]) == {"question", "answer"}


def test_references_in_the_schema_can_be_followed() -> None:
    class Sheet(BaseModel):
        problems: list[Problem]

    model, vs = scripted(xml("none"), structured_output="function_calling", value_schema=Sheet)
    with pytest.raises(NoCandidatesError, match="no candidate"):
        vs.run(QUESTION)
    parameters = model.kwargs[0]["tools"][0]["function"]["parameters"]
    text = parameters["properties"]["responses"]["items"]["properties"]["text"]
    assert text["properties"]["problems"]["items"] == {"$ref": "#/$defs/Problem"}
    assert "Problem" in parameters["$defs"]


def test_own_arguments_for_the_model_come_first() -> None:
    model, vs = scripted(calling(RESPONSES), structured_output="function_calling")
    vs.run(QUESTION, tool_required=False, stop=["END"])
    assert (model.kwargs[0]["tool_required"], model.kwargs[0]["stop"]) == (False, ["END"])


def test_the_prompt_names_no_other_notation() -> None:
    model, vs = scripted(calling(RESPONSES), structured_output="function_calling")
    vs.run(QUESTION)
    assert "<response" not in str(model.calls[0][0].content)


def test_a_tool_call_is_topped_up_like_any_reply() -> None:
    one, two = ({"responses": [response]} for response in ARGUMENTS["responses"])
    model, vs = scripted(calling(one), calling(two), structured_output="function_calling")
    assert vs.run(QUESTION).values == VALUES
    assert [m.role.value for m in model.calls[1]] == ["system", "user", "assistant", "user"]


def test_a_tool_call_needs_no_schema() -> None:
    reply = calling({"responses": [{"text": "a", "probability": 0.2}]})
    _, vs = scripted(reply, k=1, value_schema=None, structured_output="function_calling")
    assert vs.run(QUESTION).texts == ["a"]


def test_a_schema_with_a_call_to_an_unasked_tool_is_read_all_the_same() -> None:
    _, vs = scripted(calling(RESPONSES))
    assert vs.run(QUESTION).values == VALUES


# --- models that cannot ---------------------------------------------------------------------------


UNABLE: list[Callable[[], LLM]] = [
    SimulatedLLM,
    MockLLM,
    lambda: ScriptedLLM(script=[], is_function_calling_model=False),
]
unable = pytest.mark.parametrize("build", UNABLE, ids=["no chat", "completing", "says so itself"])


@unable
def test_a_model_that_calls_no_functions_is_refused_at_construction(
    build: Callable[[], LLM],
) -> None:
    with pytest.raises(ValidationError, match="needs a model that calls functions, and"):
        VerbalizedSampler(llm=build(), structured_output="function_calling")


@unable
async def test_one_in_settings_is_refused_when_it_is_asked(
    build: Callable[[], LLM], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "_llm", build())
    vs = VerbalizedSampler(structured_output="function_calling")
    with pytest.raises(UnsuitableModelError, match="needs a model that calls functions, and"):
        vs.run(QUESTION)
    with pytest.raises(UnsuitableModelError):
        next(vs.stream(QUESTION))
    with pytest.raises(UnsuitableModelError):
        await vs.arun(QUESTION)
    with pytest.raises(UnsuitableModelError):
        await anext(vs.astream(QUESTION))


def test_json_schema_is_refused_with_the_way_out() -> None:
    with pytest.raises(
        ValidationError, match=r"with OpenAI's interface .* take 'function_calling'"
    ):
        VerbalizedSampler(llm=ScriptedLLM(script=[]), structured_output="json_schema")


async def test_json_schema_of_another_model_in_settings_is_refused_when_it_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Settings, "_llm", ScriptedLLM(script=[]))
    with pytest.raises(UnsuitableModelError, match="with OpenAI's interface"):
        await VerbalizedSampler(structured_output="json_schema").arun(QUESTION)


def test_auto_is_asked_in_words_of_a_model_that_is_not_known_to_enforce_schemas() -> None:
    model, vs = scripted(xml(ONE, TWO), structured_output="auto")
    assert vs.run(QUESTION).values == VALUES
    assert "<response" in str(model.calls[0][0].content)
