"""Candidates validated to a type, asked for in words or shaped by the provider."""

from __future__ import annotations

import dataclasses
import enum
import json
from typing import Any, Literal

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessage
from langchain_core.messages.tool import invalid_tool_call, tool_call
from langchain_core.runnables import RunnableLambda
from pydantic import BaseModel, ValidationError
from typing_extensions import TypedDict

from langchain_vs import SampleCandidate, VerbalizedSamplingRunnable
from tests.every import for_every
from tests.lc.models import ScriptedChatModel
from tests.scenarios import QUESTION, xml
from tests.wire.clients import chat
from tests.wire.server import Reply, ToolCall, WireServer
from vs_core import PromptSettings, VerbalizedDistribution
from vs_core.adapters import reply_schema


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
RESPONSES = json.dumps(
    {
        "responses": [
            {"text": json.loads(ONE), "probability": 0.3},
            {"text": json.loads(TWO), "probability": 0.1},
        ]
    }
)
VALUES = [Problem(question="1 + 1?", answer=2), Problem(question="Is 2 < 3 & 3 > 2?", answer=1)]


def scripted(*script: Any, **settings: Any) -> tuple[ScriptedChatModel, VerbalizedSamplingRunnable]:
    model = ScriptedChatModel(script=list(script))
    settings = {"k": 2, "value_schema": Problem, **settings}
    return model, VerbalizedSamplingRunnable(llm=model, **settings)


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
    assert scripted(reply)[1].invoke(QUESTION).values == VALUES


@for_every(
    ("schema", "expected"),
    [
        (ProblemDict, {"question": "1 + 1?", "answer": 2}),
        (ProblemData, ProblemData("1 + 1?", 2)),
        (Problem, VALUES[0]),
        (dict[str, Any], {"question": "1 + 1?", "answer": 2}),
    ],
)
def test_any_type_that_json_can_describe_will_do(schema: Any, expected: Any) -> None:
    _, vs = scripted(xml(ONE), k=1, value_schema=schema)
    assert vs.invoke(QUESTION).values == [expected]


@for_every(
    ("schema", "text", "expected"),
    [
        (int, "42", 42),
        (float, "0.5", 0.5),
        (bool, "true", True),
        (list[int], "[1, 2]", [1, 2]),
        (Literal["heads", "tails"], "heads", "heads"),
        (str, "[1, 2] is a list", "[1, 2] is a list"),
        (str, "plain", "plain"),
    ],
    ids=str,
)
def test_simple_types_need_no_object(schema: Any, text: str, expected: Any) -> None:
    _, vs = scripted(xml(text), k=1, value_schema=schema)
    assert vs.invoke(QUESTION).values == [expected]


def test_the_prompt_has_a_form_for_the_value() -> None:
    model, vs = scripted(xml(ONE, TWO))
    vs.invoke(QUESTION)
    assert '<text>{"question": "...", "answer": 0}</text>' in str(model.calls[0][0].content)


def test_a_value_of_another_type_is_dropped_with_the_reason() -> None:
    _, vs = scripted(xml(ONE, WRONG), max_topups=0)
    distribution = vs.invoke(QUESTION)
    assert distribution.values == VALUES[:1]
    [dropped] = distribution.trace.dropped
    assert (dropped.fragment, dropped.reason) == (
        WRONG,
        "does not match the schema: answer: Field required",
    )


def test_a_value_of_another_type_is_asked_for_again() -> None:
    _, vs = scripted(xml(ONE, WRONG), xml(TWO))
    assert vs.invoke(QUESTION).values == VALUES


def test_typed_values_stream_one_by_one() -> None:
    _, vs = scripted(xml(ONE, TWO))
    assert [chunk.values for chunk in vs.stream(QUESTION)] == [VALUES[:1], VALUES[1:], []]


def test_typed_distributions_survive_json() -> None:
    distribution = scripted(xml(ONE, TWO))[1].invoke(QUESTION)
    json_text = distribution.model_dump_json()
    assert VerbalizedDistribution[Problem].model_validate_json(json_text).values == VALUES


def test_the_class_stays_unparametrised() -> None:
    assert type(scripted(xml(ONE, TWO))[1].invoke(QUESTION)) is VerbalizedDistribution


def test_the_output_type_follows_the_schema() -> None:
    _, vs = scripted()
    assert vs.OutputType is VerbalizedDistribution[Problem]
    assert "Problem" in vs.get_output_jsonschema()["$defs"]


