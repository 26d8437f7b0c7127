"""What happens when a file cannot grow any more: nothing that is there is lost."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire.script import Message
from tests.wire.server import WireServer, serve
from vs_cli import main
from vs_core.comparison import Comparison

ROOT = Path(__file__).parent.parent.parent
N = 40
COMPARE = ("compare", "Flip a coin.", "-n", str(N), "--methods", "direct", "--seed", "1")
SMALL, MIDDLE = 2_000, 36_000
"""Bytes that some records of the journal fill, and bytes that all fit in and no report does."""


def run(folder: Path, largest: int, *options: str) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    return subprocess.run(
        [sys.executable, "-m", "vs_cli", *COMPARE, *options, "--out", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        preexec_fn=limit,  # no threads at this point
    )


def kept(folder: Path) -> int:
    return (folder / "journal.jsonl").read_bytes().count(b"\n") - 1


def test_a_journal_that_cannot_grow_is_named_with_what_it_keeps_until_there_is_room(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = run(tmp_path, SMALL)
    assert ended.returncode == 1
    last = ended.stderr.splitlines()[-1]
    journal = tmp_path / "journal.jsonl"
    assert last.startswith(f"vs: {journal}: File too large; {kept(tmp_path)} of {N} exchanges")
    assert "run the same command again" in last
    assert "model call" not in ended.stderr
    assert "Distinct responses" in ended.stdout
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
    last = ended.stderr.splitlines()[-1]
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


@pytest.mark.parametrize("command", [["--version"], ["methods"]])
def test_an_output_that_cannot_be_written_is_named(command: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "vs_cli", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
        )
    assert ended.returncode == 1
    assert ended.stderr == "vs: standard output: No space left on device\n"
