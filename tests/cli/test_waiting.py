"""That a slow model is waited for can be seen on a terminal, and nowhere else."""

from __future__ import annotations

import io
import itertools
import threading
import time

import pytest
from rich.console import Console

from tests.cli.program import run_main, run_on_terminal
from tests.scenarios import QUESTION, xml
from tests.wire.server import Reply, serve
from vs_cli.waiting import waiting_for

MODEL = ("--model", "openai:m", "-k", "1")


def shown_while(name: str | None, *, terminal: bool, encoding: str = "utf-8") -> str:
    """What is shown until a clock that gains ten seconds at each look has been looked at."""
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding, write_through=True)
    console = Console(file=file, force_terminal=terminal, width=60)
    looked = threading.Event()
    seconds = itertools.count(0, 10)

    def clock() -> float:
        now = float(next(seconds))
        if now >= 20 or not terminal:
            looked.set()
        return now

    with waiting_for(name, console, clock=clock):
        if terminal and name:
            assert looked.wait(60)
            time.sleep(0.01)
    return raw.getvalue().decode(encoding)


def test_a_terminal_shows_what_is_waited_for_and_how_long() -> None:
    shown = shown_while("openai:[m]\x07", terminal=True)
    assert r"waiting for openai:[m]\x07 … 10 s" in shown
    assert "\x07" not in shown


def test_it_can_be_shown_in_ascii() -> None:
    assert "waiting for openai:m ... 10 s" in shown_while(
        "openai:m", terminal=True, encoding="ascii"
    )


@pytest.mark.parametrize(("name", "terminal"), [("openai:m", False), (None, True)])
def test_a_log_and_a_simulation_show_nothing(name: str | None, *, terminal: bool) -> None:
    assert shown_while(name, terminal=terminal) == ""


def test_the_command_waits_visibly_and_leaves_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "test")
    with serve(responder=lambda _: Reply(xml("a"), delay=1.2)) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        ended, shown = run_on_terminal("sample", QUESTION, "--json", *MODEL)
        server.respond_with(lambda _: xml("a"))
        piped = run_main("sample", QUESTION, "--json", *MODEL)
    assert (ended.returncode, piped.returncode) == (0, 0)
    assert "waiting for openai:m … 0 s" in shown
    assert "waiting for openai:m … 1 s" in shown
    # The line is erased, and the cursor shown again.
    assert "\x1b[2K" in shown.rpartition("waiting")[2]
    assert "\x1b[?25h" in shown.rpartition("waiting")[2]
    assert piped.stderr == b""
