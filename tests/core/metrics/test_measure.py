"""Several metrics at once, and what holds for all of them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.metrics import DEFAULT, METRICS, measure

LEXICAL = ("unique_fraction", "distinct_1", "distinct_2", "unique_words", "rouge_l", "self_bleu")
REFERENCE = ("ohio", "utah", "iowa")
COMPARED = ("rouge_l", "self_bleu", "semantic_diversity")
ANSWERS_OF_ONE_WORD = ["Ohio", "Utah", "Iowa", "Ohio"]

texts_ = st.lists(st.lists(st.sampled_from("abcd"), max_size=6).map(" ".join), max_size=8)


def embed(texts: list[str]) -> list[list[float]]:
    """Vectors that differ where the texts do."""
    return [[byte - 100.0 for byte in hashlib.sha256(t.encode()).digest()[:8]] for t in texts]


def value(name: str, texts: list[str]) -> float | None:
    return measure(texts, embeddings=embed, reference=REFERENCE, metrics=[name])[name]


def values(texts: list[str], names: Iterable[str] = METRICS) -> dict[str, float | None]:
    """What each metric says of the texts, asked alone."""
    return {name: value(name, texts) for name in names}


def nearly(values: dict[str, float | None]) -> dict[str, Any]:
    return {
        name: None if value is None else pytest.approx(value, abs=1e-9)
        for name, value in values.items()
    }


def test_the_lexical_metrics_are_the_default() -> None:
    assert tuple(measure(["tea", "war"])) == DEFAULT == (*LEXICAL, "compression_ratio")


def test_what_is_given_adds_the_metrics_that_need_it() -> None:
    with_embeddings = measure(["tea", "war"], embeddings=embed)
    assert tuple(with_embeddings) == (*DEFAULT, "semantic_diversity", "vendi_score")
    with_reference = measure(["tea", "war"], reference=["tea"])
    kinds = {METRICS[name].needs for name in with_reference.keys() - {*DEFAULT}}
    assert kinds == {"reference"}


def test_metrics_come_in_the_order_in_which_they_are_asked_for() -> None:
    assert list(measure(["a b"], metrics=("rouge_l", "distinct_1"))) == ["rouge_l", "distinct_1"]


def test_a_metric_of_another_name_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no metric 'bleu': choose from unique_fraction"):
        measure(["a"], metrics=["bleu"])


@pytest.mark.parametrize(
    ("name", "missing"), [("vendi_score", "embeddings"), ("precision", "reference")]
)
def test_a_metric_that_needs_what_is_not_given_is_refused(name: str, missing: str) -> None:
    with pytest.raises(ValueError, match=f"'{name}' needs {missing}: pass {missing}="):
        measure(["a", "b"], metrics=[name])


def refusal(name: str, texts: Any) -> str:
    try:
        found = measure(texts, embeddings=embed, reference=REFERENCE, metrics=[name])
    except TypeError as error:
        return str(error)
    return f"no refusal but {found}"


def test_one_text_instead_of_several_is_refused() -> None:
    said = {name: refusal(name, "Ohio") for name in METRICS}
    assert [name for name in said if "pass a list of texts" not in said[name]] == [], said


def test_what_is_no_text_is_refused() -> None:
    said = {name: refusal(name, ["Ohio", None]) for name in DEFAULT}
    assert [name for name in said if "None is not a text" not in said[name]] == [], said


def test_the_texts_are_embedded_once_for_all_metrics() -> None:
    asked: list[list[str]] = []

    def counting(texts: list[str]) -> list[list[float]]:
        asked.append(texts)
        return embed(texts)

    measure(["tea", "war", "tea"], embeddings=counting)
    assert asked == [["tea", "war"]]


def test_nothing_is_embedded_for_metrics_that_need_no_embeddings() -> None:
    def refusing(texts: list[str]) -> list[list[float]]:
        raise AssertionError(texts)

    assert measure(["tea"], embeddings=refusing, metrics=["distinct_1"]) == {"distinct_1": 1.0}


def test_without_responses_a_metric_is_undefined_or_0() -> None:
    counts = {"unique_words": 0.0, "coverage_n": 0.0}
    assert values([]) == {**dict.fromkeys(METRICS), **counts}


def test_one_response_is_compared_with_nothing() -> None:
    found = values(["ohio ohio " * 9])
    assert {name for name in found if found[name] is None} == {*COMPARED, "kl_divergence"}


def test_a_metric_that_sees_nothing_in_a_few_single_words_says_nothing() -> None:
    found = values(ANSWERS_OF_ONE_WORD, ["distinct_2", "compression_ratio"])
    assert found == {"distinct_2": None, "compression_ratio": None}


@pytest.mark.parametrize(
    "texts", [[""], ["a"], ["", ""], ["?!"], ["a", "b"], [" ", "\n", "a"]], ids=repr
)
def test_the_shortest_texts_have_a_finite_value_or_none(texts: list[str]) -> None:
    found = values(texts)
    assert {n: v for n, v in found.items() if not (v is None or 0.0 <= v < 10.0)} == {}


def test_all_equal_responses_have_the_least_diverse_value() -> None:
    expected = {
        "unique_fraction": 1 / 5,
        "distinct_1": 1 / 5,
        "distinct_2": 1 / 5,
        "unique_words": 2.0,
        "rouge_l": 1.0,
        "self_bleu": pytest.approx(1.0),
        "semantic_diversity": pytest.approx(0.0),
        "vendi_score": pytest.approx(1.0),
        "entropy": 0.0,
        "effective_size": 1.0,
    }
    assert values(["New York"] * 5, expected) == expected


def test_mixed_responses_are_more_diverse_than_equal_ones() -> None:
    alone = values(["Ohio"] * 5)
    mixed = values(["Ohio", "Utah", "Iowa", "ohio", "utah"])
    higher = {
        name: after > before
        for name in METRICS.keys() - {"precision"}
        if (before := alone[name]) is not None and (after := mixed[name]) is not None
    }
    assert len(higher) > 8
    assert higher == {name: METRICS[name].direction == "higher" for name in higher}


def test_all_empty_responses_are_equal_responses() -> None:
    expected: dict[str, float | None] = {
        "unique_fraction": 1 / 3,
        "unique_words": 0.0,
        "rouge_l": 1.0,
        "self_bleu": 1.0,
        "semantic_diversity": 0.0,
        "vendi_score": 1.0,
        "entropy": 0.0,
        "effective_size": 1.0,
        "coverage_n": 0.0,
        "precision": 0.0,
    }
    names = [name for name in METRICS if name != "kl_divergence_full"]
    assert values(["", "", ""], names) == {**dict.fromkeys(names), **expected}


@given(texts=texts_, seed=st.integers(0, 9))
def test_the_order_of_the_responses_makes_no_difference(texts: list[str], seed: int) -> None:
    shuffled = random.Random(seed).sample(texts, len(texts))
    assert values(shuffled) == nearly(values(texts))


def bounds(name: str, responses: int) -> tuple[float, float]:
    if name in {"vendi_score", "effective_size"}:
        return 1.0, responses + 1e-9
    return 0.0, float("inf") if name.startswith("kl") else 1.0


@given(texts=texts_)
def test_values_stay_in_their_bounds(texts: list[str]) -> None:
    names = METRICS.keys() - {"unique_words", "compression_ratio", "entropy"}
    outside = {}
    for name, found in values(texts, names).items():
        low, high = bounds(name, len(texts))
        if found is not None and not low <= found <= high:
            outside[name] = found
    assert outside == {}


@given(texts=texts_.filter(lambda texts: len(set(texts)) > 1))
def test_repeating_every_response_is_not_more_diverse(texts: list[str]) -> None:
    names = [*LEXICAL[:3], "rouge_l", "self_bleu", "semantic_diversity"]
    once, again = values(texts, names), values(texts * 2, names)
    assert {name for name in names if more_diverse(name, once[name], again[name])} == set()


def more_diverse(name: str, first: float | None, second: float | None) -> bool:
    """Whether the second value is more diverse, or only one of them is defined."""
    if first is None or second is None:
        return first is not second
    more = second - first if METRICS[name].direction == "higher" else first - second
    return more > 1e-9


def test_a_metric_is_described() -> None:
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.label, name
        assert metric.description, name
        assert "\n" not in metric.description + metric.label, name
        assert metric.needs_embeddings == (metric.needs == "embeddings"), name
        assert metric.needs_reference == (metric.needs == "reference"), name
