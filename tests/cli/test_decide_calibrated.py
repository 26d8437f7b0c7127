"""`vs decide --calibration`."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.decisions import NUMBERS, TEAMS, decided, deciding, needs_decisions, written
from tests.cli.generations import answering
from tests.cli.program import run_main
from tests.every import for_every
from vs_cli import main
from vs_core.calibration import Calibration, calibrate

pytestmark = needs_decisions

STATE = "Where is my parcel?"


@pytest.fixture
def calibration(tmp_path: Path) -> str:
    path = tmp_path / "calibration.json"
    calibrate([NUMBERS["parcel"]] * 40, ["delivery", "billing"] * 20).save(path)
    return str(path)


def test_a_calibration_is_applied_and_named(
    capsys: pytest.CaptureFixture[str], calibration: str
) -> None:
    with answering(deciding) as (_, model):
        asked = [STATE, *TEAMS, *model, "--calibration", calibration]
        document = decided(*asked)
        assert main(["decide", *asked]) == 0
    assert document["calibrated"] is True
    expected = Calibration.load(calibration).applied(NUMBERS["parcel"])
    assert document["probabilities"] == pytest.approx(expected)
    assert document["stated"] == NUMBERS["parcel"]
    assert "calibrated on 40 examples" in capsys.readouterr().out


def test_a_calibration_may_be_for_one_of_the_questions(tmp_path: Path, calibration: str) -> None:
    asked = {"type": "choice", "instructions": "?", "criteria": {"billing": "", "delivery": ""}}
    questions = written(tmp_path, {"one": asked, "two": asked}, name="questions.json")
    labels = {"billing": 0.1, "delivery": 0.9}
    with answering(lambda _: json.dumps({"one": labels, "two": labels})) as (_, model):
        arguments = [STATE, "--questions", questions, *model]
        document = decided(*arguments, "--calibration", f"two={calibration}")
        shown = run_main("decide", *arguments, "--calibration", f"two={calibration}").stdout
    decisions = document["decisions"]
    assert (decisions["one"]["calibrated"], decisions["two"]["calibrated"]) == (False, True)
    assert b"calibrated on 40 examples" in shown
    assert b"uncalibrated" in shown


def test_a_calibration_of_other_labels_is_doubted(calibration: str) -> None:
    ended = run_main("decide", STATE, "--choices", "a,b", "--calibration", calibration)
    assert ended.returncode == 0
    assert "was fitted on other labels: 'billing', 'delivery'" in ended.stderr.decode()


@for_every(
    ("fitted", "asked"),
    [
        ((True, False), ("--yes-no", "Is it urgent?")),
        ((0, 1), ("--levels", "calm,angry")),
        (("0", "1"), ("--levels", "calm,angry")),
    ],
)
def test_the_same_labels_under_the_names_that_code_gives_them_are_not_doubted(
    fitted: tuple[Any, Any], asked: tuple[str, str]
) -> None:
    found = calibrate([dict(zip(fitted, (0.8, 0.2), strict=True))] * 20, fitted * 10)
    with tempfile.TemporaryDirectory() as folder:
        found.save(Path(folder) / "calibration.json")
        kept = str(Path(folder) / "calibration.json")
        ended = run_main("decide", STATE, *asked, "--calibration", kept)
    assert ended.returncode == 0
    assert "other labels" not in ended.stderr.decode()
