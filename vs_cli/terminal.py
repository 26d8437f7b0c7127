"""The one way to the terminal: what is printed here can be read, and does nothing else.

Models and servers write what is printed, names and errors included. None of it is markup, control
characters are shown as escapes, and what the terminal cannot encode is replaced: no character ends
a run whose replies have been paid for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from vs_core.adapters import visible, visible_json

_IN_ASCII = {
    "█": "#",
    "→": ">",
    "↑": "^",
    "↓": "v",
    "…": "...",
    "–": "-",
    "—": "-",
    "×": "x",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "\ufffd": "?",
}
"""What stands for signs that this program, or any text in English, is full of."""

_DOTS = "..."
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


class Terminal(Console):
    """Standard output, or standard error.

    Args:
        stderr: Which of the two.
        width: In columns; by default that of the terminal.

    Example:
        >>> from vs_cli.terminal import Terminal
        >>> Terminal().print("[red]not markup[/red]")
        [red]not markup[/red]
    """

    def __init__(self, *, stderr: bool = False, width: int | None = None) -> None:
        super().__init__(stderr=stderr, width=width, markup=False, emoji=False, highlight=False)

    def say(self, message: str, style: str = "") -> None:
        """Print a message as it is, without breaking its lines."""
        self.print(written(message, self, style), soft_wrap=True)

    def print_document(self, document: str) -> None:
        """Print JSON, with escapes for whatever is better not sent as it is.

        Args:
            document: Valid JSON.
        """
        shown = visible_json(document)
        if not self.encoding.startswith("utf"):
            # JSON is UTF-8 or, to be both, ASCII.
            shown = _BEYOND_ASCII.sub(_json_escape, shown)
        self.file.write(f"{shown}\n")
        self.file.flush()

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """As any console does, for whatever is printed, in the end with safe characters only."""
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
            else:
                yield segment._replace(text=fitting(segment.text, self.encoding))

    def render_str(self, text: str, **options: Any) -> Text:
        """As any console does, of a text that is safe before its place is measured."""
        return super().render_str(fitting(text, self.encoding), **options)

    def on_broken_pipe(self) -> None:
        """Leave it to the command how it ends when nobody reads on."""
        raise BrokenPipeError


def written(text: str, console: Console, style: str = "") -> Text:
    """A text from anywhere as rich lays it out.

    Args:
        text: Not markup.
        console: Where it will be printed.
        style: As rich names it.
    """
    return Text(fitting(text, console.encoding), style=style)


def shortened(text: str, width: int, console: Console) -> str:
    """A text of one line that takes no more columns than there are, with dots where it is cut.

    Args:
        text: Without line breaks.
        width: In columns.
        console: Where it will be printed.

    Example:
        >>> from vs_cli.terminal import Terminal, shortened
        >>> shortened("Where is my parcel?", 12, Terminal())
        'Where is ...'
    """
    shown = fitting(text, console.encoding)
    if cell_len(shown) <= width:
        return shown
    return set_cell_size(shown, width - len(_DOTS)) + _DOTS


def fitting(text: str, encoding: str) -> str:
    r"""A text whose characters can all be sent: none steers, and each can be encoded.

    Args:
        text: Any text.
        encoding: Of the terminal.

    Example:
        >>> from vs_cli.terminal import fitting
        >>> print(fitting("→ Zürich \x1b[2J", "ascii"))
        > Z\xfcrich \x1b[2J
    """
    shown = visible(text)
    if _can_encode(shown, encoding):
        return shown
    return "".join(c if _can_encode(c, encoding) else _replaced(c, encoding) for c in shown)


def _replaced(character: str, encoding: str) -> str:
    escaped = character.encode(encoding, "backslashreplace").decode(encoding)
    return _IN_ASCII.get(character, escaped)


def _json_escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))


def _can_encode(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
