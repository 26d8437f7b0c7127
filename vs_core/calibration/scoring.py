"""The figures of one example, and the bins over all."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from vs_core.calibration.examples import Example
from vs_core.calibration.maps import floored, the_same

_Z = 1.959963984540054


def log_loss(example: Example, probabilities: Sequence[float]) -> float:
    """-ln of the true label's share, once those that are too small are raised to the floor.

    Without the floor a stated 0 would cost infinitely much; without the share it would be raised
    for free.

    Args:
        example: Says which label is true.
        probabilities: As stated, or calibrated.
    """
    raised = floored(probabilities)
    return math.log(math.fsum(raised) / raised[example.true])


def brier(example: Example, probabilities: Sequence[float]) -> float:
    """The sum over the labels of (p - y)², with y = 1 for the true one and 0 for the others.

    Args:
        example: Says which label is true.
        probabilities: As stated, or calibrated.
    """
    return math.fsum(
        (p - float(place == example.true)) ** 2 for place, p in enumerate(probabilities)
    )


def bins_of(numbers: Sequence[float]) -> list[int]:
    """The bin of each number: as many of equal size as the cube root of how many there are.

    Equal numbers are in one bin, so that the order of the examples makes no difference; hence some
    bins are larger than others where few different numbers are stated.

    Args:
        numbers: Of the most probable labels.
    """
    wanted = max(2, round(len(numbers) ** (1 / 3)))
    written = [the_same(number) for number in numbers]
    bins: dict[float, int] = {}
    below = 0
    for number, count in sorted(Counter(written).items()):
        # Where the middle of those alike comes in the order.
        bins[number] = int(wanted * (below + count / 2) / len(numbers))
        below += count
    return [bins[number] for number in written]


def wilson(right: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share: Wilson, "Probable Inference", JASA 22 (1927).

    Args:
        right: How many of them are.
        count: How many there are.
    """
    spread = _Z * _Z / count
    share = right / count
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))
