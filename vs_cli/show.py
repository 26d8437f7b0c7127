"""What `vs sample` prints: a table for people, or one JSON document."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from vs_cli.terminal import written
from vs_core import Candidate, VerbalizedDistribution

_BAR, _STATED = 20, len("stated")
_NEEDED = len("→") + len("probability")
_BETWEEN = 2
"""Columns that rich puts between two columns of a table, and around it."""
_READABLE = 30
"""Columns below which a text is no pleasure to read: other things make room for it first."""


def show_distribution(
    console: Console, distribution: VerbalizedDistribution[Any], picked: Candidate[Any] | None
) -> None:
    """Print the candidates with their probabilities, and which one was picked.

    On a narrow terminal the bars are left out first, then the stated numbers.

    Args:
        console: Where to print.
        distribution: What to print.
        picked: One of its candidates, or None.
    """
    trace = distribution.trace
    left = console.width - _NEEDED - 4 * _BETWEEN - _READABLE
    with_stated = left >= _STATED + _BETWEEN
    with_bars = left >= _STATED + _BAR + 2 * _BETWEEN
    title = written(_title(distribution), console)
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    table.add_column("")
    table.add_column("probability" if with_stated else "prob.", justify="right")
    if with_stated:
        table.add_column("stated", justify="right")
    if with_bars:
        table.add_column("", width=_BAR)
    table.add_column("candidate", overflow="fold", ratio=1)
    widest = max(distribution.probabilities)
    for candidate in distribution:
        stated = "" if candidate.stated is None else f"{candidate.stated:.3g}"
        bar = "█" * max(1, round(_BAR * candidate.probability / widest))
        table.add_row(
            written("→" if candidate is picked else "", console),
            f"{candidate.probability:.3f}",
            *([stated] if with_stated else []),
            *([written(bar, console, "cyan")] if with_bars else []),
            written(candidate.text, console, "bold" if candidate is picked else ""),
        )
    console.print(table)
    if picked is not None:
        arrow = written("→ picked: ", console, "cyan")
        console.print(arrow + written(picked.text, console, "bold"), overflow="fold")
    for note in (*trace.notes, *trace.fallbacks):
        console.print(written(f"note: {note}", console, "dim"), overflow="fold")


def show_direct(console: Console, answers: Sequence[str]) -> None:
    """Print what the plain question brought, equal answers counted."""
    counts = Counter(answers)
    table = Table(
        box=box.SIMPLE_HEAD,
        title=f"The plain question, asked {len(answers)} times: "
        f"{len(counts)} different {'answer' if len(counts) == 1 else 'answers'}",
        title_justify="left",
    )
    table.add_column("times", justify="right")
    table.add_column("answer", overflow="fold", ratio=1)
    for answer, times in counts.most_common():
        table.add_row(str(times), written(answer, console))
    console.print(table)


def as_json(
    prompt: str,
    distribution: VerbalizedDistribution[Any],
    picked: Candidate[Any] | None,
    direct: Sequence[str] | None,
    *,
    simulated: bool,
) -> str:
    """The same as one JSON document."""
    document = {
        "prompt": prompt,
        "simulated": simulated,
        "picked": picked.text if picked else None,
        "candidates": distribution.to_records(),
        "trace": distribution.trace.model_dump(mode="json"),
        "direct": direct,
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _title(distribution: VerbalizedDistribution[Any]) -> str:
    trace = distribution.trace
    tokens = "" if trace.output_tokens is None else f", {trace.output_tokens} tokens written"
    calls = "1 call" if trace.calls == 1 else f"{trace.calls} calls"
    return f"{len(distribution)} candidates from {trace.model or 'the model'} ({calls}{tokens})"
