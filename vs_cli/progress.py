"""What bars of progress have in common."""

from __future__ import annotations

from rich.progress import ProgressColumn, Task
from rich.text import Text

from vs_cli.figures import rate

SECONDS_BETWEEN_LINES = 10.0
"""Where no terminal is, a line is printed now and then: a bar would fill a log."""


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
