"""Metrics of wording over all responses together."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.metrics import compression_ratio, distinct_n, unique_fraction, unique_words


def test_unique_fraction_counts_spellings_once() -> None:
    assert unique_fraction(["Ohio", "ohio.", "Utah", "Iowa", "IOWA"]) == 3 / 5


def test_unique_fraction_counts_what_match_tells_apart() -> None:
    assert unique_fraction(["Ohio", "ohio", "Utah"], match=str) == 1.0
    assert unique_fraction(["Ohio", "ohio", "Utah"], match=len) == 1 / 3


def test_distinct_n_by_hand() -> None:
    # a b a b / b a: unigrams a b a b b a; bigrams ab ba ab, ba; trigrams aba bab.
    texts = ["a b a b", "b a"]
    assert distinct_n(texts, 1) == 2 / 6
    assert distinct_n(texts, 2) == 2 / 4
    assert distinct_n(texts, 3) == 1.0
    assert distinct_n(texts, 5) is None


def test_no_ngram_reaches_across_responses() -> None:
    assert distinct_n(["a b", "a b"]) == 1 / 2
    assert distinct_n(["a", "b"]) is None


def test_a_response_of_one_word_plays_no_part_in_pairs() -> None:
    pairs = ["New York", "New York", "North Dakota"]
    assert distinct_n([*pairs, "Ohio", "Utah", ""]) == distinct_n(pairs) == 2 / 3


def test_distinct_n_refuses_an_n_below_1() -> None:
    with pytest.raises(ValueError, match="n=0: must be 1 or more"):
        distinct_n(["a"], 0)


def test_unique_words_by_hand() -> None:
    assert unique_words(["Tea, tea; chai", "CHAI!", "mate"]) == 3.0


def test_the_compression_ratio_is_that_of_the_sorted_lines() -> None:
    texts = ["one cup of tea", "a cup of tea", "one cup of tea"]
    joined = b"a cup of tea\none cup of tea\none cup of tea"
    # A gzip file is a deflate stream, 10 bytes before it and 8 after.
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    size = len(deflate.compress(joined) + deflate.flush()) + 18
    assert size == len(gzip.compress(joined))
    assert compression_ratio(texts) == len(joined) / size


def test_what_compression_makes_no_smaller_has_no_ratio() -> None:
    assert compression_ratio(["Ohio"]) is None
    assert compression_ratio(["Ohio", "Utah"]) is None
    assert compression_ratio(["Ohio"] * 30) == pytest.approx(149 / 28)


def test_the_compression_ratio_sees_repetitions_that_are_far_apart() -> None:
    def text(start: int) -> str:
        return " ".join(str(hash((start, n))) for n in range(1000))

    # Each is 20 kB, and gzip looks back 32 kB.
    twice = [text(n) for n in range(5)] * 2
    assert (compression_ratio(twice) or 0) > 1.7 * (compression_ratio(twice[:5]) or 0)


def test_half_a_surrogate_pair_compresses() -> None:
    assert compression_ratio(["\ud83d" * 100]) is not None


@given(st.lists(st.text("ab c", max_size=8), min_size=1), st.integers(1, 3))
def test_each_repeated_response_halves_unique_fraction_and_distinct_n(
    texts: list[str], n: int
) -> None:
    assert unique_fraction(texts * 2) == pytest.approx((unique_fraction(texts) or 0) / 2)
    once = distinct_n(texts, n)
    assert distinct_n(texts * 2, n) == (None if once is None else pytest.approx(once / 2))
    assert unique_words(texts * 2) == unique_words(texts)
