"""The real LangChain client, without verbalized sampling, against the wire server."""

from __future__ import annotations

import time
from typing import Any

import httpx
import openai
import pytest
from langchain_core.messages import AIMessage, AIMessageChunk

from tests.wire.clients import PROMPT, TEXT, chat
from tests.wire.server import Fault, Reply, ToolCall, WireServer

PROMPT_WORDS, TEXT_WORDS = 6, 13
COUNTS = (PROMPT_WORDS, TEXT_WORDS, PROMPT_WORDS + TEXT_WORDS)
"""Input, output and total tokens of `PROMPT` answered by `TEXT`."""


def tokens(message: AIMessage) -> tuple[int, int, int] | None:
    """Input, output and total tokens as the client reports them."""
    usage = message.usage_metadata
    return usage and (usage["input_tokens"], usage["output_tokens"], usage["total_tokens"])


class TestPlainReplies:
    """What a well-behaved server does."""

    def test_invoke_returns_the_scripted_text(self, server: WireServer) -> None:
        server.add(TEXT)
        assert chat(server).invoke(PROMPT).content == TEXT

    async def test_ainvoke_returns_the_scripted_text(self, server: WireServer) -> None:
        server.add(TEXT)
        assert (await chat(server).ainvoke(PROMPT)).content == TEXT

    def test_text_outside_ascii_arrives_unchanged(self, server: WireServer) -> None:
        text = 'Žluťoučký 概率 🎲 "quoted" \\ {braces} <tag>\r\n\tend'
        server.add(Reply(text, chunk_size=1))
        assert "".join(str(c.content) for c in chat(server).stream(PROMPT)) == text

    def test_stream_comes_in_chunks_of_the_given_size(self, server: WireServer) -> None:
        server.add(Reply("abcdefgh", chunk_size=3))
        texts = [str(chunk.content) for chunk in chat(server).stream(PROMPT)]
        assert [text for text in texts if text] == ["abc", "def", "gh"]

    async def test_astream_adds_up_to_the_scripted_text(self, server: WireServer) -> None:
        server.add(TEXT)
        assert "".join([str(c.content) async for c in chat(server).astream(PROMPT)]) == TEXT

    def test_steps_are_used_in_order(self, server: WireServer) -> None:
        server.add("one", "two")
        llm = chat(server)
        assert [llm.invoke(PROMPT).content, llm.invoke(PROMPT).content] == ["one", "two"]

    def test_finish_reason_length_is_passed_on(self, server: WireServer) -> None:
        server.add(Reply("cut o", finish_reason="length"))
        message = chat(server).invoke(PROMPT)
        assert message.response_metadata["finish_reason"] == "length"

    def test_responder_sees_the_messages(self, server: WireServer) -> None:
        server.respond_with(lambda messages: str(messages[-1]["content"]).upper())
        assert chat(server).invoke("echo").content == "ECHO"

    def test_scripted_steps_come_before_the_responder(self, server: WireServer) -> None:
        server.respond_with(lambda _: "responder")
        server.add("script")
        llm = chat(server)
        assert [llm.invoke("a").content, llm.invoke("b").content] == ["script", "responder"]

    def test_models_are_listed(self, server: WireServer) -> None:
        with openai.OpenAI(base_url=server.url, api_key="test") as client:
            assert [model.id for model in client.models.list()] == ["test"]

    def test_a_delay_comes_before_the_answer(self, server: WireServer) -> None:
        server.add(Reply(TEXT, delay=0.2))
        start = time.monotonic()
        chat(server).invoke(PROMPT)
        assert time.monotonic() - start >= 0.2


