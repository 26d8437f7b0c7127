"""Decisions: a probability for each label of a question, as a model states it.

A `LabelQuestion` says what is asked, a `Decision` what came of it. What drives the calls of a
framework's models is at `vs_core.adapters.decisions`; `vs_core.calibration` makes the numbers mean
what they say.
"""

from __future__ import annotations

from vs_core.decisions.decision import Calibrating, Decision
from vs_core.values.question import LabelQuestion, yes_no

__all__ = ["Calibrating", "Decision", "LabelQuestion", "yes_no"]
