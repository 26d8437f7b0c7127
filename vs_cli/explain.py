"""`vs explain`: how a reply was read, stretch by stretch. Asks no model."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from vs_cli.errors import MisuseError
from vs_core import Explanation, PromptSettings, explain_reply

_WIDTH = 80
_GAP = "  "
_PART = len("candidate")
_NARROWEST = 16
_DOTS = "..."


def explain(asked: argparse.Namespace) -> bool:
    """Print how a reply was read.

    Args:
        asked: The command line.

    Returns:
        Whether any candidate was read.

    Raises:
        MisuseError: The file cannot be read.
    """
    settings = None if asked.layout is None else PromptSettings(layout=asked.layout)
    explanation = explain_reply(_read(asked.file), asked=settings, truncated=asked.truncated)
    if asked.json:
        # In ASCII: what a reply holds may not reach a terminal as it is.
        document = json.dumps(explanation.model_dump(mode="json"), indent=2)
        sys.stdout.write(document + "\n")
    else:
        show_explanation(_console(), explanation)
    return any(stretch.part == "candidate" for stretch in explanation.stretches)


def show_explanation(console: Console, explanation: Explanation) -> None:
    """Print what was read and which rule chose it, then each stretch and what decided there.

    Args:
        console: Where to print.
        explanation: What to print.
    """
    layout = explanation.layout or "nothing was read"
    cut = "cut off" if explanation.truncated else "not cut off"
    heading = Text(_plain(f"{layout} ({cut}): {explanation.rule}", console))
    for line in heading.wrap(console, console.width):
        _print(console, line.plain.rstrip())
    left = console.width - _PART - 2 * len(_GAP)
    widest = max(_NARROWEST, left * 9 // 20)
    shown = [_on_one_line(stretch.text, widest, console) for stretch in explanation.stretches]
    width = max(map(cell_len, shown), default=0)
    for stretch, written in zip(explanation.stretches, shown, strict=True):
        begun = f"{stretch.part:<{_PART}}{_GAP}{set_cell_size(written, width)}{_GAP}"
        rule = Text(_plain(stretch.rule, console))
        for line in rule.wrap(console, max(_NARROWEST, left - width), overflow="fold"):
            _print(console, f"{begun}{line.plain}".rstrip())
            begun = " " * cell_len(begun)


def _print(console: Console, line: str) -> None:
    # Text, not markup: a model may well write [brackets].
    console.print(Text(line), soft_wrap=True)


def _read(file: str) -> str:
    if file == "-":
        written = sys.stdin.buffer.read()
    else:
        try:
            written = Path(file).read_bytes()
        except OSError as error:
            raise MisuseError(
                f"{file!r} cannot be read: {error.strerror}; give a file that holds a reply, "
                "or - for standard input"
            ) from error
    return written.decode("utf-8", "replace")


def _console() -> Console:
    """A console; pipes and files get a width of their own unless the environment has one."""
    console = Console()
    return console if console.is_terminal or "COLUMNS" in os.environ else Console(width=_WIDTH)


def _on_one_line(text: str, width: int, console: Console) -> str:
    """A text in quotes, its line breaks as escapes, with dots where it is too long."""
    shown = _plain(repr(text.strip()), console) if text else ""
    if cell_len(shown) <= width:
        return shown
    return set_cell_size(shown, width - len(_DOTS)) + _DOTS


def _plain(text: str, console: Console) -> str:
    """A text with escapes for control characters, and for what cannot be encoded."""
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    return shown.encode(console.encoding, "backslashreplace").decode(console.encoding)
