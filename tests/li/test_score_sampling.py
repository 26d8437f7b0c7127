"""`ScoreSamplingPostprocessor`: nodes drawn by the scores they have."""

from __future__ import annotations

import math
from collections import Counter
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.schema import NodeWithScore, TextNode
from pydantic import ValidationError

from llamaindex_vs import ScoreSamplingPostprocessor
from tests.every import for_every
from tests.li.judging import Rank, each_way, engine_with, texts_of

TEXTS = ("python python", "python snake", "snake code coffee", "rice")
DRAWS = 1500


def scored(*scores: float | None) -> list[NodeWithScore]:
    """Nodes named a, b, c and so on."""
    return [
        NodeWithScore(node=TextNode(text=chr(97 + at), id_=str(at)), score=score)
        for at, score in enumerate(scores)
    ]


def drawn(nodes: list[NodeWithScore], **settings: Any) -> Counter[str]:
    return Counter(
        texts_of(ScoreSamplingPostprocessor(seed=seed, **settings).postprocess_nodes(nodes))
        for seed in range(DRAWS)
    )


def chi_square(observed: Counter[str], expected: dict[str, float]) -> float:
    """Pearson's statistic for counts against probabilities."""
    assert set(observed) <= set(expected)
    return sum((observed[key] - DRAWS * p) ** 2 / (DRAWS * p) for key, p in expected.items())


async def test_a_query_engine_returns_what_was_drawn() -> None:
    engine = engine_with(ScoreSamplingPostprocessor(top_n=2, seed=1), *TEXTS)
    response = engine.query("python snake")
    assert len(response.source_nodes) == 2
    assert {node.text for node in response.source_nodes} <= set(TEXTS)
    assert (await engine.aquery("python snake")).source_nodes == response.source_nodes


def test_the_same_query_need_not_find_the_same_nodes() -> None:
    engine = engine_with(ScoreSamplingPostprocessor(top_n=1), *TEXTS)
    found = {engine.query("python snake code").source_nodes[0].text for _ in range(60)}
    assert len(found) > 1


def test_first_draws_have_the_probabilities_of_the_scores() -> None:
    # 13.82 is the 99.9 % quantile of chi-square with 2 degrees of freedom; the seeds are fixed.
    observed = drawn(scored(5.0, 3.0, 2.0), top_n=1)
    assert chi_square(observed, {"a": 0.5, "b": 0.3, "c": 0.2}) < 13.82


def test_pairs_have_the_probabilities_of_successive_draws_without_replacement() -> None:
    shares = {"a": 0.5, "b": 0.3, "c": 0.2}
    expected = {x + y: shares[x] * shares[y] / (1 - shares[x]) for x, y in permutations("abc", 2)}
    # 20.52 is the 99.9 % quantile of chi-square with 5 degrees of freedom.
    assert chi_square(drawn(scored(5.0, 3.0, 2.0), top_n=2), expected) < 20.52


def test_temperature_raises_weights_to_a_power() -> None:
    observed = drawn(scored(2.0, 1.0), top_n=1, temperature=0.5)
    # 10.83 is the 99.9 % quantile of chi-square with 1 degree of freedom.
    assert chi_square(observed, {"a": 0.8, "b": 0.2}) < 10.83


def test_a_uniform_draw_ignores_the_scores() -> None:
    observed = drawn(scored(0.9, 0.1, 0.0), top_n=1, uniform=True)
    assert chi_square(observed, dict.fromkeys("abc", 1 / 3)) < 13.82


def test_negative_scores_are_moved_up_until_the_lowest_is_0() -> None:
    observed = drawn(scored(-1.0, -2.0, -4.0), top_n=1)
    assert chi_square(observed, {"a": 0.6, "b": 0.4}) < 10.83


@for_every("unusable", [None, math.nan, math.inf, -math.inf])
def test_a_score_that_is_no_number_gets_the_mean_weight(unusable: float | None) -> None:
    observed = drawn(scored(3.0, unusable, 1.0), top_n=1)
    assert chi_square(observed, {"a": 0.5, "b": 1 / 3, "c": 1 / 6}) < 13.82


