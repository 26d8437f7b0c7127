"""`VerbalizedSamplingPostprocessor`: bad input, bad settings, and calls that fail."""

from __future__ import annotations

import math
from typing import Any

import pytest
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import ValidationError

from llamaindex_vs import (
    UnmentionedNodesEvent,
    VerbalizedSamplingEvent,
    VerbalizedSamplingParserError,
    VerbalizedSamplingPostprocessor,
)
from tests.every import for_every
from tests.li.judging import (
    QUERY,
    JudgeLLM,
    Rank,
    each_way,
    judging,
    nodes_of,
    scores_of,
    scripted,
    stating,
    texts_of,
)
from tests.li.libraries import listening
from vs_core import PromptError, VSError


@each_way
async def test_no_nodes_are_no_call(rank: Rank) -> None:
    model, ranker = scripted()
    assert await rank(ranker, []) == []
    assert model.calls == []


@each_way
async def test_one_node_is_certain_without_a_call(rank: Rank) -> None:
    model, ranker = scripted()
    nodes = nodes_of("a", score=0.125)
    [ranked] = await rank(ranker, nodes)
    assert (ranked.node, ranked.score, nodes[0].score) == (nodes[0].node, 1.0, 0.125)
    assert model.calls == []


@each_way
async def test_nodes_with_equal_ids_are_all_kept(rank: Rank) -> None:
    nodes = [NodeWithScore(node=TextNode(text=text, id_="same")) for text in "abx"]
    ranked = await rank(judging(), nodes)
    assert scores_of(ranked) == pytest.approx({"b": 0.75, "a": 0.25, "x": 0.0})


@pytest.mark.parametrize("score", [None, -0.5, math.nan])
def test_the_retrievers_scores_do_not_matter(score: float | None) -> None:
    nodes = nodes_of(*"abc", score=score)
    assert texts_of(judging().postprocess_nodes(nodes, query_str=QUERY)) == "bac"


@for_every("query", [None, QueryBundle(""), QueryBundle(" \n")])
@for_every("texts", ["", "a", "ab"])
async def test_a_missing_query_is_refused_before_any_call(
    query: QueryBundle | None, texts: str
) -> None:
    model, ranker = scripted()
    with pytest.raises(PromptError, match="query") as caught:
        ranker.postprocess_nodes(nodes_of(*texts), query)
    with pytest.raises(PromptError, match="query"):
        await ranker.apostprocess_nodes(nodes_of(*texts), query)
    assert isinstance(caught.value, PromptError)
    assert model.calls == []


@each_way
async def test_an_unreadable_reply_is_asked_for_again(rank: Rank) -> None:
    model, ranker = scripted("Both are fine.", stating(**{"2": 0.4}))
    assert texts_of(await rank(ranker, nodes_of(*"ab"))) == "ba"
    *_, assistant, user = model.calls[1]
    assert assistant.content == "Both are fine."
    assert str(user.content).startswith("The probability is how likely this passage helps")


@each_way
async def test_a_reply_with_unknown_labels_only_is_asked_for_again(rank: Rank) -> None:
    _, ranker = scripted(stating(**{"Python is a snake": 0.4}), stating(**{"2": 0.4}))
    assert texts_of(await rank(ranker, nodes_of(*"ab"))) == "ba"


@each_way
async def test_missing_labels_are_not_asked_for_again(rank: Rank) -> None:
    model, ranker = scripted(stating(**{"2": 0.4}))
    await rank(ranker, nodes_of(*"ab"))
    assert len(model.calls) == 1


@each_way
async def test_an_unreadable_reply_is_in_the_error(rank: Rank) -> None:
    _, ranker = scripted("I cannot do that.", max_reasks=0, on_failure="raise")
    with pytest.raises(VerbalizedSamplingParserError) as caught:
        await rank(ranker, nodes_of(*"ab"))
    assert caught.value.reply == "I cannot do that."


@each_way
async def test_a_failing_model_fails_the_ranking(rank: Rank) -> None:
    with pytest.raises(ConnectionError, match="for c"):
        await rank(judging(llm=JudgeLLM(failing="c"), choice_batch_size=2), nodes_of(*"abcde"))


