"""The shape that providers are told, as it arrives there, and the replies that come back in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pytest
from langchain.chat_models import init_chat_model
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import ConfigurableField, Runnable
from langchain_openai import ChatOpenAI
from llama_index.llms.openai import OpenAIResponses
from pydantic import BaseModel, Field

from langchain_vs import VerbalizedSamplingParserError, VerbalizedSamplingRunnable
from llamaindex_vs import VerbalizedSampler
from tests.drivers import LANGCHAIN, LLAMAINDEX
from tests.every import for_every
from tests.scenarios import QUESTION, xml
from tests.typed_values import MIXED, TYPED, Film, Problem, Typed, responses
from tests.wire.clients import chat, llm, llm_like
from tests.wire.server import Fault, Reply, ToolCall, WireServer, serve
from vs_core import (
    Definition,
    NoCandidatesError,
    PromptSettings,
    UnexpectedToolCallError,
    VerbalizedDistribution,
)
from vs_core.adapters import reply_schema

TWO = Typed(Problem, ({"question": "1+1", "answer": 2}, {"question": "2+3", "answer": 5}))
BOTH = responses(TWO)
CUT = BOTH[: BOTH.index("2+3")]
WAYS = ["function_calling", "json_schema"]
FRAMEWORKS = ["LangChain", "LlamaIndex"]
FRAMEWORK_AND_WAY = [(framework, how) for framework in FRAMEWORKS for how in WAYS]
EVERY_DRIVER = [*(("LangChain", d) for d in LANGCHAIN), *(("LlamaIndex", d) for d in LLAMAINDEX)]


def in_shape(how: str, text: str = BOTH, **settings: Any) -> Reply:
    if how == "json_schema":
        return Reply(text, **settings)
    return Reply("", tool_calls=(ToolCall("give_responses", text),), **settings)


def sent_schema(body: dict[str, Any]) -> dict[str, Any]:
    if body.get("tools"):
        return dict(body["tools"][0]["function"]["parameters"])
    return dict(body["response_format"]["json_schema"]["schema"])


def sampling(server: WireServer, framework: str, **settings: Any) -> Any:
    settings = {"k": 2, "value_schema": Problem, "structured_output": "json_schema", **settings}
    if framework == "LangChain":
        return VerbalizedSamplingRunnable(llm=chat(server), **settings)
    return VerbalizedSampler(llm=llm(server), **settings)


def ask(vs: Any) -> VerbalizedDistribution[Any]:
    """Ask once, whichever framework's component it is."""
    asked = vs.invoke if isinstance(vs, VerbalizedSamplingRunnable) else vs.run
    found: VerbalizedDistribution[Any] = asked(QUESTION)
    return found


async def drive(framework: str, driver: str, vs: Any) -> VerbalizedDistribution[Any]:
    drivers = LANGCHAIN if framework == "LangChain" else LLAMAINDEX
    return await drivers[driver](vs, QUESTION)


# --- types -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*TYPED, *MIXED])
@for_every("how", WAYS, server=serve)
async def test_every_type_goes_there_and_comes_back(
    server: WireServer, name: str, how: str
) -> None:
    typed = {**TYPED, **MIXED}[name]
    server.respond_with(lambda _: in_shape(how, responses(typed), chunk_size=23))
    settings = {"value_schema": typed.schema, "structured_output": how, "max_topups": 0}
    asked = {framework: sampling(server, framework, **settings) for framework in FRAMEWORKS}
    for framework, driver in EVERY_DRIVER:
        found = await drive(framework, driver, asked[framework])
        assert found.values == typed.expected, (framework, driver)
        assert found.trace.calls == 1


@for_every("framework, how", FRAMEWORK_AND_WAY, server=serve)
def test_each_value_is_streamed_when_it_is_finished(
    server: WireServer, framework: str, how: str
) -> None:
    server.add(in_shape(how, chunk_size=6))
    vs = sampling(server, framework, structured_output=how)
    values = [chunk.values for chunk in vs.stream(QUESTION) if chunk]
    assert values == [TWO.expected[:1], TWO.expected[1:]]


