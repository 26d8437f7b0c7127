"""The final: two sides, prompt by prompt, and the interval of their difference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from vs_core.comparison.records import Estimate
from vs_core.journal.cost import Cost
from vs_core.metrics.bootstrap import covered_with_few, resampled_means
from vs_core.metrics.libraries import library
from vs_core.tuning.journal import TrialRecord
from vs_core.tuning.records import Final, PromptOutcome, Side, TuningFigures
from vs_core.tuning.scoring import Brought
from vs_core.tuning.settings import COVERAGE, MIN_PROMPTS
from vs_core.tuning.variants import Variant


class Trial(NamedTuple):
    """What one side did in the final.

    Attributes:
        variant: Who it is.
        brought: What it brought, prompt by prompt.
        scores: How diverse that is.
        records: Its exchanges.
    """

    variant: Variant
    brought: Sequence[Brought]
    scores: Sequence[float | None]
    records: Sequence[TrialRecord]


def final_of(default: Trial, survivor: Trial, *, coverage: float, seed: int | None) -> Final | None:
    """The final, or None where too few prompts have a value of the metric on both sides.

    Args:
        default: The one side.
        survivor: The other, about the same prompts.
        coverage: Of the intervals.
        seed: Of the bootstrap.

    Raises:
        MissingExtraError: numpy is not installed.
    """
    trials = (default, survivor)
    pairs = list(zip(*map(_outcomes, trials), strict=True))
    paired = [pair for pair in pairs if all(outcome.diversity is not None for outcome in pair)]
    if len(paired) < MIN_PROMPTS:
        return None
    one, other = zip(*paired, strict=True)
    *figures, difference = compared(one, other, coverage=coverage, seed=seed)
    sides = [
        _side(trial, own, outcomes)
        for trial, own, outcomes in zip(trials, figures, zip(*pairs, strict=True), strict=True)
    ]
    return Final(
        default=sides[0],
        survivor=sides[1],
        difference=difference,
        prompts=len(paired),
        coverage=coverage,
        outcomes=tuple(outcome for pair in pairs for outcome in pair),
    )


def compared(
    default: Sequence[PromptOutcome],
    survivor: Sequence[PromptOutcome],
    *,
    coverage: float = COVERAGE,
    seed: int | None = None,
) -> tuple[TuningFigures, TuningFigures, TuningFigures]:
    """The figures of the default, of the survivor, and of survivor less default.

    The bootstrap draws prompts, as `vs_core.comparison.estimate` does, and the same ones for both
    sides; with few prompts the interval is as wide as Student's t has it.

    Args:
        default: Prompt by prompt; all have a value.
        survivor: The same prompts in the same order.
        coverage: Of the intervals.
        seed: Of the draws; None is a fixed seed too.

    Raises:
        MissingExtraError: numpy is not installed.
    """
    numpy = library("numpy", "a bootstrap interval")
    table = numpy.hstack([_table(side, numpy) for side in (default, survivor)])
    values = _differing(_figures(table.mean(axis=0), numpy), numpy)
    samples = _differing(_figures(resampled_means(table, seed), numpy), numpy)
    low, high = numpy.percentile(samples, covered_with_few(len(default), coverage), axis=0)
    found = list(map(_estimate, values, low, high))
    names = tuple(TuningFigures.model_fields)
    of_default, of_survivor, of_difference = (
        TuningFigures(**dict(zip(names, found[first:], strict=False)))
        for first in range(0, len(found), len(names))
    )
    return of_default, of_survivor, of_difference


def _outcomes(trial: Trial) -> list[PromptOutcome]:
    return [
        PromptOutcome(
            variant=trial.variant.name,
            prompt=found.prompt,
            asked=found.asked,
            usable=len(found.texts),
            different=found.different,
            diversity=score,
            cost=found.cost,
        )
        for found, score in zip(trial.brought, trial.scores, strict=True)
    ]


def _side(trial: Trial, figures: TuningFigures, outcomes: Sequence[PromptOutcome]) -> Side:
    return Side(
        variant=trial.variant,
        figures=figures,
        asked=sum(outcome.asked for outcome in outcomes),
        usable=sum(outcome.usable for outcome in outcomes),
        different=sum(outcome.different for outcome in outcomes),
        cost=sum((outcome.cost for outcome in outcomes), Cost()),
        failed=sum(record.error is not None for record in trial.records),
        exchanges=len(trial.records),
    )


def _table(side: Sequence[PromptOutcome], numpy: Any) -> Any:
    """A row for each prompt; in pairs of columns what is divided for a figure, and by what."""
    one = [1.0] * len(side)
    different = [outcome.different for outcome in side]
    tokens = [numpy.nan if (t := outcome.cost.tokens) is None else t for outcome in side]
    columns = [
        *([outcome.diversity for outcome in side], one),
        *([outcome.readable for outcome in side], one),
        *([outcome.cost.calls for outcome in side], different),
        *(tokens, different),
    ]
    return numpy.asarray(columns, dtype=float).T


def _figures(means: Any, numpy: Any) -> Any:
    """Means of the columns as figures; nan where nothing was different, or known."""
    above, below = means[..., 0::2], means[..., 1::2]
    return above / numpy.where(below > 0, below, numpy.nan)


def _differing(figures: Any, numpy: Any) -> Any:
    """The figures of both sides, and then those of the second less those of the first."""
    default, survivor = numpy.split(figures, 2, axis=-1)
    return numpy.concatenate([default, survivor, survivor - default], axis=-1)


def _estimate(value: float, low: float, high: float) -> Estimate:
    if not math.isfinite(value):
        return Estimate()
    if not (math.isfinite(low) and math.isfinite(high)):
        return Estimate(mean=float(value))
    # Rounding is not to put the mean of equal values outside.
    return Estimate(mean=float(value), low=min(low, value), high=max(high, value))
