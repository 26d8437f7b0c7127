"""The queries of an expanded search, and their weights."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from tests.core.distributions import distributions, stating
from vs_core import PromptError, VerbalizedDistribution
from vs_core.adapters.retrieval import (
    ORIGINAL_WEIGHT,
    WeightedQuery,
    require_query,
    weighted_queries,
)

REWRITES = stating(snake=0.6, code=0.2)


def weights_of(queries: tuple[WeightedQuery, ...]) -> dict[str, float]:
    return {query.text: query.weight for query in queries}


def texts_of(queries: tuple[WeightedQuery, ...]) -> list[str]:
    return [query.text for query in queries]


def test_the_original_counts_as_much_as_the_mean_rewrite() -> None:
    assert ORIGINAL_WEIGHT == 1.0
    assert weights_of(weighted_queries("python", REWRITES)) == pytest.approx(
        {"python": 1 / 3, "snake": 0.5, "code": 1 / 6}
    )


def test_the_originals_weight_is_in_units_of_the_mean_rewrite() -> None:
    queries = weighted_queries("python", REWRITES, original_weight=2.0)
    assert weights_of(queries) == pytest.approx({"python": 0.5, "snake": 0.375, "code": 0.125})


def test_an_original_without_weight_is_still_searched_for() -> None:
    queries = weighted_queries("python", REWRITES, original_weight=0.0)
    assert weights_of(queries) == pytest.approx({"python": 0.0, "snake": 0.75, "code": 0.25})


def test_rewrites_can_count_alike() -> None:
    queries = weighted_queries("python", REWRITES, original_weight=2.0, weighting="equal")
    assert weights_of(queries) == pytest.approx({"python": 0.5, "snake": 0.25, "code": 0.25})


def test_a_rewrite_keeps_the_probability_that_the_model_gave_it() -> None:
    queries = weighted_queries("python", REWRITES)
    assert [query.probability for query in queries] == [None, pytest.approx(0.75), 0.25]


def test_the_original_may_be_left_out() -> None:
    queries = weighted_queries("python", REWRITES, include_original=False)
    assert weights_of(queries) == pytest.approx({"snake": 0.75, "code": 0.25})


@pytest.mark.parametrize("include_original", [True, False])
def test_without_rewrites_the_original_is_all_there_is(include_original: bool) -> None:  # noqa: FBT001
    nothing: VerbalizedDistribution[Any] = VerbalizedDistribution()
    queries = weighted_queries("python", nothing, include_original=include_original)
    assert queries == (WeightedQuery("python", weight=1.0),)


def test_the_original_once_more_is_the_same_query() -> None:
    rewrites = stating(**{" PYTHON  snakes": 0.5, "code": 0.5})
    same, code = weighted_queries("Python snakes", rewrites)
    assert (same.text, same.probability, code.text) == ("Python snakes", 0.5, "code")
    assert (same.weight, code.weight) == pytest.approx((2 / 3, 1 / 3))


def test_alike_the_original_once_more_counts_once() -> None:
    queries = weighted_queries("code", REWRITES, weighting="equal")
    assert weights_of(queries) == {"code": 0.5, "snake": 0.5}


def test_rewrites_that_differ_in_case_and_space_only_are_one() -> None:
    rewrites = stating(**{"a snake": 0.25, "code": 0.5, "A  Snake ": 0.25})
    assert weights_of(weighted_queries("python", rewrites)) == pytest.approx(
        {"python": 1 / 3, "a snake": 1 / 3, "code": 1 / 3}
    )


def test_blank_rewrites_are_left_out() -> None:
    assert texts_of(weighted_queries("python", stating(**{" ": 0.5, "code": 0.5}))) == [
        "python",
        "code",
    ]


@pytest.mark.parametrize(
    ("num_queries", "include_original", "expected"),
    [
        (1, True, ["python"]),
        (2, True, ["python", "snake"]),
        (2, False, ["snake", "code"]),
        (1, False, ["snake"]),
        (9, True, ["python", "snake", "code"]),
    ],
)
def test_surplus_rewrites_are_cut_from_the_end(
    num_queries: int,
    include_original: bool,  # noqa: FBT001
    expected: list[str],
) -> None:
    queries = weighted_queries(
        "python", REWRITES, num_queries=num_queries, include_original=include_original
    )
    assert texts_of(queries) == expected


@given(rewrites=distributions)
def test_weights_sum_to_1(rewrites: VerbalizedDistribution[str]) -> None:
    assert sum(q.weight for q in weighted_queries("original", rewrites)) == pytest.approx(1.0)


@given(rewrites=distributions)
def test_the_original_has_one_share_of_all(rewrites: VerbalizedDistribution[str]) -> None:
    queries = weighted_queries("not among five characters", rewrites)
    assert queries[0].weight == pytest.approx(1 / len(queries))


@given(rewrites=distributions)
def test_no_query_is_asked_twice(rewrites: VerbalizedDistribution[str]) -> None:
    asked = [" ".join(query.text.split()).casefold() for query in weighted_queries("a", rewrites)]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(
    ("query", "message"),
    [("", "the query is empty"), (" \n", "the query is empty"), (None, "NoneType"), (3, "int")],
)
def test_what_cannot_be_searched_for_is_refused(query: Any, message: str) -> None:
    with pytest.raises(PromptError, match=message):
        require_query(query)
