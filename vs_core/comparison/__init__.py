"""Several ways of asking side by side, at an equal budget of responses, without I/O.

`ComparisonSettings` say what is compared; an `Experiment` lists the exchanges to make, takes
their outcomes, and gives the `Comparison`. What makes the exchanges is at
`vs_core.adapters.comparison`. Needs the `eval` extra where metrics do.
"""

from __future__ import annotations

from vs_core.comparison.comparison import Comparison
from vs_core.comparison.estimate import estimate
from vs_core.comparison.journal import ExchangeRecord, read_journal
from vs_core.comparison.records import Estimate, MethodResponses, MethodSummary
from vs_core.comparison.settings import ComparisonSettings
from vs_core.journal.cost import Cost
from vs_core.metrics.bootstrap import RESAMPLES

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
