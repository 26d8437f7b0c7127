"""Experiments, and answers to what they ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from vs_core import Candidate, Trace, VerbalizedDistribution
from vs_core.adapters.comparison import Experiment, Outcome, PlannedExchange
from vs_core.comparison import Comparison, ComparisonSettings

COIN, DIE = "Flip a coin.", "Roll a die."
INPUT_TOKENS, OUTPUT_TOKENS = 7, 3


def settings_of(prompts: str | Sequence[str] = COIN, **settings: Any) -> ComparisonSettings:
    return ComparisonSettings(prompts=prompts, **settings)


def answer(
    *texts: str, stated: Sequence[float] = (), model: str | None = None, truncated: bool = False
) -> VerbalizedDistribution[str]:
    numbers = [*stated, *[None] * (len(texts) - len(stated))]
    trace = Trace(
        calls=1,
        input_tokens=INPUT_TOKENS,
        output_tokens=OUTPUT_TOKENS,
        model=model,
        truncated=truncated,
    )
    return VerbalizedDistribution.of(
        (Candidate(value=text, stated=p) for text, p in zip(texts, numbers, strict=True)), trace
    )


def numbered(exchange: PlannedExchange) -> VerbalizedDistribution[str]:
    """As many responses as were asked for, no two alike within a comparison."""
    name = f"{exchange.prompt} {exchange.method} {exchange.number}"
    return answer(*(f"{name} {i}" for i in range(exchange.settings.k)))


def compared(
    settings: ComparisonSettings,
    respond: Callable[[PlannedExchange], Outcome] = numbered,
    **options: Any,
) -> Comparison:
    experiment = Experiment(settings, **options)
    for exchange in experiment.pending:
        experiment.take(exchange, respond(exchange))
    return experiment.comparison()
