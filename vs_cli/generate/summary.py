"""The summary on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from vs_cli.generate.sentences import figure_rows, title
from vs_cli.terminal import written
from vs_core.generation import GenerationReport


def show_summary(console: Console, report: GenerationReport, wanted: int) -> None:
    """Print what was made, what it took, and why it ended.

    Args:
        console: Where to print.
        report: What to print.
        wanted: Answers wanted, also to prompts that were not begun.
    """
    console.print(written(title(report), console, "bold"), overflow="fold")
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in figure_rows(report, wanted):
        table.add_row(label, written(value, console))
    console.print(table)
    for note in report.notes:
        console.print(written(note, console, "dim"), overflow="fold")
