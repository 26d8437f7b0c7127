"""Which answers a reply gives, and which numbers it states beside them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

from vs_core.simulation.notation import Line, key
from vs_core.simulation.space import AnswerSpace
from vs_core.simulation.tokens import pieces
from vs_core.simulation.wording import Number

_SURE = 0.99
_NEAREST_TO_BOUND = 0.95


def draw_direct(space: AnswerSpace, gamma: float, given: frozenset[str], rng: random.Random) -> str:
    """One answer of the aligned model: drawn from `space.aligned(gamma)`.

    Args:
        space: The answer space.
        gamma: The sharpening.
        given: Answers not to be repeated as long as there are others.
        rng: The source of randomness.

    Example:
        >>> draw_direct(AnswerSpace("only", ("Yes",), (1,)), 4.0, frozenset(), random.Random(1))
        'Yes'
    """
    aligned = space.aligned(gamma)
    fresh = _fresh(space, given)
    chosen = rng.choices(fresh, weights=_weights([aligned[index] for index in fresh]))[0]
    return space.answers[chosen]


def draw_sequence(
    space: AnswerSpace, count: int, given: frozenset[str], rng: random.Random
) -> list[Line]:
    """A list of distinct answers, each as likely as any other.

    Args:
        space: The answer space.
        count: How many; fewer are given if the space has fewer.
        given: Answers not to be repeated as long as there are others.
        rng: The source of randomness.

    Example:
        >>> len(draw_sequence(AnswerSpace("die", tuple("123456"), (1,) * 6), 9, frozenset(),
        ...                   random.Random(1)))
        6
    """
    fresh = _fresh(space, given)
    return [Line(space.answers[index]) for index in rng.sample(fresh, min(count, len(fresh)))]


def draw_verbalized(
    space: AnswerSpace,
    count: int,
    *,
    number: Number,
    threshold: float | None,
    noise: float,
    given: frozenset[str],
    rng: random.Random,
) -> list[Line]:
    """Distinct answers with their stated numbers: the reference distribution, verbalized.

    The first answer is drawn from the reference, the others uniformly from the rest (Lahiri's and
    Midzuno's design). So a set is as likely as its reference probabilities add up to, and a later
    draw by the stated numbers restores the reference exactly, whatever the count; drawing all of
    them by the reference would count it twice.

    Args:
        space: The answer space.
        count: How many; fewer are given if the space has fewer.
        number: Which number is stated.
        threshold: Only answers whose stated fraction lies below it; if these are too few, the
            rarest ones. None: all answers.
        noise: Standard deviation of the logarithm of the stated probability around the true one.
        given: Answers not to be repeated as long as there are others.
        rng: The source of randomness.

    Example:
        >>> coin = AnswerSpace("coin", ("Heads", "Tails"), (1, 1))
        >>> lines = draw_verbalized(coin, 5, number="percentage", threshold=None, noise=0.0,
        ...                         given=frozenset(), rng=random.Random(1))
        >>> sorted((line.text, line.number) for line in lines)
        [('Heads', '50%'), ('Tails', '50%')]
    """
    unit = max(space.probabilities) if number == "confidence" else 1.0
    pool = _fresh(space, given)
    if threshold is not None:
        pool = _rare(pool, [p / unit for p in space.probabilities], threshold, count, rng)
    chosen = _distinct(pool, space.probabilities, count, rng)
    lines = []
    for index in chosen:
        stated = space.probabilities[index] / unit * math.exp(noise * rng.gauss(0.0, 1.0))
        fraction = _bounded(stated, 1.0 if number == "confidence" else _SURE, threshold, rng)
        lines.append(Line(space.answers[index], _write(fraction, number, space.answers[index])))
    return lines


def _fresh(space: AnswerSpace, given: frozenset[str]) -> list[int]:
    everything = range(len(space.answers))
    fresh = [index for index in everything if key(space.answers[index]) not in given]
    return fresh or list(everything)


def _rare(
    pool: list[int],
    fractions: Sequence[float],
    threshold: float,
    count: int,
    rng: random.Random,
) -> list[int]:
    rare = [index for index in pool if fractions[index] < threshold]
    if len(rare) >= count:
        return rare
    # Shuffled first, as a stable sort would always leave out the same of equally rare answers.
    return sorted(rng.sample(pool, len(pool)), key=fractions.__getitem__)[:count]


def _distinct(
    pool: list[int], probabilities: Sequence[float], count: int, rng: random.Random
) -> list[int]:
    first = rng.choices(pool, weights=_weights([probabilities[index] for index in pool]))[0]
    others = [index for index in pool if index != first]
    return [first, *rng.sample(others, min(count - 1, len(others)))]


def _weights(probabilities: Sequence[float]) -> list[float]:
    """Probabilities scaled to their greatest, so that tiny ones do not vanish together."""
    greatest = max(probabilities)
    return [p / greatest for p in probabilities] if greatest > 0 else [1.0] * len(probabilities)


def _bounded(stated: float, highest: float, threshold: float | None, rng: random.Random) -> float:
    if threshold is not None and stated >= threshold * _NEAREST_TO_BOUND:
        # Two significant digits move a number by at most a twentieth: it stays below the bound.
        return threshold * rng.uniform(0.6, _NEAREST_TO_BOUND)
    return min(stated, highest)


def _write(fraction: float, number: Number, answer: str) -> str:
    writers: dict[Number, Callable[[], str]] = {
        "probability": lambda: _digits(fraction),
        "confidence": lambda: _digits(fraction),
        "percentage": lambda: f"{_digits(100.0 * fraction)}%",
        "nll": lambda: _digits(-math.log(fraction), significant=3),
        "perplexity": lambda: _digits(fraction ** (-1.0 / len(pieces(answer))), significant=4),
    }
    return writers[number]()


def _digits(value: float, significant: int = 2) -> str:
    """A positive number in plain decimal notation, without trailing zeros."""
    if value <= 0.0:
        return "0"
    places = max(0, significant - 1 - math.floor(math.log10(value)))
    written = f"{value:.{places}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
