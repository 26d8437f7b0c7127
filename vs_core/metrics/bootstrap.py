"""The percentile bootstrap: how far means would move with other examples of the same kind."""

from __future__ import annotations

from typing import Any

from vs_core.metrics.libraries import library

RESAMPLES = 2000
"""Bootstrap samples drawn for one interval."""

COVERED = (2.5, 97.5)
"""The percentiles between which a 95 % interval lies."""

_AT_ONCE = 1_000_000
"""Draws that are held in memory at a time."""


def resampled_means(columns: Any, seed: int | None) -> Any:
    """The means of each column over 2,000 samples of the rows, drawn with replacement.

    Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13. The same number of
    rows gets the same draws by the same seed, so that what is computed from two tables is paired.

    Args:
        columns: An array with a row for each example.
        seed: Of the draws; None is a fixed seed too.

    Returns:
        An array with a row for each sample. O(resamples x rows x columns).

    Raises:
        MissingExtraError: numpy is not installed.

    Example:
        >>> from vs_core.metrics.bootstrap import resampled_means
        >>> resampled_means([[0.0, 1.0], [1.0, 1.0]], seed=1).shape
        (2000, 2)
    """
    numpy = library("numpy", "a bootstrap interval")
    table = numpy.asarray(columns, dtype=float)
    rows = len(table)
    rng = numpy.random.default_rng(abs(seed or 0))
    part = max(1, _AT_ONCE // rows)
    means = []
    for first in range(0, RESAMPLES, part):
        samples = min(part, RESAMPLES - first)
        drawn = rng.integers(rows, size=(samples, rows)) + rows * numpy.arange(samples)[:, None]
        times = numpy.bincount(drawn.ravel(), minlength=samples * rows).reshape(samples, rows)
        means.append(times @ table / rows)
    return numpy.concatenate(means)