@for_every("driver", LANGCHAIN, server=serve)
async def test_tokens_are_counted_once(server: WireServer, driver: str) -> None:
    server.add(BOTH)
    model = chat(server, stream_usage=True)
    vs = VerbalizedSamplingRunnable(
        llm=model, k=2, value_schema=Problem, structured_output="json_schema"
    )
    found = await LANGCHAIN[driver](vs, QUESTION)
    assert found.trace.output_tokens == len(BOTH.split())


# --- what the shape says -----------------------------------------------------------------------


@for_every("framework, how", FRAMEWORK_AND_WAY, server=serve)
def test_the_shape_says_how_many_and_between_which_bounds(
    server: WireServer, framework: str, how: str
) -> None:
    server.add(in_shape(how))
    vs = sampling(server, framework, structured_output=how, max_probability=0.1)
    ask(vs)
    listed = sent_schema(server.requests[0].body)["properties"]["responses"]
    assert (listed["minItems"], listed["maxItems"]) == (2, 2)
    number = listed["items"]["properties"]["probability"]
    assert (number["type"], number["minimum"]) == ("number", 0)
    assert number["maximum"] == number["exclusiveMaximum"] == 0.1


@for_every("framework, how", FRAMEWORK_AND_WAY, server=serve)
def test_the_shape_of_a_top_up_says_how_many_are_missing(
    server: WireServer, framework: str, how: str
) -> None:
    one = json.dumps({"responses": json.loads(BOTH)["responses"][:1]})
    server.add(in_shape(how, one), in_shape(how))
    vs = sampling(server, framework, structured_output=how, k=3)
    ask(vs)
    listed = [sent_schema(r.body)["properties"]["responses"] for r in server.requests]
    assert [one["minItems"] for one in listed] == [one["maxItems"] for one in listed] == [3, 2]


class Open(BaseModel):
    name: str
    more: dict[str, int]


class Optionals(BaseModel):
    name: str
    nickname: str | None = None


class Outer(BaseModel):
    inner: Problem = Field(description="the inner one")


STRICT: list[tuple[Any, bool]] = [
    (Outer, True),
    (date, True),
    (Path, False),
    (None, True),
    (Problem, True),
    (Optionals, True),
    (TYPED["a discriminated union"].schema, True),
    (TYPED["a recursive model"].schema, True),
    (TYPED["a mixed choice"].schema, True),
    (TYPED["a JSON schema of a choice"].schema, True),
    (TYPED["a JSON schema of several types"].schema, False),
    (Annotated[int, Field(ge=1, le=6)], True),
    (Open, False),
    (dict[str, int], False),
    (list[Any], False),
    (tuple[int, str], False),
    (Annotated[str, Field(max_length=4)], False),
]


@for_every("framework", FRAMEWORKS)
@for_every("schema, strict", STRICT, server=serve)
def test_it_is_strict_where_every_object_is_closed_and_every_part_typed(
    server: WireServer, framework: str, schema: Any, strict: object
) -> None:
    server.add(Reply(xml("1", "2")))  # the server refuses a strict schema that is none
    vs = sampling(server, framework, value_schema=schema, max_topups=0, max_reasks=0)
    try:
        ask(vs)
    except NoCandidatesError as error:
        assert "no candidate fits" in str(error)  # noqa: PT017  # the values are not the point
    [request] = server.requests
    assert request.body["response_format"]["json_schema"]["strict"] is strict


@for_every(
    ("definition", "expected"),
    [
        ("explicit", {"type": "number", "minimum": 0, "maximum": 1}),
        ("confidence", {"type": "number", "minimum": 0, "maximum": 1}),
        ("percentage", {"type": "string"}),
        ("perplexity", {"type": "number", "minimum": 1}),
        ("nll", {"type": "number", "minimum": 0}),
    ],
)
def test_each_kind_of_number_has_its_bounds(definition: Definition, expected: Any) -> None:
    schema = reply_schema(PromptSettings(definition=definition))
    _, number = schema["properties"]["responses"]["items"]["properties"].values()
    assert {name: number[name] for name in number if name != "description"} == expected


