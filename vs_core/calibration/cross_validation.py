"""What a map makes of examples that it was not fitted to."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from statistics import fmean
from typing import Literal, TypeAlias

from vs_core.calibration.examples import Example
from vs_core.calibration.fitting import FittedMethod, fit
from vs_core.calibration.maps import ProbabilityMap
from vs_core.calibration.scoring import log_loss

CalibrationMethod: TypeAlias = Literal["auto", "temperature", "isotonic"]
"""How to calibrate; `auto` decides."""

Probabilities = tuple[float, ...]

FROM = 100
"""Examples from which on an isotonic map is fitted."""


def fit_by(
    method: CalibrationMethod, examples: Sequence[Example], folds: int, seed: int | None
) -> tuple[FittedMethod, ProbabilityMap]:
    """The map by a method, and which it is if `auto` had to decide: by cross-validated log loss.

    Args:
        method: As asked for.
        examples: All that may be looked at.
        folds: For the decision.
        seed: Likewise.
    """
    fitted = chosen(examples, folds, seed) if method == "auto" else method
    return fitted, fit(fitted, examples)


def chosen(examples: Sequence[Example], folds: int, seed: int | None) -> FittedMethod:
    """The method with the smaller log loss on examples that it was not fitted to."""

    def loss(method: FittedMethod) -> float:
        made = held_out(examples, lambda part: fit(method, part), folds, seed)
        return fmean(map(log_loss, examples, made))

    return "isotonic" if loss("isotonic") < loss("temperature") else "temperature"


def held_out(
    examples: Sequence[Example],
    fitted: Callable[[Sequence[Example]], ProbabilityMap],
    folds: int,
    seed: int | None,
) -> list[Probabilities]:
    """The probabilities of each example by a map that was fitted to those of all other folds.

    Args:
        examples: At least as many as there are folds.
        fitted: Makes a map of examples.
        folds: Into how many parts of equal size they are dealt.
        seed: Of the shuffling before that; None is a fixed seed too.
    """
    order = list(range(len(examples)))
    random.Random(seed or 0).shuffle(order)
    made: dict[int, Probabilities] = {}
    for first in range(folds):
        fold = order[first::folds]
        apart = set(fold)
        curve = fitted([example for n, example in enumerate(examples) if n not in apart])
        made |= {place: curve(examples[place].probabilities) for place in fold}
    return [made[place] for place in range(len(examples))]
