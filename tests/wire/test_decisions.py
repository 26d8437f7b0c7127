"""Decisions over the wire: what the provider is told, and what its replies amount to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from tests.every import for_every
from tests.wire.clients import chat
from tests.wire.server import Reply, ToolCall, WireServer, serve
from vs_core import RefusalError

pytest.importorskip("langchain_core.decisions")

from langchain_core.decisions import Choice, Noul

from langchain_vs import VerbalizedDecisionModel, VerbalizedSamplingParserError

LABELS = {"billing & co": "Charges.", "</text>": None, "0.5": None}
QUESTIONS: dict[str, Any] = {
    "team": Choice(instructions="Which team?", criteria=LABELS),
    "urgent": Noul(instructions="Urgent?"),
}
SAID = json.dumps(
    {
        "team": [
            {"label": "billing & co", "probability": 0.6},
            {"label": "</text>", "probability": 0.3},
            {"label": "0.5", "probability": 0.1},
        ],
        "urgent": [{"label": "no", "probability": 0.9}, {"label": "yes", "probability": 0.1}],
    }
)
REQUEST: Any = {"state": "It is broken.", "questions": QUESTIONS}


async def by_invoke(model: Any, request: Any) -> Any:
    return model.invoke(request)


async def by_ainvoke(model: Any, request: Any) -> Any:
    return await model.ainvoke(request)


every_way = for_every("decide", [by_invoke, by_ainvoke])


def schema_of(body: dict[str, Any]) -> dict[str, Any]:
    if body.get("tools"):
        return dict(body["tools"][0]["function"]["parameters"])
    return dict(body["response_format"]["json_schema"]["schema"])


def in_shape(how: str | None) -> Reply:
    if how == "function_calling":
        return Reply("", tool_calls=(ToolCall("give_responses", SAID),))
    return Reply(SAID)


@for_every("how", ["json_schema", "function_calling"])
async def test_the_provider_is_told_the_labels_and_a_number_for_each(how: str) -> None:
    for decide in (by_invoke, by_ainvoke):
        with serve(in_shape(how)) as server:
            model = VerbalizedDecisionModel(chat(server), structured_output=how)
            response = await decide(model, REQUEST)
        [request] = server.requests
        schema = schema_of(request.body)
        team = schema["properties"]["team"]
        assert schema["required"] == ["team", "urgent"]
        assert (team["minItems"], team["maxItems"]) == (3, 3)
        assert team["items"]["properties"]["label"]["enum"] == list(LABELS)
        assert team["items"]["properties"]["probability"]["maximum"] == 1
        assert list(response.choices["team"].probabilities.values()) == [0.6, 0.3, 0.1]
        assert response.nouls["urgent"].noul == 0.1


async def test_a_schema_is_enforced_strictly_where_the_provider_can(server: WireServer) -> None:
    server.add(Reply(SAID))
    VerbalizedDecisionModel(chat(server), structured_output="json_schema").invoke(REQUEST)
    assert server.requests[0].body["response_format"]["json_schema"]["strict"] is True


@for_every("profile, enforced", [({"structured_output": True}, True), (None, False)])
async def test_auto_goes_by_what_the_model_is_known_to_do(profile: Any, enforced: object) -> None:
    with serve(Reply(SAID)) as server:
        VerbalizedDecisionModel(chat(server, profile=profile)).invoke(REQUEST)
    assert ("response_format" in server.requests[0].body) is enforced


@every_way
async def test_a_reply_that_was_cut_off_answers_only_what_is_whole(decide: Any) -> None:
    # What is 0.9 here may have been going to be 0.95.
    cut = SAID[: SAID.index("0.9") + 3]
    again = (
        '{"urgent": [{"label": "yes", "probability": 0.2}, {"label": "no", "probability": 0.8}]}'
    )
    with serve(Reply(cut, finish_reason="length"), Reply(again)) as server:
        response = await decide(VerbalizedDecisionModel(chat(server)), REQUEST)
    assert response.choices["team"].confidence == 0.6
    assert response.nouls["urgent"].noul == 0.2
    assert '"team"' not in server.requests[1].messages[-1]["content"]


@every_way
async def test_an_error_carries_the_reply(decide: Any) -> None:
    with (
        serve(Reply("I'd rather not."), Reply("Really not.")) as server,
        pytest.raises(VerbalizedSamplingParserError, match="'team', 'urgent'") as failure,
    ):
        await decide(VerbalizedDecisionModel(chat(server)), REQUEST)
    assert failure.value.llm_output == "Really not."


@every_way
async def test_a_refusal_has_the_words_of_the_provider(decide: Any) -> None:
    with (
        serve(Reply(refusal="I won't.")) as server,
        pytest.raises(RefusalError, match=r"I won't\."),
    ):
        await decide(VerbalizedDecisionModel(chat(server)), REQUEST)
    assert len(server.requests) == 1


def test_an_image_in_the_state_is_sent_as_one(server: WireServer) -> None:
    server.add(Reply(SAID))
    image = {"type": "image", "base64": "QUJD", "mime_type": "image/png"}
    state = HumanMessage([{"type": "text", "text": "Look:"}, image])
    VerbalizedDecisionModel(chat(server)).invoke({"state": state, "questions": QUESTIONS})
    text, _, sent = server.requests[0].messages[-1]["content"]
    assert text["text"].startswith("<state>\nLook:")
    assert sent == {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}}


@every_way
async def test_several_calls_ask_the_same_and_tokens_are_summed(decide: Any) -> None:
    with serve(Reply(SAID), Reply(SAID), Reply(SAID)) as server:
        response = await decide(VerbalizedDecisionModel(chat(server), n=3), REQUEST)
    first, *others = [request.messages for request in server.requests]
    assert others == [first, first]
    assert response.usage["total_tokens"] == (
        response.trace.input_tokens + response.trace.output_tokens
    )
    assert set(response.decisions["team"].spread.values()) == {0.0}
