"""`compare` over LlamaIndex models: what it shows, what it costs, and what can go wrong."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import pytest
from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.core.settings import Settings
from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.span_handlers import SimpleSpanHandler
from pydantic import ValidationError

from llamaindex_vs import (
    VerbalizedSamplingLLM,
    VerbalizedSamplingParserError,
    acompare,
    compare,
)
from llamaindex_vs.asking.messages import LlamaIndexDialect
from tests.comparing import COFFEE, Respondent
from tests.every import for_every
from tests.li.embeddings import WordEmbedding
from tests.li.models import ScriptedLLM
from vs_core import Method
from vs_core.comparison import Comparison

PATIENCE = 5.0
Compare = Callable[..., Awaitable[Comparison]]


async def _compare(*args: Any, **options: Any) -> Comparison:
    # In the running loop of the test, as a notebook would.
    return compare(*args, **options)


BOTH = pytest.mark.parametrize("run", [_compare, acompare], ids=["sync", "async"])


def model_of(respondent: Respondent, **settings: Any) -> ScriptedLLM:
    def reply(messages: Sequence[ChatMessage]) -> str:
        dialect = LlamaIndexDialect()
        return respondent.reply([(dialect.role(m), m.content or "") for m in messages])

    return ScriptedLLM(script=[], responder=reply, **settings)


def mean(found: Comparison, method: Method, metric: str) -> float:
    value = found.summary_of(method).scores[metric].mean
    assert value is not None
    return value


@pytest.fixture
def spans() -> Iterator[SimpleSpanHandler]:
    handler = SimpleSpanHandler()
    get_dispatcher().add_span_handler(handler)
    yield handler
    get_dispatcher().span_handlers.remove(handler)


@BOTH
async def test_an_unreadable_first_reply_is_carried_by_the_error(run: Compare) -> None:
    model = ScriptedLLM(script=["<response></response>"] * 2)
    with pytest.raises(VerbalizedSamplingParserError) as caught:
        await run(model, COFFEE, ["standard"], n=5)
    assert caught.value.reply == "<response></response>"


def test_no_more_exchanges_are_made_at_a_time_than_allowed() -> None:
    together = threading.Barrier(4)
    lock, active, most = threading.Lock(), 0, 0

    def reply(_: Sequence[ChatMessage]) -> str:
        nonlocal active, most
        with lock:
            active += 1
            most = max(most, active)
        together.wait(PATIENCE)
        with lock:
            active -= 1
        return "a joke"

    model = ScriptedLLM(script=[], responder=reply)
    found = compare(model, COFFEE, ["direct"], n=12, max_concurrency=4)
    assert (most, found.summaries[0].responses) == (4, 12)


class PatientLLM(ScriptedLLM):
    """Answers when it is told to, as a model that takes its time."""

    def __init__(self, answering: asyncio.Event, **settings: Any) -> None:
        super().__init__(script=[], responder=lambda _: "a joke", **settings)
        self._answering = answering

    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        await self._answering.wait()
        response: ChatResponse = self.chat(messages, **kwargs)
        return response


async def test_the_loop_goes_on_while_the_model_is_awaited() -> None:
    answering = asyncio.Event()
    run = asyncio.create_task(acompare(PatientLLM(answering), COFFEE, ["direct"], n=3))
    await asyncio.sleep(0)
    answering.set()
    assert (await asyncio.wait_for(run, PATIENCE)).summaries[0].responses == 3


async def test_the_loop_goes_on_while_embeddings_are_made() -> None:
    embedding, released = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def embed(texts: list[str]) -> list[list[float]]:
        loop.call_soon_threadsafe(embedding.set)
        assert released.wait(PATIENCE)
        return [[1.0, float(len(text))] for text in texts]

    run = asyncio.create_task(acompare(model_of(Respondent()), COFFEE, n=5, embeddings=embed))
    await asyncio.wait_for(embedding.wait(), PATIENCE)
    released.set()
    assert mean(await run, "standard", "vendi_score") > 1.0


@BOTH
async def test_a_llama_index_embedding_model_brings_the_semantic_metrics(run: Compare) -> None:
    found = await run(model_of(Respondent()), COFFEE, n=5, embeddings=WordEmbedding())
    assert mean(found, "direct", "semantic_diversity") == pytest.approx(0.0)
    assert mean(found, "standard", "semantic_diversity") > 0.1


@BOTH
async def test_without_a_model_the_one_of_the_settings_is_asked(
    run: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    respondent = Respondent()
    monkeypatch.setattr(Settings, "_llm", model_of(respondent))
    await run(None, COFFEE, n=5)
    assert respondent.asked() == 7


@BOTH
async def test_all_exchanges_ask_the_same_model_whatever_happens_to_the_settings(
    run: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = Respondent(), Respondent()
    monkeypatch.setattr(Settings, "_llm", model_of(first))

    def change(*_: object) -> None:
        monkeypatch.setattr(Settings, "_llm", model_of(second))

    await run(None, COFFEE, n=5, max_concurrency=1, on_progress=change)
    assert (first.asked(), second.asked()) == (7, 0)


@BOTH
async def test_a_model_that_samples_by_itself_is_unwrapped(run: Compare) -> None:
    respondent = Respondent()
    await run(VerbalizedSamplingLLM(llm=model_of(respondent)), COFFEE, ["direct"], n=3)
    assert respondent.asked(COFFEE, "direct") == 3


@BOTH
@for_every(
    ("options", "error"),
    [
        ({"n": 0}, ValidationError),
        ({"temperature": 1.0}, ValidationError),
        ({"structured_output": "function_calling"}, ValidationError),
        ({"metrics": ["novelty"]}, ValueError),
        ({"max_concurrency": 0}, ValueError),
        ({"embeddings": "ada"}, TypeError),
    ],
    ids=str,
)
async def test_what_cannot_be_done_is_refused_before_the_first_call(
    run: Compare, options: dict[str, Any], error: type[Exception]
) -> None:
    respondent = Respondent()
    with pytest.raises(error):
        await run(model_of(respondent, is_function_calling_model=False), COFFEE, **options)
    assert respondent.asked() == 0


@BOTH
async def test_the_spans_of_all_exchanges_are_under_that_of_the_comparison(
    run: Compare, spans: SimpleSpanHandler
) -> None:
    await run(model_of(Respondent()), COFFEE, n=5)
    parents = {span.id_: span.parent_id for span in spans.completed_spans}
    exchanges = [
        id_
        for id_ in parents
        if id_.startswith(("VerbalizedSampler.run", "VerbalizedSampler.arun"))
    ]
    assert len(exchanges) == 7
    for exchange in exchanges:
        experiment = parents[exchange] or ""
        assert (parents[experiment] or "").startswith(("compare-", "acompare-"))
