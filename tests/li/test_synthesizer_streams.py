"""Streamed answers, and many queries at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import pytest
from llama_index.core.base.response.schema import AsyncStreamingResponse, StreamingResponse
from pydantic import AfterValidator

from llamaindex_vs import VerbalizedSamplingSynthesizer
from tests.li.synthesis import (
    LIKELY,
    LONG,
    TEXTS,
    AnsweringLLM,
    Ask,
    by_aquery,
    by_astream,
    by_stream,
    distribution_of,
    engine_over,
    scripted,
    small_helper,
)
from tests.scenarios import QUESTION, xml

AB = xml("a", "b")

streaming = pytest.mark.parametrize("ask", [by_stream, by_astream])


def streamed(engine: Any) -> StreamingResponse:
    response = engine.query(QUESTION)
    assert isinstance(response, StreamingResponse)
    return response


async def astreamed(engine: Any) -> AsyncStreamingResponse:
    response = await engine.aquery(QUESTION)
    assert isinstance(response, AsyncStreamingResponse)
    return response


async def test_nothing_is_asked_until_the_stream_is_read() -> None:
    model, synthesizer = scripted(streaming=True)
    engine = engine_over(synthesizer)
    for response in (streamed(engine), await astreamed(engine)):
        assert "verbalized_sampling" not in (response.metadata or {})
    assert model.calls == []


async def test_a_stream_gives_the_answer_word_by_word() -> None:
    _, synthesizer = scripted(LIKELY, LIKELY, streaming=True)
    engine = engine_over(synthesizer)
    words = ["one ", "two  ", "three"]
    given = list(streamed(engine).response_gen)
    assert given == words
    given += [word async for word in (await astreamed(engine)).async_response_gen()]
    assert given == [*words, *words]
    assert {type(word) for word in given} == {str}


async def test_the_metadata_are_filled_when_the_stream_ends() -> None:
    _, synthesizer = scripted(LIKELY, LIKELY, streaming=True)
    engine = engine_over(synthesizer)
    response, aresponse = streamed(engine), await astreamed(engine)
    metadata = [response.metadata, aresponse.metadata]
    assert str(response) == "one two  three"
    assert str(await aresponse.get_response()) == "one two  three"
    assert [m is not None and "verbalized_sampling" in m for m in metadata] == [True, True]


async def test_the_distribution_is_kept_when_a_stream_is_left() -> None:
    _, synthesizer = scripted(LIKELY, LIKELY, streaming=True)
    engine = engine_over(synthesizer)
    response, aresponse = streamed(engine), await astreamed(engine)
    assert next(response.response_gen) == await anext(aresponse.response_gen) == "one "
    response.response_gen.close()
    await aresponse.response_gen.aclose()
    assert distribution_of(response) == distribution_of(aresponse)


@streaming
async def test_a_blank_answer_still_has_a_distribution(ask: Ask) -> None:
    _, synthesizer = scripted(AB, value_schema=Annotated[str, AfterValidator(lambda _: "")])
    response = await ask(engine_over(synthesizer), QUESTION)
    assert (response.response, distribution_of(response).texts) == ("", ["", ""])


# --- many at a time -----------------------------------------------------------------------


@pytest.mark.parametrize("streaming", [False, True])
async def test_concurrent_queries_do_not_mix(streaming: bool) -> None:
    model = AnsweringLLM(together=8)
    synthesizer = VerbalizedSamplingSynthesizer(model, k=2, streaming=streaming)
    engine = engine_over(synthesizer)
    queries = [f"question {number}" for number in range(8)]
    responses = await asyncio.gather(*[by_aquery(engine, query) for query in queries])
    for query, response in zip(queries, responses, strict=True):
        assert response.response in {f"yes to {query}", f"no to {query}"}
        assert distribution_of(response).texts == [f"yes to {query}", f"no to {query}"]


@pytest.mark.parametrize("texts", [TEXTS, LONG])
async def test_concurrent_queries_wait_together(texts: Sequence[str]) -> None:
    model = AnsweringLLM(together=4)
    synthesizer = VerbalizedSamplingSynthesizer(model, k=2, prompt_helper=small_helper())
    engine = engine_over(synthesizer, *texts)
    await asyncio.gather(*[by_aquery(engine, f"question {number}") for number in range(4)])
    assert model.awaited == len(model.calls)