@for_every("framework", FRAMEWORKS, server=serve)
def test_both_frameworks_send_the_same_shape(server: WireServer, framework: str) -> None:
    server.add(BOTH)
    vs = sampling(server, framework)
    ask(vs)
    assert sent_schema(server.requests[0].body) == {
        name: part
        for name, part in reply_schema(PromptSettings(k=2, value_schema=Problem)).items()
        if name not in ("title", "description")
    }


@pytest.mark.parametrize("strict", [True, False])
def test_a_tool_of_llama_index_is_only_strict_where_its_schema_is(
    server: WireServer, strict: object
) -> None:
    server.respond_with(lambda _: in_shape("function_calling", responses(TYPED["a score"])))
    for schema, expected in ((Film, strict), (dict[str, Any], False)):
        vs = VerbalizedSampler(
            llm=llm(server, strict=strict),
            k=2,
            value_schema=schema,
            structured_output="function_calling",
        )
        assert len(vs.run(QUESTION)) == 2
        assert server.requests[-1].body["tools"][0]["function"]["strict"] is expected


# --- cut off by the length limit -----------------------------------------------------------------

Around = Callable[[ChatOpenAI], Runnable[Any, Any]]
AROUND: dict[str, Around] = {
    "nothing": lambda model: model,
    "a retry": lambda model: model.with_retry(),
    "a fallback": lambda model: model.with_fallbacks([model]),
    "a binding of a retry": lambda model: model.with_retry().bind(stop=["END"]),
}


@for_every("around", AROUND.values(), ids=AROUND.keys())
@for_every("driver", LANGCHAIN, server=serve)
async def test_a_cut_reply_is_read_and_not_paid_for_again(
    server: WireServer, around: Around, driver: str
) -> None:
    server.add(Reply(CUT, finish_reason="length"))
    vs = VerbalizedSamplingRunnable(
        llm=around(chat(server, stream_usage=True)),
        k=2,
        value_schema=Problem,
        structured_output="json_schema",
        max_topups=0,
    )
    found = await LANGCHAIN[driver](vs, QUESTION)
    assert found.values == TWO.expected[:1]
    assert found.trace.truncated
    assert len(server.requests) == 1
    if around is AROUND["nothing"]:
        assert found.trace.output_tokens == len(CUT.split())


async def test_cut_replies_of_a_batch_are_read(server: WireServer) -> None:
    server.add(*[Reply(CUT, finish_reason="length")] * 4)
    vs = sampling(server, "LangChain", max_topups=0)
    found = [*vs.batch(["a", "b"]), *await vs.abatch(["a", "b"])]
    assert [d.values for d in found] == [TWO.expected[:1]] * 4
    assert len(server.requests) == 4


@for_every("driver", LANGCHAIN, server=serve)
async def test_a_cut_reply_of_a_model_that_does_not_stream_is_read(
    server: WireServer, driver: str
) -> None:
    server.add(Reply(CUT, finish_reason="length"))
    vs = VerbalizedSamplingRunnable(
        llm=chat(server, disable_streaming=True),
        k=2,
        value_schema=Problem,
        structured_output="json_schema",
        max_topups=0,
    )
    found = await LANGCHAIN[driver](vs, QUESTION)
    assert found.values == TWO.expected[:1]
    assert found.trace.truncated


def test_a_cut_reply_is_topped_up(server: WireServer) -> None:
    server.add(Reply(CUT, finish_reason="length"), written([TWO.values[1]], "json_schema"))
    assert sampling(server, "LangChain").invoke(QUESTION).values == TWO.expected


def test_a_cut_reply_without_a_candidate_is_the_whole_reply_where_that_is_asked(
    server: WireServer,
) -> None:
    server.add(Reply('{"respon', finish_reason="length"))
    settings = {"on_failure": "whole_reply", "value_schema": None, "max_reasks": 0}
    found = sampling(server, "LangChain", **settings).invoke(QUESTION)
    assert found.texts == ['{"respon']
    assert found.trace.truncated


