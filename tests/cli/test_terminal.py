"""What models and servers write reaches the terminal as text, whatever it is."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from tests.cli.program import run_main
from tests.every import for_every
from tests.scenarios import QUESTION
from tests.wire.server import Fault, WireServer, serve
from vs_cli import main
from vs_cli.show import show_distribution
from vs_cli.terminal import Terminal
from vs_core import Candidate, Trace, VerbalizedDistribution
from vs_core.simulation import SIMULATION_NOTICE

ROOT = Path(__file__).parent.parent.parent
HOSTILE = "[/x] [red]a[/] \x1b[2J\x1b]52;c;ZXZpbA==\x07 \x9b3m \x7f \u202elive Zürich → 漢 \ud83d"
SHOWN = r"[/x] [red]a[/] \x1b[2J\x1b]52;c;ZXZpbA==\x07 \x9b3m \x7f \u202elive Zürich → 漢 �"
REPLY = f"<response><text>{HOSTILE}</text><probability>0.2</probability></response>"
STEERING = {*map(chr, range(9)), "\x0b", "\x1b", "\x7f", "\x9b", "\u202e"}
MODEL = ("--model", "openai:m")


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    with serve(responder=lambda _: REPLY) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "test")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("COLUMNS", "200")
        yield server


def assert_harmless(*texts: str) -> None:
    assert not STEERING & set("".join(texts))


@pytest.mark.usefixtures("provider")
def test_a_candidate_is_shown_letter_by_letter(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", QUESTION, "-k", "1", "--direct", "1", *MODEL]) == 0
    captured = capsys.readouterr()
    assert captured.out.count(SHOWN) == 3  # in the table, as the draw, and as a direct answer
    assert_harmless(captured.out, captured.err)


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("command", ["sample", "compare"])
def test_json_is_valid_and_has_what_was_written(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    size = ["-k", "1"] if command == "sample" else ["-n", "1", "--methods", "standard"]
    assert main([command, QUESTION, "--json", *size, *MODEL]) == 0
    out = capsys.readouterr().out
    assert json.dumps(HOSTILE.replace("\ud83d", "\ufffd"))[1:-1] in json.dumps(json.loads(out))
    assert "Zürich → 漢" in out
    assert_harmless(out)


def test_an_unreadable_reply_and_an_error_are_shown_on_standard_error(
    capsys: pytest.CaptureFixture[str], provider: WireServer
) -> None:
    provider.respond_with(lambda _: f"No. {HOSTILE}")
    assert main(["sample", QUESTION, *MODEL]) == 1
    provider.respond_with(lambda _: Fault(400, message=HOSTILE))
    assert main(["sample", QUESTION, *MODEL]) == 1
    assert main(["compare", QUESTION, "-n", "1", "--methods", "direct", *MODEL]) == 1
    err = capsys.readouterr().err
    assert f"No. {SHOWN}" in err
    assert err.count("[/x] [red]a[/]") == 3
    assert_harmless(err)


def test_failures_notes_and_files_of_a_comparison_are_harmless(
    capsys: pytest.CaptureFixture[str], provider: WireServer, tmp_path: Path
) -> None:
    provider.add(Fault(400, message=HOSTILE))
    arguments = ["-n", "2", "--methods", "direct,standard", "-k", "1", "--concurrency", "1"]
    assert main(["compare", QUESTION, *arguments, *MODEL, "--out", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    assert r"\x1b[2J" in captured.err
    files = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert r"\x1b[2J" in files["report.html"]
    assert r"\u001b[2J" in files["report.json"]
    assert_harmless(captured.out, captured.err, *files.values())


def test_the_name_that_a_server_gives_its_model_is_no_markup() -> None:
    written = io.StringIO()
    found: VerbalizedDistribution[str] = VerbalizedDistribution.of(
        [Candidate(value="a", stated=0.5)], trace=Trace(model=f"qwen[q4]{HOSTILE}")
    )
    show_distribution(Console(file=written, width=200), found, None)
    assert f"qwen[q4]{SHOWN}" in " ".join(written.getvalue().split())
    assert_harmless(written.getvalue())


def test_whatever_is_printed_goes_through_the_same_door() -> None:
    written = io.StringIO()
    terminal = Terminal(width=200)
    terminal.file = written
    terminal.print(HOSTILE)
    terminal.say(HOSTILE)
    assert written.getvalue().splitlines() == [SHOWN] * 2


@pytest.mark.usefixtures("provider", "no_pictures")
@for_every("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize(
    "command",
    [
        ("sample", QUESTION, "-k", "1", *MODEL),
        ("compare", QUESTION, "-n", "1", "--methods", "direct,standard", *MODEL),
    ],
    ids=lambda command: command[0],
)
def test_what_the_terminal_cannot_encode_is_replaced(
    command: tuple[str, ...], encoding: str, tmp_path: Path
) -> None:
    # Strict on standard error, too, which is not Python's own way.
    out = ("--out", str(tmp_path / encoding)) if command[0] == "compare" else ()
    ended = run_main(*command, *out, encoding=encoding)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.decode(encoding).count(">" if command[0] == "sample" else "^")
    as_json = run_main(*command, "--json", encoding=encoding)
    assert "Zürich → 漢" in json.dumps(json.loads(as_json.stdout), ensure_ascii=False)


@for_every("command", ["", "sample", "compare", "explain", "methods"])
def test_every_terminal_can_show_the_help(command: str) -> None:
    ended = run_main(*command.split(), "--help", encoding="ascii")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout


def test_the_program_writes_in_the_encoding_of_its_terminal() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "vs_cli", "explain", "-"],
        input=REPLY.encode(errors="replace"),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii:strict", "COLUMNS": "300"},
        cwd=ROOT,
    )
    assert ended.returncode == 0
    assert rb"Z\xfcrich" in ended.stdout


def test_when_nobody_reads_on_nothing_is_said() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "vs_cli", "sample", QUESTION],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    ) as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        said = process.stderr.read()
    assert process.returncode == 1
    assert said == f"{SIMULATION_NOTICE}\n"  # as it always does
