"""The two maps from stated probabilities to those they stand for, in pure Python."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

FLOOR = 0.005
"""What a stated number below it counts as: half of the last digit, where two are written."""

_DECIMALS = 9
"""Numbers that were stated alike differ beyond these, by the rounding of their normalisation."""

_KEEPS_ORDER = 1e-6
"""How steep the isotonic map is at the least, so that labels it makes alike keep their order."""

Points = tuple[tuple[float, float], ...]


def normalised(numbers: Sequence[float]) -> tuple[float, ...]:
    """The numbers as shares of their sum.

    Example:
        >>> from vs_core.calibration.maps import normalised
        >>> normalised([3.0, 1.0])
        (0.75, 0.25)
    """
    try:
        total = math.fsum(numbers)
    except OverflowError:  # the sum of the largest numbers is none
        largest = max(numbers)
        return normalised([number / largest for number in numbers])
    return tuple(number / total for number in numbers)


def the_same(number: float) -> float:
    """The number without what only rounding makes of it.

    Example:
        >>> from vs_core.calibration.maps import the_same
        >>> the_same(0.1 + 0.2) == the_same(0.3)
        True
    """
    return round(number, _DECIMALS)


def floor_for(labels: int) -> float:
    """The smallest number among so many labels: `FLOOR`, or half of an even share if that is less.

    Example:
        >>> from vs_core.calibration.maps import floor_for
        >>> floor_for(6), floor_for(1000)
        (0.005, 0.0005)
    """
    return min(FLOOR, 0.5 / labels)


def floored(probabilities: Sequence[float]) -> list[float]:
    """The probabilities with those that are too small to have been written raised to the floor.

    Example:
        >>> from vs_core.calibration.maps import floored
        >>> floored([1.0, 0.0])
        [1.0, 0.005]
    """
    floor = floor_for(len(probabilities))
    return [max(probability, floor) for probability in probabilities]


@dataclass(frozen=True)
class TemperatureMap:
    """Each probability to the power of 1/T, normalised; T = 1 changes nothing but the floor.

    Guo et al., "On Calibration of Modern Neural Networks", arXiv 1706.04599, section 4.2, with
    the logarithms of stated probabilities in the place of logits.

    Attributes:
        temperature: T, above 0.
    """

    temperature: float

    def __call__(self, probabilities: Sequence[float]) -> tuple[float, ...]:
        """The calibrated probabilities.

        Args:
            probabilities: Of all labels of one decision; they sum to 1.
        """
        return normalised([p ** (1.0 / self.temperature) for p in floored(probabilities)])


@dataclass(frozen=True)
class IsotonicMap:
    """Each probability through one curve that never falls, normalised.

    Zadrozny and Elkan, "Transforming Classifier Scores into Accurate Multiclass Probability
    Estimates", KDD 2002. Between the points the curve is straight, outside of them level. A slope
    of a millionth is added, so that labels which it makes alike keep their order.

    Attributes:
        points: Of the curve, from left to right; all of them above 0.
    """

    points: Points

    def __call__(self, probabilities: Sequence[float]) -> tuple[float, ...]:
        """The calibrated probabilities.

        Args:
            probabilities: Of all labels of one decision; they sum to 1.
        """
        return normalised([self._at(p) + _KEEPS_ORDER * p for p in floored(probabilities)])

    def _at(self, probability: float) -> float:
        place = bisect_right(self.points, (probability, math.inf))
        if place == 0:
            return self.points[0][1]
        if place == len(self.points):
            return self.points[-1][1]
        (left, low), (right, high) = self.points[place - 1 : place + 1]
        return low + (high - low) * (probability - left) / (right - left)


ProbabilityMap = TemperatureMap | IsotonicMap


def rises(points: Points) -> bool:
    """Whether points are those of a curve that goes to the right, never falls and is above 0.

    Example:
        >>> from vs_core.calibration.maps import rises
        >>> rises(((0.1, 0.2), (0.9, 0.7))), rises(((0.1, 0.7), (0.9, 0.2)))
        (True, False)
    """
    return all(0.0 < y <= 1.0 for _, y in points) and all(
        left < right and low <= high for (left, low), (right, high) in pairwise(points)
    )
