"""Refusals and calls of other tools, as the real clients pass them on."""

from __future__ import annotations

import asyncio
import gc
import pickle
from typing import Any

import pytest
from langchain_core import exceptions
from llama_index.llms.openai import OpenAIResponses

from langchain_vs import (
    VerbalizedSamplingOutputParser,
    VerbalizedSamplingParserError,
    VerbalizedSamplingPrompt,
    VerbalizedSamplingRefusalError,
    VerbalizedSamplingRunnable,
)
from llamaindex_vs import VerbalizedSampler
from tests.drivers import LANGCHAIN, LLAMAINDEX
from tests.every import for_every
from tests.scenarios import QUESTION, xml
from tests.wire.clients import chat, llm
from tests.wire.server import Reply, ToolCall, WireServer, serve
from vs_core import NoCandidatesError, RefusalError, UnexpectedToolCallError, VerbalizedDistribution

WORDS = "I'm sorry, I cannot assist with that."
LOOK_UP = ToolCall("search", '{"query": "coffee"}')


def of_langchain(server: WireServer, **settings: Any) -> VerbalizedSamplingRunnable:
    return VerbalizedSamplingRunnable(llm=chat(server), **settings)


def of_responses(server: WireServer, **settings: Any) -> VerbalizedSamplingRunnable:
    return VerbalizedSamplingRunnable(llm=chat(server, use_responses_api=True), **settings)


def of_llama_index(server: WireServer, **settings: Any) -> VerbalizedSampler:
    return VerbalizedSampler(llm=llm(server), **settings)


def of_llama_index_responses(server: WireServer, **settings: Any) -> VerbalizedSampler:
    model = OpenAIResponses(model="gpt-4o-mini", api_base=server.url, api_key="test")
    return VerbalizedSampler(llm=model, **settings)


WHOLE: list[tuple[Any, Any]] = [
    *(
        (make, LANGCHAIN[way])
        for make in (of_langchain, of_responses)
        for way in ("invoke", "ainvoke")
    ),
    *(
        (make, LLAMAINDEX[way])
        for make in (of_llama_index, of_llama_index_responses)
        for way in ("run", "arun")
    ),
]


