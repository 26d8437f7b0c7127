"""Making the exchanges of a tuning with a framework's models, for adapters."""

from vs_core.tuning.settings import TuningOptions
from vs_core.tuning.stages import Stage, TrialExchange
from vs_core.tuning.tuner import Tuner

__all__ = ["Stage", "TrialExchange", "Tuner", "TuningOptions"]
