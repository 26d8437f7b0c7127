"""Reading the scores of a judge."""

from __future__ import annotations

import math
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core import ScoreError, VSError
from vs_core.adapters import read_scores


def read(*results: Any) -> list[Any]:
    """The scores, with None for what is no score."""
    texts = [f"joke {position}" for position in range(len(results))]
    scores = read_scores(results, texts)
    return [None if isinstance(score, ScoreError) else score for score in scores]


def failure(result: Any) -> ScoreError:
    [error] = read_scores([result], ["Decaf? I'm out."])
    assert isinstance(error, ScoreError)
    return error


def test_numbers_of_any_kind_are_scores() -> None:
    numbers: list[tuple[Any, float]] = [
        (3, 3.0),
        (0.5, 0.5),
        (0, 0.0),
        (True, 1.0),
        (False, 0.0),
        (Decimal("0.25"), 0.25),
        (Fraction(1, 4), 0.25),
    ]
    assert [(number, *read(number)) for number, _ in numbers] == numbers


def test_numpy_scalars_are_scores() -> None:
    numpy = pytest.importorskip("numpy")
    assert read(numpy.float32(0.5), numpy.int64(3), numpy.bool_(True)) == [0.5, 3.0, 1.0]


def test_texts_that_say_one_score_are_read() -> None:
    scores = {
        "7": 7.0,
        " 0.7\n": 0.7,
        ".7": 0.7,
        "0,7": 0.7,
        "1e-2": 0.01,
        "+2": 2.0,
        "８/１０": 0.8,
        "8/10": 0.8,
        "8 / 10": 0.8,
        "8 out of 10": 0.8,
        "4 of 5": 0.8,
        "80%": 0.8,
        "80 %.": 0.8,
        "7.": 7.0,
        "I rate it 7/10.": 0.7,
        "Punteggio: 6": 6.0,
        "Score: 7": 7.0,
        "score = 0.7": 0.7,
        "**Score:** 7/10": 0.7,
        "Rating: [[8]]": 8.0,
        "[[rating]]: 8": 8.0,
        '{"score": 0.4, "puns": 3}': 0.4,
        "'score' : '7'": 7.0,
        "Final score is 7 for 2 puns.": 7.0,
        "a rating of 4 out of 5, with 2 puns": 0.8,
        "Score:\n\n7": 7.0,
        "Score (1-10): 7": 7.0,
        "My score (of 10): 7": 7.0,
        "On a scale of 1-10 I give 8": 8.0,
        "GPT-4 would say 9": 9.0,
        "2 puns, 1 cliche. Score: 7": 7.0,
        "Score: 3. On second thought: Score: 9": 9.0,
    }
    assert {text: read(text)[0] for text in scores} == pytest.approx(scores)


def test_texts_that_do_not_say_which_number_is_meant_are_no_scores() -> None:
    texts = [
        "",
        "no idea",
        "It has 2 puns. 8/10",
        "1/2/3",
        "version 3.5.2",
        "score: 7-8",
        "Score:",
        "Score: N/A. There are 3 problems.",
        "Score: 6. Score: N/A",
        "8/0",
        "1" * 400,
        "nan",
    ]
    assert scored(texts) == []


def scored(results: list[Any]) -> list[tuple[Any, float]]:
    """The results that are scores, with them."""
    return [(r, score) for r in results for score in read(r) if score is not None]


def test_a_score_is_finite_and_not_negative() -> None:
    outside = [-1, -0.5, math.nan, math.inf, "-3", "Score: -1", Decimal("NaN"), 10**400, "1e999"]
    assert scored(outside) == []


def test_what_is_neither_number_nor_text_is_no_score() -> None:
    assert scored([None, [7], {"score": 7}, 1j, b"7", Decimal("sNaN")]) == []


def test_bare_numbers_are_on_the_scale_of_the_others() -> None:
    assert read("7", "8/10", "Score: 9 / 10") == [0.7, 0.8, 0.9]


def test_bare_numbers_that_could_be_fractions_stay() -> None:
    assert read("0.7", "8/10", "1") == [0.7, 0.8, 1.0]


def test_bare_numbers_beside_several_scales_are_no_scores() -> None:
    assert read("7", "8/10", "4/5") == [None, 0.8, 0.8]


def test_numbers_that_are_no_text_keep_their_scale() -> None:
    assert read(7, "8/10") == [7.0, 0.8]


def test_the_error_names_the_candidate_and_what_was_given() -> None:
    assert str(failure("no idea")).startswith(
        "the score of \"Decaf? I'm out.\" is 'no idea': expected a number of 0 or more"
    )


def test_the_error_carries_all_that_was_given() -> None:
    assert failure("x" * 500).result == "x" * 500


def test_the_error_is_of_the_tree_and_a_value_error() -> None:
    assert isinstance(failure(None), VSError)
    assert isinstance(failure(None), ValueError)


def test_the_error_survives_a_pickle() -> None:
    error = failure("no idea")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.result) == (str(error), "no idea")


@given(st.floats(0, 1e12))
def test_any_plain_number_is_read_back(number: float) -> None:
    assert read(f"Score: {number:.6f}") == [pytest.approx(number, abs=1e-6)]


@given(st.text(max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    [score] = read(text)
    assert score is None or (math.isfinite(score) and score >= 0)


def test_the_verdict_at_the_end_of_a_long_reasoning_is_read() -> None:
    assert read("Score the puns: 1, 2, 3. " * 20_000 + "Score: 7/10") == [0.7]
