"""How far apart the responses are in meaning, by an embedding model of the user's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from vs_core.metrics.embedding import as_embed, vectors_of
from vs_core.metrics.libraries import library
from vs_core.values.words import require_texts

# Similarities are computed for so many responses at a time, so that memory stays linear.
_ROWS = 512


def semantic_diversity(texts: Sequence[str], embed: Any) -> float | None:
    """1 - mean cosine similarity of the embeddings over all pairs of responses to one prompt.

    Zhang et al., "Verbalized Sampling", arXiv 2510.01171, section 5: a negative similarity
    counts as 0, so that opposites are no more diverse than what has nothing in common; the paper
    reports it in percent. Its scale is the embedding model's: two unrelated texts have a cosine
    of 0.1 for one model and of 0.7 for another. Compare values of one model only.

    Args:
        texts: The responses, repetitions included.
        embed: What `as_embed` takes. It is called once, with the different texts that are not
            blank; blank ones count as equal to each other and unlike all others, and so do those
            with a vector of zeros.

    Returns:
        In [0, 1]; 0 where all are equal; None for fewer than two responses. O(n² d) for vectors
        of length d, O(n d) memory, and one embedding for each different text.

    Raises:
        ValueError: There is not one vector for each text, their lengths differ, or one holds a
            number that is not finite.
        MissingExtraError: numpy is not installed.

    Example:
        >>> from vs_core.metrics import semantic_diversity
        >>> embed = {"tea": [1.0, 0.0], "chai": [0.8, 0.6], "war": [0.0, 1.0]}
        >>> semantic_diversity(["tea", "chai", "war"], lambda texts: [embed[t] for t in texts])
        0.533...
    """
    numpy = library("numpy", "semantic_diversity")
    require_texts(texts)
    pairs = math.comb(len(texts), 2)
    if not pairs:
        return None
    rows = _directions(texts, embed, numpy)
    total = 0.0
    for start in range(0, len(rows), _ROWS):
        part = numpy.clip(rows[start : start + _ROWS] @ rows[start:].T, 0.0, 1.0)
        # What stands above the diagonal: each pair once.
        total += float(numpy.triu(part, 1).sum())
    return min(1.0, max(0.0, 1.0 - total / pairs))


def vendi_score(texts: Sequence[str], embed: Any) -> float | None:
    """Vendi score: how many entirely different responses would be as diverse as these.

    exp(-sum of l ln l) over the eigenvalues l of K/n, where K holds the cosine similarities of
    the embeddings. Friedman and Dieng, "The Vendi Score: A Diversity Evaluation Metric for
    Machine Learning", arXiv 2210.02410, definition 3.1. Negative similarities stay, since
    clipped ones are no longer a kernel, and the definition needs one.

    Args:
        texts: The responses, repetitions included.
        embed: As for `semantic_diversity`.

    Returns:
        In [1, n]; 1 where all are equal or there is only one; None without responses. With d the
        length of the vectors, O(n d min(n, d)): the smaller of K and its dual, which has the same
        eigenvalues, is taken (section 3.2 there).

    Raises:
        ValueError: As for `semantic_diversity`.
        MissingExtraError: numpy is not installed.

    Example:
        >>> from vs_core.metrics import vendi_score
        >>> embed = {"tea": [1.0, 0.0], "war": [0.0, 1.0]}
        >>> vendi_score(["tea", "war", "tea", "war"], lambda texts: [embed[t] for t in texts])
        2.0
    """
    numpy = library("numpy", "vendi_score")
    require_texts(texts)
    if not texts:
        return None
    rows = _directions(texts, embed, numpy)
    count, length = rows.shape
    kernel = rows @ rows.T if count <= length else rows.T @ rows
    values = numpy.linalg.eigvalsh(kernel / count)
    values = values[values > 0.0]
    entropy = -float(numpy.sum(values * numpy.log(values)))
    return min(float(count), max(1.0, math.exp(entropy)))


def _directions(texts: Sequence[str], embed: Any, numpy: Any) -> Any:
    """One row of length 1 for each text; what has no direction shares one of its own."""
    different = [text for text in dict.fromkeys(texts) if text.strip()]
    vectors = _matrix(different, embed, numpy)
    # Dividing by the largest first keeps the length finite for any finite numbers.
    largest = numpy.abs(vectors).max(axis=1, initial=0.0, keepdims=True)
    scaled = vectors / numpy.where(largest == 0.0, 1.0, largest)
    norms = numpy.linalg.norm(scaled, axis=1, keepdims=True)
    nowhere = (norms == 0.0).astype(float)
    known = numpy.hstack([scaled / (norms + nowhere), nowhere])
    blank = numpy.zeros((1, known.shape[1]))
    blank[0, -1] = 1.0
    places = {text: place for place, text in enumerate(different)}
    return numpy.vstack([known, blank])[[places.get(text, len(different)) for text in texts]]


def _matrix(texts: list[str], embed: Any, numpy: Any) -> Any:
    if not texts:
        return numpy.zeros((0, 0))
    vectors = vectors_of(texts, as_embed(embed))
    lengths = sorted({len(vector) for vector in vectors})
    if len(lengths) > 1:
        raise ValueError(
            f"the vectors have different lengths ({', '.join(map(str, lengths))}): all must come "
            "from one embedding model"
        )
    matrix = numpy.asarray(vectors, dtype=float)
    for place, finite in enumerate(numpy.isfinite(matrix).all(axis=1)):
        if not finite:
            raise ValueError(f"the vector of {texts[place]!r} holds a number that is not finite")
    return matrix
