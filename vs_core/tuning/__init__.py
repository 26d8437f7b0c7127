"""Which settings give the most different answers, on your prompts with your model, without I/O.

`TuningSettings` say what is tried; a `Tuning` is what was found. What makes the exchanges is at
`vs_core.adapters.tuning`. Needs the `eval` extra.
"""

from __future__ import annotations

from vs_core.tuning.forecast import Calls, described, forecast
from vs_core.tuning.journal import TrialRecord
from vs_core.tuning.records import Final, HalvingStage, PromptOutcome, Side, TuningFigures, Verdict
from vs_core.tuning.settings import TuningSettings
from vs_core.tuning.tuning import Tuning
from vs_core.tuning.variants import Variant

__all__ = [
    "Calls",
    "Final",
    "HalvingStage",
    "PromptOutcome",
    "Side",
    "TrialRecord",
    "Tuning",
    "TuningFigures",
    "TuningSettings",
    "Variant",
    "Verdict",
    "described",
    "forecast",
]
