"""What stated probabilities are worth, and a map that makes them mean what they say.

`calibrate` fits one to decisions whose true labels are known, `evaluate` measures it on others. A
`Calibration` is saved as JSON and applied without any library. Fitting and measuring need the
`eval` extra.
"""

from __future__ import annotations

from vs_core.calibration.calibrate import calibrate, evaluate
from vs_core.calibration.calibration import Calibration
from vs_core.calibration.cross_validation import CalibrationMethod
from vs_core.calibration.quality import Bin, Evaluation, Quality
from vs_core.values.interval import Interval

__all__ = [
    "Bin",
    "Calibration",
    "CalibrationMethod",
    "Evaluation",
    "Interval",
    "Quality",
    "calibrate",
    "evaluate",
]
