"""Overlap by the longest common subsequence, against one found by the textbook's table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.metrics import rouge_l

sentences = st.lists(st.sampled_from("abcde"), max_size=9).map(" ".join)


def common(one: Sequence[str], other: Sequence[str]) -> int:
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, mine in enumerate(one):
        for j, yours in enumerate(other):
            table[i + 1][j + 1] = (
                table[i][j] + 1 if mine == yours else max(table[i][j + 1], table[i + 1][j])
            )
    return table[-1][-1]


def f1(one: str, other: str) -> float:
    a, b = one.split(), other.split()
    if not a and not b:
        return 1.0
    shared = common(a, b)
    if not shared:
        return 0.0
    precision, recall = shared / len(a), shared / len(b)
    return 2 * precision * recall / (precision + recall)


@given(st.lists(sentences, min_size=2, max_size=7))
def test_it_is_the_mean_over_all_pairs(texts: list[str]) -> None:
    assert rouge_l(texts) == pytest.approx(fmean(f1(a, b) for a, b in combinations(texts, 2)))


def test_by_hand() -> None:
    # "a cup tea" (3 of 4 and of 4 words), nothing, nothing.
    assert rouge_l(["a cup of tea", "a cup o' tea", "war"]) == pytest.approx(0.75 / 3)


def test_subsequences_of_hundreds_of_words() -> None:
    texts = [" ".join(str(n % m) for n in range(300)) for m in (7, 11, 300)]
    assert rouge_l(texts) == pytest.approx(fmean(f1(a, b) for a, b in combinations(texts, 2)))


def test_words_of_any_script_count() -> None:
    assert rouge_l(["我喜欢茶", "我喜欢酒"]) == 0.75
    assert rouge_l(["люблю чай", "люблю кофе"]) == 0.5


def test_responses_without_words() -> None:
    assert rouge_l(["", " "]) == 1.0
    assert rouge_l(["?!", "?!"]) == 1.0
    assert rouge_l(["?!", "..."]) == 0.0
    assert rouge_l(["", "tea"]) == 0.0
