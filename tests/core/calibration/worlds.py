"""Labelled decisions of which it is known what their numbers mean."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

LABELS = ("billing", "delivery", "returns", "technical")

Decisions = list[dict[str, float]]
Distortion = Callable[[float], float]


def as_they_are(probability: float) -> float:
    return probability


def squared(probability: float) -> float:
    """Overconfident: the temperature that mends it is 2."""
    return probability**2


def world(
    count: int, stated: Distortion = as_they_are, *, seed: int = 1, labels: Sequence[str] = LABELS
) -> tuple[Decisions, list[str]]:
    """Decisions whose labels are drawn by their true probabilities, and what is stated of these."""
    rng = random.Random(seed)
    decisions, true = [], []
    for _ in range(count):
        weights = [rng.gammavariate(0.7, 1.0) + 0.25 for _ in labels]
        true.append(rng.choices(labels, weights)[0])
        said = [stated(weight / sum(weights)) for weight in weights]
        decisions.append(
            {label: number / sum(said) for label, number in zip(labels, said, strict=True)}
        )
    return decisions, true


def alternating(count: int, right: int = 2, of: int = 3) -> tuple[Decisions, list[str]]:
    """The same decision again and again, of which a known share is right."""
    decisions = [{"tea": 0.9, "coffee": 0.1} for _ in range(count)]
    return decisions, ["tea" if n % of < right else "coffee" for n in range(count)]