@for_every(("make", "drive"), WHOLE, server=serve)
async def test_a_refusal_ends_the_exchange_with_its_words(
    server: WireServer, make: Any, drive: Any
) -> None:
    server.add(Reply(refusal=WORDS))
    with pytest.raises(RefusalError) as failure:
        await drive(make(server, k=2), QUESTION)
    assert failure.value.refusal == WORDS
    assert WORDS in str(failure.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize("way", ["stream", "astream"])
async def test_llama_index_streams_the_words_of_a_refusal(server: WireServer, way: str) -> None:
    server.add(Reply(refusal=WORDS))
    with pytest.raises(RefusalError) as failure:
        await LLAMAINDEX[way](of_llama_index(server, k=2), QUESTION)
    assert failure.value.refusal == WORDS


@pytest.mark.parametrize("way", ["stream", "astream"])
async def test_an_empty_stream_is_called_that(server: WireServer, way: str) -> None:
    server.add(Reply(refusal=WORDS), Reply(refusal=WORDS))
    with pytest.raises(NoCandidatesError, match="empty \\(perhaps a refusal"):
        await LANGCHAIN[way](of_langchain(server, k=2), QUESTION)


@for_every(("make", "drive"), WHOLE, server=serve)
async def test_a_reply_that_is_incomplete_is_known_as_such(
    server: WireServer, make: Any, drive: Any
) -> None:
    server.add(Reply(xml("a", "b"), finish_reason="length"))
    assert (await drive(make(server, k=2), QUESTION)).trace.truncated


@for_every(("make", "drive"), WHOLE, server=serve)
async def test_a_direct_answer_that_is_incomplete_is_known_as_such(
    server: WireServer, make: Any, drive: Any
) -> None:
    server.add(Reply("Why did the", finish_reason="length"))
    found = await drive(make(server, k=1, method="direct"), QUESTION)
    assert (found.texts, found.trace.truncated) == (["Why did the"], True)


EVERY: list[tuple[Any, Any]] = [
    *((of_langchain, drive) for drive in LANGCHAIN.values()),
    *((of_llama_index, drive) for drive in LLAMAINDEX.values()),
]


@for_every("method", ["standard", "direct"])
@for_every(("make", "drive"), EVERY, server=serve)
async def test_a_call_of_another_tool_is_an_error_that_has_it(
    server: WireServer, make: Any, drive: Any, method: str
) -> None:
    server.add(Reply("Let me look that up.", tool_calls=(LOOK_UP,), chunk_size=3))
    with pytest.raises(UnexpectedToolCallError, match="search") as failure:
        await drive(make(server, k=1, method=method), QUESTION)
    [call] = failure.value.calls
    assert (call.name, call.arguments.replace(" ", "")) == ("search", '{"query":"coffee"}')
    assert failure.value.reply == "Let me look that up."
    assert len(server.requests) == 1


def test_langchains_error_is_core_s_and_ours(server: WireServer) -> None:
    server.add(Reply(refusal=WORDS))
    with pytest.raises(VerbalizedSamplingRefusalError) as failure:
        of_langchain(server).invoke(QUESTION)
    error = failure.value
    assert error.llm_output == WORDS
    assert isinstance(error, getattr(exceptions, "ModelRefusalError", Exception))
    again = pickle.loads(pickle.dumps(error))  # made here
    assert (type(again), str(again), again.refusal) == (type(error), str(error), WORDS)


def test_the_halves_tell_a_refusal_as_well(server: WireServer) -> None:
    server.add(Reply(refusal=WORDS))
    chain = VerbalizedSamplingPrompt(k=2) | chat(server) | VerbalizedSamplingOutputParser(k=2)
    with pytest.raises(VerbalizedSamplingRefusalError, match="cannot assist"):
        chain.invoke(QUESTION)


def test_the_halves_tell_a_call_of_another_tool_as_well(server: WireServer) -> None:
    server.add(Reply(tool_calls=(LOOK_UP,)))
    chain = VerbalizedSamplingPrompt(k=2) | chat(server) | VerbalizedSamplingOutputParser(k=2)
    with pytest.raises(UnexpectedToolCallError, match="search"):
        chain.invoke(QUESTION)


# The connection that LlamaIndex's client lets go of is reported when it is collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("make", [of_langchain, of_llama_index])
def test_a_runaway_stream_is_closed_at_the_server(server: WireServer, make: Any) -> None:
    server.add(Reply(xml(*(f"answer {n}" for n in range(2000))), chunk_size=8))
    chunks = list(make(server, k=2).stream(QUESTION))
    found = sum(chunks, VerbalizedDistribution[Any]())
    assert len(found) == 4
    assert "it held 4 candidates" in found.trace.notes[0]
    # LlamaIndex's client lets go of a stream, and the connection ends when that is collected.
    gc.collect()
    assert server.wait_until_idle()
    assert server.closed_early


# LlamaIndex's client leaves its connection to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("make", [of_langchain, of_llama_index])
async def test_a_runaway_async_stream_is_closed_at_the_server(
    server: WireServer, make: Any
) -> None:
    server.add(Reply(xml(*(f"answer {n}" for n in range(2000))), chunk_size=8))
    chunks = [chunk async for chunk in make(server, k=2).astream(QUESTION)]
    found = sum(chunks, VerbalizedDistribution[Any]())
    assert (len(found), "it held 4 candidates" in found.trace.notes[0]) == (4, True)
    for _ in range(50):
        gc.collect()
        if await asyncio.to_thread(server.wait_until_idle, 0.2):
            break
    assert server.closed_early


def test_the_reply_of_a_parser_error_is_the_last_text(server: WireServer) -> None:
    server.add("I cannot.", "I will not.")
    with pytest.raises(VerbalizedSamplingParserError) as failure:
        of_langchain(server).invoke(QUESTION)
    assert failure.value.llm_output == "I will not."
