"""The real LlamaIndex client, without verbalized sampling, against the wire server."""

from __future__ import annotations

import httpx
import openai
import pytest

from tests.wire.clients import PROMPT, TEXT, llm
from tests.wire.server import Drop, Fault, Reply, ToolCall, WireServer


def test_complete_returns_the_scripted_text(server: WireServer) -> None:
    server.add(TEXT)
    assert llm(server).complete(PROMPT).text == TEXT


async def test_acomplete_returns_the_scripted_text(server: WireServer) -> None:
    server.add(TEXT)
    assert (await llm(server).acomplete(PROMPT)).text == TEXT


def test_stream_complete_adds_up_to_the_scripted_text(server: WireServer) -> None:
    server.add(TEXT)
    assert [reply.text for reply in llm(server).stream_complete(PROMPT)][-1] == TEXT


async def test_astream_complete_adds_up_to_the_scripted_text(server: WireServer) -> None:
    server.add(TEXT)
    stream = await llm(server).astream_complete(PROMPT)
    assert [reply.text async for reply in stream][-1] == TEXT


def test_usage_is_reported(server: WireServer) -> None:
    server.add(TEXT)
    reply = llm(server).complete(PROMPT)
    counts = reply.additional_kwargs
    assert (counts["prompt_tokens"], counts["completion_tokens"]) == (6, 13)


def test_tool_calls_arrive(server: WireServer) -> None:
    server.add(Reply(tool_calls=(ToolCall("weather", '{"city": "Brno"}'),)))
    client = llm(server)
    reply = client.chat_with_tools([], user_msg=PROMPT)
    calls = client.get_tool_calls_from_response(reply)
    assert [(call.tool_name, call.tool_kwargs) for call in calls] == [("weather", {"city": "Brno"})]


def test_a_429_is_retried(server: WireServer) -> None:
    server.add(Fault(429, headers={"Retry-After": "0.01"}), TEXT)
    assert llm(server, max_retries=1).complete(PROMPT).text == TEXT


def test_a_500_raises(server: WireServer) -> None:
    server.add(Fault(500, message="out of coffee"))
    with pytest.raises(openai.InternalServerError, match="out of coffee"):
        llm(server).complete(PROMPT)


def test_a_cut_stream_raises(server: WireServer) -> None:
    server.add(Drop(TEXT, after=20))
    with pytest.raises((openai.APIConnectionError, httpx.RemoteProtocolError)):
        list(llm(server).stream_complete(PROMPT))
