"""Making the exchanges of a comparison with a framework's models, for adapters."""

from vs_core.comparison.conduct import (
    ARunExchange,
    Exchanges,
    OnProgress,
    RunExchange,
    aconduct,
    conduct,
    each_in_its_way,
)
from vs_core.comparison.experiment import Experiment, Outcome
from vs_core.comparison.plan import PlannedExchange, Way, plan
from vs_core.comparison.settings import DEFAULT_METHODS, ComparisonOptions

__all__ = [
    "DEFAULT_METHODS",
    "ARunExchange",
    "ComparisonOptions",
    "Exchanges",
    "Experiment",
    "OnProgress",
    "Outcome",
    "PlannedExchange",
    "RunExchange",
    "Way",
    "aconduct",
    "conduct",
    "each_in_its_way",
    "plan",
]
