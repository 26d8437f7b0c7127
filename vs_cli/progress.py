"""How far a run is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column
from rich.text import Text

from vs_cli.figures import rate
from vs_cli.terminal import written

SECONDS_BETWEEN_LINES = 10.0
"""Where no terminal is, a line is printed now and then: a bar would fill a log."""

Advance = Callable[[], None]
"""Called after each of the things that are counted."""


@contextmanager
def showing_progress(
    console: Console,
    total: int,
    done: int = 0,
    *,
    things: str = "exchanges",
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Advance]:
    """Show how many of `total` are done, how fast it goes, and how long it will take.

    Args:
        console: Where to show it: standard error, as results go to standard output.
        total: How many there are, with those done before.
        done: How many were done before; they do not count for the rate.
        things: What is counted, for the lines.
        clock: Seconds, for the lines.

    Yields:
        What to call after each of them.
    """
    if not console.is_terminal:
        yield _Lines(console, total, done, things, clock)
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

    def __init__(
        self, console: Console, total: int, done: int, things: str, clock: Callable[[], float]
    ) -> None:
        self._console = console
        self._things = things
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
        line = f"{self._done}/{self._total} {self._things}, {rate(speed)}, about {left:.0f} s left"
        self._console.print(written(line, self._console), soft_wrap=True)


class ElapsedColumn(ProgressColumn):
    """It moves while nothing else does, such as before the first answer."""

    def render(self, task: Task) -> Text:
        """Seconds since the start."""
        return Text(f"{task.elapsed or 0.0:.0f} s", style="progress.elapsed")


class RateColumn(ProgressColumn):
    """How fast it goes."""

    def render(self, task: Task) -> Text:
        """What is done a second, or a minute."""
        return Text("" if task.speed is None else rate(task.speed), style="progress.data.speed")
