"""Choosing candidates that are probable and unlike each other: maximal marginal relevance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul

# Sums of products in another order differ in their last digits; those must not break a tie.
_DIGITS = 12


def most_diverse(
    probabilities: Sequence[float],
    vectors: Sequence[Sequence[float]],
    n: int,
    trade_off: float = 0.5,
) -> list[int]:
    """Positions of `n` candidates, chosen greedily by maximal marginal relevance.

    The next one chosen is always the one with the largest

        trade_off * relevance - (1 - trade_off) * largest cosine similarity to one chosen,

    where relevance is the probability divided by the largest one, so that both terms have the
    same scale, and the second term is 0 while none is chosen. Of equals the more probable goes
    first, then the earlier. Carbonell and Goldstein, "The use of MMR, diversity-based reranking
    for reordering documents and producing summaries", SIGIR 1998, section 2.

    Args:
        probabilities: One for each candidate, 0 or more.
        vectors: One embedding for each candidate, of any length but all the same. A vector of
            zeros has no direction: its similarity to any other is 0.
        n: How many to choose, at least 0; more than there are chooses all.
        trade_off: 1 chooses the most probable, 0 the most different.

    Returns:
        Positions in the order in which they were chosen.

    Raises:
        ValueError: There are more or fewer vectors than candidates, their lengths differ, or
            one holds a number that is not finite; `n` is negative, or `trade_off` is not in
            [0, 1].

    Example:
        >>> from vs_core.adapters import most_diverse
        >>> most_diverse([0.5, 0.4, 0.1], [[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]], n=2)
        [0, 2]
    """
    if n < 0:
        raise ValueError(f"n={n!r}: must be 0 or more")
    if not 0.0 <= trade_off <= 1.0:
        raise ValueError(f"trade_off={trade_off!r}: must be from 0 to 1")
    directions = _directions(vectors, len(probabilities))
    largest = max(probabilities, default=0.0) or 1.0
    nearest = [0.0] * len(directions)
    chosen: list[int] = []
    left = sorted(range(len(directions)), key=lambda position: -probabilities[position])
    while left and len(chosen) < n:
        # Of equals max() takes the first, and `left` has the more probable in front.
        best = max(
            left,
            key=lambda p: round(
                trade_off * probabilities[p] / largest - (1.0 - trade_off) * nearest[p], _DIGITS
            ),
        )
        left.remove(best)
        for p in left:
            similarity = sum(map(mul, directions[p], directions[best]))
            nearest[p] = max(nearest[p], similarity) if chosen else similarity
        chosen.append(best)
    return chosen


def _directions(vectors: Sequence[Sequence[float]], candidates: int) -> list[list[float]]:
    if len(vectors) != candidates:
        raise ValueError(f"{len(vectors)} vectors were given for {candidates} candidates")
    lengths = sorted({len(vector) for vector in vectors})
    if len(lengths) > 1:
        raise ValueError(
            f"the vectors have different lengths ({', '.join(map(str, lengths))}): all must come "
            "from one embedding model"
        )
    return [_direction(vector, position) for position, vector in enumerate(vectors)]


def _direction(vector: Sequence[float], position: int) -> list[float]:
    numbers = [float(number) for number in vector]
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"vector {position} holds a number that is not finite")
    largest = max(map(abs, numbers), default=0.0)
    if largest == 0.0:
        return numbers
    # Dividing by the largest first keeps the length finite for any finite numbers.
    scaled = [number / largest for number in numbers]
    length = math.hypot(*scaled)
    return [number / length for number in scaled]