def test_another_error_is_still_one_for_the_retry(server: WireServer) -> None:
    server.add(Fault(500), Reply(BOTH))
    model = chat(server).with_retry(wait_exponential_jitter=False)
    vs = VerbalizedSamplingRunnable(
        llm=model, k=2, value_schema=Problem, structured_output="json_schema"
    )
    assert vs.invoke(QUESTION).values == TWO.expected
    assert len(server.requests) == 2


@for_every("driver", LANGCHAIN, server=serve)
async def test_another_error_comes_through(server: WireServer, driver: str) -> None:
    server.add(Fault(400, message="no such model"))
    with pytest.raises(Exception, match="no such model"):
        await LANGCHAIN[driver](sampling(server, "LangChain"), QUESTION)


@for_every("framework", FRAMEWORKS, server=serve)
async def test_the_responses_api_gets_the_shape_and_says_when_it_was_cut(
    server: WireServer, framework: str
) -> None:
    server.add(Reply(CUT, finish_reason="length"))
    settings: dict[str, Any] = {
        "k": 2,
        "value_schema": Problem,
        "structured_output": "json_schema",
        "max_topups": 0,
    }
    if framework == "LangChain":
        model = chat(server, use_responses_api=True)
        found = VerbalizedSamplingRunnable(llm=model, **settings).invoke(QUESTION)
    else:
        llm = OpenAIResponses(
            model="gpt-4o-mini",
            api_key="test",
            api_base=server.url,
            additional_kwargs={"text": {"verbosity": "low"}},
        )
        found = VerbalizedSampler(llm=llm, **settings).run(QUESTION)
        assert server.requests[0].body["text"]["verbosity"] == "low"
    assert found.values == TWO.expected[:1]
    assert found.trace.truncated
    sent = server.requests[0].body["text"]["format"]
    assert (sent["type"], sent["strict"]) == ("json_schema", True)
    assert sent["schema"]["properties"]["responses"]["minItems"] == 2


# --- what is bound stays -------------------------------------------------------------------------


class Tagged(BaseCallbackHandler):
    """Notes the tags of model runs."""

    def __init__(self) -> None:
        self.tags: list[str] = []

    def on_chat_model_start(self, *args: Any, tags: list[str] | None = None, **_: Any) -> None:
        self.tags += tags or []


def configurable(server: WireServer) -> Runnable[Any, Any]:
    return chat(server).configurable_fields(temperature=ConfigurableField(id="heat"))


def alternatives(server: WireServer) -> Runnable[Any, Any]:
    other = ChatOpenAI(model="other", base_url=server.url, api_key=chat(server).openai_api_key)
    return chat(server).configurable_alternatives(
        ConfigurableField(id="which"), other=other.bind(temperature=0.33, stop=["END"])
    )


def by_name(server: WireServer) -> Runnable[Any, Any]:
    return init_chat_model(
        configurable_fields="any", model_provider="openai", base_url=server.url, api_key="test"
    )


Build = Callable[[WireServer], Runnable[Any, Any]]
NAMED: Any = {"configurable": {"model": "other", "temperature": 0.33}}
BOUND: dict[str, tuple[Build, dict[str, Any]]] = {
    "a binding": (lambda s: chat(s).bind(temperature=0.33, stop=["END"]), {}),
    "a retry of a binding": (
        lambda s: chat(s).bind(temperature=0.33).with_retry().bind(stop=["END"]),
        {},
    ),
    "configurable fields": (
        lambda s: configurable(s).bind(stop=["END"]),
        {"configurable": {"heat": 0.33}},
    ),
    "configured beforehand": (
        lambda s: configurable(s).with_config(configurable={"heat": 0.33}).bind(stop=["END"]),
        {},
    ),
    "alternatives": (alternatives, {"configurable": {"which": "other"}}),
    "a fallback": (
        lambda s: chat(s).bind(temperature=0.33, stop=["END"]).with_fallbacks([chat(s)]),
        {},
    ),
    "a model by its name": (lambda s: by_name(s).bind(stop=["END"]), NAMED),
    "named beforehand": (lambda s: by_name(s).with_config(NAMED).bind(stop=["END"]), {}),
}


