"""What `vs calibrate` prints for people."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vs_cli.figures import counted
from vs_cli.terminal import written
from vs_core.calibration import Calibration, Interval

_FIGURES = {
    "accuracy": "accuracy ↑",
    "ece": "ECE ↓",
    "brier": "Brier score ↓",
    "log_loss": "log loss ↓",
}
_WIDE = 68
"""Columns that all figures take with three decimals."""


def show_calibration(console: Console, calibration: Calibration) -> None:
    """Print how good the numbers are before and after, and what a reader should know of that.

    On a narrow terminal the changes are left out, and figures have two decimals.

    Args:
        console: Where to print.
        calibration: What to print.
    """
    is_wide = console.width >= _WIDE
    shown = {"as stated": calibration.before, "calibrated": calibration.after}
    columns = {**shown, **({"change": calibration.change} if is_wide else {})}
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1))
    table.add_column(counted(calibration.examples, "example"), no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    for figure, label in _FIGURES.items():
        figures = (getattr(measured, figure) for measured in columns.values())
        table.add_row(
            written(label, console), *(_cell(console, f, is_wide=is_wide) for f in figures)
        )
    console.print(table)
    for line in _below(calibration):
        console.print(written(line, console, "dim"), overflow="fold")


def _cell(console: Console, figure: Interval, *, is_wide: bool) -> Text:
    value, low, high = (
        f"{number:.3f}" if is_wide else f"{number:.2f}"
        for number in (figure.value, figure.low, figure.high)
    )
    interval = f"{low} to {high}" if is_wide else f"{low}–{high}"
    return Text("\n").join([written(value, console), written(interval, console, "dim")])


def _below(calibration: Calibration) -> Iterator[str]:
    if calibration.temperature is None:
        yield f"isotonic, a curve of {counted(len(calibration.points), 'point')}"
    else:
        yield f"temperature {calibration.temperature:.2f}"
    yield "intervals are of 95 %; calibrated figures are those of examples that were held out"
    yield (
        f"an ECE of {calibration.before.ece_if_calibrated:.3f} is what chance alone would show if "
        "the numbers meant what they say"
    )
    yield from calibration.remarks
