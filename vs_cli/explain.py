"""`vs explain`: how a reply was read, stretch by stretch. Asks no model."""

from __future__ import annotations

import argparse
import json
import os

from rich.cells import cell_len, set_cell_size
from rich.console import Console

from vs_cli.errors import MisuseError
from vs_cli.reading import read_bytes
from vs_cli.terminal import Terminal, shortened, written
from vs_core import Explanation, PromptSettings, explain_reply

_WIDTH = 80
_GAP = "  "
_PART = len("candidate")
_NARROWEST = 16


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
        document = json.dumps(explanation.model_dump(mode="json"), ensure_ascii=False, indent=2)
        Terminal().print_document(document)
    else:
        show_explanation(_terminal(), explanation)
    return any(stretch.part == "candidate" for stretch in explanation.stretches)


def show_explanation(console: Console, explanation: Explanation) -> None:
    """Print what was read and which rule chose it, then each stretch and what decided there.

    Args:
        console: Where to print.
        explanation: What to print.
    """
    layout = explanation.layout or "nothing was read"
    cut = "cut off" if explanation.truncated else "not cut off"
    console.print(written(f"{layout} ({cut}): {explanation.rule}", console), overflow="fold")
    left = console.width - _PART - 2 * len(_GAP)
    beside = left >= 2 * _NARROWEST
    widest = max(_NARROWEST, left * 9 // 20 if beside else left)
    # In quotes, with line breaks as escapes.
    quoted = [
        repr(stretch.text.strip()) if stretch.text else "" for stretch in explanation.stretches
    ]
    shown = [shortened(text, widest, console) for text in quoted]
    width = max(map(cell_len, shown), default=0)
    for stretch, text in zip(explanation.stretches, shown, strict=True):
        begun = f"{stretch.part:<{_PART}}{_GAP}{set_cell_size(text, width)}{_GAP}"
        if not beside:
            _print(console, begun)
            begun = _GAP * 2
        rule = written(stretch.rule, console)
        room = max(_NARROWEST, console.width - cell_len(begun))
        for line in rule.wrap(console, room, overflow="fold"):
            _print(console, f"{begun}{line.plain}")
            begun = " " * cell_len(begun)


def _print(console: Console, line: str) -> None:
    console.print(written(line.rstrip(), console), soft_wrap=True)


def _read(file: str) -> str:
    try:
        found = read_bytes(file)
    except OSError as error:
        raise MisuseError(
            f"{file!r} cannot be read: {error.strerror}; give a file that holds a reply, "
            "or - for standard input"
        ) from error
    return found.decode("utf-8", "replace")


def _terminal() -> Terminal:
    """A terminal; pipes and files get a width of their own unless the environment has one."""
    terminal = Terminal()
    return terminal if terminal.is_terminal or "COLUMNS" in os.environ else Terminal(width=_WIDTH)
