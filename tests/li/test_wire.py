"""Over real HTTP: the real OpenAI and OpenAILike against a local OpenAI-compatible server."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import openai
import pytest
from llama_index.core.base.llms.types import ChatMessage, ImageBlock, MessageRole, TextBlock

from llamaindex_vs import VerbalizedSampler, VerbalizedSamplingParserError
from tests.scenarios import QUESTION, xml
from tests.wire.clients import llm, llm_like
from tests.wire.payloads import completion_tokens, prompt_tokens
from tests.wire.server import Drop, Fault, Hold, Reply, ToolCall, WireServer
from vs_core import VerbalizedDistribution

Build = Callable[..., Any]
AB = xml("a", "b")
ABC = xml("a", "b", "c")
CUT_IN_THE_THIRD = len(AB) + len("<response><text>the thi")
THREE = xml("a", "b", "the third joke")
USAGE = {"stream_options": {"include_usage": True}}
ARGUMENTS = json.dumps(
    {"responses": [{"text": "a", "probability": 0.3}, {"text": "b", "probability": 0.1}]}
)
CALL = Reply("", tool_calls=(ToolCall("give_responses", ARGUMENTS),), chunk_size=6)
BUILDS: list[Build] = [llm, llm_like]
each_client = pytest.mark.parametrize("build", BUILDS, ids=["OpenAI", "OpenAILike"])


def sampling(
    server: WireServer, build: Build = llm, max_retries: int = 0, **settings: Any
) -> VerbalizedSampler:
    model = build(server, max_retries=max_retries, additional_kwargs=USAGE)
    return VerbalizedSampler(llm=model, **{"k": 2, **settings})


async def collect(stream: Any) -> list[VerbalizedDistribution[Any]]:
    return [chunk async for chunk in stream]


@each_client
def test_run(server: WireServer, build: Build) -> None:
    server.add(AB)
    assert sampling(server, build).run(QUESTION).texts == ["a", "b"]


@each_client
async def test_arun(server: WireServer, build: Build) -> None:
    server.add(AB)
    assert (await sampling(server, build).arun(QUESTION)).texts == ["a", "b"]


@each_client
def test_stream(server: WireServer, build: Build) -> None:
    server.add(Reply(AB, chunk_size=3))
    chunks = sampling(server, build).stream(QUESTION)
    assert [chunk.texts for chunk in chunks] == [["a"], ["b"], []]


@each_client
async def test_astream(server: WireServer, build: Build) -> None:
    server.add(Reply(AB, chunk_size=3))
    chunks = await collect(sampling(server, build).astream(QUESTION))
    assert [chunk.texts for chunk in chunks] == [["a"], ["b"], []]


def test_the_server_is_asked_for_a_stream_only_when_streaming(server: WireServer) -> None:
    server.add(AB, AB)
    vs = sampling(server)
    vs.run(QUESTION)
    list(vs.stream(QUESTION))
    assert [request.stream for request in server.requests] == [False, True]


def test_the_request_has_the_instruction_and_the_question(server: WireServer) -> None:
    server.add(AB)
    sampling(server).run(QUESTION)
    [request] = server.requests
    assert [m["role"] for m in request.messages] == ["system", "user"]
    assert "2 different responses" in request.messages[0]["content"]
    assert request.messages[1]["content"] == QUESTION


def test_texts_of_one_message_stay_apart_in_the_request(server: WireServer) -> None:
    server.add(AB)
    blocks = [TextBlock(text="You are "), TextBlock(text="a barista.")]
    sampling(server).run(
        [ChatMessage(role=MessageRole.SYSTEM, blocks=blocks), ChatMessage(QUESTION)]
    )
    [request] = server.requests
    assert request.messages[0]["content"].startswith("You are a barista.\n\n")


def test_an_image_is_in_the_request(server: WireServer) -> None:
    server.add(AB)
    image = ImageBlock(url="https://example.org/cup.png")
    sampling(server).run(ChatMessage(blocks=[TextBlock(text="Describe this."), image]))
    [request] = server.requests
    kinds = [part["type"] for part in request.messages[1]["content"]]
    assert kinds == ["text", "image_url"]


def test_a_candidate_arrives_while_the_model_still_writes(server: WireServer) -> None:
    hold = Hold(after=len(xml("a")))
    server.add(Reply(AB, chunk_size=4, hold=hold))
    stream = sampling(server).stream(QUESTION)
    assert next(stream).texts == ["a"]
    hold.release()
    assert [chunk.texts for chunk in stream] == [["b"], []]


async def test_a_candidate_arrives_asynchronously_while_the_model_still_writes(
    server: WireServer,
) -> None:
    hold = Hold(after=len(xml("a")))
    server.add(Reply(AB, chunk_size=4, hold=hold))
    stream = sampling(server).astream(QUESTION)
    assert (await anext(stream)).texts == ["a"]
    hold.release()
    assert [chunk.texts async for chunk in stream] == [["b"], []]


@each_client
async def test_usage_and_model_are_in_the_trace_in_every_way(
    server: WireServer, build: Build
) -> None:
    server.add(AB, AB, AB, AB)
    vs = sampling(server, build)
    found = [
        vs.run(QUESTION),
        await vs.arun(QUESTION),
        sum(vs.stream(QUESTION), VerbalizedDistribution()),
        sum(await collect(vs.astream(QUESTION)), VerbalizedDistribution()),
    ]
    sent = prompt_tokens(server.requests[0].messages)
    counted = [(d.trace.input_tokens, d.trace.output_tokens) for d in found]
    assert counted == [(sent, completion_tokens(Reply(AB)))] * 4
    assert {d.trace.model for d in found} == {server.requests[0].body["model"]}


def test_a_stream_whose_client_does_not_ask_for_usage_has_none(server: WireServer) -> None:
    server.add(AB)
    vs = VerbalizedSampler(llm=llm(server), k=2)
    trace = sum(vs.stream(QUESTION), VerbalizedDistribution()).trace
    assert (trace.input_tokens, trace.output_tokens) == (None, None)


def test_streamed_chunks_add_up_to_what_run_returns(server: WireServer) -> None:
    server.add(ABC, Reply(ABC, chunk_size=5))
    vs = sampling(server, k=3)
    assert vs.run(QUESTION) == sum(vs.stream(QUESTION), VerbalizedDistribution())


async def test_many_questions_at_once_get_their_own_answers(server: WireServer) -> None:
    server.respond_with(lambda messages: xml(f"about {messages[-1]['content']}"))
    topics = [f"topic {number}" for number in range(8)]
    vs = sampling(server, k=1)
    found = await asyncio.gather(*map(vs.arun, topics))
    assert [d.texts for d in found] == [[f"about {topic}"] for topic in topics]


async def test_direct_makes_one_request_for_each_answer(server: WireServer) -> None:
    server.respond_with(lambda _: Reply("the same joke", delay=0.05))
    vs = sampling(server, k=5, method="direct", num_workers=2)
    assert vs.run(QUESTION).texts == ["the same joke"] * 5
    assert (await vs.arun(QUESTION)).texts == ["the same joke"] * 5
    assert len(server.requests) == 10
    assert server.max_concurrent == 2


# --- tool calls -----------------------------------------------------------------------------------


@each_client
async def test_tool_calls_are_read_in_every_way(server: WireServer, build: Build) -> None:
    server.add(CALL, CALL, CALL, CALL)
    vs = sampling(server, build, structured_output="function_calling")
    assert vs.run(QUESTION).texts == ["a", "b"]
    assert (await vs.arun(QUESTION)).texts == ["a", "b"]
    assert [chunk.texts for chunk in vs.stream(QUESTION)] == [["a"], ["b"], []]
    assert [c.texts for c in await collect(vs.astream(QUESTION))] == [["a"], ["b"], []]


@each_client
def test_the_tool_must_be_called(server: WireServer, build: Build) -> None:
    server.add(CALL)
    sampling(server, build, structured_output="function_calling").run(QUESTION)
    body = server.requests[0].body
    assert [tool["function"]["name"] for tool in body["tools"]] == ["give_responses"]
    assert body["tool_choice"]["function"]["name"] == "give_responses"


# --- faults ---------------------------------------------------------------------------------------


def test_too_many_requests_are_retried_by_the_client(server: WireServer) -> None:
    server.add(Fault(429, headers={"Retry-After": "0.01"}), AB)
    distribution = sampling(server, max_retries=2).run(QUESTION)
    assert (distribution.texts, len(server.requests)) == (["a", "b"], 2)


def test_too_many_requests_without_retries_come_through(server: WireServer) -> None:
    server.add(Fault(429, headers={"Retry-After": "0.01"}))
    with pytest.raises(openai.RateLimitError):
        sampling(server).run(QUESTION)


async def test_a_server_error_comes_through_in_every_way(server: WireServer) -> None:
    server.add(*[Fault(500)] * 4)
    vs = sampling(server)
    with pytest.raises(openai.InternalServerError):
        vs.run(QUESTION)
    with pytest.raises(openai.InternalServerError):
        await vs.arun(QUESTION)
    with pytest.raises(openai.InternalServerError):
        list(vs.stream(QUESTION))
    with pytest.raises(openai.InternalServerError):
        await collect(vs.astream(QUESTION))


def test_a_server_error_in_a_top_up_loses_nothing(server: WireServer) -> None:
    server.add(AB, Fault(500))
    distribution = sampling(server, k=3).run(QUESTION)
    assert distribution.texts == ["a", "b"]
    assert "Error code: 500" in distribution.trace.notes[0]


def test_an_unreadable_reply_is_asked_for_again_in_the_same_conversation(
    server: WireServer,
) -> None:
    server.add("I cannot.", AB)
    assert sampling(server).run(QUESTION).texts == ["a", "b"]
    roles = [m["role"] for m in server.requests[1].messages]
    assert roles == ["system", "user", "assistant", "user"]


def test_two_unreadable_replies_end_in_an_error_with_the_last(server: WireServer) -> None:
    server.add("I cannot.", "I will not.")
    with pytest.raises(VerbalizedSamplingParserError) as failure:
        sampling(server).run(QUESTION)
    assert failure.value.reply == "I will not."


def test_a_dropped_stream_gives_what_was_finished_and_tells(server: WireServer) -> None:
    server.add(Drop(THREE, after=CUT_IN_THE_THIRD, chunk_size=4))
    started = time.monotonic()
    found = sum(sampling(server, k=3).stream(QUESTION), VerbalizedDistribution())
    assert (found.texts, found.trace.truncated) == (["a", "b"], True)
    assert "a model call failed" in found.trace.notes[0]
    # Far below any timeout of the client: nothing waited for one.
    assert time.monotonic() - started < 30


async def test_a_dropped_async_stream_gives_what_was_finished_and_tells(
    server: WireServer,
) -> None:
    server.add(Drop(THREE, after=CUT_IN_THE_THIRD, chunk_size=4))
    chunks = [chunk async for chunk in sampling(server, k=3).astream(QUESTION)]
    found = sum(chunks, VerbalizedDistribution())
    assert (found.texts, found.trace.truncated) == (["a", "b"], True)
    assert "a model call failed" in found.trace.notes[0]


@pytest.mark.parametrize("method", ["standard", "direct"])
def test_a_stream_that_drops_before_anything_is_complete_raises(
    server: WireServer, method: Any
) -> None:
    server.add(Drop(THREE, after=20, chunk_size=4))
    with pytest.raises((httpx.RemoteProtocolError, openai.APIConnectionError)):
        list(sampling(server, k=1, method=method).stream(QUESTION))


@pytest.mark.parametrize("streamed", [False, True])
def test_a_reply_cut_by_its_length_limit_keeps_the_complete_candidates(
    server: WireServer, streamed: bool
) -> None:
    server.add(Reply(THREE[:CUT_IN_THE_THIRD], finish_reason="length"))
    vs = sampling(server, k=3, max_topups=0)
    found = sum(vs.stream(QUESTION), VerbalizedDistribution()) if streamed else vs.run(QUESTION)
    assert (found.texts, found.trace.truncated) == (["a", "b"], True)


# --- streams left early ---------------------------------------------------------------------------
#
# LlamaIndex's client lets go of a stream without closing it, and openai's own stream refers to
# itself: the connection ends when Python collects it. What is shown here is that nothing of ours
# keeps it from being collected.


@each_client
def test_a_stream_left_early_is_closed_at_the_server(server: WireServer, build: Build) -> None:
    server.add(Reply(ABC, chunk_size=4, hold=Hold(after=len(AB))))
    vs = sampling(server, build)
    stream = vs.stream(QUESTION)
    next(stream)
    stream.close()
    gc.collect()
    assert server.wait_until_idle()
    assert server.closed_early


@each_client
async def test_an_async_stream_left_early_is_closed_at_the_server(
    server: WireServer, build: Build
) -> None:
    server.add(Reply(ABC, chunk_size=4, hold=Hold(after=len(AB))))
    vs = sampling(server, build)
    stream = vs.astream(QUESTION)
    await anext(stream)
    await stream.aclose()
    # The event loop closes what was collected, and that lets go of the next.
    for _ in range(5):
        gc.collect()
        if await asyncio.to_thread(server.wait_until_idle, 0.1):
            break
    assert server.closed_early


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


async def test_a_cancelled_exchange_closes_its_requests_at_the_server(server: WireServer) -> None:
    all_are_there = threading.Barrier(4)

    def respond(_: Any) -> Reply:
        all_are_there.wait(10)
        return Reply(AB, delay=60)

    server.respond_with(respond)
    vs = sampling(server, k=6, method="direct", num_workers=3)
    asking = asyncio.create_task(vs.arun(QUESTION))
    await asyncio.to_thread(all_are_there.wait, 10)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await asyncio.to_thread(server.wait_until_idle)
    assert server.closed_early
    assert len(server.requests) == 3


# --- keys -----------------------------------------------------------------------------------------


@each_client
def test_the_key_is_nowhere_to_be_seen(server: WireServer, build: Build) -> None:
    server.add(AB)
    model = build(server)
    model.api_key = "sk-secret"
    vs = VerbalizedSampler(llm=model, k=2)
    distribution = vs.run(QUESTION)
    shown = f"{vs!r}{vs}{vs.to_dict()}{vs.to_json()}{distribution!r}{distribution.trace!r}"
    assert "sk-secret" not in shown
