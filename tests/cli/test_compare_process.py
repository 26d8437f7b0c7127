"""`vs compare` as a program of its own: interrupted, and on a terminal."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.program import run_on_terminal
from tests.scenarios import QUESTION, xml
from tests.wire.script import Message
from tests.wire.server import WireServer, serve
from vs_cli import main

ROOT = Path(__file__).parent.parent.parent
KEPT = 3
"""Exchanges that are answered before the server makes the program wait."""

ARGUMENTS = (
    *("compare", QUESTION, "--methods", "direct,standard", "-n", "4", "-k", "2"),
    *("--model", "openai:gpt-4.1-mini", "--concurrency", "1"),
)
EXCHANGES = 6


class Gate:
    """Answers a few requests at once, and the others when it is opened."""

    def __init__(self, free: int) -> None:
        self.opened = threading.Event()
        self._free = threading.Semaphore(free)

    def __call__(self, messages: list[Message]) -> str:
        if not self._free.acquire(blocking=False):
            self.opened.wait(60)
        return xml("a", "b") if messages[0]["role"] == "system" else "a"


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate(KEPT)
    yield made
    made.opened.set()


@pytest.fixture
def provider(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    with serve(responder=gate) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "test")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        yield server
        gate.opened.set()


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "vs_cli", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def records(folder: Path) -> int:
    journal = folder / "journal.jsonl"
    return journal.read_bytes().count(b"\n") - 1 if journal.exists() else 0


@pytest.fixture
def interrupted(provider: WireServer, tmp_path: Path) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a run that was interrupted."""
    with start(*ARGUMENTS, "--out", str(tmp_path)) as process:
        wait_for(lambda: records(tmp_path) == KEPT and len(provider.requests) == KEPT + 1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    return process.returncode, out, err


@pytest.mark.usefixtures("no_pictures")
def test_an_interrupted_run_says_what_it_keeps_and_the_next_asks_only_what_is_left(
    interrupted: tuple[int, str, str],
    provider: WireServer,
    gate: Gate,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = interrupted
    assert (code, out) == (130, "")
    assert f"{KEPT} of {EXCHANGES} exchanges are kept in {tmp_path / 'journal.jsonl'}" in err
    assert "Traceback" not in err

    gate.opened.set()
    before = len(provider.requests)
    assert main([*ARGUMENTS, "--out", str(tmp_path), "--json"]) == 0
    assert len(provider.requests) - before == EXCHANGES - KEPT
    found = json.loads(capsys.readouterr().out)
    assert [summary["responses"] for summary in found["summaries"]] == [4, 4]
    assert (tmp_path / "report.html").exists()


def test_without_a_folder_an_interruption_says_that_nothing_is_kept(provider: WireServer) -> None:
    with start(*ARGUMENTS) as process:
        wait_for(lambda: len(provider.requests) == KEPT + 1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "nothing is kept without --out" in err


def test_on_a_terminal_a_bar_is_drawn_on_standard_error_only(
    provider: WireServer, gate: Gate
) -> None:
    gate.opened.set()
    ended, shown = run_on_terminal(*ARGUMENTS, "--json")
    assert f"{EXCHANGES}/{EXCHANGES}" in shown
    assert "left" in shown
    assert json.loads(ended.stdout)["finished"] == EXCHANGES
    assert len(provider.requests) == EXCHANGES
