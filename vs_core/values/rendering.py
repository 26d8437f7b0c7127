"""A distribution shown as Markdown, HTML or plain records."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from vs_core.values.candidate import Candidate
from vs_core.visible import visible

_HEADINGS = ("#", "probability", "stated", "text")


def to_markdown(candidates: Sequence[Candidate[Any]]) -> str:
    """A Markdown table; pipes and line breaks inside a text cannot break it."""
    rows = [
        _HEADINGS,
        ("--:", "--:", "--:", ":--"),
        *map(_cells, range(len(candidates)), candidates),
    ]
    return "\n".join("| " + " | ".join(map(_markdown_cell, row)) + " |" for row in rows)


def to_html(candidates: Sequence[Candidate[Any]]) -> str:
    """An HTML table with every model-written character escaped."""
    head = "".join(f"<th>{heading}</th>" for heading in _HEADINGS)
    body = "".join(
        "<tr>"
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(row, candidate))
        + "</tr>"
        for row, candidate in enumerate(candidates)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def to_records(candidates: Sequence[Candidate[Any]]) -> list[dict[str, Any]]:
    """One JSON-safe dictionary for each candidate, as data frames and JSON lines want them."""
    return [
        {"text": candidate.text, **candidate.model_dump(mode="json")} for candidate in candidates
    ]


def _cells(row: int, candidate: Candidate[Any]) -> tuple[str, str, str, str]:
    stated = "" if candidate.stated is None else f"{candidate.stated:.4g}"
    return str(row + 1), f"{candidate.probability:.3f}", stated, visible(candidate.text)


def _markdown_cell(cell: str) -> str:
    escaped = cell.replace("\\", "\\\\").replace("|", "\\|")
    return "<br>".join(escaped.splitlines())
