"""One run of `vs compare` at a time in a folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.test_compare_process import ARGUMENTS, KEPT, ROOT, Gate
from tests.wire.server import WireServer, serve
from vs_cli import main
from vs_core.adapters.journal import alone_in


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    gate = Gate(KEPT)
    with serve(responder=gate) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "test")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        yield server
        gate.opened.set()


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def test_a_second_run_is_refused_before_any_call_and_a_killed_one_holds_nothing(
    provider: WireServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [*ARGUMENTS, "--out", str(tmp_path)]
    with subprocess.Popen([sys.executable, "-m", "vs_cli", *command], cwd=ROOT) as process:
        wait_for(lambda: len(provider.requests) == KEPT + 1)
        assert main(command) == 2
        assert len(provider.requests) == KEPT + 1
        os.kill(process.pid, signal.SIGKILL)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"another run of vs compare is writing to {tmp_path}" in captured.err
    with alone_in(tmp_path, name="vs compare"):
        assert (tmp_path / "journal.jsonl").exists()
