"""The answers about many states, as one table."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from vs_cli.decide.outcome import Answer, Outcome
from vs_cli.terminal import shortened, written

_BETWEEN = 2
"""Columns that rich puts between two columns of a table, and around it."""
_WIDEST = 48
_READABLE = 16
_NOTHING = "no answer"


def show_outcomes(console: Console, outcomes: Sequence[Outcome], *, have_ids: bool) -> None:
    """Print a row for each state: its line, the answer to each question, and how it begins.

    On a narrow terminal the states are left out: their lines say which they are.

    Args:
        console: Where to print.
        outcomes: What came of each.
        have_ids: Whether answers are told apart by the ids of their questions.
    """
    lines = [str(outcome.state.line) for outcome in outcomes]
    answers = [_answers(outcome, have_ids=have_ids) for outcome in outcomes]
    beside = max(len("line"), *map(len, lines)) + min(_WIDEST, max(map(_width, answers)))
    room = console.width - beside - 4 * _BETWEEN
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("line", justify="right", no_wrap=True)
    table.add_column("answer", overflow="fold", max_width=_WIDEST)
    if room >= _READABLE:
        table.add_column("state", no_wrap=True)
    for line, answer, outcome in zip(lines, answers, outcomes, strict=True):
        state = " ".join(outcome.state.text.split())
        shown = [shortened(state, room, console)] if room >= _READABLE else []
        table.add_row(*(written(cell, console) for cell in (line, answer, *shown)))
    console.print(table)


def _answers(outcome: Outcome, *, have_ids: bool) -> str:
    lines = (_answer(answer, have_ids=have_ids) for answer in outcome.answers)
    return _NOTHING if outcome.error is not None else "\n".join(lines)


def _answer(answer: Answer, *, have_ids: bool) -> str:
    named = f"{answer.question.id}: " if have_ids else ""
    is_wrong = answer.label not in {None, answer.chosen}
    truth = f" (true: {answer.label})" if is_wrong else ""
    over = ", hand over" if answer.is_handed_over else ""
    return f"{answer.decision.confidence:.3f}  {named}{answer.chosen}{truth}{over}"


def _width(cell: str) -> int:
    return max(map(cell_len, cell.splitlines()))
