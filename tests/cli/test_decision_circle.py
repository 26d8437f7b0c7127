"""Decide, calibrate, decide again: as a user runs it, without a network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.decisions import needs_decisions
from tests.cli.program import run_main
from vs_core.calibration import Calibration


@needs_decisions
def test_the_whole_circle_runs_offline(tmp_path: Path) -> None:
    messages = Path(__file__).parents[2] / "benchmarks" / "decisions" / "messages.jsonl"
    labels = ("--choices", "billing,delivery,returns,technical,subscription,account")
    decided = run_main(
        *("decide", "--states", str(messages), *labels, "--label-field", "intent"),
        *("--seed", "1", "--json"),
    )
    assert decided.returncode == 0
    (tmp_path / "decisions.jsonl").write_bytes(decided.stdout)
    kept = tmp_path / "calibration.json"
    calibrated = run_main(
        "calibrate",
        str(tmp_path / "decisions.jsonl"),
        "--out",
        str(kept),
        "--method",
        "temperature",
    )
    assert calibrated.returncode == 0
    calibration = Calibration.load(kept)
    assert calibration.examples == 120
    assert calibration.change.log_loss.value < 0.0
    again = run_main(
        *("decide", "Where is my parcel?", *labels, "--seed", "1", "--json"),
        *("--calibration", str(kept)),
    )
    document = json.loads(again.stdout)
    assert document["calibrated"] is True
    assert sum(document["probabilities"].values()) == pytest.approx(1.0)
    stated = {label: document["stated"][label] for label in document["probabilities"]}
    assert document["probabilities"] == pytest.approx(calibration.applied(stated), abs=0.01)
    assert again.stderr.decode().count("fitted on other labels") == 0