@each_way
async def test_what_other_batches_said_is_not_lost_when_one_fails(rank: Rank) -> None:
    ranker = judging(llm=JudgeLLM(failing="c"), choice_batch_size=2)
    with listening() as events, pytest.raises(ConnectionError):
        await rank(ranker, nodes_of(*"abcde"))
    [event] = events.of(VerbalizedSamplingEvent)
    assert event.distribution.values == ["A", "B", "E"]


@each_way
async def test_a_batch_that_cannot_be_read_keeps_its_order_unless_told_otherwise(
    rank: Rank, caplog: pytest.LogCaptureFixture
) -> None:
    ranker = judging(llm=JudgeLLM(mute="c"), choice_batch_size=2)
    with listening() as events:
        ranked = await rank(ranker, nodes_of(*"dcab"))
    assert scores_of(ranked) == pytest.approx({"b": 0.75, "a": 0.25, "d": 0.0, "c": 0.0})
    [event] = events.of(UnmentionedNodesEvent)
    assert texts_of(event.nodes) == "dc"
    [warning] = caplog.records
    assert "could not judge 2 nodes" in warning.getMessage()
    assert "I would rather not." in warning.getMessage()


class RefusedError(VSError):
    """A model's own refusal: no reply that could be read."""


@each_way
async def test_a_refusal_is_a_reply_that_cannot_be_read(rank: Rank) -> None:
    _, ranker = scripted(
        RefusedError("I must not judge"), stating(**{"1": 0.4}), choice_batch_size=1
    )
    with listening() as events:
        ranked = await rank(ranker, nodes_of(*"ab"))
    assert scores_of(ranked) == {"b": 1.0, "a": 0.0}
    assert events.of(UnmentionedNodesEvent)[0].failure == "RefusedError: I must not judge"


@each_way
async def test_a_refusal_can_fail_the_ranking(rank: Rank) -> None:
    _, ranker = scripted(RefusedError("I must not judge"), on_failure="raise")
    with pytest.raises(RefusedError):
        await rank(ranker, nodes_of(*"ab"))


@each_way
async def test_a_batch_that_failed_can_count_as_not_mentioned(rank: Rank) -> None:
    ranker = judging(llm=JudgeLLM(failing="c"), choice_batch_size=2, on_failure="retriever_order")
    nodes = nodes_of(*"dcab")
    with listening() as events:
        ranked = await rank(ranker, nodes)
    assert scores_of(ranked) == pytest.approx({"b": 0.75, "a": 0.25, "d": 0.0, "c": 0.0})
    assert texts_of(ranked) == "badc"
    [event] = events.of(UnmentionedNodesEvent)
    assert event.nodes == nodes[:2]
    assert event.failure == "ConnectionError: no connection for c"


@each_way
async def test_a_batch_that_cannot_be_read_is_reported_with_the_reply(rank: Rank) -> None:
    ranker = judging(llm=JudgeLLM(mute="a"), on_failure="retriever_order")
    with listening() as events:
        ranked = await rank(ranker, nodes_of(*"cba"))
    assert [(node.text, node.score) for node in ranked] == [("c", 0.0), ("b", 0.0), ("a", 0.0)]
    [event] = events.of(UnmentionedNodesEvent)
    assert event.reply == "I would rather not."
    assert event.failure.startswith("VerbalizedSamplingParserError: no candidate could be read")
    assert events.of(VerbalizedSamplingEvent) == []


@for_every(
    "setting",
    [
        {"top_n": 0},
        {"choice_batch_size": 0},
        {"select": "best"},
        {"select": "tail"},
        {"max_probability": 0.1},
        {"select": "tail", "max_probability": 1.5},
        {"temperature": 0.0},
        {"temperature": math.inf},
        {"method": "multi"},
        {"layout": "yaml"},
        {"instructions": " "},
        {"max_reasks": -1},
        {"on_failure": "whole_reply"},
        {"min_stated": -0.1},
        {"min_stated": 1.1},
        {"min_stated": math.nan},
        {"score": "both"},
        {"num_workers": 0},
        {"k": 3},
    ],
    ids=str,
)
def test_a_setting_that_cannot_be_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=list(setting)[-1]):
        VerbalizedSamplingPostprocessor(**setting)
