"""Self-BLEU, against the definition and against sacrebleu's own scoring of whole texts."""

from __future__ import annotations

import math
from collections import Counter
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU

from vs_core.metrics import self_bleu

sentences = st.lists(st.sampled_from("abcd"), min_size=1, max_size=9).map(" ".join)


def by_sacrebleu(texts: list[str]) -> float:
    bleu = BLEU(tokenize="none", smooth_method="floor", smooth_value=0.1, effective_order=True)
    scores = (
        bleu.sentence_score(text, texts[:place] + texts[place + 1 :]).score
        for place, text in enumerate(texts)
    )
    return fmean(scores) / 100


def by_definition(text: str, others: list[str]) -> float:
    """BLEU of Papineni et al. 2002, with the two conventions that the metric states."""
    own, references = text.split(), [other.split() for other in others]
    logs = []
    for n in range(1, min(4, len(own)) + 1):
        grams = Counter(tuple(own[i : i + n]) for i in range(len(own) - n + 1))
        matched = 0
        for gram, count in grams.items():
            there = [
                sum(tuple(r[i : i + n]) == gram for i in range(len(r) - n + 1)) for r in references
            ]
            matched += min(count, max(there))
        if n == 1 and not matched:
            return 0.0
        logs.append(math.log((matched or 0.1) / (len(own) - n + 1)))
    nearest = min((abs(len(r) - len(own)), len(r)) for r in references)[1]
    brevity = min(0.0, 1 - nearest / len(own))
    return math.exp(brevity + fmean(logs))


@given(st.lists(sentences, min_size=2, max_size=7))
def test_it_is_what_sacrebleu_gives_for_each_against_the_others(texts: list[str]) -> None:
    assert self_bleu(texts) == pytest.approx(by_sacrebleu(texts))


@given(st.lists(sentences, min_size=2, max_size=7))
def test_it_follows_the_definition(texts: list[str]) -> None:
    each = [
        by_definition(text, texts[:place] + texts[place + 1 :]) for place, text in enumerate(texts)
    ]
    assert self_bleu(texts) == pytest.approx(fmean(each))


def test_by_hand() -> None:
    # Each of five words: 4 of 5 words, 3 of 4 pairs, 2 of 3 triples, 1 of 2 quadruples are there.
    each = (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25
    assert self_bleu(["a cup of hot tea", "a cup of hot mate"]) == pytest.approx(each)


def test_a_short_response_is_penalised_for_what_it_lacks() -> None:
    # The first has all its words in the other, of twice its length: exp(1 - 4/2). The other has
    # 2 of 4 words, 1 of 3 pairs, 0.1 of 2 triples, 0.1 of 1 quadruple.
    other = (2 / 4 * 1 / 3 * 0.1 / 2 * 0.1 / 1) ** 0.25
    assert self_bleu(["a cup", "a cup of tea"]) == pytest.approx((math.exp(-1) + other) / 2)


def test_a_single_word_that_is_said_again_is_a_full_match() -> None:
    assert self_bleu(["Ohio"] * 30) == pytest.approx(1.0)


def test_responses_without_words() -> None:
    assert self_bleu(["", " "]) == 1.0
    assert self_bleu(["...", "..."]) == pytest.approx(1.0)
    assert self_bleu(["*", "#"]) == 0.0
    assert self_bleu(["", "tea", "tea"]) == pytest.approx(2 / 3)
