"""Whether the survivor is taken: by the interval of the difference, and by what can be used."""

from __future__ import annotations

from vs_core.comparison.records import Estimate
from vs_core.metrics import METRICS
from vs_core.tuning.records import TuningFigures, Verdict


def decided(difference: TuningFigures, metric: str) -> Verdict:
    """What the figures of survivor less default say. Whatever is not shown leaves the default.

    Args:
        difference: Paired by prompt.
        metric: What diversity is measured by.

    Example:
        >>> from vs_core.comparison import Estimate
        >>> from vs_core.tuning import TuningFigures
        >>> from vs_core.tuning.decision import decided
        >>> readable = Estimate(mean=0.0, low=-0.02, high=0.03)
        >>> shown = Estimate(mean=0.1, low=0.04, high=0.17)
        >>> perhaps = Estimate(mean=0.1, low=-0.01, high=0.2)
        >>> differences = (TuningFigures(diversity=d, readable=readable) for d in (shown, perhaps))
        >>> tuple(decided(difference, "unique_fraction") for difference in differences)
        ('taken', 'no_difference')
    """
    gain = difference.diversity
    if METRICS[metric].direction == "lower":
        gain = _negative(gain)
    if gain.low is None or gain.high is None:
        return "not_measured"
    if gain.high < 0:
        return "less_diverse"
    if gain.low <= 0:
        return "no_difference"
    if difference.readable.high is not None and difference.readable.high < 0:
        return "less_readable"
    return "taken"


def _negative(estimate: Estimate) -> Estimate:
    mean, low, high = (
        None if value is None else -value for value in (estimate.mean, estimate.high, estimate.low)
    )
    return Estimate(mean=mean, low=low, high=high)