@for_every("build, config", BOUND.values(), ids=BOUND.keys())
@for_every("how", WAYS)
@for_every("driver", ["invoke", "stream"], server=serve)
async def test_what_is_bound_to_the_model_is_sent(
    server: WireServer, build: Build, config: Any, how: Any, driver: str
) -> None:
    server.respond_with(lambda _: in_shape(how))
    vs = VerbalizedSamplingRunnable(
        llm=build(server),
        k=2,
        value_schema=Problem,
        structured_output=how,
    ).with_config(config)
    found = await LANGCHAIN[driver](vs, QUESTION)
    assert found.values == TWO.expected
    [request] = server.requests
    assert (request.body["temperature"], request.body["stop"]) == (0.33, ["END"])
    others = (NAMED, {"configurable": {"which": "other"}})
    named = config in others or build is BOUND["named beforehand"][0]
    assert request.body["model"] == ("other" if named else "test")


@for_every("how", WAYS, server=serve)
def test_tags_and_callbacks_of_the_model_stay(server: WireServer, how: Any) -> None:
    server.add(in_shape(how))
    seen = Tagged()
    model = chat(server).with_config(tags=["mine"], callbacks=[seen])
    vs = VerbalizedSamplingRunnable(
        llm=model,
        k=2,
        value_schema=Problem,
        structured_output=how,
    )
    vs.invoke(QUESTION)
    assert seen.tags == ["mine"]


@for_every("how", WAYS, server=serve)
def test_a_fallback_is_told_the_shape_too(server: WireServer, how: Any) -> None:
    server.add(Fault(400), in_shape(how))
    model = chat(server).with_fallbacks([chat(server)])
    vs = VerbalizedSamplingRunnable(
        llm=model,
        k=2,
        value_schema=Problem,
        structured_output=how,
    )
    assert vs.invoke(QUESTION).values == TWO.expected
    one, other = server.requests
    assert sent_schema(one.body) == sent_schema(other.body)


@for_every("how", WAYS, server=serve)
def test_arguments_of_a_call_reach_the_model(server: WireServer, how: str) -> None:
    server.add(in_shape(how))
    sampling(server, "LangChain", structured_output=how).invoke(QUESTION, temperature=0.33)
    assert server.requests[0].body["temperature"] == 0.33


# --- which model is asked in which way -------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "shaped"),
    [({"structured_output": True}, True), ({"structured_output": False}, False), ({}, False)],
    ids=["able", "unable", "unknown"],
)
def test_auto_goes_by_the_profile_of_the_model(
    server: WireServer, profile: Any, shaped: object
) -> None:
    server.respond_with(lambda _: BOTH)
    vs = VerbalizedSamplingRunnable(
        llm=chat(server, profile=profile).with_retry(),
        k=2,
        value_schema=Problem,
        structured_output="auto",
    )
    assert vs.invoke(QUESTION).values == TWO.expected
    [request] = server.requests
    assert ("response_format" in request.body) is shaped
    assert ("<response" in request.messages[0]["content"]) is not shaped


def test_auto_is_asked_in_words_where_a_fallback_enforces_nothing(server: WireServer) -> None:
    server.respond_with(lambda _: BOTH)
    able = chat(server, profile={"structured_output": True})
    unable = chat(server, profile={"structured_output": False})
    vs = VerbalizedSamplingRunnable(
        llm=able.with_fallbacks([unable]), k=2, value_schema=Problem, structured_output="auto"
    )
    vs.invoke(QUESTION)
    assert "response_format" not in server.requests[0].body


