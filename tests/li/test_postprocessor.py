"""`VerbalizedSamplingPostprocessor`: how it ranks."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import QueryBundle

from llamaindex_vs import (
    VerbalizedSamplingPostprocessor,
)
from tests.li.judging import (
    ODDS,
    QUERY,
    JudgeLLM,
    Rank,
    each_way,
    engine_with,
    judging,
    nodes_of,
    scores_of,
    scripted,
    stating,
    texts_of,
)
from tests.li.libraries import Crowd
from tests.li.models import ScriptedLLM

TEXTS = ("python snakes", "python {code}", "Monty Python", "coffee")


def test_a_query_engine_gives_the_nodes_by_probability() -> None:
    odds = dict(zip(TEXTS, (0.1, 0.5, 0.2, 0.0), strict=True))
    response = engine_with(judging(llm=JudgeLLM(odds=odds), top_n=2), *TEXTS).query(QUERY)
    assert [node.text for node in response.source_nodes] == ["python {code}", "Monty Python"]
    assert [node.score for node in response.source_nodes] == pytest.approx([0.625, 0.25])


async def test_an_async_query_engine_gives_the_same() -> None:
    odds = dict(zip(TEXTS, (0.1, 0.5, 0.2, 0.0), strict=True))
    engine = engine_with(judging(llm=JudgeLLM(odds=odds), top_n=3), *TEXTS)
    sync, later = engine.query(QUERY), await engine.aquery(QUERY)
    assert later.source_nodes == sync.source_nodes


async def test_the_event_loop_is_free_while_the_model_thinks() -> None:
    heard = asyncio.Event()

    class WaitingLLM(JudgeLLM):
        async def achat(self, *args: Any, **kwargs: Any) -> Any:
            await asyncio.wait_for(heard.wait(), timeout=5)
            return await super().achat(*args, **kwargs)

        def chat(self, *args: Any, **kwargs: Any) -> Any:
            raise AssertionError("this call would block the event loop")

    async def speak() -> None:
        await asyncio.sleep(0)
        heard.set()

    engine = engine_with(judging(llm=WaitingLLM(odds=dict.fromkeys(TEXTS, 0.5))), *TEXTS)
    response, _ = await asyncio.gather(engine.aquery(QUERY), speak())
    assert len(response.source_nodes) == len(TEXTS)


async def test_concurrent_queries_do_not_mix() -> None:
    def ranker(best: str) -> BaseNodePostprocessor:
        return judging(llm=JudgeLLM(odds={best: 0.9, "a": 0.1}), top_n=1)

    ranked = await asyncio.gather(
        *(ranker(best).apostprocess_nodes(nodes_of(*"abc"), QueryBundle(QUERY)) for best in "bcbc")
    )
    assert [texts_of(nodes) for nodes in ranked] == list("bcbc")


@each_way
async def test_the_score_is_the_probability_normalised_over_all(rank: Rank) -> None:
    ranked = await rank(judging(), nodes_of(*"abcde"))
    assert texts_of(ranked) == "baecd"
    assert scores_of(ranked) == pytest.approx(ODDS)


@each_way
async def test_batches_are_pooled_on_the_stated_numbers(rank: Rank) -> None:
    whole = await rank(judging(), nodes_of(*"abcde"))
    for size in (1, 2, 3, 4):
        assert await rank(judging(choice_batch_size=size), nodes_of(*"abcde")) == whole


@each_way
async def test_percentages_in_one_batch_are_none_in_another(rank: Rank) -> None:
    _, ranker = scripted(
        stating(**{"1": 30, "2": 60}), stating(**{"1": 0.9, "2": 0.2}), choice_batch_size=2
    )
    ranked = await rank(ranker, nodes_of(*"abcd"))
    assert scores_of(ranked) == pytest.approx({"c": 0.45, "b": 0.3, "a": 0.15, "d": 0.1})


@each_way
async def test_batches_are_asked_at_once(rank: Rank) -> None:
    crowd = Crowd(expected=3)
    ranker = judging(llm=JudgeLLM(crowd=crowd), choice_batch_size=1, num_workers=3)
    await rank(ranker, nodes_of(*"abcde"))
    assert crowd.most == 3


@each_way
async def test_one_worker_asks_one_batch_after_the_other(rank: Rank) -> None:
    crowd = Crowd()
    ranker = judging(llm=JudgeLLM(crowd=crowd), choice_batch_size=1, num_workers=1)
    await rank(ranker, nodes_of(*"abcde"))
    assert crowd.most == 1


@each_way
async def test_nodes_that_were_not_mentioned_come_last_with_probability_0(rank: Rank) -> None:
    _, ranker = scripted(stating(**{"4": 0.2, "2": 0.2, "3": 0.0}))
    ranked = await rank(ranker, nodes_of(*"abcde"))
    assert texts_of(ranked) == "bdcae"
    assert scores_of(ranked) == pytest.approx({"b": 0.5, "d": 0.5, "c": 0.0, "a": 0.0, "e": 0.0})


def test_a_label_without_a_number_gets_the_mean_of_the_others() -> None:
    _, ranker = scripted(stating(**{"1": 0.3, "2": "high", "3": 0.1}))
    ranked = ranker.postprocess_nodes(nodes_of(*"abc"), query_str=QUERY)
    assert scores_of(ranked) == pytest.approx({"a": 0.5, "b": 1 / 3, "c": 1 / 6})


def test_if_nothing_helps_all_that_were_mentioned_are_equal() -> None:
    _, ranker = scripted(stating(**{"3": 0, "1": 0}))
    ranked = ranker.postprocess_nodes(nodes_of(*"abc"), query_str=QUERY)
    assert [(node.text, node.score) for node in ranked] == [("a", 0.5), ("c", 0.5), ("b", 0.0)]


@each_way
async def test_input_nodes_stay_as_they_were(rank: Rank) -> None:
    nodes = nodes_of(*"abx", score=0.125)
    before = [node.model_dump_json() for node in nodes]
    ranked = await rank(judging(), nodes)
    assert [node.model_dump_json() for node in nodes] == before
    assert not {id(node) for node in nodes} & {id(node) for node in ranked}
    assert {id(node.node) for node in nodes} == {id(node.node) for node in ranked}


def test_the_tail_comes_first_and_what_was_not_mentioned_last() -> None:
    ranker = judging(select="tail", max_probability=0.15, top_n=None)
    ranked = ranker.postprocess_nodes(nodes_of(*"xabcde"), query_str=QUERY)
    assert texts_of(ranked) == "cdeabx"


def test_a_drawn_order_is_the_same_under_a_seed() -> None:
    orders = {
        texts_of(
            judging(select="sample", seed=3).postprocess_nodes(nodes_of(*"abce"), query_str=QUERY)
        )
        for _ in range(5)
    }
    assert len(orders) == 1


def test_another_seed_draws_another_order() -> None:
    orders = {
        texts_of(
            judging(select="sample", seed=seed).postprocess_nodes(nodes_of(*"abce"), query_str="q")
        )
        for seed in range(20)
    }
    assert len(orders) > 5


def test_drawn_pairs_have_the_probabilities_of_successive_draws() -> None:
    odds = {"a": 0.5, "b": 0.3, "c": 0.2}
    ranker, draws = judging(llm=JudgeLLM(odds=odds), select="sample", top_n=2), 500
    drawn: Counter[str] = Counter()
    for seed in range(draws):
        ranker.seed = seed
        drawn[texts_of(ranker.postprocess_nodes(nodes_of(*"abc"), query_str=QUERY))] += 1
    expected = {
        first + second: odds[first] * odds[second] / (1 - odds[first])
        for first, second in permutations(odds, 2)
    }
    statistic = sum((drawn[p] - draws * e) ** 2 / (draws * e) for p, e in expected.items())
    # 20.52 is the 99.9 % quantile of chi-square with 5 degrees of freedom; the seeds are fixed.
    assert statistic < 20.52


def test_drawn_nodes_are_filled_up_with_those_of_probability_0() -> None:
    ranker = judging(select="sample", top_n=None, seed=1)
    ranked = ranker.postprocess_nodes(nodes_of(*"ydxba"), query_str=QUERY)
    assert sorted(texts_of(ranked)[:2]) == ["a", "b"]
    assert texts_of(ranked)[2:] == "dyx"


@settings(max_examples=30)
@given(
    stated=st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=2, max_size=12),
    size=st.integers(1, 5),
    select=st.sampled_from(["top", "sample", "tail"]),
    top_n=st.one_of(st.none(), st.integers(1, 20)),
)
def test_no_node_is_lost_and_probabilities_sum_to_1(
    stated: list[float | None], size: int, select: Any, top_n: int | None
) -> None:
    texts = [f"text {position}" for position in range(len(stated))]
    odds = {text: number for text, number in zip(texts, stated, strict=True) if number is not None}
    ranker = judging(
        llm=JudgeLLM(odds=odds),
        choice_batch_size=size,
        select=select,
        max_probability=0.3 if select == "tail" else None,
        top_n=None,
        on_failure="retriever_order",
        num_workers=1,
        max_reasks=0,
        seed=1,
    )
    ranked = ranker.postprocess_nodes(nodes_of(*texts), query_str=QUERY)
    assert sorted(node.text for node in ranked) == sorted(texts)
    assert math.fsum(node.score or 0.0 for node in ranked) == pytest.approx(1.0 if odds else 0.0)
    last = [node.text for node in ranked][len(odds) :]
    assert last == [text for text in texts if text not in odds]
    ranker.top_n = top_n
    assert ranker.postprocess_nodes(nodes_of(*texts), query_str=QUERY) == ranked[:top_n]


def test_what_the_model_is_told_is_in_no_dump_and_no_repr() -> None:
    ranker = judging(llm=ScriptedLLM(script=[], system_prompt="sk-secret"))
    assert "sk-secret" not in f"{ranker!r} {ranker} {ranker.to_dict()} {ranker.model_dump()}"


def test_settings_survive_a_dump() -> None:
    ranker = judging(select="tail", max_probability=0.2, top_n=None, layout="json")
    again = VerbalizedSamplingPostprocessor.from_dict(ranker.to_dict(), llm=ranker.llm)
    assert again.to_dict() == ranker.to_dict()
    assert ranker.to_dict()["class_name"] == "VerbalizedSamplingPostprocessor"
