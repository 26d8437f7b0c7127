"""What can be said to `vs calibrate`."""

from __future__ import annotations

import argparse
from typing import get_args

from vs_core.calibration import CalibrationMethod

_EPILOG = """\
Each line is a JSON object with "probabilities" (an object of labels and numbers) and the true
"label", as vs decide --states --json writes them where the states have labels. At least 10 are
needed, and 100 are better. What comes out belongs to the model, the wording and the settings that
the examples were made with. Asks no model.

examples:
  vs decide --states mails.jsonl --choices billing,delivery,returns --json > decisions.jsonl
  vs calibrate decisions.jsonl --out calibration.json --picture reliability.png
  vs decide "Where is my parcel?" --choices billing,delivery,returns \\
      --calibration calibration.json
"""


def add_calibrate(calibrate: argparse.ArgumentParser) -> None:
    """Add the arguments of `vs calibrate` to its parser."""
    calibrate.epilog = _EPILOG
    calibrate.add_argument(
        "decisions", metavar="FILE", help="labelled decisions; - reads standard input"
    )
    calibrate.add_argument(
        "--question",
        metavar="ID",
        help="which question's answers to take, where the lines have several",
    )
    calibrate.add_argument(
        "--method",
        choices=get_args(CalibrationMethod),
        default="auto",
        help="one temperature, a curve (isotonic, from 100 examples on), or the better one (auto)",
    )
    calibrate.add_argument(
        "--seed", type=int, metavar="N", help="other parts and samples for figures and intervals"
    )
    calibrate.add_argument(
        "--out", metavar="FILE", help="keep the calibration there, for vs decide --calibration"
    )
    calibrate.add_argument(
        "--picture", metavar="FILE", help="draw the reliability there: a name in .png or .svg"
    )
    calibrate.add_argument("--json", action="store_true", help="print one JSON document instead")