class TestUsage:
    """Token counts are word counts."""

    def test_invoke_reports_word_counts(self, server: WireServer) -> None:
        server.add(TEXT)
        assert tokens(chat(server).invoke(PROMPT)) == COUNTS

    def test_stream_reports_word_counts_when_asked(self, server: WireServer) -> None:
        server.add(TEXT)
        chunks = list(chat(server, stream_usage=True).stream(PROMPT))
        reported = [tokens(chunk) for chunk in chunks if chunk.usage_metadata]
        assert reported == [COUNTS]

    def test_stream_reports_nothing_unasked(self, server: WireServer) -> None:
        server.add(TEXT)
        chunks = list(chat(server, stream_usage=False).stream(PROMPT))
        assert not any(chunk.usage_metadata for chunk in chunks)

    def test_content_blocks_count_by_their_text(self, server: WireServer) -> None:
        server.add("ok")
        blocks: list[str | dict[str, Any]] = [
            {"type": "text", "text": "one two"},
            {"type": "text", "text": "three"},
        ]
        message = chat(server).invoke([("system", "be brief"), ("user", blocks)])
        assert tokens(message) == (5, 1, 6)


class TestToolCalls:
    """Scripted tool calls."""

    CALL = ToolCall("weather", '{"city": "Brno", "days": 3}', id="call_7")
    PARSED = {"name": "weather", "args": {"city": "Brno", "days": 3}, "id": "call_7"}  # noqa: RUF012

    def test_invoke_returns_the_call(self, server: WireServer) -> None:
        server.add(Reply(tool_calls=(self.CALL,)))
        message = chat(server).invoke(PROMPT)
        assert message.tool_calls == [{**self.PARSED, "type": "tool_call"}]

    def test_the_finish_reason_follows(self, server: WireServer) -> None:
        server.add(Reply(tool_calls=(self.CALL,)))
        message = chat(server).invoke(PROMPT)
        assert message.response_metadata["finish_reason"] == "tool_calls"

    def test_streamed_fragments_add_up_to_the_calls(self, server: WireServer) -> None:
        other = ToolCall("clock", "{}", id="call_8")
        server.add(Reply("I will look.", tool_calls=(self.CALL, other), chunk_size=5))
        total = AIMessageChunk(content="")
        for chunk in chat(server).stream(PROMPT):
            total += chunk
        assert (total.content, [call["args"] for call in total.tool_calls]) == (
            "I will look.",
            [self.PARSED["args"], {}],
        )


class TestFaults:
    """Error statuses."""

    def test_a_429_is_retried(self, server: WireServer) -> None:
        server.add(Fault(429, headers={"Retry-After": "0.01"}), TEXT)
        assert chat(server, max_retries=1).invoke(PROMPT).content == TEXT

    def test_retries_are_recorded(self, server: WireServer) -> None:
        server.add(Fault(429, headers={"Retry-After": "0.01"}), TEXT)
        chat(server, max_retries=1).invoke(PROMPT)
        assert [r.headers["x-stainless-retry-count"] for r in server.requests] == ["0", "1"]

    async def test_a_429_is_retried_when_streaming(self, server: WireServer) -> None:
        server.add(Fault(429, headers={"Retry-After": "0.01"}), TEXT)
        stream = chat(server, max_retries=1).astream(PROMPT)
        assert "".join([str(chunk.content) async for chunk in stream]) == TEXT

    def test_a_500_raises_with_its_message(self, server: WireServer) -> None:
        server.add(Fault(500, message="out of coffee"))
        with pytest.raises(openai.InternalServerError, match="out of coffee"):
            chat(server).invoke(PROMPT)

    def test_an_exhausted_script_is_said_at_once(self, server: WireServer) -> None:
        with pytest.raises(openai.InternalServerError, match="script exhausted"):
            chat(server, max_retries=5).invoke(PROMPT)
        assert len(server.requests) == 1

    def test_a_responder_that_raises_is_reported(self, server: WireServer) -> None:
        def responder(messages: list[dict[str, Any]]) -> str:
            raise LookupError(len(messages))

        server.respond_with(responder)
        with pytest.raises(openai.InternalServerError, match=r"LookupError\(1\)"):
            chat(server, max_retries=5).invoke(PROMPT)

    def test_an_unknown_route_is_404(self, server: WireServer) -> None:
        answer = httpx.post(f"{server.url}/embeddings", json={})
        assert answer.status_code == 404
        assert "/v1/embeddings" in answer.json()["error"]["message"]

    def test_a_body_without_messages_is_400(self, server: WireServer) -> None:
        assert httpx.post(f"{server.url}/chat/completions", json={}).status_code == 400
