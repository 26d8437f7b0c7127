"""What the terminal and the report both say of a comparison in words."""

from __future__ import annotations

from vs_cli.figures import NOTHING, count
from vs_core.comparison import Comparison, MethodSummary

_ARROWS = "↑ higher or ↓ lower is more diverse"


def title(comparison: Comparison) -> str:
    """What was asked of whom, in one line."""
    settings = comparison.settings
    prompts = len(settings.prompts)
    model = "a simulated model" if settings.simulated else settings.model or "the model"
    to = "one prompt" if prompts == 1 else f"each of {count(prompts)} prompts"
    return f"{count(settings.n)} responses to {to} by each method, from {model}"


def legend(comparison: Comparison) -> str:
    """How the table is to be read."""
    nothing = f"; {NOTHING} where there is too little to measure" if _has_gaps(comparison) else ""
    if len(comparison.settings.prompts) == 1:
        return f"{_ARROWS}{nothing}"
    return (
        f"{_ARROWS}; below each mean over the prompts stands its 95 % bootstrap interval{nothing}"
    )


def _has_gaps(comparison: Comparison) -> bool:
    return any(e.mean is None for s in comparison.summaries for e in s.scores.values())


def headlines(comparison: Comparison) -> list[str]:
    """For each method beside `direct`: how many more distinct responses, at which cost."""
    direct = next((s for s in comparison.summaries if s.method == "direct"), None)
    if direct is None or not direct.distinct:
        return []
    return [
        f"{summary.method}: {summary.distinct / direct.distinct:.1f} times as many distinct "
        f"responses as direct ({count(summary.distinct)} to {count(direct.distinct)})"
        f"{_tokens_beside(summary, direct)}"
        for summary in comparison.summaries
        if summary is not direct and summary.responses
    ]


def _tokens_beside(summary: MethodSummary, direct: MethodSummary) -> str:
    if not summary.cost.tokens or not direct.cost.tokens:
        return ""
    return f", for {summary.cost.tokens / direct.cost.tokens:.1f} times its tokens"
