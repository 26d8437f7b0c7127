"""What happens when no file of a data set can grow any more: nothing that is there is lost."""

from __future__ import annotations

import json
import resource
from pathlib import Path

import pytest

from tests.cli.generations import PROMPT, answering, calls_kept, rows, values
from tests.cli.program import Ended, run_main, run_on_full_disk
from tests.every import for_every
from vs_core.generation import GenerationReport

pytestmark = pytest.mark.usefixtures("no_pictures")
N = 60
SMALL = 3_000
"""Bytes that some lines of the journal fill."""


def run(largest: int, *arguments: str) -> Ended:
    """Run where no file can become larger; Python has the error in place of the signal."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        return run_main(*arguments)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_journal_that_cannot_grow_is_named_and_nothing_more_is_asked_until_there_is_room(
    tmp_path: Path,
) -> None:
    with answering() as (server, model):
        command = ("generate", PROMPT, "-n", str(N), "-k", "5", "--concurrency", "2", *model)
        out = ("--out", str(tmp_path))
        ended = run(SMALL, *command, *out)
        assert ended.returncode == 1
        last = ended.stderr.decode().splitlines()[-1]
        kept, journal = calls_kept(tmp_path), tmp_path / "journal.jsonl"
        assert last.startswith(f"vs: {journal}: File too large; the answers of {kept} call")
        assert last.endswith("run the same command again to go on, once it can be written")
        assert "Traceback" not in ended.stderr.decode()
        assert "different answers to one prompt" in ended.stdout.decode()
        # The one that could not be kept, and those that had been sent by then.
        assert len(server.requests) <= kept + 3
        asked = len(server.requests)
        assert run_main(*command, *out).returncode == 0
        assert len(server.requests) - asked == calls_kept(tmp_path) - kept
    assert len(set(values(tmp_path))) == len(values(tmp_path)) == N


@for_every("name", ["data.jsonl", "report.html"])
def test_another_file_that_cannot_be_written_is_named_and_the_rest_is_kept(
    name: str, tmp_path: Path
) -> None:
    folder = tmp_path / name.replace(".", "-")
    # Data is longer than the journal's lines only if many are accepted of few calls.
    n, largest = (N, 9_000) if name == "data.jsonl" else (5, 4_000)
    prompt = PROMPT + " " + "x" * (400 if name == "data.jsonl" else 0)
    with answering() as (_, model):
        command = ("generate", prompt, "-n", str(n), "-k", "10", *model, "--out", str(folder))
        ended = run(largest, *command, "--json")
        assert ended.returncode == 1
        last = ended.stderr.decode().splitlines()[-1]
        assert last.startswith(f"vs: {folder / name}: File too large; the answers of ")
        assert GenerationReport.model_validate_json(ended.stdout).figures.calls
        assert not list(folder.glob("*.part"))
        assert run_main(*command).returncode == 0
    assert len({json.dumps(row) for row in rows(folder)}) == len(rows(folder)) == n


@for_every("is_kept", [False, True])
def test_a_standard_output_that_takes_nothing_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, *, is_kept: bool
) -> None:
    out = ["--out", str(tmp_path)] if is_kept else []
    assert run_on_full_disk("generate", "Name a US state", "-n", "3", *out) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "vs: standard output: No space left on device"
    assert (tmp_path / "report.html").exists() == is_kept
