"""The same parity over real HTTP, where each framework's own client stands in between."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from langchain_vs import VerbalizedSamplingRunnable
from llamaindex_vs import VerbalizedSampler
from tests.drivers import LANGCHAIN, LLAMAINDEX
from tests.every import for_every
from tests.scenarios import QUESTION, xml
from tests.wire.clients import chat, llm
from tests.wire.server import Reply, ToolCall, WireServer, serve
from vs_core import Method


class Problem(BaseModel):
    question: str
    answer: int


RESPONSES = json.dumps(
    {
        "responses": [
            {"text": {"question": "1 + 1?", "answer": 2}, "probability": 0.3},
            {"text": {"question": "Is 2 < 3?", "answer": 1}, "probability": 0.1},
        ]
    }
)
CUT = RESPONSES[: RESPONSES.index("Is 2")]


def _both(server: WireServer, **settings: Any) -> tuple[VerbalizedSamplingRunnable, Any]:
    settings = {"k": 2, **settings}
    return (
        VerbalizedSamplingRunnable(llm=chat(server), **settings),
        VerbalizedSampler(llm=llm(server), **settings),
    )


async def _everyway(server: WireServer, **settings: Any) -> list[Any]:
    lc, li = _both(server, **settings)
    found = [await drive(lc, QUESTION) for drive in LANGCHAIN.values()]
    found += [await drive(li, QUESTION) for drive in LLAMAINDEX.values()]
    return [(d.candidates, d.trace.layout, d.trace.calls, d.trace.truncated) for d in found]


def test_the_same_messages_go_over_the_wire(server: WireServer) -> None:
    server.respond_with(lambda _: xml("a", "b"))
    lc, li = _both(server)
    lc.invoke(QUESTION)
    li.run(QUESTION)
    one, other = server.requests
    assert other.messages == one.messages


@for_every("schema", [None, Problem], ids=str)
@for_every("method", ["standard", "cot", "sequence", "multi"], server=serve)
def test_the_same_tool_reaches_the_model(
    server: WireServer, method: Method, schema: type | None
) -> None:
    server.respond_with(lambda _: Reply(tool_calls=(ToolCall("give_responses", RESPONSES),)))
    lc, li = _both(server, structured_output="function_calling", value_schema=schema, method=method)
    lc.invoke(QUESTION)
    li.run(QUESTION)
    one, other = server.requests
    [theirs], [ours] = other.body["tools"], one.body["tools"]
    # LlamaIndex always says whether it is strict; not to be is what OpenAI does by default.
    assert theirs["function"].pop("strict") is False
    assert theirs == ours
    assert other.messages == one.messages


@for_every(
    "reply",
    [
        Reply(tool_calls=(ToolCall("give_responses", RESPONSES),)),
        Reply("Here are my responses.", tool_calls=(ToolCall("give_responses", RESPONSES),)),
        Reply(RESPONSES),
        Reply(xml('{"question": "1 + 1?", "answer": 2}', '{"question": "2?", "answer": 1}')),
    ],
    ids=["a call", "a call behind a text", "no call", "another notation"],
    server=serve,
)
async def test_shaped_replies_are_read_alike_in_every_way(server: WireServer, reply: Reply) -> None:
    server.respond_with(lambda _: reply)
    settings = {"structured_output": "function_calling", "value_schema": Problem}
    first, *others = await _everyway(server, **settings)
    assert len(first[0]) == 2
    assert others == [first] * 7


async def test_arguments_that_were_cut_off_are_read_alike_in_every_way(server: WireServer) -> None:
    call = ToolCall("give_responses", CUT)
    server.respond_with(lambda _: Reply(tool_calls=(call,), finish_reason="length"))
    settings = {"structured_output": "function_calling", "value_schema": Problem}
    first, *others = await _everyway(server, max_topups=0, **settings)
    assert [candidate.value for candidate in first[0]] == [Problem(question="1 + 1?", answer=2)]
    assert others == [first] * 7
