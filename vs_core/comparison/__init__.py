"""Several ways of asking side by side, at an equal budget of responses, without I/O.

`ComparisonSettings` say what is compared; an `Experiment` lists the exchanges to make, takes
their outcomes, and gives the `Comparison`; `conduct` and `aconduct` make the exchanges by
whatever function asks a model. Needs the `eval` extra where metrics do.
"""

from __future__ import annotations

from vs_core.comparison.estimate import RESAMPLES, estimate
from vs_core.comparison.journal import ExchangeRecord, read_journal
from vs_core.comparison.records import (
    Comparison,
    Cost,
    Estimate,
    MethodResponses,
    MethodSummary,
)
from vs_core.comparison.settings import ComparisonSettings

__all__ = [
    "RESAMPLES",
    "Comparison",
    "ComparisonSettings",
    "Cost",
    "Estimate",
    "ExchangeRecord",
    "MethodResponses",
    "MethodSummary",
    "estimate",
    "read_journal",
]
