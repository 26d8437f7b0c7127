"""How far a generation is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

from vs_cli.figures import count, counted, rate
from vs_cli.progress import SECONDS_BETWEEN_LINES
from vs_cli.terminal import written
from vs_core.adapters.generation import CoolDown, Judged
from vs_core.generation import CallRecord, GeneratedRecord

_BAR = 30
_BESIDE = len("accepted ") + 2
"""Columns that the word and the gaps take."""


class Watch:
    """Counts what happens, and says it.

    What is judged before the first call of this run is answered comes from an earlier one, and
    does not count for the rate.

    Args:
        wanted: Answers wanted, over all prompts.
        cool_down: The pause that all calls share.
        clock: Seconds.

    Attributes:
        accepted: Answers accepted.
        calls: Calls answered in this run.
    """

    def __init__(self, wanted: int, cool_down: CoolDown, clock: Callable[[], float]) -> None:
        self.accepted = 0
        self.calls = 0
        self.wanted = wanted
        self._refused = 0
        self._tokens: int | None = None
        self._before = 0
        self._cool_down = cool_down
        self._clock = clock
        self._start = clock()
        self._show: Callable[[], None] = lambda: None

    def shown_by(self, show: Callable[[], None]) -> None:
        """Have it shown whenever something has happened."""
        self._show = show

    def called(self, record: CallRecord) -> None:
        """Count a call of this run.

        Args:
            record: What came of it.
        """
        self.calls += 1
        if (tokens := record.cost.tokens) is not None:
            self._tokens = (self._tokens or 0) + tokens
        self._show()

    def judged(self, answer: Judged) -> None:
        """Count an answer.

        Args:
            answer: Accepted or refused.
        """
        is_accepted = isinstance(answer, GeneratedRecord)
        self.accepted += is_accepted
        self._refused += not is_accepted
        self._before += is_accepted and not self.calls
        self._show()

    def pieces(self) -> list[str]:
        """What can be said beside the bar, the most important first."""
        seconds = self._clock() - self._start
        speed = (self.accepted - self._before) / seconds if seconds > 0 else 0.0
        waits = self._cool_down.seconds_left()
        left = max(0, self.wanted - self.accepted)
        return [
            *([f"all wait {waits:.0f} s as the provider asks"] if waits >= 1 else []),
            *([f"about {_duration(left / speed)} left"] if speed and left else []),
            f"{count(self._refused)} refused",
            counted(self.calls, "call"),
            *([rate(speed)] if speed else []),
            *([f"{_short(self._tokens)} tokens"] if self._tokens is not None else []),
            _duration(seconds),
        ]


@contextmanager
def showing_progress(
    console: Console,
    wanted: int,
    cool_down: CoolDown,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Watch]:
    """Show how many of the wanted answers are accepted, what it takes, and how long it will take.

    Args:
        console: Where to show it: standard error, as results go to standard output.
        wanted: Answers wanted, over all prompts.
        cool_down: The pause that all calls share.
        clock: Seconds.

    Yields:
        What to tell of calls and answers.
    """
    watch = Watch(wanted, cool_down, clock)
    if not console.is_terminal:
        watch.shown_by(_Lines(console, watch, clock))
        yield watch
        return
    bar = Progress(
        TextColumn("accepted"),
        # Its width is what the others leave.
        BarColumn(bar_width=None, table_column=Column(max_width=_BAR)),
        MofNCompleteColumn(),
        _Pieces(watch, console),
        console=console,
        redirect_stdout=False,
        transient=True,
    )
    task = bar.add_task("", total=wanted)
    watch.shown_by(lambda: bar.update(task, completed=watch.accepted))
    with bar:
        yield watch


class _Pieces(ProgressColumn):
    """As much as fits beside a short bar."""

    def __init__(self, watch: Watch, console: Console) -> None:
        super().__init__(Column(no_wrap=True))
        self._watch = watch
        self._console = console

    def render(self, task: Task) -> Text:
        """The most important pieces."""
        beside = _BESIDE + 2 * len(str(self._watch.wanted)) + 3
        room = self._console.width - beside - min(_BAR, self._console.width // 6)
        shown = ""
        for piece in self._watch.pieces():
            longer = f"{shown}, {piece}" if shown else piece
            if cell_len(longer) <= room:
                shown = longer
        return written(shown, self._console, "progress.elapsed")


class _Lines:
    """Prints a line every few seconds, where a bar would fill a log."""

    def __init__(self, console: Console, watch: Watch, clock: Callable[[], float]) -> None:
        self._console = console
        self._watch = watch
        self._clock = clock
        self._printed = clock()

    def __call__(self) -> None:
        now = self._clock()
        if now - self._printed < SECONDS_BETWEEN_LINES:
            return
        self._printed = now
        accepted = f"{count(self._watch.accepted)}/{count(self._watch.wanted)} accepted"
        line = ", ".join([accepted, *self._watch.pieces()])
        self._console.print(written(line, self._console), soft_wrap=True)


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    minutes, hours = round(seconds / 60), round(seconds / 3600)
    return f"{minutes} min" if minutes < 100 else f"{hours} h"


def _short(number: int) -> str:
    """A large number in three digits."""
    for limit, sign in ((1_000_000_000, "G"), (1_000_000, "M"), (10_000, "k")):
        if number >= limit:
            divided = number / (1000 if sign == "k" else limit)
            return f"{divided:.3g}{sign}" if divided < 1000 else f"{divided:,.0f}{sign}"
    return count(number)
