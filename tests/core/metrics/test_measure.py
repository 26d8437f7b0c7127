"""Several metrics at once, and what holds for all of them."""

from __future__ import annotations

import hashlib
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.metrics import DEFAULT, METRICS, measure

LEXICAL = ("unique_fraction", "distinct_1", "distinct_2", "unique_words", "rouge_l", "self_bleu")
REFERENCE = ("ohio", "utah", "iowa")
COMPARED = ("rouge_l", "self_bleu", "semantic_diversity")
ANSWERS_OF_ONE_WORD = ["Ohio", "Utah", "Iowa", "Ohio"]

each = pytest.mark.parametrize("name", METRICS)
texts_ = st.lists(st.lists(st.sampled_from("abcd"), max_size=6).map(" ".join), max_size=8)


def embed(texts: list[str]) -> list[list[float]]:
    """Vectors that differ where the texts do."""
    return [[byte - 100.0 for byte in hashlib.sha256(t.encode()).digest()[:8]] for t in texts]


def value(name: str, texts: list[str]) -> float | None:
    return measure(texts, embeddings=embed, reference=REFERENCE, metrics=[name])[name]


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


@each
def test_one_text_instead_of_several_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match="pass a list of texts"):
        measure("Ohio", embeddings=embed, reference=REFERENCE, metrics=[name])


@pytest.mark.parametrize("name", DEFAULT)
def test_what_is_no_text_is_refused(name: str) -> None:
    nothing: Any = ["Ohio", None]
    with pytest.raises(TypeError, match="None is not a text"):
        measure(nothing, metrics=[name])


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


@each
def test_without_responses_a_metric_is_undefined_or_0(name: str) -> None:
    expected = 0.0 if name in {"unique_words", "coverage_n"} else None
    assert value(name, []) == expected


@each
def test_one_response_is_compared_with_nothing(name: str) -> None:
    found = value(name, ["ohio ohio " * 9])
    assert (found is None) == (name in COMPARED or name == "kl_divergence")


@pytest.mark.parametrize("name", ["distinct_2", "compression_ratio"])
def test_a_metric_that_sees_nothing_in_a_few_single_words_says_nothing(name: str) -> None:
    assert value(name, ANSWERS_OF_ONE_WORD) is None


@each
@pytest.mark.parametrize(
    "texts", [[""], ["a"], ["", ""], ["?!"], ["a", "b"], [" ", "\n", "a"]], ids=repr
)
def test_the_shortest_texts_have_a_finite_value_or_none(name: str, texts: list[str]) -> None:
    found = value(name, texts)
    assert found is None or 0.0 <= found < 10.0


@each
def test_all_equal_responses_have_the_least_diverse_value(name: str) -> None:
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
    if name in expected:
        assert value(name, ["New York"] * 5) == expected[name]
    alone = value(name, ["Ohio"] * 5)
    mixed = value(name, ["Ohio", "Utah", "Iowa", "ohio", "utah"])
    if alone is not None and mixed is not None and name != "precision":
        assert (mixed > alone) == (METRICS[name].direction == "higher")


@each
def test_all_empty_responses_are_equal_responses(name: str) -> None:
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
    if name != "kl_divergence_full":
        assert value(name, ["", "", ""]) == expected.get(name)


@each
@given(texts=texts_, seed=st.integers(0, 9))
def test_the_order_of_the_responses_makes_no_difference(
    name: str, texts: list[str], seed: int
) -> None:
    shuffled = random.Random(seed).sample(texts, len(texts))
    first, second = value(name, texts), value(name, shuffled)
    assert second == (None if first is None else pytest.approx(first, abs=1e-9))


@pytest.mark.parametrize("name", METRICS.keys() - {"unique_words", "compression_ratio", "entropy"})
@given(texts=texts_)
def test_values_stay_in_their_bounds(name: str, texts: list[str]) -> None:
    found = value(name, texts)
    if name in {"vendi_score", "effective_size"}:
        bounds = (1.0, len(texts) + 1e-9)
    elif name.startswith("kl"):
        bounds = (0.0, float("inf"))
    else:
        bounds = (0.0, 1.0)
    assert found is None or bounds[0] <= found <= bounds[1]


@pytest.mark.parametrize("name", [*LEXICAL[:3], "rouge_l", "self_bleu", "semantic_diversity"])
@given(texts=texts_.filter(lambda texts: len(set(texts)) > 1))
def test_repeating_every_response_is_not_more_diverse(name: str, texts: list[str]) -> None:
    once, again = value(name, texts), value(name, texts * 2)
    if once is None or again is None:
        assert once is again
    elif METRICS[name].direction == "higher":
        assert again <= once + 1e-9
    else:
        assert again >= once - 1e-9


@each
def test_a_metric_is_described(name: str) -> None:
    metric = METRICS[name]
    assert metric.name == name
    assert metric.label
    assert metric.description
    assert "\n" not in metric.description + metric.label
    assert metric.needs_embeddings == (metric.needs == "embeddings")
    assert metric.needs_reference == (metric.needs == "reference")
