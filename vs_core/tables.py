"""A table with a list of notes below it, as Markdown and as HTML; no text can break either."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from vs_core.visible import visible

_MARKDOWN_SPECIAL = re.compile(r"[\\`*\[<|]")


def markdown_table(table: Sequence[Sequence[str]], notes: Iterable[str]) -> str:
    r"""A table and a list.

    Args:
        table: A head and rows; the first column has names, the others numbers.
        notes: Sentences below the table.

    Example:
        >>> from vs_core.tables import markdown_table
        >>> print(markdown_table([["method", "calls"], ["a|b", "3"]], ["simulated"]))
        | method | calls |
        | :-- | --: |
        | a\|b | 3 |
        <BLANKLINE>
        - simulated
    """
    head, *rows = table
    lines = [map(_markdown, head), [":--", *["--:"] * (len(head) - 1)]]
    lines += [map(_markdown, row) for row in rows]
    written = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    listed = "\n".join(f"- {_markdown(note)}" for note in notes)
    return f"{written}\n\n{listed}" if listed else written


def html_table(table: Sequence[Sequence[str]], notes: Iterable[str]) -> str:
    """The same as an HTML table and list, with every text from outside escaped.

    Args:
        table: As for `markdown_table`.
        notes: As for `markdown_table`.

    Example:
        >>> from vs_core.tables import html_table
        >>> html_table([["<b>"]], [])
        '<table><tr><th>&lt;b&gt;</th></tr></table>'
    """
    head, *rows = table
    written = _html_row(head, "th") + "".join(_html_row(row, "td") for row in rows)
    listed = "".join(f"<li>{_html(note)}</li>" for note in notes)
    return f"<table>{written}</table>" + (f"<ul>{listed}</ul>" if listed else "")


def _markdown(text: str) -> str:
    escaped = _MARKDOWN_SPECIAL.sub(r"\\\g<0>", visible(text))
    return "<br>".join(escaped.splitlines())


def _html_row(cells: Iterable[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{_html(cell)}</{tag}>" for cell in cells) + "</tr>"


def _html(text: str) -> str:
    return html.escape(visible(text))
