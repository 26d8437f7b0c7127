"""Rankings of several queries, fused into one."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vs_core.adapters.retrieval import Finding, FusedItem, FusionMode, default_weighting
from vs_core.adapters.retrieval import fuse as fuse_found

MODES: tuple[FusionMode, ...] = get_args(FusionMode)
each_scoring_mode = pytest.mark.parametrize("mode", ["relative_score", "reciprocal_rerank"])


class Ranking(NamedTuple):
    """What one query found: keys and scores."""

    items: Sequence[tuple[Hashable, float | None]]
    weight: float = 1.0


keys = st.integers(0, 12)
scores = st.one_of(st.none(), st.floats(), st.floats(0, 1))
weights = st.one_of(st.just(1.0), st.floats(0, 1), st.floats(0, 1e308))
rankings = st.lists(
    st.builds(Ranking, items=st.lists(st.tuples(keys, scores), max_size=10), weight=weights),
    max_size=6,
)
shares = st.lists(st.floats(0.01, 1.0), min_size=2, max_size=7)


def fuse(found: list[Ranking], mode: FusionMode = "interleave") -> list[FusedItem[Any]]:
    return fuse_found(
        [ranking.items for ranking in found],
        mode,
        weights=[ranking.weight for ranking in found],
        key=itemgetter(0),
        score=itemgetter(1),
    )


def ranked(*found: Hashable, weight: float = 1.0) -> Ranking:
    """A ranking without scores."""
    return Ranking(items=tuple((key, None) for key in found), weight=weight)


def scored(weight: float = 1.0, /, **found: float | None) -> Ranking:
    """A ranking with scores."""
    return Ranking(items=tuple(found.items()), weight=weight)


def keys_of(fused: list[FusedItem[Any]]) -> list[Any]:
    return [item.item[0] for item in fused]


def scores_of(fused: list[FusedItem[Any]]) -> dict[Any, float]:
    return {item.item[0]: item.score for item in fused}


def apart(weights: list[float], length: int) -> list[Ranking]:
    """Rankings that have no item in common."""
    return [
        ranked(*((query, place) for place in range(length)), weight=weight)
        for query, weight in enumerate(weights)
    ]


Fused = list[FusedItem[Any]]


def assert_each_item_appears_once(fused: Fused, found: list[Ranking], mode: FusionMode) -> None:
    assert len(keys_of(fused)) == len(set(keys_of(fused))), mode
    assert set(keys_of(fused)) == {key for ranking in found for key, _ in ranking.items}, mode


def assert_an_item_says_who_found_it(fused: Fused, found: list[Ranking], mode: FusionMode) -> None:
    for item in fused:
        by_hand = []
        for query, ranking in enumerate(found):
            places = [place for place, (key, _) in enumerate(ranking.items) if key == item.item[0]]
            if places:
                score = ranking.items[places[0]][1]
                by_hand.append(Finding(query=query, rank=places[0] + 1, score=score))
        assert repr(item.findings) == repr(tuple(by_hand)), mode  # NaN is unequal to itself


def assert_scores_are_finite_and_fall(fused: Fused, mode: FusionMode) -> None:
    along = [item.score for item in fused]
    assert all(map(math.isfinite, along)), mode
    assert along == sorted(along, reverse=True), mode


def assert_ties_follow_the_best_rank_and_then_the_query(fused: Fused, mode: FusionMode) -> None:
    order = [
        (-item.score, min((finding.rank, finding.query) for finding in item.findings))
        for item in fused
    ]
    assert order == sorted(order), mode


@given(found=rankings)
def test_each_item_appears_once_with_who_found_it_in_the_order_of_scores_ranks_and_queries(
    found: list[Ranking],
) -> None:
    for mode in MODES:
        fused = fuse(found, mode)
        assert_each_item_appears_once(fused, found, mode)
        assert_an_item_says_who_found_it(fused, found, mode)
        assert_scores_are_finite_and_fall(fused, mode)
        assert_ties_follow_the_best_rank_and_then_the_query(fused, mode)
        if mode == "relative_score":
            assert all(0 <= item.score <= 1 + 1e-12 for item in fused)


@given(items=st.lists(st.tuples(st.integers(), scores), unique_by=lambda item: item[0]))
def test_a_single_ranking_keeps_its_order(items: list[tuple[int, float | None]]) -> None:
    for mode in MODES:
        fused = fuse([Ranking(items=tuple(items), weight=0.3)], mode)
        assert keys_of(fused) == [k for k, _ in items], mode


@given(found=rankings, power=st.integers(-20, 20))
def test_only_the_ratios_of_weights_matter(found: list[Ranking], power: int) -> None:
    assume(all(ranking.weight == 0.0 or 1e-200 < ranking.weight < 1e200 for ranking in found))
    scaled = [r._replace(weight=r.weight * 2.0**power) for r in found]
    for mode in MODES:
        assert repr(fuse(scaled, mode)) == repr(fuse(found, mode)), mode


def test_queries_without_any_weight_count_alike() -> None:
    silent = [ranked("a", "b", weight=0.0), ranked("c", "d", weight=0.0)]
    alike = [ranked("a", "b"), ranked("c", "d")]
    for mode in MODES:
        assert fuse(silent, mode) == fuse(alike, mode), mode


def test_nothing_found_gives_nothing() -> None:
    assert {mode: fuse([ranked(), ranked()], mode) for mode in MODES} == {m: [] for m in MODES}


def test_none_is_a_key_like_others() -> None:
    for mode in MODES:
        assert keys_of(fuse([ranked(None, "a")], mode)) == [None, "a"], mode


def test_equal_weights_take_turns_in_order() -> None:
    assert keys_of(fuse([ranked("a", "b"), ranked("c", "d"), ranked("e")])) == [
        "a",
        "c",
        "e",
        "b",
        "d",
    ]


def test_in_its_turn_a_query_gives_its_best_item_that_is_not_there_yet() -> None:
    assert keys_of(fuse([ranked("a", "b"), ranked("a", "b", "c")])) == ["a", "b", "c"]


def test_a_query_waits_for_its_second_turn_until_those_a_third_as_heavy_have_had_one() -> None:
    found = [ranked("a", "b", "c", weight=3.0), ranked("d", weight=1.0), ranked("e", weight=1.0)]
    assert keys_of(fuse(found)) == ["a", "d", "e", "b", "c"]


def test_a_query_without_weight_comes_last() -> None:
    assert keys_of(fuse([ranked("a", "b", weight=0.0), ranked("c", "d")])) == ["c", "d", "a", "b"]


def test_an_interleaved_score_tells_the_place() -> None:
    assert [item.score for item in fuse([ranked("a", "b", "c", "d")])] == [1, 1 / 2, 1 / 3, 1 / 4]


@given(weights=shares, cut=st.integers(1, 40))
def test_interleaving_gives_every_query_its_quota_at_any_cut(
    weights: list[float], cut: int
) -> None:
    first = keys_of(fuse(apart(weights, cut)))[:cut]
    for query, weight in enumerate(weights):
        share, had = weight / sum(weights), sum(key[0] == query for key in first)
        assert had >= cut * share - 0.5 - share * (len(weights) - 2) / 2 - 1e-9


@given(queries=st.integers(1, 7), cut=st.integers(1, 40))
def test_with_equal_weights_no_query_is_two_turns_ahead(queries: int, cut: int) -> None:
    first = keys_of(fuse(apart([0.1] * queries, cut)))[:cut]
    had = [sum(key[0] == query for key in first) for query in range(queries)]
    assert max(had) - min(had) <= 1


@given(weights=shares, factor=st.floats(1.5, 100))
def test_more_weight_never_moves_a_query_back_in_the_turns(
    weights: list[float], factor: float
) -> None:
    before = keys_of(fuse(apart(weights, 8)))
    after = keys_of(fuse(apart([weights[0] * factor, *weights[1:]], 8)))
    for place in range(8):
        assert after.index((0, place)) <= before.index((0, place))


@each_scoring_mode
@given(
    found=st.lists(
        st.lists(st.tuples(keys, st.floats(0, 1)), max_size=8, unique_by=lambda item: item[0]),
        min_size=2,
        max_size=5,
    ),
    weights=st.lists(st.floats(0.01, 1.0), min_size=5, max_size=5),
    factor=st.floats(1.5, 100),
)
def test_more_weight_never_moves_what_a_query_found_behind_what_it_did_not(
    mode: FusionMode,
    found: list[list[tuple[int, float]]],
    weights: list[float],
    factor: float,
) -> None:
    before_weights, after_weights = weights, [weights[0] * factor, *weights[1:]]
    before, after = (
        scores_of(fuse([Ranking(items=i, weight=w) for i, w in zip(found, ws, strict=False)], mode))
        for ws in (before_weights, after_weights)
    )
    theirs = {key for key, _ in found[0]}
    for key in theirs:
        for other in before.keys() - theirs:
            assert before[key] < before[other] or after[key] >= after[other] - 1e-12


def test_relative_scores_run_from_1_to_0_in_each_ranking() -> None:
    assert scores_of(fuse([scored(a=0.9, b=0.8, c=0.7)], "relative_score")) == pytest.approx(
        {"a": 1.0, "b": 0.5, "c": 0.0}
    )


def test_relative_scores_add_up_by_weight() -> None:
    found = [scored(3.0, a=0.9, b=0.5), scored(1.0, b=20.0, c=10.0)]
    assert scores_of(fuse(found, "relative_score")) == {"a": 0.75, "b": 0.25, "c": 0.0}


def test_equal_scores_are_all_best() -> None:
    assert scores_of(fuse([scored(a=0.4, b=0.4)], "relative_score")) == {"a": 1.0, "b": 1.0}


@pytest.mark.parametrize(
    "found",
    [
        scored(a=0.9, b=None, c=0.1),
        scored(a=None, b=None, c=None),
        scored(a=0.9, b=math.nan, c=0.1),
        scored(a=math.inf, b=0.5, c=0.1),
        scored(a=0.1, b=0.2, c=0.9),  # distances
        scored(a=0.9, b=0.1, c=0.2),  # an order made by something else
    ],
)
def test_ranks_stand_in_for_scores_that_cannot_be_used(found: Ranking) -> None:
    assert scores_of(fuse([found], "relative_score")) == {"a": 1.0, "b": 0.5, "c": 0.0}


def test_a_difference_of_very_large_scores_is_no_problem() -> None:
    found = scored(a=1.7e308, b=0.0, c=-1.7e308)
    assert scores_of(fuse([found], "relative_score")) == {"a": 1.0, "b": 0.5, "c": 0.0}


@pytest.mark.parametrize("silent", [0, 7, 48])
def test_reciprocal_ranks_are_those_of_the_paper(silent: int) -> None:
    found = [ranked("a", "b"), ranked("b", "c"), *[ranked()] * silent]
    assert scores_of(fuse(found, "reciprocal_rerank")) == {
        "b": math.fsum([1 / 62, 1 / 61]),
        "a": 1 / 61,
        "c": 1 / 62,
    }


def test_reciprocal_ranks_can_be_weighted() -> None:
    found = [ranked("a", weight=3.0), ranked("b", weight=1.0)]
    assert scores_of(fuse(found, "reciprocal_rerank")) == {"a": 1.5 / 61, "b": 0.5 / 61}


@pytest.mark.parametrize(
    ("mode", "weighting"),
    [
        ("interleave", "probability"),
        ("relative_score", "probability"),
        ("reciprocal_rerank", "equal"),
    ],
)
def test_ranks_alone_are_not_weighted_unless_asked(mode: FusionMode, weighting: str) -> None:
    assert default_weighting(mode) == weighting


@pytest.mark.parametrize("weight", [-0.1, math.nan, math.inf])
def test_an_impossible_weight_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weights"):
        fuse([ranked("a", weight=weight)])


def test_each_query_needs_a_weight() -> None:
    with pytest.raises(ValueError, match="for 2 queries"):
        fuse_found([["a"], ["b"]], weights=[1.0])


def test_of_equal_items_the_first_that_was_found_stands_for_all() -> None:
    fused = fuse_found([["Cobra", "Python"], ["python"]], "reciprocal_rerank", key=str.lower)
    assert [item.item for item in fused] == ["Python", "Cobra"]


def test_equal_items_are_one_without_a_key_and_scores_are_unknown() -> None:
    for mode in MODES:
        [item] = fuse_found([["a"], ["a"]], mode)
        assert [finding.score for finding in item.findings] == [None, None], mode
