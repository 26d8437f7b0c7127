"""`calibrate` and `evaluate`: labelled decisions in, a calibration or figures out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from itertools import chain

from vs_core.calibration.calibration import Calibration
from vs_core.calibration.cross_validation import FROM, CalibrationMethod, fit_by, held_out
from vs_core.calibration.examples import Example, examples_of
from vs_core.calibration.maps import TemperatureMap
from vs_core.calibration.measuring import measured
from vs_core.calibration.quality import Evaluation
from vs_core.calibration.remarks import about_change, about_examples, about_map
from vs_core.visible import encodable, visible

_METHODS = ("auto", "temperature", "isotonic")


def calibrate(
    decisions: Iterable[object],
    labels: Iterable[object],
    *,
    method: CalibrationMethod = "auto",
    folds: int = 10,
    seed: int | None = None,
) -> Calibration:
    """Fit one map that makes stated probabilities mean what they say, and measure what it brings.

    The map acts on numbers, not on labels, so that the decisions may be about several questions
    and have different labels.

    - `temperature`: each probability to the power of 1/T, normalised, with the T of the smallest
      log loss (Guo et al., arXiv 1706.04599, section 4.2, with stated probabilities in the place of
      a softmax). One number, for few examples.
    - `isotonic`: the curve that never falls and has the smallest squared error, one for all labels,
      normalised (Zadrozny and Elkan, "Transforming Classifier Scores into Accurate Multiclass
      Probability Estimates", KDD 2002). From 100 examples on.
    - `auto`: temperature below 100 examples; from there on the one of smaller log loss on examples
      that it was not fitted to.

    Neither changes which label is the most probable. A stated number below 0.005 counts as 0.005,
    since models write two decimals and 0 has no logarithm. The map is fitted to all examples; the
    figures after it are those of maps that were fitted to all folds but the example's own, and so
    is the decision of `auto` for them. The intervals say how other examples would move the figures,
    for maps as they are.

    Args:
        decisions: Mappings from label to probability; or what has one as `.probabilities`, such as
            the answers of decision models; or the probability of yes as `.noul`, with the labels
            True and False; or distributions, whose values are the labels. They are normalised.
        labels: The true label of each; for `.noul` True, False, "yes" or "no".
        method: Which map.
        folds: Parts of the cross-validation, shuffled.
        seed: Of the shuffling and of the bootstrap; None is a fixed seed too.

    Raises:
        ValueError: There are not as many labels as decisions; fewer than 10, or than 100 for
            `isotonic`; a decision has a single label, no usable numbers, or not the true label;
            `method` or `folds` is none.
        TypeError: Something is no decision.
        MissingExtraError: numpy is not installed.

    Example:
        >>> from vs_core.calibration import calibrate
        >>> decisions = [{"billing": 0.9, "delivery": 0.1}, {"billing": 0.2, "delivery": 0.8}] * 20
        >>> labels = ["billing", "delivery", "delivery", "delivery"] * 10
        >>> calibration = calibrate(decisions, labels, seed=1)
        >>> calibration.method, round(calibration.temperature, 2)
        ('temperature', 2.29)
    """
    examples = examples_of(decisions, labels)
    _check(method, folds, len(examples))
    asked: CalibrationMethod = "temperature" if len(examples) < FROM else method
    fitted, curve = fit_by(asked, examples, folds, seed)
    stated = [example.probabilities for example in examples]
    made = held_out(examples, lambda part: fit_by(asked, part, folds, seed)[1], folds, seed)
    before = measured(examples, stated, calibrated=False, seed=seed)
    by_all = [curve(numbers) for numbers in stated]
    after = measured(examples, made, alike=by_all, calibrated=True, seed=seed)
    change = after.change_from(before)
    return Calibration(
        method=fitted,
        temperature=curve.temperature if isinstance(curve, TemperatureMap) else None,
        points=() if isinstance(curve, TemperatureMap) else curve.points,
        examples=len(examples),
        labels=_labels(examples),
        before=before.evaluation,
        after=after.evaluation,
        change=change,
        remarks=(*about_examples(examples), *about_map(curve), *about_change(change)),
        asked=method,
        folds=folds,
        seed=seed,
        fitted_at=datetime.now(timezone.utc),
    )


def evaluate(
    decisions: Iterable[object],
    labels: Iterable[object],
    *,
    calibration: Calibration | None = None,
    seed: int | None = None,
) -> Evaluation:
    """Measure probabilities by true labels: as they stand, or as a calibration makes them.

    With a calibration, pass examples that it was not fitted to. The figures:

    - *accuracy*: share of the examples whose most probable label is the true one, with Wilson's
      interval.
    - *ECE*, expected calibration error: examples are put into bins of equal size by the number of
      their most probable label; the mean over the examples of |mean number - share right| of their
      bin (Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI
      2015). Bins of equal size have less bias than those of equal width (Roelofs et al., arXiv
      2012.08668), and there are as many as the cube root of the number of examples (Futami and
      Fujisawa, arXiv 2405.15709). An ECE is above 0 by chance alone: `ece_if_calibrated` says by
      how much. Resampling adds as much again; hence the interval goes as far to either side as the
      percentile bootstrap does to the farther one, and begins at 0 where the ECE is within what
      95 % of simulations show in which the numbers mean what they say.
    - *Brier score*: mean of the sum over all labels of (p - y)², with y = 1 for the true label and
      0 for the others; from 0 to 2 (Brier, "Verification of Forecasts Expressed in Terms of
      Probability", Monthly Weather Review 78, 1950), with the interval of the percentile bootstrap.
    - *log loss*: mean of -ln p of the true label, where numbers below 0.005 are raised to it and
      all are normalised again, so that a stated 0 does not make it infinite; with the same kind of
      interval.

    Args:
        decisions: As for `calibrate`.
        labels: As for `calibrate`.
        calibration: Made of other examples; None measures the numbers as they stand.
        seed: Of the bootstrap; None is a fixed seed too.

    Raises:
        ValueError: As for `calibrate`.
        TypeError: As for `calibrate`.
        MissingExtraError: numpy is not installed.

    Example:
        >>> from vs_core.calibration import evaluate
        >>> decisions = [{"yes": 0.9, "no": 0.1}] * 20
        >>> found = evaluate(decisions, ["yes"] * 18 + ["no"] * 2)
        >>> round(found.ece.value, 3), round(found.brier.value, 3), round(found.log_loss.value, 3)
        (0.0, 0.18, 0.325)
    """
    examples = examples_of(decisions, labels)
    numbers = [example.probabilities for example in examples]
    if calibration is not None:
        numbers = [_applied(calibration, stated) for stated in numbers]
    found = measured(examples, numbers, calibrated=calibration is not None, seed=seed)
    remarks = tuple(about_examples(examples))
    return found.evaluation.model_copy(update={"remarks": remarks})


def _check(method: str, folds: int, examples: int) -> None:
    if method not in _METHODS:
        raise ValueError(f"method={method!r}: must be one of {', '.join(_METHODS)}")
    if method == "isotonic" and examples < FROM:
        raise ValueError(
            f"method='isotonic' with {examples} examples: a curve follows chance in so few; give "
            f"{FROM} or more, or take method='temperature'"
        )
    if not 2 <= folds <= examples:
        raise ValueError(f"folds={folds!r}: must be from 2 to the number of examples, {examples}")


def _applied(calibration: Calibration, stated: Sequence[float]) -> tuple[float, ...]:
    return tuple(calibration.applied(dict(enumerate(stated))).values())


def _labels(examples: Sequence[Example]) -> tuple[bool | int | float | str, ...]:
    seen = dict.fromkeys(chain.from_iterable(example.labels for example in examples))
    return tuple(map(_in_json, seen))


def _in_json(label: object) -> bool | int | float | str:
    """JSON has no form for numbers that are not finite, nor for half of an emoji."""
    if isinstance(label, str):
        return encodable(label)
    if isinstance(label, (bool, int)) or (isinstance(label, float) and math.isfinite(label)):
        return label
    return visible(str(label))
