"""How much of their wording two responses share, word for word."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from vs_core.metrics.libraries import library
from vs_core.values.words import compared, require_texts


def rouge_l(texts: Sequence[str]) -> float | None:
    """ROUGE-L between the responses: mean over all pairs of the F1 of their common subsequence.

    For two responses of a and b words whose longest common subsequence has c words, precision is
    c/a, recall c/b, and F1 = 2c / (a + b). Lin, "ROUGE: A Package for Automatic Evaluation of
    Summaries", ACL 2004 workshop, section 3 (there with a weight on recall; F1 as in Zhang et
    al., arXiv 2510.01171, section 5, which reports it as lexical diversity: lower is more diverse).
    Blind to paraphrases; jokes of one form ("Why did the ...? Because ...") share its words.

    Args:
        texts: The responses, repetitions included.

    Returns:
        In [0, 1]; 1 where all are equal, 0 where no two share a word. Blank responses are equal
        to each other and have nothing in common with any other; one of nothing but punctuation
        is equal to the same punctuation only. None for fewer than two responses.
        O(u² L²/64) for u different responses of L words: the pairs of equal ones are counted,
        not compared. O(u L) memory.

    Raises:
        MissingExtraError: rapidfuzz or numpy is not installed.

    Example:
        >>> from vs_core.metrics import rouge_l
        >>> rouge_l(["a cup of tea", "a mug of tea", "a cup of tea"])
        0.833...
    """
    process = library("rapidfuzz.process", "rouge_l")
    scorer = library("rapidfuzz.distance", "rouge_l").LCSseq.similarity
    numpy = library("numpy", "rouge_l")
    require_texts(texts)
    pairs = math.comb(len(texts), 2)
    if not pairs:
        return None
    codes: dict[str, int] = {}
    sequences = map(compared, texts)
    times = Counter(tuple(codes.setdefault(w, len(codes)) for w in found) for found in sequences)
    different = [list(sequence) for sequence in times]
    weights = numpy.array(list(times.values()), dtype=float)
    lengths = numpy.array([len(sequence) for sequence in different], dtype=float)
    overlap = float(sum(math.comb(count, 2) for count in times.values()))
    for place in range(len(different) - 1):
        rest = slice(place + 1, None)
        common = process.cdist(different[place : place + 1], different[rest], scorer=scorer)[0]
        f1 = 2.0 * common / (lengths[place] + lengths[rest])
        overlap += float(weights[place] * (f1 @ weights[rest]))
    return min(1.0, overlap / pairs)
