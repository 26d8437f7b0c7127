"""Several ways of asking side by side, at an equal budget of responses, without I/O.

`ComparisonSettings` say what is compared; an `Experiment` lists the exchanges to make, takes
their outcomes, and gives the `Comparison`; `conduct` and `aconduct` make the exchanges by
whatever function asks a model. Needs the `eval` extra where metrics do.
"""

from __future__ import annotations

from vs_core.comparison.comparison import Comparison
from vs_core.comparison.conduct import ARunExchange, OnProgress, RunExchange, aconduct, conduct
from vs_core.comparison.estimate import RESAMPLES, estimate
from vs_core.comparison.journal import ExchangeRecord, read_journal
from vs_core.comparison.plan import PlannedExchange, Way, plan
from vs_core.comparison.records import Cost, Estimate, MethodResponses, MethodSummary
from vs_core.comparison.settings import DEFAULT_METHODS, ComparisonOptions, ComparisonSettings

__all__ = [
    "RESAMPLES",
    "ARunExchange",
    "Comparison",
    "ComparisonSettings",
    "Cost",
    "Estimate",
    "ExchangeRecord",
    "MethodResponses",
    "MethodSummary",
    "OnProgress",
    "Outcome",
    "PlannedExchange",
    "RunExchange",
    "Way",
    "aconduct",
    "conduct",
    "estimate",
    "read_journal",
]
