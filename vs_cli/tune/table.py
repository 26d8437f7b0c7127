"""The tuning on the terminal: diversity beside what can be read and what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from vs_cli.compare.rows import ARROWS, Cell, Row
from vs_cli.compare.table import fitting_tables
from vs_cli.figures import count, number
from vs_cli.terminal import written
from vs_core.comparison import Estimate
from vs_core.metrics import METRICS
from vs_core.tuning import Final, Tuning


def show_tuning(console: Console, found: Tuning) -> None:
    """Print what was decided, both sides with their difference, and what a reader should know.

    What does not fit side by side stands one below the other.
    """
    verdict, *notes = found.notes
    console.print(written(verdict, console, "bold"), overflow="fold")
    if (final := found.final) is not None:
        heads = [side.variant.name for side in (final.default, final.survivor)]
        metric = METRICS[found.settings.metric]
        label = f"{metric.label} {ARROWS[metric.direction]}"
        sections = (_figure_rows(label, final), _cost_rows(final))
        for table in fitting_tables(console, [*heads, "difference"], sections):
            console.print(table)
        covered = f"{100 * final.coverage:g} %"
        notes = [
            f"below each figure stands its {covered} bootstrap interval over the prompts",
            *notes,
        ]
    for line in notes:
        console.print(written(line, console, "dim"), overflow="fold")


def _figure_rows(label: str, final: Final) -> list[Row]:
    figures = (final.default.figures, final.survivor.figures, final.difference)
    return [
        _row(label, [f.diversity for f in figures]),
        _row("Readable share ↑", [f.readable for f in figures]),
        _row("Calls per different ↓", [f.calls_per_different for f in figures]),
        _row("Tokens per different ↓", [f.tokens_per_different for f in figures]),
    ]


def _cost_rows(final: Final) -> list[Row]:
    sides = (final.default, final.survivor)
    return [
        _counts("Responses asked for", [side.asked for side in sides]),
        _counts("Usable", [side.usable for side in sides]),
        _counts("Different", [side.different for side in sides]),
        _counts("Model calls", [side.cost.calls for side in sides]),
        _counts("Input tokens", [side.cost.input_tokens for side in sides]),
        _counts("Output tokens", [side.cost.output_tokens for side in sides]),
    ]


def _row(label: str, estimates: Sequence[Estimate]) -> Row:
    *sides, difference = estimates
    return Row(label, (*map(_cell, sides), _cell(difference, signed=True)))


def _cell(estimate: Estimate, *, signed: bool = False) -> Cell:
    shown = _signed if signed else number
    if estimate.low is None or estimate.high is None:
        return Cell(shown(estimate.mean))
    return Cell(shown(estimate.mean), f"{shown(estimate.low)} to {shown(estimate.high)}")


def _signed(value: float | None) -> str:
    return number(value) if value is None or value < 0 else f"+{number(value)}"


def _counts(label: str, values: Sequence[int | None]) -> Row:
    default, survivor = values
    known = None if default is None or survivor is None else survivor - default
    difference = count(None) if known is None else f"{known:+,}"
    return Row(label, (*(Cell(count(value)) for value in values), Cell(difference)))
