"""A comparison shown as Markdown, HTML or plain records."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from vs_core.metrics import METRICS
from vs_core.simulation import SIMULATION_NOTICE
from vs_core.visible import visible

if TYPE_CHECKING:
    from vs_core.comparison.records import Comparison, Estimate, MethodSummary

_COST = ("responses", "distinct", "calls", "tokens", "tokens per distinct", "failures")
_ARROWS = {"higher": "↑", "lower": "↓"}
_MARKDOWN_SPECIAL = re.compile(r"[\\`*\[<|]")


def to_markdown(comparison: Comparison) -> str:
    """A table of the means, one row for each method, and the notes; texts cannot break it."""
    head, *rows = _table(comparison)
    lines = [map(_markdown, head), [":--", *["--:"] * (len(head) - 1)], *rows]
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    notes = "\n".join(f"- {_markdown(note)}" for note in _remarks(comparison))
    return f"{table}\n\n{notes}" if notes else table


def to_html(comparison: Comparison) -> str:
    """The same as an HTML table and list, with every text from outside escaped."""
    head, *rows = _table(comparison)
    table = _html_row(head, "th") + "".join(_html_row(row, "td") for row in rows)
    notes = "".join(f"<li>{_html(note)}</li>" for note in _remarks(comparison))
    return f"<table>{table}</table>" + (f"<ul>{notes}</ul>" if notes else "")


def to_records(comparison: Comparison) -> list[dict[str, Any]]:
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
        for found in comparison.results
    ]


def _table(comparison: Comparison) -> list[list[str]]:
    metrics = [name for name in comparison.metrics if _known(comparison.summaries, name)]
    head = ["method", *map(_label, metrics), *_COST]
    return [head, *(_row(summary, metrics) for summary in comparison.summaries)]


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


def _remarks(comparison: Comparison) -> list[str]:
    model = comparison.settings.model
    notice = [SIMULATION_NOTICE] if comparison.settings.simulated else []
    named = [f"model: {model}"] if model and not comparison.settings.simulated else []
    return [*notice, *named, *comparison.notes]


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
