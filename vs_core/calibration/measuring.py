"""The figures of probabilities with their intervals, and how they change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from vs_core.calibration.examples import Example
from vs_core.calibration.quality import Bin, Evaluation, Quality
from vs_core.calibration.scoring import bins_of, brier, log_loss, wilson
from vs_core.metrics.bootstrap import COVERED, RESAMPLES, resampled_means
from vs_core.metrics.libraries import library
from vs_core.values.interval import Interval

_BY_CHANCE = 95.0
"""Percentile of the ECE of numbers that mean what they say, up to which one may be none."""


@dataclass(frozen=True)
class Measured:
    """An evaluation, and its figures in each bootstrap sample.

    Attributes:
        evaluation: The figures.
        resampled: Of each figure but the accuracy, its values.
    """

    evaluation: Evaluation
    resampled: dict[str, Any]

    def change_from(self, before: Measured) -> Quality:
        """By how much the figures differ from earlier ones of the same examples.

        The bootstrap samples are the same, so that the differences are paired. No map changes which
        label is the most probable.

        Args:
            before: The earlier ones, with the same seed.
        """
        numpy = library("numpy", "a bootstrap interval")
        changes = {"accuracy": Interval(value=0.0, low=0.0, high=0.0)}
        for name, values in self.resampled.items():
            now, then = getattr(self.evaluation, name), getattr(before.evaluation, name)
            change = now.value - then.value
            low, high = numpy.percentile(values - before.resampled[name], COVERED)
            if name == "ece":
                low, high = _as_far_on_either_side(change, low, high)
            changes[name] = _interval(change, low, high)
        return Quality(**changes)


def measured(
    examples: Sequence[Example],
    probabilities: Sequence[Sequence[float]],
    *,
    alike: Sequence[Sequence[float]] | None = None,
    calibrated: bool,
    seed: int | None,
) -> Measured:
    """Measure probabilities by their true labels.

    Args:
        examples: Which label is true.
        probabilities: Of the labels of each example, as stated or calibrated.
        alike: Probabilities that say which examples belong into one bin; by default the same. Those
            of a cross-validation come of several maps, and the more of the left out are right, the
            smaller are the numbers of the map that was fitted to the others: bins of such numbers
            would show that as an error.
        calibrated: Which of the two.
        seed: Of the bootstrap.

    Raises:
        MissingExtraError: numpy is not installed.
    """
    numpy = library("numpy", "a bootstrap interval")
    numbers = _of_chosen(examples, probabilities)
    right = [example.chosen == example.true for example in examples]
    bins = bins_of(_of_chosen(examples, alike) if alike is not None else numbers)
    losses = [list(map(loss, examples, probabilities)) for loss in (brier, log_loss)]
    in_bin = numpy.asarray(bins)[:, None] == sorted(set(bins))
    gaps = in_bin * (numpy.asarray(right, dtype=float) - numbers)[:, None]
    means = resampled_means(numpy.column_stack([*losses, gaps]), seed)
    ece = float(numpy.abs(gaps.mean(axis=0)).sum())
    by_chance = _ece_by_chance(numbers, in_bin, seed, numpy)
    resampled = {
        "ece": numpy.abs(means[:, 2:]).sum(axis=1),
        "brier": means[:, 0],
        "log_loss": means[:, 1],
    }
    evaluation = Evaluation(
        examples=len(examples),
        calibrated=calibrated,
        accuracy=_share(right),
        ece=_ece(ece, resampled["ece"], by_chance, numpy),
        ece_if_calibrated=float(by_chance.mean()),
        brier=_mean(losses[0], resampled["brier"], numpy),
        log_loss=_mean(losses[1], resampled["log_loss"], numpy),
        bins=_bins(bins, numbers, right),
    )
    return Measured(evaluation, resampled)


def _of_chosen(
    examples: Sequence[Example], probabilities: Sequence[Sequence[float]]
) -> list[float]:
    return [made[example.chosen] for example, made in zip(examples, probabilities, strict=True)]


def _ece_by_chance(numbers: Sequence[float], in_bin: Any, seed: int | None, numpy: Any) -> Any:
    """The ECE where each label is right as often as its number says, in as many simulations."""
    rng = numpy.random.default_rng(abs(seed or 0))
    stated, members = numpy.asarray(numbers), in_bin.astype(float)
    totals = []
    for _ in range(RESAMPLES):
        right = rng.random(len(stated)) < stated
        totals.append(numpy.abs((right - stated) @ members).sum() / len(stated))
    return numpy.asarray(totals)


def _ece(value: float, resampled: Any, by_chance: Any, numpy: Any) -> Interval:
    low, high = _as_far_on_either_side(value, *numpy.percentile(resampled, COVERED))
    by_chance_only = value <= numpy.percentile(by_chance, _BY_CHANCE)
    return _interval(value, 0.0 if by_chance_only else max(0.0, low), high)


def _as_far_on_either_side(value: float, low: float, high: float) -> tuple[float, float]:
    """For an ECE: resampling adds noise, and noise only ever adds to it, so one end is too near."""
    half = max(value - low, high - value)
    return value - half, value + half


def _share(right: Sequence[bool]) -> Interval:
    low, high = wilson(sum(right), len(right))
    return Interval(value=sum(right) / len(right), low=low, high=high)


def _mean(losses: Sequence[float], resampled: Any, numpy: Any) -> Interval:
    low, high = numpy.percentile(resampled, COVERED)
    return _interval(fmean(losses), low, high)


def _interval(value: float, low: float, high: float) -> Interval:
    # Rounding is not to put a figure outside of its interval.
    return Interval(value=value, low=min(float(low), value), high=max(float(high), value))


def _bins(bins: Sequence[int], numbers: Sequence[float], right: Sequence[bool]) -> tuple[Bin, ...]:
    return tuple(
        _bin([n for n, b in enumerate(bins) if b == one], numbers, right)
        for one in sorted(set(bins))
    )


def _bin(members: Sequence[int], numbers: Sequence[float], right: Sequence[bool]) -> Bin:
    hits = sum(right[member] for member in members)
    low, high = wilson(hits, len(members))
    return Bin(
        count=len(members),
        stated=fmean(numbers[member] for member in members),
        right=hits / len(members),
        low=low,
        high=high,
    )
