"""A comparison shown as Markdown, HTML or plain records."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Any

from vs_core.comparison.records import Estimate, MethodResponses, MethodSummary
from vs_core.comparison.settings import ComparisonSettings
from vs_core.metrics import METRICS
from vs_core.simulation import SIMULATION_NOTICE
from vs_core.visible import visible

_COST = ("responses", "distinct", "calls", "tokens", "tokens per distinct", "failures")
_ARROWS = {"higher": "↑", "lower": "↓"}
_MARKDOWN_SPECIAL = re.compile(r"[\\`*\[<|]")


def table_of(summaries: Sequence[MethodSummary], metrics: Iterable[str]) -> list[list[str]]:
    """A head and one row for each method: the means of the metrics that have any, and the cost."""
    shown = [name for name in metrics if _known(summaries, name)]
    head = ["method", *map(_label, shown), *_COST]
    return [head, *(_row(summary, shown) for summary in summaries)]


def notes_beside(settings: ComparisonSettings, notes: Iterable[str]) -> list[str]:
    """What has to be said beside a table: who answered, and the notes."""
    if settings.simulated:
        return [SIMULATION_NOTICE, *notes]
    return [*([f"model: {settings.model}"] if settings.model else []), *notes]


def to_markdown(table: Sequence[Sequence[str]], notes: Iterable[str]) -> str:
    """A table and a list; texts cannot break them."""
    head, *rows = table
    lines = [map(_markdown, head), [":--", *["--:"] * (len(head) - 1)], *rows]
    written = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    listed = "\n".join(f"- {_markdown(note)}" for note in notes)
    return f"{written}\n\n{listed}" if listed else written


def to_html(table: Sequence[Sequence[str]], notes: Iterable[str]) -> str:
    """The same as an HTML table and list, with every text from outside escaped."""
    head, *rows = table
    written = _html_row(head, "th") + "".join(_html_row(row, "td") for row in rows)
    listed = "".join(f"<li>{_html(note)}</li>" for note in notes)
    return f"<table>{written}</table>" + (f"<ul>{listed}</ul>" if listed else "")


def to_records(results: Iterable[MethodResponses]) -> list[dict[str, Any]]:
    """One flat, JSON-safe dictionary for each prompt and method."""
    return [
        {
            "prompt": found.prompt,
            "method": found.method,
            "responses": len(found.texts),
            "distinct": found.distinct,
            "failures": len(found.failures),
            **found.cost.model_dump(),
            **found.scores,
        }
        for found in results
    ]


def _row(summary: MethodSummary, metrics: Iterable[str]) -> list[str]:
    per_distinct = summary.tokens_per_distinct
    return [
        summary.method,
        *(_estimate(summary.scores.get(name)) for name in metrics),
        str(summary.responses),
        str(summary.distinct),
        str(summary.cost.calls),
        _known_number(summary.cost.tokens),
        _known_number(None if per_distinct is None else round(per_distinct)),
        str(summary.failures),
    ]


def _known(summaries: Sequence[MethodSummary], name: str) -> bool:
    return any(s.scores[name].mean is not None for s in summaries if name in s.scores)


def _label(name: str) -> str:
    if name not in METRICS:
        return name
    return f"{METRICS[name].label} {_ARROWS[METRICS[name].direction]}"


def _estimate(estimate: Estimate | None) -> str:
    if estimate is None or estimate.mean is None:
        return "–"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.mean:.3g}"
    return f"{estimate.mean:.3g} ({estimate.low:.3g} to {estimate.high:.3g})"


def _known_number(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _markdown(text: str) -> str:
    escaped = _MARKDOWN_SPECIAL.sub(r"\\\g<0>", visible(text))
    return "<br>".join(escaped.splitlines())


def _html_row(cells: Iterable[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{_html(cell)}</{tag}>" for cell in cells) + "</tr>"


def _html(text: str) -> str:
    return html.escape(visible(text))
