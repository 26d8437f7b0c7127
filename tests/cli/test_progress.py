"""What is shown while a comparison runs, where there is no terminal and where there is one."""

from __future__ import annotations

import io
import time

from rich.console import Console

from vs_cli.progress import SECONDS_BETWEEN_LINES, showing_progress


def lines(*, seconds_each: float, exchanges: int, total: int, done: int = 0) -> list[str]:
    """What is printed into a file while exchanges take so many seconds each."""
    written = io.StringIO()
    now = 0.0
    console = Console(file=written, force_terminal=False)
    with showing_progress(console, total, done, clock=lambda: now) as advance:
        for _ in range(exchanges):
            now += seconds_each
            advance()
    return written.getvalue().splitlines()


def test_a_short_run_writes_nothing_into_a_log() -> None:
    assert lines(seconds_each=0.5, exchanges=10, total=10) == []


def test_a_long_run_writes_a_line_now_and_then() -> None:
    written = lines(seconds_each=0.5, exchanges=100, total=200)
    assert len(written) == 100 * 0.5 / SECONDS_BETWEEN_LINES
    assert written[0] == "20/200 exchanges, 2.0/s, about 90 s left"


def test_a_slow_rate_is_given_by_the_minute() -> None:
    assert lines(seconds_each=30, exchanges=1, total=3) == [
        "1/3 exchanges, 2.0/min, about 60 s left"
    ]


def test_what_an_earlier_run_did_does_not_count_for_the_rate() -> None:
    assert lines(seconds_each=10, exchanges=1, total=103, done=100) == [
        "101/103 exchanges, 6.0/min, about 20 s left"
    ]


def test_a_terminal_gets_a_bar_with_count_rate_and_time_left() -> None:
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=120, color_system=None)
    with showing_progress(console, total=4, done=1) as advance:
        for _ in range(3):
            advance()
    last = written.getvalue()
    assert "4/4" in last
    assert "/s" in last or "/min" in last
    assert "left" in last


def test_on_a_terminal_the_time_moves_before_the_first_answer() -> None:
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=40, color_system=None)
    with showing_progress(console, total=4):
        time.sleep(1.3)
    assert "0/4 0 s" in written.getvalue()
    assert "0/4 1 s" in written.getvalue()