def test_a_json_schema_has_values_of_plain_json() -> None:
    _, vs = scripted(xml(ONE, WRONG, TWO), value_schema=Problem.model_json_schema())
    distribution = vs.invoke(QUESTION)
    assert distribution.values == [value.model_dump() for value in VALUES]
    [dropped] = distribution.trace.dropped
    assert dropped.reason == "does not match the schema: answer: Field required"
    assert vs.OutputType is VerbalizedDistribution


def test_a_drawn_value_has_its_type() -> None:
    chain = scripted(xml(ONE, TWO))[1] | SampleCandidate()
    assert chain.invoke(QUESTION) in VALUES


def test_what_is_no_type_is_refused_at_construction() -> None:
    with pytest.raises(ValidationError, match="is no type that JSON can describe"):
        scripted(value_schema="Problem | None")


# --- shaped by the provider --------------------------------------------------------------------


def shaped(server: WireServer, how: str, **settings: Any) -> VerbalizedSamplingRunnable:
    settings = {"k": 2, "value_schema": Problem, "structured_output": how, **settings}
    return VerbalizedSamplingRunnable(llm=chat(server, stream_usage=True), **settings)


def tool_reply(arguments: str = RESPONSES) -> Reply:
    return Reply("", tool_calls=(ToolCall("give_responses", arguments),), chunk_size=6)


def test_function_calling_reads_the_arguments(server: WireServer) -> None:
    server.add(tool_reply())
    assert shaped(server, "function_calling").invoke(QUESTION).values == VALUES


@pytest.mark.parametrize("how", ["function_calling", "json_schema"])
def test_a_json_schema_is_enforced_as_the_type_would_be(server: WireServer, how: str) -> None:
    for schema in (Problem, Problem.model_json_schema()):
        server.add(tool_reply() if how == "function_calling" else Reply(RESPONSES))
        assert len(shaped(server, how, value_schema=schema).invoke(QUESTION)) == 2
    typed, plain = (request.body for request in server.requests)
    assert typed == plain


def test_function_calling_streams_each_value(server: WireServer) -> None:
    server.add(tool_reply())
    chunks = list(shaped(server, "function_calling").stream(QUESTION))
    assert [chunk.values for chunk in chunks] == [VALUES[:1], VALUES[1:], []]


async def test_function_calling_streams_asynchronously(server: WireServer) -> None:
    server.add(tool_reply())
    vs = shaped(server, "function_calling")
    assert [chunk.values async for chunk in vs.astream(QUESTION)] == [VALUES[:1], VALUES[1:], []]


def test_function_calling_asks_for_that_tool(server: WireServer) -> None:
    server.add(tool_reply())
    vs = shaped(server, "function_calling")
    vs.invoke(QUESTION)
    body = server.requests[0].body
    function = body["tools"][0]["function"]
    assert function["name"] == body["tool_choice"]["function"]["name"] == "give_responses"
    assert set(function["parameters"]["properties"]) == {"responses"}


def test_function_calling_works_without_a_schema(server: WireServer) -> None:
    server.add(tool_reply('{"responses": [{"text": "a", "probability": 0.2}]}'))
    vs = shaped(server, "function_calling", value_schema=None, k=1)
    assert vs.invoke(QUESTION).texts == ["a"]


def test_function_calling_is_topped_up_like_any_reply(server: WireServer) -> None:
    first = json.dumps({"responses": [{"text": json.loads(ONE), "probability": 0.3}]})
    second = json.dumps({"responses": [{"text": json.loads(TWO), "probability": 0.1}]})
    server.add(tool_reply(first), tool_reply(second))
    assert shaped(server, "function_calling").invoke(QUESTION).values == VALUES


def test_json_schema_reads_the_reply(server: WireServer) -> None:
    server.add(RESPONSES)
    distribution = shaped(server, "json_schema").invoke(QUESTION)
    assert distribution.values == VALUES
    assert distribution.trace.output_tokens


async def test_json_schema_reads_the_reply_asynchronously(server: WireServer) -> None:
    server.add(RESPONSES)
    assert (await shaped(server, "json_schema").ainvoke(QUESTION)).values == VALUES


def test_json_schema_streams_each_value(server: WireServer) -> None:
    server.add(Reply(RESPONSES, chunk_size=6))
    chunks = list(shaped(server, "json_schema").stream(QUESTION))
    assert [chunk.values for chunk in chunks if chunk] == [VALUES[:1], VALUES[1:]]


def test_json_schema_sends_the_schema(server: WireServer) -> None:
    server.add(RESPONSES)
    shaped(server, "json_schema").invoke(QUESTION)
    sent = server.requests[0].body["response_format"]["json_schema"]["schema"]
    assert set(sent["properties"]) == {"responses"}


