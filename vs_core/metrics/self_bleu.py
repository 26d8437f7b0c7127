"""How far each response could be put together from the word sequences of the others."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from vs_core.metrics.lexical import ngrams
from vs_core.metrics.libraries import library
from vs_core.values.words import compared, require_texts

MAX_ORDER = 4


def self_bleu(texts: Sequence[str]) -> float | None:
    """Self-BLEU: mean BLEU-4 of each response against all the others as its references.

    Zhu et al., "Texygen: A Benchmarking Platform for Text Generation Models", SIGIR 2018, arXiv
    1802.01886 (its section on metrics); lower is more diverse. BLEU is sacrebleu's, on this
    package's words, with its `floor` smoothing of 0.1 (an order without any match counts as 0.1
    matches, as in Texygen) and the effective order (a response of two words is judged by its 1-
    and 2-grams). It grows with the number of responses, as there are more to find a match in:
    compare at the same number.

    Args:
        texts: The responses, repetitions included.

    Returns:
        In [0, 1]; 1 where all are equal, 0 for a response that shares no word with any other. A
        blank response has 1 if there is another such, otherwise 0. One of nothing but
        punctuation counts as one word. None for fewer than two responses. O(total length): of
        each n-gram the two largest counts in one response are kept, which is all that leaving one
        out needs, so that no sample has to be taken of many responses.

    Raises:
        MissingExtraError: sacrebleu is not installed.

    Example:
        >>> from vs_core.metrics import self_bleu
        >>> self_bleu(["a cup of hot tea", "a cup of hot tea", "a cup of hot coffee"])
        0.889...
    """
    compute_bleu = library("sacrebleu.metrics.bleu", "self_bleu").BLEU.compute_bleu
    require_texts(texts)
    if len(texts) < 2:
        return None
    sequences = [compared(text) for text in texts]
    matches = list(zip(*(_matches(sequences, n + 1) for n in range(MAX_ORDER)), strict=True))
    lengths = [len(sequence) for sequence in sequences]
    in_order = sorted(lengths)
    empty = 1.0 if lengths.count(0) > 1 else 0.0
    scores = (
        compute_bleu(
            correct=list(correct),
            total=[max(0, length - n) for n in range(MAX_ORDER)],
            sys_len=length,
            ref_len=_closest(in_order, length),
            smooth_method="floor",
            smooth_value=0.1,
            effective_order=True,
        ).score
        / 100.0
        if length
        else empty
        for length, correct in zip(lengths, matches, strict=True)
    )
    return min(1.0, math.fsum(scores) / len(texts))


def _matches(sequences: Sequence[Sequence[str]], n: int) -> list[int]:
    """For each text how many of its n-grams another has, each clipped to its count there."""
    counts = [Counter(ngrams(sequence, n)) for sequence in sequences]
    largest: dict[tuple[str, ...], tuple[int, int]] = {}
    for counted in counts:
        for gram, count in counted.items():
            first, second = largest.get(gram, (0, 0))
            largest[gram] = (max(first, count), max(second, min(first, count)))
    # The text with the largest count finds the second largest among the others.
    return [
        sum(min(count, largest[gram][count == largest[gram][0]]) for gram, count in counted.items())
        for counted in counts
    ]


def _closest(lengths: Sequence[int], own: int) -> int:
    """The other length that is nearest to a text's own, of equals the shorter."""
    place = bisect_left(lengths, own)
    others = [*lengths[max(0, place - 1) : place], *lengths[place + 1 : place + 2]]
    return min(others, key=lambda length: (abs(length - own), length))
