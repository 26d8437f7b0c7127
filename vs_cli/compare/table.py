"""The comparison on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vs_cli.compare.rows import Cell, Row, cost_rows, metric_rows
from vs_cli.compare.sentences import legend, title
from vs_cli.terminal import written
from vs_core.comparison import Comparison


def show_comparison(console: Console, comparison: Comparison) -> None:
    """Print the metrics and the cost of each method, and what a reader should know of them.

    Methods that do not fit side by side stand one below the other.
    """
    console.print(written(title(comparison), console, "bold"), overflow="fold")
    methods = [str(summary.method) for summary in comparison.summaries]
    sections = (metric_rows(comparison), cost_rows(comparison))
    for table in fitting_tables(console, methods, sections):
        console.print(table)
    for line in (legend(comparison), *comparison.notes):
        console.print(written(line, console, "dim"), overflow="fold")


def fitting_tables(
    console: Console, heads: Sequence[str], sections: Sequence[Sequence[Row]]
) -> Iterator[Table]:
    """Tables with a column for each head, as many of them side by side as fit.

    Args:
        console: Where they will be printed.
        heads: Of the columns.
        sections: Rows with a cell for each head.
    """
    begin = 0
    while begin < len(heads):
        end = len(heads)
        table = _table(console, heads, sections, slice(begin, end))
        while end > begin + 1 and _width(console, table) > console.width:
            end -= 1
            table = _table(console, heads, sections, slice(begin, end))
        yield table
        begin = end


def _width(console: Console, table: Table) -> int:
    return console.measure(table, options=console.options.update(max_width=10_000)).maximum


def _table(
    console: Console, heads: Sequence[str], sections: Sequence[Sequence[Row]], shown: slice
) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        # Five methods with their intervals just fit into 80 columns.
        padding=(0, 0, 0, 1),
    )
    table.add_column("", no_wrap=True)
    for head in heads[shown]:
        table.add_column(written(head, console), justify="right", overflow="fold")
    for rows in sections:
        for row in rows:
            label = written(f"{row.label} {row.arrow}".strip(), console)
            table.add_row(label, *(_cell(console, cell) for cell in row.cells[shown]))
        table.add_section()
    return table


def _cell(console: Console, cell: Cell) -> Text:
    value = written(cell.value, console, "bold" if cell.best else "")
    if not cell.interval:
        return value
    return Text("\n").join([value, written(cell.interval, console, "dim")])
