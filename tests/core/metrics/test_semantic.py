"""Diversity of meaning, against plain loops and values known in closed form."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from langchain_core.embeddings import DeterministicFakeEmbedding
from llama_index.core.embeddings import MockEmbedding

from vs_core.metrics import as_embed, remembered, semantic_diversity, vendi_score

Vector = Sequence[float]
numbers = st.floats(-1e3, 1e3).map(lambda x: round(x, 3))
vectors = st.integers(1, 4).flatmap(
    lambda d: st.lists(st.lists(numbers, min_size=d, max_size=d), min_size=2, max_size=7)
)


def embedded(rows: Sequence[Vector]) -> tuple[list[str], Any]:
    """A text for each vector, and what embeds it so."""
    by_text = {f"text {place}": row for place, row in enumerate(rows)}
    return list(by_text), lambda texts: [by_text[text] for text in texts]


def cosine(a: Vector, b: Vector) -> float:
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    return dot / math.sqrt(sum(x * x for x in a)) / math.sqrt(sum(y * y for y in b))


@given(vectors)
def test_semantic_diversity_is_the_mean_over_all_pairs(rows: list[list[float]]) -> None:
    assume(all(any(row) for row in rows))
    expected = 1 - fmean(max(0.0, cosine(a, b)) for a, b in combinations(rows, 2))
    assert semantic_diversity(*embedded(rows)) == pytest.approx(expected, abs=1e-9)


@given(vectors)
def test_the_vendi_score_is_that_of_the_whole_similarity_matrix(rows: list[list[float]]) -> None:
    assume(all(any(row) for row in rows))
    kernel = np.array([[cosine(a, b) for b in rows] for a in rows]) / len(rows)
    eigenvalues = np.linalg.svd(kernel, compute_uv=False)
    expected = math.exp(-sum(x * math.log(x) for x in eigenvalues if x > 1e-15))
    assert vendi_score(*embedded(rows)) == pytest.approx(expected, abs=1e-6)


def test_many_responses_are_compared_in_parts() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(1200, 3))
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    similar = np.clip(units @ units.T, 0, 1)
    expected = 1 - (similar.sum() - 1200) / (1200 * 1199)
    assert semantic_diversity(*embedded(rows.tolist())) == pytest.approx(expected)


def test_opposites_are_as_diverse_as_what_has_nothing_in_common() -> None:
    assert semantic_diversity(*embedded([[1.0, 0.0], [-1.0, 0.0]])) == 1.0
    assert semantic_diversity(*embedded([[1.0, 0.0], [0.0, 1.0]])) == 1.0


@pytest.mark.parametrize("length", [8, 50])
def test_the_vendi_score_counts_groups_that_have_nothing_in_common(length: int) -> None:
    texts = [f"text {place}" for place in range(20)]
    directions = np.eye(length).tolist()
    score = vendi_score(texts, lambda given: [directions[int(t.split()[1]) % 4] for t in given])
    assert score == pytest.approx(4.0)


def test_the_vendi_score_of_two_texts_in_closed_form() -> None:
    # The eigenvalues of [[1, s], [s, 1]] / 2 are (1 + s)/2 and (1 - s)/2.
    a, b = (1 + 0.6) / 2, (1 - 0.6) / 2
    expected = math.exp(-a * math.log(a) - b * math.log(b))
    assert vendi_score(*embedded([[1.0, 0.0], [0.6, 0.8]])) == pytest.approx(expected)


@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_the_length_of_a_vector_makes_no_difference(scale: float) -> None:
    rows = [[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]
    longer = [[scale * x for x in row] for row in rows]
    for metric in (semantic_diversity, vendi_score):
        assert metric(*embedded(longer)) == pytest.approx(metric(*embedded(rows)))


def test_blank_texts_are_alike_and_are_never_embedded() -> None:
    asked: list[str] = []

    def embed(texts: list[str]) -> list[list[float]]:
        asked.extend(texts)
        return [[1.0, 0.0] for _ in texts]

    assert semantic_diversity(["", " \n", "tea", "tea"], embed) == pytest.approx(1 - 2 / 6)
    assert vendi_score(["", " ", "tea", "tea"], embed) == pytest.approx(2.0)
    assert semantic_diversity(["", ""], embed) == 0.0
    assert asked == ["tea", "tea"]


def test_vectors_of_zeros_are_alike_and_unlike_all_others() -> None:
    texts, embed = embedded([[0.0, 0.0], [0.0, 0.0], [1.0, 0.0]])
    assert semantic_diversity(texts, embed) == pytest.approx(2 / 3)


def test_each_different_text_is_embedded_once() -> None:
    asked: list[list[str]] = []

    def embed(texts: list[str]) -> list[list[float]]:
        asked.append(texts)
        return [[1.0] for _ in texts]

    semantic_diversity(["tea", "chai", "tea"], embed)
    assert asked == [["tea", "chai"]]


def test_an_embedding_is_remembered_from_call_to_call() -> None:
    asked: list[list[str]] = []

    def embed(texts: list[str]) -> list[list[float]]:
        asked.append(texts)
        return [[float(len(text))] for text in texts]

    recall = remembered(embed)
    assert recall(["tea", "chai", "tea"]) == [[3.0], [4.0], [3.0]]
    assert recall(["mate!", "tea"]) == [[5.0], [3.0]]
    assert asked == [["tea", "chai"], ["mate!"]]


class Batches:
    """A model of a kind of its own, with LlamaIndex's method."""

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        return [[float(len(text)), 1.0] for text in texts]

    def __call__(self, nodes: Any) -> Any:
        raise AssertionError(nodes)


def test_models_of_both_frameworks_embed() -> None:
    texts = ["tea", "war", "peace"]
    langchain = DeterministicFakeEmbedding(size=8)
    assert as_embed(langchain)(texts) == langchain.embed_documents(texts)
    llamaindex = MockEmbedding(embed_dim=3)
    assert as_embed(llamaindex)(texts) == [[0.5] * 3] * 3
    assert semantic_diversity(texts, llamaindex) == pytest.approx(0.0)
    assert 0 < (semantic_diversity(texts, langchain) or 0) <= 1


def test_a_model_that_can_also_be_called_is_asked_by_its_method() -> None:
    assert as_embed(Batches())(["tea"]) == [[3.0, 1.0]]


def test_arrays_are_vectors() -> None:
    assert semantic_diversity(["tea", "war"], lambda texts: np.eye(len(texts))) == 1.0


@pytest.mark.parametrize("nothing", ["text-embedding-3-small", None, 3, MockEmbedding])
def test_what_embeds_nothing_is_refused(nothing: object) -> None:
    with pytest.raises(TypeError, match="embeds nothing: pass a LangChain Embeddings"):
        as_embed(nothing)


def test_too_few_vectors_are_refused() -> None:
    with pytest.raises(ValueError, match="1 vectors came back for 2 texts"):
        semantic_diversity(["tea", "war"], lambda texts: [[1.0] for _ in texts[1:]])


def test_vectors_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match=r"different lengths \(1, 2\)"):
        vendi_score(*embedded([[1.0], [1.0, 2.0]]))


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_numbers_that_are_not_finite_are_refused(number: float) -> None:
    with pytest.raises(ValueError, match="vector of 'text 1' holds a number that is not finite"):
        vendi_score(*embedded([[1.0], [number]]))
