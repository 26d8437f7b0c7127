"""How far a mean over prompts can be trusted: the percentile bootstrap."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from vs_core.comparison.records import Estimate
from vs_core.metrics.bootstrap import COVERED, resampled_means
from vs_core.metrics.libraries import library


def estimate(values: Sequence[float], *, seed: int | None = None) -> Estimate:
    """The mean of a score over prompts, with a 95 % percentile bootstrap interval.

    As many prompts as there are are drawn with replacement, 2,000 times; between the 2.5th and
    the 97.5th percentile of the means of these samples lies the interval (Efron and Tibshirani,
    An Introduction to the Bootstrap, 1993, chapter 13). It says what other prompts of the same
    kind would give. With few prompts, below about ten, it is too narrow.

    Responses are not resampled: drawing them with replacement puts repetitions into every
    sample, so that all measures of diversity would come out too low, and the interval of a
    perfect score would not even contain it. Hence one prompt alone has no interval.

    Args:
        values: The score of each prompt.
        seed: Of the draws. The same number of values gets the same draws, which pairs the
            methods of a comparison; None is a fixed seed too.

    Raises:
        MissingExtraError: numpy is not installed.

    Example:
        >>> from vs_core.comparison import estimate
        >>> estimate([0.5, 0.7, 0.9, 0.8])
        Estimate(mean=0.725, low=0.575, high=0.85...)
        >>> estimate([0.5]).low is None
        True
    """
    if not values:
        return Estimate()
    mean = fmean(values)
    if len(values) == 1:
        return Estimate(mean=mean)
    numpy = library("numpy", "a bootstrap interval")
    low, high = numpy.percentile(resampled_means([[value] for value in values], seed), COVERED)
    # Rounding is not to put the mean of equal values outside.
    return Estimate(mean=mean, low=min(float(low), mean), high=max(float(high), mean))
