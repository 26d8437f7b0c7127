"""`VerbalizedSamplingRetriever`: concurrency, events, spans, and its place in LlamaIndex."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any, get_args

import pytest
from llama_index.core import get_response_synthesizer
from llama_index.core.callbacks import (
    CallbackManager,
    CBEventType,
    EventPayload,
    LlamaDebugHandler,
)
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import IndexNode, NodeWithScore, TextNode
from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.span_handlers import SimpleSpanHandler

from llamaindex_vs import (
    VerbalizedSamplingEvent,
    VerbalizedSamplingRetrievalEvent,
    VerbalizedSamplingRetriever,
)
from tests.every import for_every
from tests.li.libraries import (
    QUERIES,
    READINGS,
    REPLY,
    Ask,
    Crowd,
    Library,
    SlowLibrary,
    each_way,
    ids,
    listening,
    node,
    readings_index,
    searching,
)
from tests.li.models import ScriptedLLM
from vs_core.adapters.retrieval import FusionMode

EVERY_MODE = get_args(FusionMode)


@pytest.mark.parametrize("mode", EVERY_MODE)
async def test_async_gives_what_sync_gives(mode: FusionMode) -> None:
    retriever = readings_index().as_retriever(similarity_top_k=3)
    search = searching(REPLY, REPLY, library=retriever, mode=mode)
    assert await search.aretrieve("python") == search.retrieve("python")


@each_way
async def test_an_event_tells_what_was_searched_for_and_who_found_what(ask: Ask) -> None:
    shelves = {"python": [node("x", 0.5)], "snake": [node("y"), node("x", float("nan"))]}
    search = searching(
        "1. (0.4) snake", library=Library(shelves), num_queries=2, similarity_top_k=1
    )
    with listening() as events:
        await ask(search, "python")
    [event] = events.of(VerbalizedSamplingRetrievalEvent)
    assert (event.component, event.query) == ("VerbalizedSamplingRetriever", "python")
    assert event.distribution.texts == ["snake"]
    assert [(query.text, query.weight, query.probability) for query in event.queries] == [
        ("python", 0.5, None),
        ("snake", 0.5, 1.0),
    ]
    found_x = {
        "query": "python",
        "retriever": 0,
        "probability": None,
        "weight": 0.5,
        "rank": 1,
        "score": 0.5,
    }
    also_x = {**found_x, "query": "snake", "probability": 1.0, "rank": 2, "score": None}
    found_y = {**also_x, "rank": 1}
    assert event.nodes == [
        {"node_id": "x", "queries": [found_x, also_x], "fused_score": 1.0},
        {"node_id": "y", "queries": [found_y], "fused_score": 0.5},
    ]
    assert event.failure is None


def test_the_event_is_plain_json() -> None:
    with listening() as events:
        searching().retrieve("python")
    [event] = events.of(VerbalizedSamplingRetrievalEvent)
    dumped = event.model_dump(mode="json")
    assert json.loads(json.dumps(dumped, allow_nan=False)) == dumped
    assert dumped["class_name"] == "VerbalizedSamplingRetrievalEvent"


@each_way
async def test_the_distribution_goes_out_in_the_name_of_the_retriever(ask: Ask) -> None:
    with listening() as events:
        await ask(searching(), "python")
    [event] = events.of(VerbalizedSamplingEvent)
    assert (event.component, event.query) == ("VerbalizedSamplingRetriever", "python")
    assert event.distribution.texts == QUERIES[1:]


@each_way
async def test_the_rewriting_and_the_searches_are_spans_under_ours(ask: Ask) -> None:
    handler = SimpleSpanHandler()
    dispatcher = get_dispatcher()
    dispatcher.add_span_handler(handler)
    try:
        await ask(searching(), "python")
    finally:
        dispatcher.span_handlers.remove(handler)
    spans = {span.id_: span for span in handler.completed_spans}
    root = next(i for i in spans if i.startswith("VerbalizedSamplingRetriever._"))
    under = [i.partition(".")[0] for i, span in spans.items() if span.parent_id == root]
    assert sorted(under) == [*["Library"] * 4, "VerbalizedSampler"]


@each_way
async def test_searches_run_side_by_side(ask: Ask) -> None:
    library = SlowLibrary(expected=4)
    assert len(await ask(searching(library=library), "python")) == 4
    assert library.crowd.most == 4


@each_way
@for_every("workers", [1, 2, 3])
async def test_num_workers_bounds_the_searches_at_work(workers: int, ask: Ask) -> None:
    library = SlowLibrary(expected=workers)
    await ask(searching(library=[library, library], num_workers=workers), "python")
    assert library.crowd.most == workers


class SlowLLM(ScriptedLLM):
    """Takes its time, and knows how many of its calls ran at once."""

    crowd: Crowd

    def chat(self, messages: Any, **kwargs: Any) -> Any:
        self.crowd.work()
        return super().chat(messages, **kwargs)

    async def achat(self, messages: Any, **kwargs: Any) -> Any:
        await self.crowd.awork()
        return await super().achat(messages, **kwargs)


@each_way
@for_every("workers", [1, 2])
async def test_num_workers_bounds_the_calls_of_the_model(workers: int, ask: Ask) -> None:
    model = SlowLLM(script=QUERIES[1:], crowd=Crowd(workers))
    search = VerbalizedSamplingRetriever(Library(), model, method="direct", num_workers=workers)
    await ask(search, "python")
    assert model.crowd.most == workers


def test_one_worker_searches_in_the_thread_of_the_caller() -> None:
    library = SlowLibrary()
    searching(library=library, num_workers=1).retrieve("python")
    assert library.threads == {threading.get_ident()}


async def test_async_searches_take_no_threads() -> None:
    library = SlowLibrary()
    await searching(library=library).aretrieve("python")
    assert library.threads == {threading.get_ident()}


async def test_concurrent_queries_do_not_mix() -> None:
    model = EchoLLM(script=[])
    search = VerbalizedSamplingRetriever(SlowLibrary(), model, num_queries=2, similarity_top_k=2)
    with listening() as events:
        found = await asyncio.gather(*map(search.aretrieve, "abc"))
    assert [ids(nodes) for nodes in found] == [[q, f"more on {q}"] for q in "abc"]
    told = {
        event.query: event.distribution.texts
        for event in events.of(VerbalizedSamplingRetrievalEvent)
    }
    assert told == {q: [f"more on {q}"] for q in "abc"}


class EchoLLM(ScriptedLLM):
    """Rewrites each query in the same way."""

    def _next(self, messages: Any, kwargs: dict[str, Any]) -> Any:
        self.script.append(f"1. (0.5) more on {messages[-1].content}")
        return super()._next(messages, kwargs)


async def test_a_query_engine_answers_from_what_every_query_found() -> None:
    retriever = searching(REPLY, REPLY, library=readings_index().as_retriever(similarity_top_k=1))
    synthesizer = get_response_synthesizer(llm=ScriptedLLM(script=["first", "second"]))
    engine = RetrieverQueryEngine(retriever, response_synthesizer=synthesizer)
    response = engine.query("python")
    again = await engine.aquery("python")
    assert (str(response), str(again)) == ("first", "second")
    for answer in (response, again):
        assert {scored.text for scored in answer.source_nodes} == set(READINGS)


@each_way
@for_every("how", ["object_map", "objects"])
async def test_nodes_that_stand_for_objects_lead_to_them(how: str, ask: Ask) -> None:
    inside = TextNode(text="what is inside", id_="inside")
    pointer = IndexNode(text="a box", index_id="box")
    library = Library({"python": [NodeWithScore(node=pointer, score=0.5)]})
    given: Any = {
        "object_map": {"box": inside},
        "objects": [IndexNode(text="a box", index_id="box", obj=inside)],
    }[how]
    found = await ask(searching(library=library, num_queries=1, **{how: given}), "python")
    assert ids(found) == ["inside"]


@each_way
async def test_the_callback_manager_hears_of_the_search(ask: Ask) -> None:
    handler = LlamaDebugHandler(print_trace_on_end=False)
    await ask(searching(callback_manager=CallbackManager([handler])), "python")
    [(start, end)] = handler.get_event_pairs(CBEventType.RETRIEVE)
    assert (start.payload or {})[EventPayload.QUERY_STR] == "python"
    assert len((end.payload or {})[EventPayload.NODES]) == 4


@each_way
async def test_verbose_prints_the_queries_and_their_weights(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    await ask(searching(verbose=True), "python")
    printed = capsys.readouterr().out
    assert "0.25 python\n0.45 python snake\n" in printed


@each_way
async def test_nothing_is_printed_otherwise(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    await ask(searching(), "python")
    assert capsys.readouterr().out == ""
