"""`VerbalizedSamplingPostprocessor`: its events, spans and callbacks."""

from __future__ import annotations

import json

import pytest
from llama_index.core.callbacks import CallbackManager, CBEventType, LlamaDebugHandler
from llama_index.core.callbacks.schema import EventPayload
from llama_index.core.instrumentation.events.rerank import ReRankEndEvent, ReRankStartEvent
from llama_index.core.schema import QueryBundle
from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.span_handlers import SimpleSpanHandler

from llamaindex_vs import (
    UnmentionedNodesEvent,
    VerbalizedSamplingEvent,
)
from tests.li.judging import (
    ODDS,
    QUERY,
    Rank,
    each_way,
    judging,
    nodes_of,
    scores_of,
    scripted,
    stating,
)
from tests.li.libraries import listening


@each_way
async def test_nodes_that_were_not_mentioned_are_reported(rank: Rank) -> None:
    nodes = nodes_of(*"xaby", score=0.25)
    with listening() as events:
        await rank(judging(top_n=1, choice_batch_size=2), nodes)
    reported = events.of(UnmentionedNodesEvent)
    assert [(event.component, event.query) for event in reported] == [
        ("VerbalizedSamplingPostprocessor", QUERY)
    ] * 2
    assert [event.nodes for event in reported] == [[nodes[0]], [nodes[3]]]
    assert {(event.failure, event.reply) for event in reported} == {(None, None)}


def test_nothing_is_reported_missing_when_all_were_mentioned() -> None:
    with listening() as events:
        judging().postprocess_nodes(nodes_of(*"abc"), query_str=QUERY)
    assert events.of(UnmentionedNodesEvent) == []


@each_way
async def test_the_pooled_distribution_goes_out_as_one_event(rank: Rank) -> None:
    with listening() as events:
        await rank(judging(choice_batch_size=2), nodes_of(*"abcde"))
    [event] = events.of(VerbalizedSamplingEvent)
    distribution = event.distribution
    assert (event.component, event.query) == ("VerbalizedSamplingPostprocessor", QUERY)
    assert dict(zip(distribution.values, distribution.probabilities, strict=True)) == (
        pytest.approx({text.upper(): number for text, number in ODDS.items()})
    )
    assert (distribution.trace.calls, distribution.trace.k) == (3, 5)
    assert json.loads(distribution.model_dump_json())["trace"]["calls"] == 3


def test_unknown_labels_are_reported_and_harm_nobody() -> None:
    _, ranker = scripted(stating(**{"2": 0.5, "7": 0.9, "0": 0.3, "the first": 0.9}))
    with listening() as events:
        ranked = ranker.postprocess_nodes(nodes_of(*"abc"), query_str=QUERY)
    assert scores_of(ranked) == {"b": 1.0, "a": 0.0, "c": 0.0}
    [event] = events.of(VerbalizedSamplingEvent)
    dropped = {entry.fragment: entry.reason for entry in event.distribution.trace.dropped}
    assert set(dropped) == {"7", "0", "the first"}
    assert "no passage has the number 7: there are 3" in dropped["7"]
    assert "not the number of a passage" in dropped["the first"]


def test_the_first_number_of_a_repeated_label_counts_and_others_are_reported() -> None:
    _, ranker = scripted(
        "1. Passage 2 (0.3)\n2. Passage 1 (0.6)\n3. Passage 2 (0.9)\n4. Document 1 (0.0)"
    )
    with listening() as events:
        ranked = ranker.postprocess_nodes(nodes_of(*"ab"), query_str=QUERY)
    assert scores_of(ranked) == pytest.approx({"a": 2 / 3, "b": 1 / 3})
    [event] = events.of(VerbalizedSamplingEvent)
    assert [entry.fragment for entry in event.distribution.trace.dropped] == ["2: 0.9", "1: 0.0"]


@each_way
async def test_cores_rerank_events_are_sent(rank: Rank) -> None:
    nodes = nodes_of(*"abc")
    with listening() as events:
        ranked = await rank(judging(top_n=2), nodes)
    [start], [end] = events.of(ReRankStartEvent), events.of(ReRankEndEvent)
    assert (start.query, start.nodes, start.top_n) == (QueryBundle(QUERY), nodes, 2)
    assert start.model_name == "scripted"
    assert end.nodes == ranked


@each_way
async def test_the_models_calls_are_within_the_span_of_the_ranking(rank: Rank) -> None:
    spans, dispatcher = SimpleSpanHandler(), get_dispatcher()
    dispatcher.add_span_handler(spans)
    try:
        await rank(judging(choice_batch_size=1), nodes_of(*"ab"))
    finally:
        dispatcher.span_handlers.remove(spans)
    parents = {span.id_: span.parent_id for span in spans.completed_spans}
    chats = [id_ for id_ in parents if id_.split("-")[0] in {"JudgeLLM.chat", "JudgeLLM.achat"}]
    assert len(chats) == 2
    assert {str(parents[id_]).split("-")[0].split(".")[1] for id_ in chats} <= {
        "_postprocess_nodes",
        "_apostprocess_nodes",
    }


@each_way
async def test_callbacks_hear_of_the_reranking(rank: Rank) -> None:
    debug = LlamaDebugHandler(print_trace_on_end=False)
    ranked = await rank(judging(callback_manager=CallbackManager([debug])), nodes_of(*"abc"))
    [(start, end)] = debug.get_event_pairs(CBEventType.RERANKING)
    assert start.payload is not None
    assert end.payload is not None
    assert start.payload[EventPayload.QUERY_STR] == QUERY
    assert end.payload[EventPayload.NODES] == ranked
