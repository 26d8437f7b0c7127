"""Terminals of 40 columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.comparisons import COMPARISON
from tests.scenarios import QUESTION
from vs_cli import main
from vs_cli.compare.table import show_comparison
from vs_cli.show import show_direct, show_distribution
from vs_cli.terminal import Terminal
from vs_core import Candidate, VerbalizedDistribution
from vs_core.comparison import Comparison

TEXT = "The quick brown fox jumps over the lazy dog"
FOUND: VerbalizedDistribution[str] = VerbalizedDistribution.of(
    [Candidate(value=TEXT, stated=0.2), Candidate(value="漢字" * 30, stated=0.1)]
)


def sample_at(width: int, capsys: pytest.CaptureFixture[str]) -> str:
    show_distribution(Terminal(width=width), FOUND, FOUND[0])
    shown = capsys.readouterr().out
    assert max(map(cell_len, shown.splitlines())) <= width
    return shown


@pytest.mark.parametrize("width", [30, 40, 46, 56, 64, 80, 200])
def test_a_candidate_is_shown_whole_and_wrapped_at_words(
    capsys: pytest.CaptureFixture[str], width: int
) -> None:
    shown = sample_at(width, capsys)
    table = shown.partition("picked")[0]
    assert all(word in table for word in TEXT.split())
    assert table.count("漢") == 30
    assert "0.667" in shown


def test_the_bars_make_room_first_and_then_the_stated_numbers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    parts = [
        ("█" in shown, "stated" in shown)
        for shown in (sample_at(width, capsys) for width in (100, 66, 40))
    ]
    assert parts == [(True, True), (False, True), (False, False)]


def test_direct_answers_are_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    show_direct(Terminal(width=40), [TEXT, TEXT, "other"])
    shown = capsys.readouterr().out
    assert all(word in shown for word in TEXT.split())
    assert max(map(cell_len, shown.splitlines())) <= 40


def compared(capsys: pytest.CaptureFixture[str], comparison: Comparison, width: int) -> str:
    show_comparison(Terminal(width=width), comparison)
    shown = capsys.readouterr().out
    assert max(map(cell_len, shown.splitlines())) <= width
    return shown


def test_methods_that_do_not_fit_side_by_side_stand_below_each_other(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["compare", QUESTION, "-n", "4", "-k", "2", "--seed", "1"]) == 0
    shown = capsys.readouterr().out
    assert max(map(cell_len, shown.splitlines())) <= 40
    assert all(method in shown for method in ("direct", "sequence", "standard", "cot", "multi"))
    assert shown.count("Compression ratio ↓") == 3
    assert shown.count("Tokens per distinct") == 3


def test_intervals_are_not_broken(capsys: pytest.CaptureFixture[str]) -> None:
    shown = compared(capsys, COMPARISON, 40)
    assert "0.20–0.30" in shown
    assert "1.00–1.00" in shown
    assert shown.count("Unique ↑") == 2


@pytest.mark.parametrize("width", [40, 60])
def test_an_explanation_fits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    (tmp_path / "reply").write_text(f"Sure!\n\n1. (0.3) {TEXT}\n2. (0.2) tails")
    assert main(["explain", str(tmp_path / "reply")]) == 0
    shown = capsys.readouterr().out
    assert max(map(cell_len, shown.splitlines())) <= width
    assert "'2. (0.2) tails'" in shown
    assert "read as 0.2" in " ".join(shown.split())


def test_the_methods_fit(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["methods"]) == 0
    shown = capsys.readouterr().out
    assert max(map(cell_len, shown.splitlines())) <= 40
    assert "…" not in shown
    assert all(name in shown for name in ("standard", "sequence", "perplexity", "confidence"))