@pytest.mark.parametrize(
    ("build", "shaped"),
    [
        (llm, True),
        (llm_like, False),
        (lambda server: llm_like(server, should_use_structured_outputs=True), True),
    ],
    ids=["OpenAI", "OpenAILike", "OpenAILike, said to be able"],
)
def test_auto_goes_by_what_llama_index_knows_of_the_model(
    server: WireServer, build: Any, shaped: object
) -> None:
    server.respond_with(lambda _: BOTH)
    vs = VerbalizedSampler(llm=build(server), k=2, value_schema=Problem, structured_output="auto")
    assert vs.run(QUESTION).values == TWO.expected
    assert ("response_format" in server.requests[0].body) is shaped


# --- our own tool --------------------------------------------------------------------------------

OTHER = ToolCall("search", json.dumps({"responses": [{"text": "x", "probability": 1}]}), "call_0")


@for_every("framework, driver", EVERY_DRIVER, server=serve)
async def test_only_our_own_tool_is_read(server: WireServer, framework: str, driver: str) -> None:
    own = ToolCall("give_responses", BOTH)
    server.add(Reply("", tool_calls=(OTHER, own), chunk_size=23))
    vs = sampling(server, framework, structured_output="function_calling")
    assert (await drive(framework, driver, vs)).values == TWO.expected


@for_every("framework, driver", EVERY_DRIVER, server=serve)
async def test_the_arguments_of_another_tool_are_no_answer(
    server: WireServer, framework: str, driver: str
) -> None:
    server.add(Reply("", tool_calls=(OTHER,), chunk_size=23))
    settings = {"structured_output": "function_calling", "value_schema": None, "max_reasks": 0}
    with pytest.raises(UnexpectedToolCallError, match="search"):
        await drive(framework, driver, sampling(server, framework, **settings))


BESIDE = [
    "Sure: here are two.",
    "1. Think of a sum\n2. Return it",
    "<response><text>draft</text><probability>0.9</probability></response>",
    '{"question": "draft", "answer": 0}',
]


@for_every("beside", BESIDE)
@for_every("framework, driver", EVERY_DRIVER, server=serve)
async def test_what_is_said_beside_the_call_is_no_answer(
    server: WireServer, framework: str, driver: str, beside: str
) -> None:
    server.add(Reply(beside, tool_calls=(ToolCall("give_responses", BOTH),), chunk_size=23))
    vs = sampling(server, framework, structured_output="function_calling")
    assert (await drive(framework, driver, vs)).values == TWO.expected


@for_every("framework, driver", EVERY_DRIVER, server=serve)
async def test_without_a_call_what_is_said_is_the_answer(
    server: WireServer, framework: str, driver: str
) -> None:
    server.add(Reply(BOTH, chunk_size=23))
    vs = sampling(server, framework, structured_output="function_calling")
    assert (await drive(framework, driver, vs)).values == TWO.expected


@pytest.mark.parametrize("driver", ["invoke", "stream"])
async def test_another_tool_of_a_model_that_is_chosen_when_called_is_no_answer_either(
    server: WireServer, driver: str
) -> None:
    server.add(Reply("", tool_calls=(OTHER,), chunk_size=23))
    vs = VerbalizedSamplingRunnable(
        llm=configurable(server), k=1, structured_output="function_calling", max_reasks=0
    )
    with pytest.raises(UnexpectedToolCallError, match="search"):
        await LANGCHAIN[driver](vs, QUESTION)


@for_every("framework", FRAMEWORKS, server=serve)
def test_our_tool_is_asked_for_by_name(server: WireServer, framework: str) -> None:
    server.add(in_shape("function_calling"))
    vs = sampling(server, framework, structured_output="function_calling")
    ask(vs)
    body = server.requests[0].body
    assert [tool["function"]["name"] for tool in body["tools"]] == ["give_responses"]
    assert body["tool_choice"] == {"type": "function", "function": {"name": "give_responses"}}


# --- values that do not fit ------------------------------------------------------------------

UNFIT = [{"question": "1+1", "answer": "two"}, {"question": "2+3", "answer": "five"}]
REASON = "answer: should be a valid integer, unable to parse string as an integer"


