"""How the maps are fitted to labelled examples."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Literal

from vs_core.calibration.examples import Example
from vs_core.calibration.maps import (
    IsotonicMap,
    Points,
    ProbabilityMap,
    TemperatureMap,
    floored,
    the_same,
)
from vs_core.metrics.libraries import library

FittedMethod = Literal["temperature", "isotonic"]

COLDEST, HOTTEST = 0.1, 100.0
"""The temperatures between which one is looked for."""

_HALVINGS = 45


def fit(method: FittedMethod, examples: Sequence[Example]) -> ProbabilityMap:
    """The map of one method.

    Args:
        method: Which.
        examples: At least one.

    Raises:
        MissingExtraError: numpy is not installed.
    """
    if method == "isotonic":
        return IsotonicMap(fitted_points(examples))
    return TemperatureMap(fitted_temperature(examples))


def fitted_temperature(examples: Sequence[Example]) -> float:
    """The temperature with the smallest log loss.

    The log loss is convex in b = 1/T. Its slope there is the mean over the examples of the expected
    logarithm of the stated number, less that of the true label. It rises with b, so that halving
    finds where it is 0, or the end of the range. If no decision tells its labels apart, T is 1.

    Args:
        examples: At least one.

    Returns:
        From 0.1 to 100. O(examples x labels).

    Raises:
        MissingExtraError: numpy is not installed.
    """
    numpy = library("numpy", "calibrate")
    logs, present, true = _logarithms(examples, numpy)
    smallest = numpy.where(present, logs, 0.0).min(axis=1)
    if (numpy.where(present, logs, -numpy.inf).max(axis=1) == smallest).all():
        return 1.0

    def slope(inverse: float) -> float:
        weights = numpy.where(present, numpy.exp(inverse * logs), 0.0)
        expected = (weights * logs).sum(axis=1) / weights.sum(axis=1)
        return float((expected - true).mean())

    low, high = math.log(1.0 / HOTTEST), math.log(1.0 / COLDEST)
    if slope(math.exp(low)) >= 0.0:
        return HOTTEST
    if slope(math.exp(high)) <= 0.0:
        return COLDEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if slope(math.exp(middle)) < 0.0 else (low, middle)
    return math.exp(-(low + high) / 2.0)


def fitted_points(examples: Sequence[Example]) -> Points:
    """The curve that never falls and has the smallest squared error, over all labels at once.

    Each label of each example is a case: its stated number, and whether it is the true one. Cases
    of the same number are one, and pooling adjacent violators does the rest (Ayer et al., "An
    Empirical Distribution Function for Sampling with Incomplete Information", 1955). One case is
    added at either end against what is to be expected there: a true label at the smallest number,
    and a false one at the largest. So no label ever gets 0 or 1, which no number of examples shows.

    Args:
        examples: At least one.

    Returns:
        The left and the right end of each level stretch. O(cases x log cases).
    """
    cases: dict[float, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for example in examples:
        for place, number in enumerate(map(the_same, floored(example.probabilities))):
            cases[number][0] += float(place == example.true)
            cases[number][1] += 1.0
    smallest, largest = min(cases), max(cases)
    cases[smallest][0] += 1.0
    for end in (smallest, largest):
        cases[end][1] += 1.0
    points: dict[float, float] = {}
    for left, right, share in _pooled(cases):
        points |= {left: share, right: share}
    return tuple(points.items())


def _pooled(cases: dict[float, list[float]]) -> list[tuple[float, float, float]]:
    """Level stretches: where each begins and ends, and the share of true labels in it."""
    stretches: list[tuple[float, float, float, float]] = []
    for number in sorted(cases):
        left, (true, total) = number, cases[number]
        while stretches and stretches[-1][2] * total >= true * stretches[-1][3]:
            left, _, earlier_true, earlier_total = stretches.pop()
            true, total = true + earlier_true, total + earlier_total
        stretches.append((left, number, true, total))
    return [(left, right, true / total) for left, right, true, total in stretches]


def _logarithms(examples: Sequence[Example], numpy: Any) -> tuple[Any, Any, Any]:
    """The logarithms, a row for each example; where there is a label; that of the true one."""
    widest = max(len(example.labels) for example in examples)
    logs = numpy.zeros((len(examples), widest))
    present = numpy.zeros((len(examples), widest), dtype=bool)
    for row, example in enumerate(examples):
        width = len(example.labels)
        logs[row, :width] = [math.log(number) for number in floored(example.probabilities)]
        present[row, :width] = True
    true = logs[range(len(examples)), [example.true for example in examples]]
    return logs, present, true
