"""How many different answers there are, where an answer is short enough to come again."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.words import normalise, require_texts

Answers: TypeAlias = (
    Sequence[str] | Sequence[float] | Mapping[str, float] | VerbalizedDistribution[Any]
)
Match: TypeAlias = Callable[[str], Hashable]


def entropy(answers: Answers, *, match: Match = normalise) -> float | None:
    """Shannon entropy of the answers' shares, in nats: -sum of p ln p.

    Shannon, "A Mathematical Theory of Communication", 1948, section 6. From few answers it comes
    out too low, as those not seen yet are missing.

    Args:
        answers: Texts, counts or probabilities by answer or alone, or a distribution.
        match: Makes equal what counts as the same answer.

    Returns:
        In [0, ln of the number of different answers]; 0 where all are equal; None without
        answers. O(number of answers).

    Raises:
        ValueError: A count is negative or not finite.

    Example:
        >>> from vs_core.metrics import entropy
        >>> entropy({"heads": 3, "tails": 1}), entropy(["heads"])
        (0.562..., 0.0)
    """
    shares = _shares(answers, match)
    if not shares:
        return None
    return max(0.0, -math.fsum(p * math.log(p) for p in shares))


def effective_size(answers: Answers, *, match: Match = normalise) -> float | None:
    """How many equally frequent answers would be as spread out: exp(entropy).

    Hill, "Diversity and Evenness", Ecology 1973 (the number of order 1).

    Args:
        answers: As for `entropy`.
        match: As for `entropy`.

    Returns:
        In [1, number of different answers]; None without answers. O(number of answers).

    Raises:
        ValueError: A count is negative or not finite.

    Example:
        >>> from vs_core.metrics import effective_size
        >>> effective_size(["Ohio", "Utah", "ohio", "utah"])
        2.0
    """
    nats = entropy(answers, match=match)
    return None if nats is None else math.exp(nats)


def expected_distinct(answers: Answers, n: int, *, match: Match = normalise) -> float:
    """Expected number of different answers in n independent draws: sum of 1 - (1 - p)^n.

    The shares are taken as they are: answers that were never seen are missing, so that for n
    much above the number of observations the result is a lower bound.

    Args:
        answers: As for `entropy`.
        n: Number of draws, 0 or more.
        match: As for `entropy`.

    Returns:
        In [0, min(n, number of different answers)]; 0 without answers. O(number of answers).

    Raises:
        ValueError: `n` is negative, or a count is negative or not finite.

    Example:
        >>> from vs_core.metrics import expected_distinct
        >>> expected_distinct([0.25, 0.25, 0.25, 0.25], n=2)
        1.75
    """
    if n < 0:
        raise ValueError(f"n={n!r}: must be 0 or more")
    if n == 0:
        return 0.0
    # By logarithms, so that a share of 1e-20 is not lost beside 1.
    return math.fsum(
        1.0 if p >= 1.0 else -math.expm1(n * math.log1p(-p)) for p in _shares(answers, match)
    )


def tally(answers: Answers, match: Match) -> dict[Hashable, float]:
    """How often each different answer was given.

    A distribution counts as many answers as it has candidates, shared out by probability.
    Answers with a count of 0 were not given.

    Raises:
        ValueError: A count is negative or not finite.
    """
    if isinstance(answers, VerbalizedDistribution):
        size = len(answers)
        return _added((match(c.text), size * c.probability) for c in answers)
    if isinstance(answers, Mapping):
        return _added((match(answer), count) for answer, count in answers.items())
    if _are_counts(answers):
        return _added(enumerate(answers))
    texts = cast("Sequence[str]", answers)
    require_texts(texts)
    return {key: float(count) for key, count in Counter(map(match, texts)).items()}


def _are_counts(answers: Sequence[Any]) -> bool:
    return not isinstance(answers, str) and bool(len(answers)) and not isinstance(answers[0], str)


def _added(counts: Iterable[tuple[Hashable, Any]]) -> dict[Hashable, float]:
    total: dict[Hashable, float] = {}
    for key, count in counts:
        if isinstance(count, str) or not (math.isfinite(count) and count >= 0):
            raise ValueError(f"the count of {key!r} is {count!r}: must be a number, 0 or more")
        if count:
            total[key] = total.get(key, 0.0) + float(count)
    return total


def _shares(answers: Answers, match: Match) -> list[float]:
    counts = list(tally(answers, match).values())
    whole = math.fsum(counts)
    return [count / whole for count in counts]
