"""`VerbalizedSelector` over real HTTP: what is sent, and what is read of it."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest

from llamaindex_vs import VerbalizedSelector
from tests.li.routing import FRUIT, TEAMS, Choose, each_way, of_teams, stating
from tests.wire.clients import llm, llm_like
from tests.wire.payloads import prompt_tokens
from tests.wire.server import Fault, Reply, ToolCall, WireServer
from vs_core import RefusalError

GOOD = of_teams(0.2, 0.7, 0.1)
BUILDS = [llm, llm_like]
each_client = pytest.mark.parametrize("build", BUILDS, ids=["OpenAI", "OpenAILike"])


def schema_of(server: WireServer, request: int = 0) -> Any:
    """The schema that a request has the provider enforce."""
    shape = server.requests[request].body["response_format"]["json_schema"]
    return shape["schema"]["properties"]["route"]


@each_way
@each_client
async def test_a_selection_over_the_wire(server: WireServer, choose: Choose, build: Any) -> None:
    server.add(GOOD)
    result = await choose(VerbalizedSelector(build(server)))
    assert result.ind == 1
    assert result.selections[0].probability == pytest.approx(0.7)
    assert result.trace.input_tokens == prompt_tokens(server.requests[0].messages)
    assert not server.requests[0].stream


@each_way
async def test_the_provider_enforces_the_labels_once_each(
    server: WireServer, choose: Choose
) -> None:
    server.add(GOOD)
    await choose(VerbalizedSelector(llm(server)))
    route = schema_of(server)
    assert (route["minItems"], route["maxItems"]) == (3, 3)
    said = route["items"]["properties"]
    assert said["label"]["enum"] == ["billing", "delivery", "sales"]
    assert (said["probability"]["minimum"], said["probability"]["maximum"]) == (0, 1)
    assert server.requests[0].body["response_format"]["json_schema"]["strict"] is True


@each_way
async def test_choices_without_names_are_numbers_in_the_schema(
    server: WireServer, choose: Choose
) -> None:
    server.add(stating({"1": 0.1, "2": 0.2, "3": 0.7}))
    assert (await choose(VerbalizedSelector(llm(server)), FRUIT)).ind == 2
    assert schema_of(server)["items"]["properties"]["label"]["enum"] == ["1", "2", "3"]


@each_way
async def test_a_model_that_is_not_known_to_enforce_is_asked_in_words(
    server: WireServer, choose: Choose
) -> None:
    server.add(GOOD)
    await choose(VerbalizedSelector(llm_like(server)))
    assert "response_format" not in server.requests[0].body
    assert "Answer as JSON in this form" in server.requests[0].messages[0]["content"]


@each_way
@each_client
async def test_the_answer_can_be_the_arguments_of_a_tool(
    server: WireServer, choose: Choose, build: Any
) -> None:
    server.add(Reply("", tool_calls=(ToolCall("give_responses", GOOD),)))
    selector = VerbalizedSelector(build(server), structured_output="function_calling")
    assert (await choose(selector)).ind == 1
    [tool] = server.requests[0].body["tools"]
    route = tool["function"]["parameters"]["properties"]["route"]
    assert route["items"]["properties"]["label"]["enum"] == ["billing", "delivery", "sales"]


@each_way
async def test_a_second_question_is_about_the_same_labels(
    server: WireServer, choose: Choose
) -> None:
    server.add(json.dumps({"route": []}), GOOD)
    assert (await choose(VerbalizedSelector(llm(server)))).ind == 1
    assert schema_of(server, 1) == schema_of(server, 0)
    roles = [message["role"] for message in server.requests[1].messages]
    assert roles == ["system", "user", "assistant", "user"]


@each_way
async def test_several_calls_are_made_side_by_side(server: WireServer, choose: Choose) -> None:
    server.respond_with(lambda _: Reply(GOOD, delay=0.05))
    await choose(VerbalizedSelector(llm(server), n=4, num_workers=2))
    assert (len(server.requests), server.max_concurrent) == (4, 2)


@each_way
async def test_a_refusal_over_the_wire_is_an_error_with_its_words(
    server: WireServer, choose: Choose
) -> None:
    server.add(Reply("", refusal="I can't help with that."))
    with pytest.raises(RefusalError, match="I can't help with that"):
        await choose(VerbalizedSelector(llm(server)))


@each_way
async def test_a_reply_cut_off_before_the_last_label_is_asked_for_again(
    server: WireServer, choose: Choose
) -> None:
    server.add(Reply(GOOD[: GOOD.index('"sales"')], finish_reason="length"), GOOD)
    result = await choose(VerbalizedSelector(llm(server)))
    assert (result.ind, len(server.requests), result.trace.truncated) == (1, 2, True)


@each_way
async def test_a_server_error_comes_through(server: WireServer, choose: Choose) -> None:
    server.add(Fault(500))
    with pytest.raises(openai.InternalServerError):
        await choose(VerbalizedSelector(llm(server)))


def test_teams_are_asked_about_in_their_order(server: WireServer) -> None:
    server.add(GOOD)
    VerbalizedSelector(llm(server)).select(TEAMS, "?")
    said = server.requests[0].messages[0]["content"]
    assert said.index('"billing"') < said.index('"delivery"') < said.index('"sales"')
