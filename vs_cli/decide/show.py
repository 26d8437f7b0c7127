"""What `vs decide` prints for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from vs_cli.decide.outcome import Answer, Outcome
from vs_cli.figures import count, counted
from vs_cli.terminal import written
from vs_core import Trace

_BAR, _SPREAD = 20, len("± 0.000")
_NEEDED = len("→") + len("prob.")
_BETWEEN = 2
"""Columns that rich puts between two columns of a table, and around it."""
_READABLE = 16


def show_outcome(console: Console, outcome: Outcome, model: str | None) -> None:
    """Print the labels of each question with their probabilities, and what the numbers mean.

    On a narrow terminal the bars are left out.

    Args:
        console: Where to print.
        outcome: What came of one state.
        model: Who was asked; None is the simulation.
    """
    meanings = [meaning(answer.calibrated_on) for answer in outcome.answers]
    is_same = len(set(meanings)) == 1
    for answer, meant in zip(outcome.answers, meanings, strict=True):
        console.print(_table(console, answer))
        for line, style in _below(answer):
            console.print(written(line, console, style), overflow="fold")
        if not is_same:
            console.print(written(meant, console, "dim"), overflow="fold")
    notes = (f"note: {note}" for note in outcome.notes)
    for line in (*meanings[:is_same], _asked(outcome.trace, model), *notes):
        console.print(written(line, console, "dim"), overflow="fold")


def meaning(calibrated_on: int | None) -> str:
    """What probabilities mean, in a sentence.

    Args:
        calibrated_on: How many examples they were calibrated on; None if they are as stated.

    Example:
        >>> from vs_cli.decide.show import meaning
        >>> meaning(60)
        'calibrated on 60 examples'
    """
    if calibrated_on is None:
        return "uncalibrated: how plausible each label seems to the model, no frequency"
    return f"calibrated on {counted(calibrated_on, 'example')}"


def cost(trace: Trace) -> str:
    """What calls cost, in words.

    Args:
        trace: Of one state, or of several added up.
    """
    told = [(trace.input_tokens, "sent"), (trace.output_tokens, "written")]
    tokens = [f"{count(number)} tokens {verb}" for number, verb in told if number is not None]
    return ", ".join([counted(trace.calls, "call"), *tokens])


def _table(console: Console, answer: Answer) -> Table:
    has_spread = answer.decision.calls > 1
    columns = _NEEDED + (_SPREAD + _BETWEEN if has_spread else 0) + 4 * _BETWEEN
    with_bars = console.width - columns - _READABLE >= _BAR + _BETWEEN
    title = written(answer.question.text, console, "bold")
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="")
    table.add_column("")
    table.add_column("label", overflow="fold", ratio=1 if not with_bars else None)
    table.add_column("prob.", justify="right")
    if has_spread:
        table.add_column("spread", justify="right")
    if with_bars:
        table.add_column("", width=_BAR)
    spread = answer.question.named(answer.decision.spread)
    for label, probability in _in_order(answer):
        is_chosen = label == answer.chosen
        bar = "█" * max(1, round(_BAR * probability)) if probability else ""
        table.add_row(
            written("→" if is_chosen else "", console),
            written(_named(answer, label), console, "bold" if is_chosen else ""),
            f"{probability:.3f}",
            *([f"± {spread[label]:.3f}"] if has_spread else []),
            *([written(bar, console, "cyan")] if with_bars else []),
        )
    return table


def _in_order(answer: Answer) -> Sequence[tuple[str, float]]:
    """Levels from the lowest to the highest, other labels from the most probable."""
    found = list(answer.probabilities.items())
    return found if answer.question.has_levels else sorted(found, key=lambda pair: -pair[1])


def _named(answer: Answer, label: str) -> str:
    meant = answer.question.meanings.get(label)
    return label if meant is None else f"{label}: {meant}"


def _below(answer: Answer) -> Iterator[tuple[str, str]]:
    decision = answer.decision
    if answer.question.has_levels:
        highest = len(answer.question.labels) - 1
        yield f"on average {decision.expected_level:.2f}, from 0 to {highest}", ""
    if decision.calls > 1:
        agreeing = round(decision.agreement * decision.calls)
        said = f"{agreeing} of {decision.calls} calls find {answer.chosen!r} most probable"
        yield f"{said}; the spread is the standard deviation between them", "dim"
    if answer.is_handed_over:
        yield f"below the threshold of {answer.threshold:g}: hand it over to a person", "bold"


def _asked(trace: Trace, model: str | None) -> str:
    return f"{trace.model or model or 'the model'}: {cost(trace)}"
