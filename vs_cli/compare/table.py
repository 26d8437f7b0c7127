"""The comparison on the terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vs_cli.compare.rows import Row, cost_rows, metric_rows
from vs_cli.compare.sentences import legend, title
from vs_core.comparison import Comparison


def show_comparison(console: Console, comparison: Comparison) -> None:
    """Print the metrics and the cost of each method, and what a reader should know of them."""
    table = Table(
        box=box.SIMPLE_HEAD,
        # Five methods with their intervals just fit into 80 columns.
        padding=(0, 0, 0, 1),
    )
    table.add_column("", no_wrap=True)
    for summary in comparison.summaries:
        table.add_column(summary.method, justify="right", overflow="fold")
    for rows in (metric_rows(comparison), cost_rows(comparison)):
        for row in rows:
            table.add_row(Text(f"{row.label} {row.arrow}".strip()), *_cells(row))
        table.add_section()
    console.print(Text(title(comparison), style="bold"))
    console.print(table)
    for line in (legend(comparison), *comparison.notes):
        console.print(Text(line, style="dim"))


def _cells(row: Row) -> list[Text]:
    return [
        Text.assemble(
            (cell.value, "bold" if cell.best else ""),
            (f"\n{cell.interval}" if cell.interval else "", "dim"),
        )
        for cell in row.cells
    ]
