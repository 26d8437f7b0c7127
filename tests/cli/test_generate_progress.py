"""What is shown while a generation runs, where there is no terminal and where there is one."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.cli.generations import PROMPT, answering
from tests.cli.program import run_on_terminal
from tests.generating import answered
from vs_cli.generate.progress import Watch, showing_progress
from vs_core.adapters.generation import CoolDown, Generation, PlannedCall
from vs_core.generation import (
    CallRecord,
    GeneratedRecord,
    GenerationSettings,
    RefusedAnswer,
    Resemblance,
)


def record() -> CallRecord:
    call = Generation(PROMPT, GenerationSettings(n=5)).next_step()
    assert isinstance(call, PlannedCall)
    return CallRecord.of(call, answered("a", tokens=6_000))


ACCEPTED = GeneratedRecord(
    prompt=PROMPT, value="a", probability=1.0, method="standard", round=0, call="c"
)
REFUSED = RefusedAnswer(
    prompt=PROMPT,
    value="a",
    resemblance=Resemblance(text="a", index=0, how="same", similarity=1.0),
    round=0,
    call="c",
)


class Clock:
    """Seconds, as a test has them pass."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def step(watch: Watch) -> None:
    watch.called(record())
    for answer in (ACCEPTED, ACCEPTED, REFUSED):
        watch.judged(answer)


def test_a_log_gets_a_line_every_ten_seconds_with_all_there_is_to_say() -> None:
    clock, written = Clock(), io.StringIO()
    console = Console(file=written, force_terminal=False)
    with showing_progress(console, 50, CoolDown(clock=clock), clock=clock) as watch:
        for _ in range(6):
            clock.now += 4.0
            step(watch)
    assert written.getvalue().splitlines() == [
        "4/50 accepted, about 2 min left, 2 refused, 3 calls, 20.0/min, 36k tokens, 12 s",
        "10/50 accepted, about 96 s left, 5 refused, 6 calls, 25.0/min, 72k tokens, 24 s",
    ]


def test_a_short_run_writes_nothing_into_a_log() -> None:
    clock, written = Clock(), io.StringIO()
    console = Console(file=written, force_terminal=False)
    with showing_progress(console, 50, CoolDown(clock=clock), clock=clock) as watch:
        step(watch)
    assert written.getvalue() == ""


def test_what_an_earlier_run_brought_does_not_count_for_the_rate() -> None:
    clock = Clock()
    watch = Watch(200, CoolDown(clock=clock), clock)
    for _ in range(100):
        watch.judged(ACCEPTED)
    clock.now = 10.0
    step(watch)
    assert watch.accepted == 102
    assert "12.0/min" in watch.pieces()


def test_a_pause_that_the_provider_asks_for_is_shown() -> None:
    clock = Clock()
    pause = CoolDown(clock=clock)
    watch = Watch(200, pause, clock)
    pause.begin(began=0.0, asked_for=30.0)
    assert watch.pieces()[0].startswith("all wait 3")


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_a_bar_fits_into_the_terminal(width: int) -> None:
    clock, written = Clock(), io.StringIO()
    console = Console(file=written, force_terminal=True, width=width, color_system=None)
    with showing_progress(console, 5_000, CoolDown(clock=clock), clock=clock) as watch:
        clock.now = 60.0
        step(watch)
    shown = [line.split("\r")[-1] for line in written.getvalue().splitlines()]
    plain = [_without_controls(line) for line in shown]
    assert max(map(cell_len, plain)) <= width
    assert any("2/5000" in line for line in plain)
    assert any("calls" in line or "call" in line for line in plain) == (width >= 60)


def _without_controls(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line)


@pytest.mark.usefixtures("no_pictures")
def test_on_a_terminal_a_bar_is_drawn_on_standard_error_only(tmp_path: Path) -> None:
    with answering() as (_, model):
        command = ("generate", PROMPT, "-n", "20", "--json", "--out", str(tmp_path), *model)
        ended, shown = run_on_terminal(*command)
    assert "20/20" in shown
    assert json.loads(ended.stdout)["figures"]["accepted"] == 20
