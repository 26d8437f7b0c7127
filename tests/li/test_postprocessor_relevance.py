"""`VerbalizedSamplingPostprocessor`: what is dropped by the numbers as stated, and what is kept."""

from __future__ import annotations

from typing import Any

import pytest
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.schema import NodeWithScore, TextNode

from llamaindex_vs import UnmentionedNodesEvent, VerbalizedSamplingEvent
from tests.every import for_every
from tests.li.judging import (
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

ESPRESSO = "Espresso is brewed under pressure."


@each_way
async def test_nodes_stated_below_the_minimum_are_dropped(rank: Rank) -> None:
    ranked = await rank(judging(min_stated=0.15), nodes_of(*"abcde"))
    assert texts_of(ranked) == "bae"
    assert scores_of(ranked) == pytest.approx({"b": 12 / 19, "a": 4 / 19, "e": 3 / 19})


@each_way
async def test_the_minimum_holds_across_batches(rank: Rank) -> None:
    ranked = await rank(judging(min_stated=0.15, choice_batch_size=2), nodes_of(*"abcde"))
    assert texts_of(ranked) == "bae"


@each_way
async def test_all_nodes_may_be_dropped(rank: Rank) -> None:
    with listening() as events:
        assert await rank(judging(min_stated=0.7), nodes_of(*"abc")) == []
    [event] = events.of(VerbalizedSamplingEvent)
    assert [judged.stated for judged in event.distribution] == [0.2, 0.6, 0.05]
    assert event.distribution.trace.notes == ("min_stated=0.7: 3 of 3 were dropped",)


@each_way
@for_every(("stated", "kept"), [(0.02, ""), (0.2, "a")])
async def test_a_lone_node_is_judged_where_there_is_a_minimum(
    rank: Rank, stated: float, kept: str
) -> None:
    _, ranker = scripted(stating(**{"1": stated}), min_stated=0.2)
    assert texts_of(await rank(ranker, nodes_of("a"))) == kept


@each_way
async def test_nodes_left_out_or_without_a_readable_number_fall_short_of_any_minimum(
    rank: Rank,
) -> None:
    _, ranker = scripted(stating(**{"1": 0.4, "2": "high"}), min_stated=0.0)
    with listening() as events:
        assert texts_of(await rank(ranker, nodes_of(*"abc"))) == "a"
    [event] = events.of(UnmentionedNodesEvent)
    assert texts_of(event.nodes) == "c"


@each_way
async def test_nodes_that_nobody_judged_are_kept_whatever_the_minimum(rank: Rank) -> None:
    ranker = judging(llm=JudgeLLM(mute="c"), choice_batch_size=2, min_stated=0.5)
    assert texts_of(await rank(ranker, nodes_of(*"abcd"))) == "bcd"


@pytest.mark.parametrize(
    ("selection", "kept"),
    [
        ({"select": "sample", "seed": 1}, "abe"),
        ({"select": "tail", "max_probability": 0.5}, "abe"),
        ({"top_n": 2}, "ab"),
    ],
    ids=str,
)
def test_the_minimum_goes_before_the_selection(selection: dict[str, Any], kept: str) -> None:
    ranked = judging(min_stated=0.1, **selection).postprocess_nodes(
        nodes_of(*"abcde"), query_str="?"
    )
    assert sorted(texts_of(ranked)) == sorted(kept)


@each_way
async def test_the_score_can_be_the_number_as_stated(rank: Rank) -> None:
    ranked = await rank(judging(score="stated"), nodes_of(*"abcx"))
    assert scores_of(ranked) == {"b": 0.6, "a": 0.2, "c": 0.05, "x": None}
    assert (
        texts_of(SimilarityPostprocessor(similarity_cutoff=0.1).postprocess_nodes(ranked)) == "ba"
    )


@each_way
async def test_a_lone_node_is_judged_where_the_stated_number_is_its_score(rank: Rank) -> None:
    assert scores_of(await rank(judging(score="stated"), nodes_of("c"))) == {"c": 0.05}


@each_way
async def test_a_node_is_known_by_its_words_with_and_without_its_metadata(rank: Rank) -> None:
    nodes = [
        NodeWithScore(node=TextNode(text=text, metadata={"file": "coffee.txt"}))
        for text in (ESPRESSO, "Paris is in France.", "3 ways to brew coffee")
    ]
    reply = stating(**{nodes[2].node.get_content(): 0.9, ESPRESSO: 0.3})
    _, ranker = scripted(reply)
    quoted = stating(
        **{"file: coffee.txt\n\n3 ways to brew coffee": 0.9, "Espresso is brewed\u2026": 0.3}
    )
    _, other = scripted(quoted)
    expected = pytest.approx(
        {"3 ways to brew coffee": 0.75, ESPRESSO: 0.25, "Paris is in France.": 0}
    )
    assert scores_of(await rank(ranker, nodes)) == expected
    assert scores_of(await rank(other, nodes)) == expected


def test_neither_the_nodes_nor_what_a_model_reads_of_them_change() -> None:
    nodes = nodes_of(*"ab")
    hashes = [node.node.hash for node in nodes]
    for ranked in judging(min_stated=0.1, score="stated").postprocess_nodes(nodes, query_str="?"):
        assert ranked.node in [node.node for node in nodes]
        assert ranked.node.metadata == {}
    assert [node.node.hash for node in nodes] == hashes
