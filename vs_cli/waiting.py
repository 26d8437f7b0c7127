"""That a model is being waited for, and how long already: on a terminal only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from vs_cli.terminal import written

if TYPE_CHECKING:
    from rich.spinner import Spinner


@contextmanager
def waiting_for(
    name: str | None, console: Console, *, clock: Callable[[], float] = time.monotonic
) -> Iterator[None]:
    """Show that a model is waited for until the block ends; then nothing of it is left.

    Args:
        name: Of the model. None for the simulation, which answers at once.
        console: Where to show it: standard error. If it is no terminal, nothing is shown.
        clock: Seconds.
    """
    if name is None or not console.is_terminal:
        yield
        return
    from rich.live import Live  # noqa: PLC0415  # who pipes need not wait for it

    waiting = _Waiting(name, console, clock)
    with Live(
        waiting,
        console=console,
        refresh_per_second=8,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ):
        yield


class _Waiting:
    """A sign that turns, what is waited for, and the seconds since it began."""

    def __init__(self, name: str, console: Console, clock: Callable[[], float]) -> None:
        from rich.spinner import Spinner  # noqa: PLC0415  # as above

        self._name = written(f"waiting for {name}", console)
        self._clock, self._start = clock, clock()
        in_unicode = console.encoding.startswith("utf")
        self._spinner = Spinner("dots" if in_unicode else "line", style="cyan")
        self._dots = "…" if in_unicode else "..."

    def __rich__(self) -> Spinner:
        seconds = int(self._clock() - self._start)
        self._spinner.update(text=Text.assemble(self._name, f" {self._dots} {seconds} s"))
        return self._spinner