def written(values: list[Any], how: str) -> Reply:
    text = json.dumps({"responses": [{"text": v, "probability": 0.1} for v in values]})
    return in_shape(how, text) if how in WAYS else Reply(text)


@for_every("how", [None, *WAYS])
@for_every("framework, driver", EVERY_DRIVER, server=serve)
async def test_a_re_ask_says_why_nothing_fitted(
    server: WireServer, framework: str, driver: str, how: Any
) -> None:
    server.add(written(UNFIT, how), written(list(TWO.values), how))
    vs = sampling(server, framework, structured_output=how)
    assert (await drive(framework, driver, vs)).values == TWO.expected
    said = server.requests[1].messages[-1]["content"]
    assert said.startswith(f"2 did not match: {REASON}. ")


@for_every("framework, driver", EVERY_DRIVER, server=serve)
async def test_a_top_up_says_what_did_not_fit(
    server: WireServer, framework: str, driver: str
) -> None:
    server.add(
        written([TWO.values[0], UNFIT[1]], "json_schema"), written([TWO.values[1]], "json_schema")
    )
    vs = sampling(server, framework)
    assert (await drive(framework, driver, vs)).values == TWO.expected
    said = server.requests[1].messages[-1]["content"]
    assert said.startswith(f"That was 1 of 2. 1 did not match: {REASON}. Sample 1 alternative")


@for_every("framework, driver", EVERY_DRIVER, server=serve)
async def test_the_error_names_the_schema_and_the_reasons(
    server: WireServer, framework: str, driver: str
) -> None:
    server.respond_with(lambda _: written(UNFIT, "json_schema"))
    with pytest.raises(NoCandidatesError, match="no candidate fits value_schema=Problem") as raised:
        await drive(framework, driver, sampling(server, framework))
    assert f"4 did not match: {REASON}" in str(raised.value)
    assert "<response" not in str(raised.value)
    assert raised.value.mismatches == (REASON,) * 4


UNREADABLE = ["Sorry, what?", "", '{"responses": [{"text": {"question": "a"']


@for_every("reply", UNREADABLE)
@for_every("framework", FRAMEWORKS, server=serve)
def test_the_error_about_a_reply_without_values_advises_what_was_not_done(
    server: WireServer, framework: str, reply: str
) -> None:
    server.add(Reply(reply, finish_reason="length" if reply.startswith("{") else "stop"))
    vs = sampling(server, framework, max_reasks=0)
    with pytest.raises(
        NoCandidatesError, match="no candidate could be read for value_schema=Problem"
    ) as raised:
        ask(vs)
    said = str(raised.value)
    assert "<response" not in said
    assert "structured" not in said
    assert ("as the reply was cut off" in said) is reply.startswith("{")


@for_every("framework", FRAMEWORKS, server=serve)
def test_a_whole_reply_that_does_not_fit_is_no_further_mismatch(
    server: WireServer, framework: str
) -> None:
    server.add(written(UNFIT, "json_schema"))
    vs = sampling(server, framework, max_reasks=0, on_failure="whole_reply")
    with pytest.raises(NoCandidatesError, match=f"2 did not match: {REASON}"):
        ask(vs)


def test_the_error_survives_pickling_with_its_reasons() -> None:
    import pickle  # noqa: PLC0415  # nothing else here needs it

    error = VerbalizedSamplingParserError("no fit", reply="{}", mismatches=("x",))
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.reply, again.mismatches) == (str(error), "{}", ("x",))


def test_reasons_are_counted_and_the_most_frequent_come_first(server: WireServer) -> None:
    values = [{"title": "a"}, {"title": "b"}, {"score": 1, "title": 2}]
    server.respond_with(lambda _: written(values, "json_schema"))
    with pytest.raises(NoCandidatesError, match=r"score: Field required \(2\); title: should be"):
        sampling(server, "LangChain", value_schema=Film, max_reasks=0).invoke(QUESTION)
