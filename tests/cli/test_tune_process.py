"""`vs tune` as a program of its own: interrupted, on a full disk, and on narrow terminals."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.program import run_on_terminal
from tests.cli.test_compare_process import records, start, wait_for
from tests.cli.test_tune import MODEL, PROMPTS, joking
from tests.core.tuning.test_deciding import decided
from tests.wire.script import Message
from tests.wire.server import WireServer, serve
from vs_cli import main
from vs_cli.terminal import Terminal
from vs_cli.tune.table import show_tuning

KEPT = 7


class Gate:
    """Answers a few requests at once, and the others when it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self._free = threading.Semaphore(KEPT)

    def __call__(self, messages: list[Message]) -> str:
        if not self._free.acquire(blocking=False):
            self.opened.wait(60)
        return joking(messages)


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.opened.set()


@pytest.fixture
def provider(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with serve(responder=gate) as server:
        yield server
        gate.opened.set()


@pytest.fixture
def arguments(provider: WireServer, tmp_path: Path) -> list[str]:
    file = tmp_path / "prompts.txt"
    file.write_text("\n".join(PROMPTS), encoding="utf-8")
    model = [part.format(url=provider.url) for part in MODEL]
    return ["tune", "--prompts", str(file), *model, "--try", "k=10", "--concurrency", "1"]


def test_an_interrupted_run_says_what_it_keeps_and_the_next_asks_only_what_is_left(
    arguments: list[str],
    provider: WireServer,
    gate: Gate,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "tuning"
    with start(*arguments, "--out", str(folder)) as process:
        wait_for(lambda: records(folder) == KEPT and len(provider.requests) == KEPT + 1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert f"{KEPT} exchanges are kept in {folder / 'journal.jsonl'}: run the same command" in err
    assert "Traceback" not in err

    gate.opened.set()
    before = len(provider.requests)
    assert main([*arguments, "--out", str(folder)]) == 0
    assert len(provider.requests) - before == 110 - KEPT
    assert capsys.readouterr().out.startswith("k=10 is taken")


def test_without_a_folder_an_interruption_says_that_nothing_is_kept(
    arguments: list[str], provider: WireServer
) -> None:
    with start(*arguments) as process:
        wait_for(lambda: len(provider.requests) == KEPT + 1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "nothing is kept without --out" in err


def test_on_a_terminal_a_bar_is_drawn_for_each_stage_on_standard_error_only(
    arguments: list[str], gate: Gate
) -> None:
    gate.opened.set()
    ended, shown = run_on_terminal(*arguments, "--try", "k=3")
    assert "halving 1: k=10; k=3" in shown
    assert "110/110" in shown
    assert ended.stdout.startswith(b"k=10 is taken")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_tuning_fits_into_the_terminal(capsys: pytest.CaptureFixture[str], width: int) -> None:
    found = decided([10] * 10, [15, 16, 17, 18, 15, 16, 17, 18, 15, 16])
    show_tuning(Terminal(width=width), found)
    shown = capsys.readouterr().out
    assert max(map(cell_len, shown.splitlines())) <= width
    assert shown.count("Readable share") == shown.count("Unique ↑")


def test_a_full_disk_ends_the_run_with_what_is_kept(
    arguments: list[str], gate: Gate, capsys: pytest.CaptureFixture[str]
) -> None:
    gate.opened.set()
    assert main([*arguments, "--save", "/dev/full"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("k=10 is taken")
    assert "/dev/full: No space left on device; nothing is kept without --out" in err
