"""Games of chance and numbers: spaces that are built from the question's own figures."""

from __future__ import annotations

import re

from vs_core.simulation.space import AnswerSpace

MOST_ANSWERS = 1000
"""A longer range of numbers is not answered from a list."""

_FEWEST_ANSWERS = 2

_FAVOURITES: dict[int, float] = {
    42: 26,
    7: 22,
    37: 18,
    73: 15,
    17: 9,
    27: 6,
    13: 6,
    23: 6,
    47: 5,
    77: 4,
    3: 4,
    67: 4,
    69: 3,
    87: 3,
    99: 3,
    5: 3,
    8: 3,
}
"""How much more often than other numbers people pick these."""

_ROUND_NUMBER = 0.4

_RANGE = re.compile(
    r"\b(?:between|from|range)\W{1,3}(\d{1,4})\W{1,3}(?:(?:and|to)\W{1,3})?(\d{1,4})\b",
    re.IGNORECASE,
)
_SIDES = re.compile(r"\b(?:(\d{1,3})[- ]sided|d(\d{1,3}))\b", re.IGNORECASE)


def coin() -> AnswerSpace:
    """A fair coin, of which heads is what people expect.

    Example:
        >>> coin().probabilities
        (0.5, 0.5)
    """
    return AnswerSpace("coin flip", ("Heads", "Tails"), (1, 1), typicality=(3, 2))


def die(question: str = "") -> AnswerSpace:
    """A fair die with six sides, or as many as the question says.

    A face a little above the middle is what people expect (four on a die with six sides).

    Args:
        question: May say "20-sided" or "d20".

    Example:
        >>> die().answers
        ('1', '2', '3', '4', '5', '6')
        >>> len(die("Roll a d20.").answers)
        20
    """
    found = _SIDES.search(question)
    sides = int(found.group(1) or found.group(2)) if found else 6
    if sides < _FEWEST_ANSWERS:
        sides = 6
    expected = sides // 2 + 1
    typicality = [1.0 / (2.0 + abs(face - expected)) for face in range(1, sides + 1)]
    typicality[expected - 1] *= 1.5
    faces = tuple(str(face) for face in range(1, sides + 1))
    return AnswerSpace(f"die with {sides} sides", faces, (1.0,) * sides, tuple(typicality))


def numbers(question: str = "") -> AnswerSpace:
    """The whole numbers from 1 to 100, or those of the range that the question states.

    People's favourites (42, 7, 37, 73) are more likely, round numbers less.

    Args:
        question: May say "between 1 and 10" or "from 0 to 9".

    Example:
        >>> len(numbers().answers)
        100
        >>> numbers("Pick a number between 1 and 3").answers
        ('1', '2', '3')
    """
    low, high = _stated_range(question) or (1, 100)
    chosen = range(low, high + 1)
    answers = tuple(str(number) for number in chosen)
    return AnswerSpace(f"number from {low} to {high}", answers, tuple(map(_liking, chosen)))


def _stated_range(question: str) -> tuple[int, int] | None:
    found = _RANGE.search(question)
    if found is None:
        return None
    low, high = sorted((int(found.group(1)), int(found.group(2))))
    # From 0 to 1 is the range of a probability, and hardly that of a number to pick.
    return (low, high) if high > 1 and 0 < high - low < MOST_ANSWERS else None


def _liking(number: int) -> float:
    return _FAVOURITES.get(number, _ROUND_NUMBER if number % 10 == 0 else 1.0)
