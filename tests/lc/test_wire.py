"""Over real HTTP: the real ChatOpenAI against a local OpenAI-compatible server."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import openai
import pytest

from langchain_vs import VerbalizedSamplingParserError, VerbalizedSamplingRunnable
from tests.scenarios import QUESTION, xml
from tests.wire.clients import chat
from tests.wire.payloads import completion_tokens, prompt_tokens
from tests.wire.server import Drop, Fault, Hold, Reply, WireServer
from vs_core import VerbalizedDistribution

AB = xml("a", "b")
ABC = xml("a", "b", "c")
CUT_IN_THE_THIRD = len(AB) + len("<response><text>the thi")
THREE = xml("a", "b", "the third joke")


def sampling(server: WireServer, max_retries: int = 0, **settings: Any) -> Any:
    llm = chat(server, max_retries=max_retries, stream_usage=True)
    return VerbalizedSamplingRunnable(llm=llm, **{"k": 2, **settings})


async def collect(stream: Any) -> list[VerbalizedDistribution[Any]]:
    return [chunk async for chunk in stream]


def test_invoke(server: WireServer) -> None:
    server.add(AB)
    assert sampling(server).invoke(QUESTION).texts == ["a", "b"]


async def test_ainvoke(server: WireServer) -> None:
    server.add(AB)
    assert (await sampling(server).ainvoke(QUESTION)).texts == ["a", "b"]


def test_stream(server: WireServer) -> None:
    server.add(Reply(AB, chunk_size=3))
    assert [c.texts for c in sampling(server).stream(QUESTION)] == [["a"], ["b"], []]


async def test_astream(server: WireServer) -> None:
    server.add(Reply(AB, chunk_size=3))
    chunks = await collect(sampling(server).astream(QUESTION))
    assert [c.texts for c in chunks] == [["a"], ["b"], []]


def test_the_server_is_asked_for_a_stream_only_when_streaming(server: WireServer) -> None:
    server.add(AB, AB)
    vs = sampling(server)
    vs.invoke(QUESTION)
    list(vs.stream(QUESTION))
    assert [request.stream for request in server.requests] == [False, True]


def test_the_request_has_the_instruction_and_the_question(server: WireServer) -> None:
    server.add(AB)
    sampling(server).invoke(QUESTION)
    [request] = server.requests
    assert [m["role"] for m in request.messages] == ["system", "user"]
    assert "2 different responses" in request.messages[0]["content"]
    assert request.messages[1]["content"] == QUESTION


def test_a_candidate_arrives_while_the_model_is_still_writing(server: WireServer) -> None:
    hold = Hold(after=len(xml("a")))
    server.add(Reply(AB, chunk_size=4, hold=hold))
    stream = sampling(server).stream(QUESTION)
    first = next(stream)
    hold.release()
    assert first.texts == ["a"]
    assert [c.texts for c in stream] == [["b"], []]


@pytest.mark.parametrize("streamed", [False, True])
def test_usage_of_all_calls_is_in_the_trace(server: WireServer, streamed: bool) -> None:  # noqa: FBT001
    server.add(xml("a"), xml("b"))
    vs = sampling(server)
    distribution = sum(vs.stream(QUESTION)) if streamed else vs.invoke(QUESTION)
    expected = sum(prompt_tokens(request.messages) for request in server.requests)
    assert (distribution.trace.calls, distribution.trace.input_tokens) == (2, expected)
    written = completion_tokens(Reply(xml("a"))) + completion_tokens(Reply(xml("b")))
    assert distribution.trace.output_tokens == written


def test_the_model_is_named_in_the_trace(server: WireServer) -> None:
    server.add(AB)
    assert sampling(server).invoke(QUESTION).trace.model == "test"


def test_streamed_chunks_add_up_to_what_invoke_returns(server: WireServer) -> None:
    server.add(ABC, Reply(ABC, chunk_size=5))
    vs = sampling(server, k=3)
    assert vs.invoke(QUESTION) == sum(vs.stream(QUESTION))


def test_a_batch_is_answered_in_order(server: WireServer) -> None:
    server.respond_with(lambda messages: xml(f"about {messages[-1]['content']}"))
    topics = [f"topic {number}" for number in range(8)]
    found = sampling(server, k=1).batch(topics, {"max_concurrency": 3})
    assert [d.texts for d in found] == [[f"about {topic}"] for topic in topics]
    assert server.max_concurrent <= 3


async def test_an_abatch_is_answered_in_order(server: WireServer) -> None:
    server.respond_with(lambda messages: xml(f"about {messages[-1]['content']}"))
    topics = [f"topic {number}" for number in range(8)]
    found = await sampling(server, k=1).abatch(topics, {"max_concurrency": 3})
    assert [d.texts for d in found] == [[f"about {topic}"] for topic in topics]
    assert server.max_concurrent <= 3


def test_direct_makes_one_request_for_each_answer(server: WireServer) -> None:
    server.respond_with(lambda _: "the same joke")
    assert sampling(server, k=4, method="direct").invoke(QUESTION).texts == ["the same joke"] * 4
    assert len(server.requests) == 4


def test_too_many_requests_are_retried_by_the_client(server: WireServer) -> None:
    server.add(Fault(429, headers={"Retry-After": "0.01"}), AB)
    distribution = sampling(server, max_retries=2).invoke(QUESTION)
    assert (distribution.texts, len(server.requests)) == (["a", "b"], 2)


def test_too_many_requests_without_retries_come_through(server: WireServer) -> None:
    server.add(Fault(429, headers={"Retry-After": "0.01"}))
    with pytest.raises(openai.RateLimitError):
        sampling(server).invoke(QUESTION)


def test_a_server_error_comes_through(server: WireServer) -> None:
    server.add(Fault(500))
    with pytest.raises(openai.InternalServerError):
        sampling(server).invoke(QUESTION)


def test_a_server_error_in_a_batch_leaves_the_others(server: WireServer) -> None:
    def respond(messages: list[dict[str, Any]]) -> Any:
        return Fault(500) if messages[-1]["content"] == "bad" else AB

    server.respond_with(respond)
    good, bad = sampling(server).batch(["good", "bad"], return_exceptions=True)
    assert good.texts == ["a", "b"]
    assert isinstance(bad, openai.InternalServerError)


def test_a_server_error_in_a_top_up_loses_nothing(server: WireServer) -> None:
    server.add(AB, Fault(500))
    distribution = sampling(server, k=3).invoke(QUESTION)
    assert distribution.texts == ["a", "b"]
    assert "Error code: 500" in distribution.trace.notes[0]


def test_an_unreadable_reply_is_asked_for_again_in_the_same_conversation(
    server: WireServer,
) -> None:
    server.add("I cannot.", AB)
    assert sampling(server).invoke(QUESTION).texts == ["a", "b"]
    roles = [m["role"] for m in server.requests[1].messages]
    assert roles == ["system", "user", "assistant", "user"]


def test_two_unreadable_replies_end_in_an_error_with_the_last(server: WireServer) -> None:
    server.add("I cannot.", "I will not.")
    with pytest.raises(VerbalizedSamplingParserError) as failure:
        sampling(server).invoke(QUESTION)
    assert failure.value.llm_output == "I will not."


def test_a_dropped_stream_gives_what_was_finished_and_tells(server: WireServer) -> None:
    server.add(Drop(THREE, after=CUT_IN_THE_THIRD, chunk_size=4))
    started = time.monotonic()
    found = sum(sampling(server, k=3).stream(QUESTION), VerbalizedDistribution[Any]())
    assert (found.texts, found.trace.truncated) == (["a", "b"], True)
    assert "RemoteProtocolError" in found.trace.notes[0]
    # Far below any timeout of the client: nothing waited for one.
    assert time.monotonic() - started < 30


async def test_a_dropped_async_stream_gives_what_was_finished_and_tells(
    server: WireServer,
) -> None:
    server.add(Drop(THREE, after=CUT_IN_THE_THIRD, chunk_size=4))
    chunks = [chunk async for chunk in sampling(server, k=3).astream(QUESTION)]
    found = sum(chunks, VerbalizedDistribution[Any]())
    assert (found.texts, found.trace.truncated) == (["a", "b"], True)
    assert "RemoteProtocolError" in found.trace.notes[0]


@pytest.mark.parametrize("method", ["standard", "direct"])
def test_a_stream_that_drops_before_anything_is_complete_raises(
    server: WireServer, method: Any
) -> None:
    server.add(Drop(THREE, after=20, chunk_size=4))
    with pytest.raises(httpx.RemoteProtocolError):
        list(sampling(server, k=1, method=method).stream(QUESTION))


def test_a_reply_cut_by_its_length_limit_keeps_the_complete_candidates(server: WireServer) -> None:
    server.add(Reply(THREE[:CUT_IN_THE_THIRD], finish_reason="length"))
    distribution = sampling(server, k=3, max_topups=0).invoke(QUESTION)
    assert (distribution.texts, distribution.trace.truncated) == (["a", "b"], True)


def test_a_stream_left_early_is_closed_at_the_server(server: WireServer) -> None:
    server.add(Reply(AB + xml("c") * 400, chunk_size=4))
    stream = sampling(server).stream(QUESTION)
    next(stream)
    stream.close()
    server.wait_until_idle()
    assert server.closed_early


async def test_an_async_stream_left_early_is_closed_at_the_server(server: WireServer) -> None:
    server.add(Reply(AB + xml("c") * 400, chunk_size=4))
    stream = sampling(server).astream(QUESTION)
    await anext(stream)
    await stream.aclose()
    await asyncio.to_thread(server.wait_until_idle)
    assert server.closed_early


def test_the_key_is_in_no_repr(server: WireServer) -> None:
    assert "api_key='test'" not in repr(sampling(server))


async def test_a_cancelled_task_closes_the_stream_at_the_server(server: WireServer) -> None:
    hold = Hold(after=len(xml("a")))
    server.add(Reply(AB + xml("c") * 400, chunk_size=4, hold=hold))
    arrived = asyncio.Event()

    async def receive() -> None:
        async for _ in sampling(server).astream(QUESTION):
            arrived.set()

    reading = asyncio.create_task(receive())
    await arrived.wait()
    # The client loses a cancellation that meets it between two reads; here it waits for the next.
    await asyncio.sleep(0.2)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    hold.release()
    await asyncio.to_thread(server.wait_until_idle)
    assert server.closed_early
