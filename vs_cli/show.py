"""What `vs sample` prints: a table for people, or one JSON document."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vs_core import Candidate, VerbalizedDistribution

_BAR = 20


def show_distribution(
    console: Console, distribution: VerbalizedDistribution[Any], picked: Candidate[Any] | None
) -> None:
    """Print the candidates with their probabilities, and which one was picked."""
    trace = distribution.trace
    table = Table(box=box.SIMPLE_HEAD, title=_title(distribution), title_justify="left")
    table.add_column("")
    table.add_column("probability", justify="right")
    table.add_column("stated", justify="right")
    table.add_column("", width=_BAR)
    table.add_column("candidate", overflow="fold", ratio=1)
    widest = max(distribution.probabilities)
    for candidate in distribution:
        stated = "" if candidate.stated is None else f"{candidate.stated:.3g}"
        bar = "█" * max(1, round(_BAR * candidate.probability / widest))
        # Text, not markup: a model may well write [brackets].
        table.add_row(
            "→" if candidate is picked else "",
            f"{candidate.probability:.3f}",
            stated,
            Text(bar, style="cyan"),
            Text(candidate.text, style="bold" if candidate is picked else ""),
        )
    console.print(table)
    if picked is not None:
        console.print(Text.assemble(("→ picked: ", "cyan"), (picked.text, "bold")))
    for note in (*trace.notes, *trace.fallbacks):
        console.print(Text(f"note: {note}", style="dim"))


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
        table.add_row(str(times), Text(answer))
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
