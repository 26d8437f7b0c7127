"""What happens when a file cannot grow any more: nothing that is there is lost."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Ended, run_main, run_on_full_disk
from tests.every import for_every
from tests.scenarios import QUESTION
from tests.wire.script import Message
from tests.wire.server import WireServer, serve
from vs_cli import main
from vs_core.comparison import Comparison
from vs_core.simulation import SIMULATION_NOTICE

ROOT = Path(__file__).parent.parent.parent
N = 40
COMPARE = ("compare", "Flip a coin.", "-n", str(N), "--methods", "direct", "--seed", "1")
SMALL, MIDDLE = 2_000, 36_000
"""Bytes that some records of the journal fill, and bytes that all fit in and no report does."""


def run(folder: Path, largest: int, *options: str) -> Ended:
    """Run where no file can become larger; Python has the error in place of the signal."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        return run_main(*COMPARE, *options, "--out", str(folder))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def kept(folder: Path) -> int:
    return (folder / "journal.jsonl").read_bytes().count(b"\n") - 1


@pytest.mark.usefixtures("no_pictures")
def test_a_journal_that_cannot_grow_is_named_with_what_it_keeps_until_there_is_room(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = run(tmp_path, SMALL)
    assert ended.returncode == 1
    last = ended.stderr.decode().splitlines()[-1]
    journal = tmp_path / "journal.jsonl"
    assert last.startswith(f"vs: {journal}: File too large; {kept(tmp_path)} of {N} exchanges")
    assert "run the same command again" in last
    assert "model call" not in ended.stderr.decode()
    assert "Distinct responses" in ended.stdout.decode()
    before = kept(tmp_path)
    assert 0 < before < N
    assert main([*COMPARE, "--json", "--out", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    assert f"{before} of {N} exchanges are there from an earlier run" in captured.err
    assert json.loads(captured.out)["finished"] == N
    assert (tmp_path / "report.html").exists()


def test_a_report_that_cannot_be_written_is_named_and_the_document_is_printed(
    tmp_path: Path,
) -> None:
    ended = run(tmp_path, MIDDLE, "--json")
    assert ended.returncode == 1
    assert Comparison.model_validate_json(ended.stdout).complete
    report, journal = tmp_path / "report.html", tmp_path / "journal.jsonl"
    last = ended.stderr.decode().splitlines()[-1]
    assert last.startswith(f"vs: {report}: File too large; {N} of {N} exchanges are kept in ")
    assert [path.name for path in tmp_path.iterdir()] == [journal.name]


def answer(_: list[Message]) -> str:
    return "a joke " * 100


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    with serve(responder=answer) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "test")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        yield server


def test_what_cannot_be_kept_is_not_asked_for(provider: WireServer, tmp_path: Path) -> None:
    ended = run(tmp_path, SMALL, "--model", "openai:m", "--concurrency", "2")
    assert ended.returncode == 1
    # The one that could not be kept, and those that had been sent by then.
    assert len(provider.requests) <= kept(tmp_path) + 4


FULL = "vs: standard output: No space left on device"


@for_every("command", [["--version"], ["methods"], ["sample", QUESTION, "--json"]])
def test_an_output_that_cannot_be_written_is_named(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_on_full_disk(*command) == 1
    # The simulation says that it is one before.
    assert capsys.readouterr().err.splitlines()[-1] == FULL


def test_an_output_that_cannot_be_written_is_named_once_by_the_program() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "vs_cli", "sample", QUESTION],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
        )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [SIMULATION_NOTICE, FULL]
