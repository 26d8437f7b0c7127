"""`vs calibrate`: labelled decisions in, a calibration out."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from tests.cli.decisions import refused, written
from tests.cli.program import Ended, run_main
from tests.every import for_every
from vs_cli import main
from vs_core.calibration import Calibration, calibrate

HOSTILE = "[red]a[/] \x1b[2J \u202elive"
LABELS = ["delivery", "delivery", "billing"] * 14


def rows(labels: list[Any] = LABELS) -> Iterator[dict[str, Any]]:
    """Decisions of a model that is too sure of itself."""
    for number, label in enumerate(labels):
        sure = 0.9 + (number % 10) / 100
        yield {"probabilities": {"billing": 1 - sure, "delivery": sure}, "label": label}


@pytest.fixture
def decisions(tmp_path: Path) -> str:
    return written(tmp_path, *rows(), name="decisions.jsonl")


def loaded(ended: Ended) -> dict[str, Any]:
    assert ended.returncode == 0, ended.stderr.decode()
    document: dict[str, Any] = json.loads(ended.stdout)
    return document


def test_what_is_kept_is_what_calibrate_finds(tmp_path: Path, decisions: str) -> None:
    path = tmp_path / "calibration.json"
    ended = run_main("calibrate", decisions, "--out", str(path))
    assert ended.returncode == 0
    assert f"the calibration is {path}" in ended.stderr.decode()
    found = Calibration.load(path)
    expected = calibrate([row["probabilities"] for row in rows()], LABELS)
    assert found.temperature == expected.temperature
    assert found.examples == 42


def test_the_table_has_figures_before_and_after_their_intervals_and_remarks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, decisions: str
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["calibrate", decisions]) == 0
    captured = capsys.readouterr()
    expected = calibrate([row["probabilities"] for row in rows()], LABELS)
    for heading in ("42 examples", "as stated", "calibrated", "change"):
        assert heading in captured.out
    for figure in (expected.before.brier, expected.after.log_loss, expected.change.ece):
        assert f"{figure.value:.3f}" in captured.out
        assert f"{figure.low:.3f} to {figure.high:.3f}" in captured.out
    assert f"temperature {expected.temperature:.2f}" in captured.out
    assert all(remark in captured.out for remark in expected.remarks)
    assert "only 42 examples" in captured.out
    assert "not kept without --out" in captured.err


def test_the_json_is_a_calibration_that_can_be_kept(tmp_path: Path, decisions: str) -> None:
    ended = run_main("calibrate", decisions, "--json")
    assert loaded(ended)["examples"] == 42
    (tmp_path / "kept.json").write_bytes(ended.stdout)
    assert Calibration.load(tmp_path / "kept.json").examples == 42
    assert ended.stderr == b""


@for_every(("name", "begins"), [("r.png", b"\x89PNG"), ("r.SVG", b"<?xml")])
def test_a_picture_is_drawn(tmp_path: Path, decisions: str, name: str, begins: bytes) -> None:
    ended = run_main("calibrate", decisions, "--picture", str(tmp_path / name))
    assert ended.returncode == 0
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_a_method_can_be_chosen(tmp_path: Path) -> None:
    many = written(tmp_path, *rows(LABELS * 3))
    assert loaded(run_main("calibrate", many, "--method", "isotonic", "--json"))["points"]
    found = loaded(run_main("calibrate", many, "--method", "temperature", "--json", "--seed", "7"))
    assert (found["method"], found["seed"]) == ("temperature", 7)


def test_decisions_can_come_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, decisions: str
) -> None:
    lines = io.TextIOWrapper(io.BytesIO(Path(decisions).read_bytes()))
    monkeypatch.setattr(sys, "stdin", lines)
    assert loaded(run_main("calibrate", "-", "--json"))["examples"] == 42


def nested(**labels: Any) -> Iterator[dict[str, Any]]:
    numbers = {"yes": 0.9, "no": 0.1}
    for _ in range(30):
        yield {
            "decisions": {
                id_: {"probabilities": numbers, "label": label} for id_, label in labels.items()
            }
        }


def test_one_of_several_questions_is_named(tmp_path: Path) -> None:
    lines = written(tmp_path, *nested(late="yes", rude="no"))
    late, rude = (
        loaded(run_main("calibrate", lines, "--question", id_, "--json"))
        for id_ in ("late", "rude")
    )
    assert (late["before"]["accuracy"]["value"], rude["before"]["accuracy"]["value"]) == (1.0, 0.0)


def test_the_only_question_needs_no_name(tmp_path: Path) -> None:
    lines = written(tmp_path, *nested(late=True))
    assert loaded(run_main("calibrate", lines, "--json"))["before"]["accuracy"]["value"] == 1.0


def test_lines_without_a_label_or_an_answer_are_left_out_and_counted(tmp_path: Path) -> None:
    unlabelled = {"probabilities": {"billing": 0.5, "delivery": 0.5}}
    failed = {"line": 3, "state": "x", "error": "no answer"}
    lines = written(tmp_path, unlabelled, *rows(), failed, failed)
    ended = run_main("calibrate", lines, "--json")
    assert loaded(ended)["examples"] == 42
    said = ended.stderr.decode()
    assert "1 line without a label left out" in said
    assert "2 lines without an answer left out" in said


BROKEN: list[tuple[list[Any], str]] = [
    (["{"], "line 43 of {file} is no JSON: {"),
    (["[1]"], "line 43 of {file} is no JSON object"),
    ([{"label": "a"}], 'line 43 of {file} has no "probabilities"'),
    ([{"probabilities": {"a": 1.0}, "label": "a"}], 'line 43 of {file} has no "probabilities"'),
    ([{"probabilities": [0.5, 0.5], "label": "a"}], 'line 43 of {file} has no "probabilities"'),
    ([{"probabilities": {"a": "0.5", "b": 0.5}, "label": "a"}], "has \"0.5\" for 'a'"),
    ([{"probabilities": {"a": -0.5, "b": 0.5}, "label": "a"}], "has -0.5 for 'a'"),
    (['{"probabilities": {"a": NaN, "b": 0.5}, "label": "a"}'], "has NaN for 'a'"),
    ([{"probabilities": {"a": 0, "b": 0}, "label": "a"}], "has 0 for every label"),
    ([{"probabilities": {"a": 0.5, "b": 0.5}, "label": "c"}], "label 'c', which is none of"),
    (
        [{"probabilities": {"a": 0.5, "b": 0.5}, "label": "a", "calibrated": True}],
        "line 43 of {file} has calibrated probabilities",
    ),
    (list(nested(late=True)), "line 43 of {file} answers 'late', and lines before it answer a"),
    ([{"decisions": {"late": 1}}], '"decisions" is no object with an object for each'),
]


@for_every(("more", "complaint"), BROKEN)
def test_a_line_that_cannot_be_used_is_named(
    tmp_path: Path, more: list[Any], complaint: str
) -> None:
    lines = written(tmp_path, *rows(), *more)
    said = refused("calibrate", lines, "--out", str(tmp_path / "calibration.json"))
    assert complaint.replace("{file}", lines) in said
    assert not (tmp_path / "calibration.json").exists()


WHOLE: list[tuple[list[Any], list[str], str]] = [
    ([], [], "is empty"),
    ([""], [], "is empty"),
    (list(rows())[:7], [], "7 examples: at least 10 are needed"),
    (list(rows([None] * 20)), [], "has a true label"),
    (list(rows()), ["--method", "isotonic"], "method='isotonic' with 42 examples"),
    (list(rows()), ["--question", "late"], "does not say which question it answers"),
    (list(nested(a=True, b=True)), [], "say which by --question, one of 'a', 'b'"),
    (list(nested(a=True, b=True)), ["--question", "c"], "has no answer to 'c', but to 'a', 'b'"),
    ([*nested(a=True), *nested(b=True)], [], "answers 'b', and lines before it answer 'a'"),
    (list(rows()), ["--picture", "r.pdf"], "ends in .png or .svg"),
]


@for_every(("lines", "arguments", "complaint"), WHOLE)
def test_a_file_that_cannot_be_used_is_refused(
    tmp_path: Path, lines: list[Any], arguments: list[str], complaint: str
) -> None:
    assert complaint in refused("calibrate", written(tmp_path, *lines), *arguments)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    assert "No such file" in refused("calibrate", str(tmp_path / "nowhere"))
    (tmp_path / "latin").write_bytes(b"\xff\n")
    assert "line 1 of" in refused("calibrate", str(tmp_path / "latin"))


def test_what_cannot_be_written_is_told_after_the_figures(tmp_path: Path, decisions: str) -> None:
    ended = run_main("calibrate", decisions, "--out", str(tmp_path / "no" / "calibration.json"))
    assert ended.returncode == 1
    assert b"No such file" in ended.stderr
    assert b"as stated" in ended.stdout


def test_labels_are_shown_as_text(tmp_path: Path) -> None:
    numbers = {HOSTILE: 0.9, "b": 0.1}
    lines = written(tmp_path, *[{"probabilities": numbers, "label": HOSTILE}] * 20)
    ended = run_main("calibrate", lines)
    shown = ended.stdout.decode()
    assert r"\x1b[2J" in shown
    assert not {"\x1b", "\u202e"} & set(shown)
    bad = written(tmp_path, {"probabilities": numbers, "label": HOSTILE + "x"})
    assert "\x1b" not in refused("calibrate", bad)


@for_every("width", [40, 60, 68, 100])
def test_the_table_fits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, decisions: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["calibrate", decisions]) == 0
    shown = capsys.readouterr().out
    assert max(map(cell_len, shown.splitlines())) <= width
    assert "…" not in shown
    assert ("change" in shown.splitlines()[1]) is (width >= 68)