@pytest.mark.parametrize("how", ["function_calling", "json_schema"])
def test_the_prompt_names_no_other_notation(server: WireServer, how: str) -> None:
    server.add(tool_reply() if how == "function_calling" else RESPONSES)
    shaped(server, how).invoke(QUESTION)
    assert "<response" not in server.requests[0].messages[0]["content"]


NO_TOOLS = ScriptedChatModel(script=[])
NO_MODEL: RunnableLambda[Any, str] = RunnableLambda(lambda _: ONE)


# Core's own `with_structured_output` needs `bind_tools`, so that no tools are one case only.
@for_every(
    ("how", "llm"),
    [
        ("function_calling", NO_TOOLS),
        ("function_calling", NO_MODEL),
        ("json_schema", NO_MODEL),
    ],
)
def test_a_model_that_cannot_shape_its_reply_is_refused(how: Any, llm: Any) -> None:
    with pytest.raises(ValidationError, match=f"structured_output='{how}' needs .* has none"):
        VerbalizedSamplingRunnable(llm=llm, structured_output=how)


def test_the_reply_schema_keeps_references_of_the_value_schema() -> None:
    class Nested(BaseModel):
        problems: list[Problem]

    schema = reply_schema(PromptSettings(value_schema=Nested))
    assert "Problem" in schema["$defs"]
    text = schema["properties"]["responses"]["items"]["properties"]["text"]
    assert text["properties"]["problems"]["items"] == {"$ref": "#/$defs/Problem"}


def test_cot_has_a_field_for_the_reasoning() -> None:
    assert list(reply_schema(PromptSettings(method="cot"))["properties"]) == [
        "reasoning",
        "responses",
    ]


class Binds(FakeListChatModel):
    """Takes no choice of a tool."""

    def bind_tools(self, tools: Any) -> Any:  # type: ignore[override]
        return self.bind(tools=tools)


class BindsNothing(FakeListChatModel):
    def bind_tools(self, tools: Any, **_: Any) -> Any:
        return None


class Structures(FakeListChatModel):
    """Gives the reply and what it made of it, in a way of its own."""

    def with_structured_output(self, schema: Any, **_: Any) -> Any:
        return self | RunnableLambda(lambda reply: {"raw": reply, "parsed": None})


@pytest.mark.parametrize(
    ("model", "said"),
    [(Binds, "unexpected keyword argument 'tool_choice'"), (BindsNothing, "it gave NoneType")],
)
def test_a_model_whose_method_cannot_be_used_is_refused_with_the_reason(
    model: Any, said: str
) -> None:
    with pytest.raises(ValidationError, match=f"cannot be called as .*{said}"):
        VerbalizedSamplingRunnable(llm=model(responses=[]), structured_output="function_calling")


async def test_a_model_without_parameters_of_its_own_delivers_at_the_end() -> None:
    llm = Structures(responses=[RESPONSES])
    vs = VerbalizedSamplingRunnable(
        llm=llm, k=2, value_schema=Problem, structured_output="json_schema"
    )
    assert vs.invoke(QUESTION).values == VALUES
    assert (await vs.ainvoke(QUESTION)).values == VALUES
    assert [chunk.values for chunk in vs.stream(QUESTION) if chunk] == [VALUES]
    assert [chunk.values async for chunk in vs.astream(QUESTION) if chunk] == [VALUES]


def bound_out_of_sight(message: AIMessage) -> VerbalizedSamplingRunnable:
    """Around a model that answers so, and whose tool no parameter shows."""

    class Tooled(FakeListChatModel):
        def bind_tools(self, tools: Any, **_: Any) -> Any:
            return RunnableLambda(lambda _: message)

    return VerbalizedSamplingRunnable(
        llm=Tooled(responses=[]),
        k=2,
        value_schema=Problem,
        structured_output="function_calling",
        max_topups=0,
    )


def test_a_tool_that_was_bound_out_of_sight_is_read_by_whatever_name() -> None:
    call = tool_call(name="r", args=json.loads(RESPONSES), id="1")
    assert bound_out_of_sight(AIMessage("", tool_calls=[call])).invoke(QUESTION).values == VALUES


def test_so_are_its_arguments_where_they_were_cut_off() -> None:
    cut = RESPONSES[: RESPONSES.rindex('"answer"')]
    call = invalid_tool_call(name="r", args=cut, id="1")
    message = AIMessage("", invalid_tool_calls=[call])
    assert bound_out_of_sight(message).invoke(QUESTION).values == VALUES[:1]


class Side(enum.Enum):
    HEADS = "heads"


def test_the_text_of_an_enumeration_is_its_value() -> None:
    _, vs = scripted(xml("heads"), k=1, value_schema=Side)
    assert vs.invoke(QUESTION).texts == ["heads"]
