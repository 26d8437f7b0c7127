"""Where `vs calibrate` reads and writes, and what it leaves alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.cli.decisions import refused, written
from tests.cli.program import run_main
from tests.every import for_every
from vs_core.calibration import Calibration

ROWS = [
    {"probabilities": {"billing": 0.2, "delivery": 0.8}, "label": label}
    for label in ("delivery", "delivery", "billing") * 5
]


@pytest.fixture
def decisions(tmp_path: Path) -> str:
    return written(tmp_path, *ROWS, name="decisions.jsonl")


def test_nothing_is_written_over_the_decisions(decisions: str) -> None:
    before = Path(decisions).read_bytes()
    said = refused("calibrate", decisions, "--out", decisions)
    assert "--out" in said
    assert "the same file" in said
    assert Path(decisions).read_bytes() == before


def test_one_file_cannot_be_the_calibration_and_the_picture(tmp_path: Path, decisions: str) -> None:
    path = str(tmp_path / "both.png")
    assert "--picture" in refused("calibrate", decisions, "--out", path, "--picture", path)
    assert not Path(path).exists()


def test_a_file_without_a_name_is_refused(decisions: str) -> None:
    assert "empty" in refused("calibrate", decisions, "--out", "")


@for_every("folder", [".", "/", ".."])
def test_a_folder_is_no_file(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, *ROWS)
    monkeypatch.chdir(tmp_path)
    ended = run_main("calibrate", path, "--out", folder)
    assert ended.returncode == 1
    assert f"{folder}: Is a directory" in ended.stderr.decode()


def test_what_is_no_file_is_written_to_and_stays_what_it_is(tmp_path: Path, decisions: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert run_main("calibrate", decisions, "--out", str(pipe)).returncode == 0
        assert pipe.is_fifo()
        assert os.read(reader, 1 << 16).startswith(b"{")
    finally:
        os.close(reader)


def test_a_link_stays_a_link(tmp_path: Path, decisions: str) -> None:
    link, real = tmp_path / "link.json", tmp_path / "real.json"
    link.symlink_to(real)
    assert run_main("calibrate", decisions, "--out", str(link)).returncode == 0
    assert link.is_symlink()
    assert Calibration.load(real).examples == 15


def test_standard_input_that_is_closed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert "standard input is closed" in refused("calibrate", "-")


def test_a_whole_number_without_end_is_no_probability(tmp_path: Path) -> None:
    endless = (
        '{"probabilities": {"billing": 1' + "0" * 400 + ', "delivery": 1}, "label": "billing"}'
    )
    said = refused("calibrate", written(tmp_path, *ROWS, endless))
    assert "line 16" in said
    assert len(said) < 300
