"""`vs decide --states` that is interrupted, and where its output takes nothing."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path

import pytest

from tests.cli.decisions import TEAMS, needs_decisions, state_in, stated, written
from tests.cli.forked import forked_runs
from tests.cli.generations import answering, wait_for
from tests.cli.program import run_on_full_disk
from tests.every import for_every
from tests.wire.script import Message

pytestmark = needs_decisions


@for_every(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_has_printed_what_it_has(
    tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    gate, output = threading.Event(), tmp_path / sent.name

    def three_are_free(messages: list[Message]) -> str:
        if int(state_in(messages).split()[1]) >= 3:
            gate.wait(60)
        return stated({"billing": 0.3, "delivery": 0.7})

    states = written(tmp_path, *(f"parcel {number}" for number in range(9)))
    asked = ("decide", "--states", states, *TEAMS, "--json", "--concurrency", "1")
    with forked_runs() as runs, answering(three_are_free) as (provider, model):
        process = runs.begin(*asked, *model, output=output)
        wait_for(lambda: len(provider.requests) == 4)
        assert runs.end(process, sent) == code
        gate.set()
    said = output.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert [line["line"] for line in lines] == [1, 2, 3]
    assert "interrupted; what came of the first 3 of 9 states is printed" in said
    assert "Traceback" not in said


def test_when_standard_output_takes_nothing_the_run_ends_with_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    states = written(tmp_path, *["Where is my parcel?"] * 20)
    for arguments in (["--json"], []):
        assert run_on_full_disk("decide", "--states", states, *TEAMS, *arguments) == 1
        said = capsys.readouterr().err
        assert "vs: standard output: No space left on device" in said
        assert "Traceback" not in said
