"""`vs explain`: how a reply in a file was read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from vs_cli import main
from vs_core import Explanation, PromptSettings, explain_reply

REPLY = "Sure!\n\n1. (0.3) heads\n2. (0.2) tails"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "reply.txt"


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["explain", *arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def test_a_file_is_shown_stretch_by_stretch(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    file.write_text(REPLY)
    monkeypatch.setenv("COLUMNS", "120")
    heading, before, heads, tails = shown(capsys, str(file)).splitlines()
    assert heading == f"lines (not cut off): {explain_reply(REPLY).rule}"
    assert before.split()[:2] == ["before", "'Sure!'"]
    assert heads.startswith("candidate  '1. (0.3) heads'")
    assert tails.endswith("read as 0.2")


def test_a_long_reply_fits_into_80_columns(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_text("\n".join(f"{n}. (0.{n}) {'ein langer Satz 漢字 ' * 20}" for n in (1, 2)))
    out = shown(capsys, str(file))
    assert all(cell_len(line) <= 80 for line in out.splitlines())
    assert out.count("...") >= 2


def test_the_reply_can_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    file.write_text(REPLY)
    with file.open() as reply:
        monkeypatch.setattr(sys, "stdin", reply)
        assert "heads" in shown(capsys, "-")


def test_json_is_the_explanation_itself(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    reply = REPLY + "\n3. é \x1b[31m (0.1)"
    file.write_text(reply, encoding="utf-8")
    out = shown(capsys, str(file), "--json")
    assert Explanation.model_validate_json(out) == explain_reply(reply)
    assert "\x1b" not in out


def test_markup_and_control_characters_are_shown_as_text(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    file.write_text("1. [bold]heads[/bold] (0.3)\n2. [/] \x1b[31mtails :smile: (0.2)")
    out = shown(capsys, str(file))
    assert "[bold]heads[/bold]" in out
    assert r"[/] \x1b[31mtails :smile:" in out
    assert "\x1b" not in out


def test_bytes_that_are_no_text_are_replaced(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    file.write_bytes(b"1. (0.3) he\xffads\n2. (0.2) tails")
    assert "he\ufffdads" in shown(capsys, str(file))


def test_what_the_terminal_cannot_encode_is_escaped(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("1. (0.3) Münze\n2. (0.2) 漢字", encoding="utf-8")
    with (tmp_path / "out").open("w", encoding="ascii") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert main(["explain", str(file)]) == 0
    assert r"\u6f22\u5b57" in (tmp_path / "out").read_text()


@pytest.mark.parametrize(
    ("option", "last"), [("--truncated", "dropped"), ("--no-truncated", "candidate")]
)
def test_it_is_told_what_the_provider_said(
    capsys: pytest.CaptureFixture[str], file: Path, option: str, last: str
) -> None:
    file.write_text("1. heads (0.5)\n2. tails, or per")
    found = Explanation.model_validate_json(shown(capsys, str(file), option, "--json"))
    assert found.stretches[-1].part == last


def test_it_is_told_what_was_asked_for(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_text(REPLY)
    found = Explanation.model_validate_json(shown(capsys, str(file), "--layout", "lines", "--json"))
    assert found == explain_reply(REPLY, asked=PromptSettings(layout="lines"))
    assert found != explain_reply(REPLY)


def test_a_missing_file_is_named_and_ends_with_2(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    assert main(["explain", str(file)]) == 2
    complaint = capsys.readouterr().err
    assert str(file) in complaint
    assert "No such file" in complaint


def test_a_reply_without_candidates_is_shown_and_ends_with_1(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    file.write_text("I'd rather not.")
    assert main(["explain", str(file)]) == 1
    assert "nothing was read" in capsys.readouterr().out
