"""How far a comparison is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column

from vs_cli.figures import rate
from vs_cli.progress import SECONDS_BETWEEN_LINES, ElapsedColumn, RateColumn
from vs_cli.terminal import written

Advance = Callable[[], None]
"""Called after each exchange."""


@contextmanager
def showing_progress(
    console: Console,
    total: int,
    done: int = 0,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Advance]:
    """Show how many of `total` exchanges are done, how fast it goes, and how long it will take.

    Args:
        console: Where to show it: standard error, as results go to standard output.
        total: Number of exchanges, with those done before.
        done: How many were done before; they do not count for the rate.
        clock: Seconds, for the lines.

    Yields:
        What to call after each exchange.
    """
    if not console.is_terminal:
        yield _Lines(console, total, done, clock)
        return
    bar = Progress(
        TextColumn("asking"),
        # Its width is what the others leave.
        BarColumn(bar_width=None, table_column=Column(max_width=40)),
        MofNCompleteColumn(),
        ElapsedColumn(),
        RateColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
        console=console,
        redirect_stdout=False,
        transient=True,
    )
    task = bar.add_task("", total=total, completed=done)
    with bar:
        yield lambda: bar.advance(task)


class _Lines:
    """Prints a line every few seconds, where a bar would fill a log."""

    def __init__(self, console: Console, total: int, done: int, clock: Callable[[], float]) -> None:
        self._console = console
        self._total = total
        self._before = self._done = done
        self._clock = clock
        self._start = self._printed = clock()

    def __call__(self) -> None:
        self._done += 1
        now = self._clock()
        if now - self._printed < SECONDS_BETWEEN_LINES:
            return
        self._printed = now
        speed = (self._done - self._before) / (now - self._start)
        left = (self._total - self._done) / speed
        line = f"{self._done}/{self._total} exchanges, {rate(speed)}, about {left:.0f} s left"
        self._console.print(written(line, self._console), soft_wrap=True)