@for_every("scores", [(None, None), (0.0, 0.0), (-3.0, -3.0), (math.nan, None)])
def test_without_any_weight_all_count_alike(scores: tuple[float | None, ...]) -> None:
    assert chi_square(drawn(scored(*scores), top_n=1), {"a": 0.5, "b": 0.5}) < 10.83


def test_nodes_of_weight_0_come_last() -> None:
    for seed in range(20):
        draw = ScoreSamplingPostprocessor(top_n=None, seed=seed)
        assert texts_of(draw.postprocess_nodes(scored(0.0, 0.2, 0.0, 0.1)))[2:] == "ac"


def test_top_sorts_by_score() -> None:
    top = ScoreSamplingPostprocessor(select="top", top_n=2)
    assert texts_of(top.postprocess_nodes(scored(0.1, -0.5, 0.7, 0.3))) == "cd"


def test_the_tail_has_the_small_shares_first() -> None:
    tail = ScoreSamplingPostprocessor(select="tail", max_probability=0.25, top_n=None)
    assert texts_of(tail.postprocess_nodes(scored(5.0, 1.0, 2.0, 3.0))) == "cbda"


@each_way
async def test_scores_and_nodes_stay_as_they_were(rank: Rank) -> None:
    nodes = scored(0.7, None, -0.5)
    before = [node.model_dump_json() for node in nodes]
    returned = await rank(ScoreSamplingPostprocessor(seed=1), nodes)
    assert [node.model_dump_json() for node in nodes] == before
    assert not {id(node) for node in nodes} & {id(node) for node in returned}
    assert {node.text: node.score for node in returned} == {"a": 0.7, "b": None, "c": -0.5}


@each_way
async def test_no_nodes_are_fine(rank: Rank) -> None:
    assert await rank(ScoreSamplingPostprocessor(), []) == []


def test_one_node_is_returned_whatever_its_score() -> None:
    for score in (None, 0.0, -1.0, math.nan):
        assert texts_of(ScoreSamplingPostprocessor().postprocess_nodes(scored(score))) == "a"


def test_nodes_with_equal_ids_are_all_kept() -> None:
    nodes = [NodeWithScore(node=TextNode(text=text, id_="same"), score=0.5) for text in "abc"]
    assert sorted(texts_of(ScoreSamplingPostprocessor().postprocess_nodes(nodes))) == list("abc")


def test_no_query_is_needed() -> None:
    assert len(ScoreSamplingPostprocessor(top_n=1).postprocess_nodes(scored(0.5, 0.2))) == 1


@given(
    scores=st.lists(st.one_of(st.none(), st.floats()), max_size=12),
    select=st.sampled_from(["top", "sample", "tail"]),
    temperature=st.floats(1e-3, 1e3),
    top_n=st.integers(1, 20),
)
def test_whatever_the_scores_no_node_is_lost_or_doubled(
    scores: list[float | None], select: Any, temperature: float, top_n: int
) -> None:
    settings: dict[str, Any] = {
        "select": select,
        "max_probability": 0.2 if select == "tail" else None,
        "temperature": temperature,
        "seed": 7,
    }
    whole = ScoreSamplingPostprocessor(top_n=None, **settings).postprocess_nodes(scored(*scores))
    assert sorted(texts_of(whole)) == sorted(texts_of(scored(*scores)))
    cut = ScoreSamplingPostprocessor(top_n=top_n, **settings).postprocess_nodes(scored(*scores))
    assert texts_of(cut) == texts_of(whole)[:top_n]


@for_every(
    "setting",
    [
        {"top_n": 0},
        {"temperature": -1.0},
        {"select": "first"},
        {"select": "tail"},
        {"max_probability": 0.1},
        {"llm": None},
    ],
    ids=str,
)
def test_a_setting_that_cannot_be_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(setting))):
        ScoreSamplingPostprocessor(**setting)


def test_settings_survive_a_dump() -> None:
    draw = ScoreSamplingPostprocessor(top_n=3, seed=5, temperature=0.5)
    assert draw.to_dict()["class_name"] == "ScoreSamplingPostprocessor"
    again = ScoreSamplingPostprocessor.from_dict(draw.to_dict())
    nodes = scored(0.5, 0.4, 0.3, 0.2, 0.1)
    assert again.postprocess_nodes(nodes) == draw.postprocess_nodes(nodes)
