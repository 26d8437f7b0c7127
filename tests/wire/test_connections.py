"""Cut connections, clients that leave, requests at the same time, and what is recorded of them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import httpx
import openai
import pytest

from tests.every import for_every
from tests.wire.clients import PATIENCE, PROMPT, TEXT, chat
from tests.wire.server import Drop, Hold, Message, Reply, Responder, WireServer, serve

BROKEN = (openai.APIConnectionError, httpx.RemoteProtocolError)
"""What the client raises for a stream without its end."""


class TestDroppedConnections:
    """A connection cut by the server."""

    @for_every("after", [0, 1, 20, len(TEXT)], server=serve)
    def test_a_stream_delivers_what_was_sent_then_raises(
        self, server: WireServer, after: int
    ) -> None:
        server.add(Drop(TEXT, after=after))
        received: list[str] = []
        with pytest.raises(BROKEN):
            received.extend(str(c.content) for c in chat(server).stream(PROMPT))
        assert "".join(received) == TEXT[:after]

    def test_a_stream_does_not_end_by_the_clients_timeout(self, server: WireServer) -> None:
        server.add(Drop(TEXT, after=20))
        with pytest.raises(BROKEN) as raised:
            list(chat(server).stream(PROMPT))
        assert not isinstance(raised.value, openai.APITimeoutError | httpx.TimeoutException)

    async def test_an_async_stream_raises(self, server: WireServer) -> None:
        server.add(Drop(TEXT, after=20))
        stream = chat(server).astream(PROMPT)
        with pytest.raises(BROKEN):
            await asyncio.wait_for(_drain(stream), PATIENCE)

    def test_an_unstreamed_reply_raises(self, server: WireServer) -> None:
        server.add(Drop(TEXT, after=20))
        with pytest.raises(openai.APIConnectionError):
            chat(server).invoke(PROMPT)

    def test_an_unstreamed_reply_is_retried(self, server: WireServer) -> None:
        server.add(Drop(TEXT, after=20), TEXT)
        assert chat(server, max_retries=1).invoke(PROMPT).content == TEXT

    def test_a_cut_is_not_blamed_on_the_client(self, server: WireServer) -> None:
        server.add(Drop(TEXT, after=20))
        with pytest.raises(openai.APIConnectionError):
            chat(server).invoke(PROMPT)
        assert server.wait_until_idle()
        assert not server.closed_early

    def test_leaving_the_block_cuts_a_held_stream(self) -> None:
        hold = Hold(after=4)
        with serve(Reply(TEXT, hold=hold)) as server:
            stream = chat(server).stream(PROMPT)
            next(stream)
            assert hold.reached.wait(PATIENCE)
        with pytest.raises(BROKEN):
            list(stream)

    def test_a_cut_past_the_end_is_refused(self) -> None:
        with pytest.raises(ValueError, match="0 to 5"):
            Drop("short", after=6)


class TestHolds:
    """A stream that waits for the test."""

    def test_the_client_gets_the_first_part_before_the_second_is_sent(
        self, server: WireServer
    ) -> None:
        hold = Hold(after=4)
        server.add(Reply("one two", hold=hold))
        stream = (str(chunk.content) for chunk in chat(server).stream(PROMPT))
        first = next(text for text in stream if text)
        assert (first, hold.gate.is_set()) == ("one ", False)
        hold.release()
        assert "".join(stream) == "two"

    def test_a_hold_past_the_end_is_refused(self) -> None:
        with pytest.raises(ValueError, match="0 to 5"):
            Reply("short", hold=Hold(after=6))


class TestEarlyCloses:
    """A client that leaves in mid-stream."""

    def test_a_stream_left_is_noticed(self, server: WireServer) -> None:
        server.add(Reply(TEXT, hold=Hold(after=8)))
        stream = chat(server).stream(PROMPT)
        next(stream)
        stream.close()  # type: ignore[attr-defined]
        assert server.wait_until_idle()
        assert server.closed_early

    async def test_an_async_stream_left_is_noticed(self, server: WireServer) -> None:
        server.add(Reply(TEXT, hold=Hold(after=8)))
        stream = chat(server).astream(PROMPT)
        await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]
        assert await asyncio.to_thread(server.wait_until_idle)
        assert server.closed_early

    def test_a_client_that_gave_up_waiting_is_noticed(self, server: WireServer) -> None:
        arrived = threading.Event()

        def respond(_: list[Message]) -> Reply:
            arrived.set()
            return Reply(TEXT, delay=PATIENCE)

        server.respond_with(respond)
        with pytest.raises(openai.APITimeoutError):
            chat(server).invoke(PROMPT, timeout=0.1)
        assert arrived.wait(PATIENCE)
        assert server.wait_until_idle()
        assert server.closed_early

    def test_a_stream_read_to_its_end_is_not_an_early_close(self, server: WireServer) -> None:
        server.add(TEXT)
        list(chat(server).stream(PROMPT))
        assert server.wait_until_idle()
        assert not server.closed_early


class TestConcurrency:
    """How many requests are answered at one time."""

    def test_sequential_calls_count_as_one(self, server: WireServer) -> None:
        server.respond_with(lambda _: TEXT)
        llm = chat(server)
        for _ in range(10):
            llm.invoke(PROMPT)
            list(llm.stream(PROMPT))
        assert server.max_concurrent == 1

    def test_a_batch_is_answered_at_one_time(self, server: WireServer) -> None:
        server.respond_with(_meeting(4))
        chat(server).batch([PROMPT] * 4)
        assert server.max_concurrent == 4

    async def test_an_async_batch_is_answered_at_one_time(self, server: WireServer) -> None:
        server.respond_with(_meeting(4))
        await chat(server).abatch([PROMPT] * 4)
        assert server.max_concurrent == 4

    def test_a_limit_shows(self, server: WireServer) -> None:
        server.respond_with(_meeting(2))
        chat(server).batch([PROMPT] * 4, config={"max_concurrency": 2})
        assert server.max_concurrent == 2


class TestRecord:
    """What is kept of a request."""

    def test_the_body_is_kept_as_sent(self, server: WireServer) -> None:
        server.add(TEXT)
        chat(server, temperature=0.5).invoke("with {braces} and <response>")
        body = server.requests[0].body
        assert (body["temperature"], body["messages"]) == (
            0.5,
            [{"role": "user", "content": "with {braces} and <response>"}],
        )

    def test_the_key_is_not_kept(self, server: WireServer) -> None:
        server.add(TEXT)
        chat(server).invoke(PROMPT)
        assert server.requests[0].headers["authorization"] == "***"

    def test_streams_are_told_apart(self, server: WireServer) -> None:
        server.add(TEXT, TEXT)
        chat(server).invoke(PROMPT)
        list(chat(server).stream(PROMPT))
        assert [request.stream for request in server.requests] == [False, True]

    def test_unused_steps_can_be_counted(self, server: WireServer) -> None:
        server.add("one", "two")
        chat(server).invoke(PROMPT)
        assert server.pending == 1

    def test_two_servers_have_nothing_in_common(self, server: WireServer) -> None:
        with serve("other") as other:
            chat(other).invoke(PROMPT)
        assert server.requests == []


async def _drain(stream: AsyncIterator[Any]) -> None:
    async for _ in stream:
        pass


def _meeting(size: int) -> Responder:
    """A responder that answers only when `size` requests are there."""
    barrier = threading.Barrier(size)

    def respond(_: list[Message]) -> str:
        barrier.wait(PATIENCE)
        return TEXT

    return respond
