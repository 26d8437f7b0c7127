"""Tunings, and answers to what they ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.core.comparison.exchanges import answer
from vs_core import VerbalizedDistribution
from vs_core.adapters.comparison import Outcome
from vs_core.adapters.tuning import TrialExchange, Tuner
from vs_core.tuning import TrialRecord, Tuning, TuningSettings

PROMPTS = tuple(f"Question {number}?" for number in range(10))
Respond = Callable[[TrialExchange], Outcome]


def settings_of(**settings: Any) -> TuningSettings:
    return TuningSettings(**{"prompts": PROMPTS, "variants": [{"k": 10}], **settings})


def answers(different: int, size: int, mark: str = "") -> VerbalizedDistribution[str]:
    """So many responses, of which so many are different."""
    return answer(*(f"{mark} answer {place % different}" for place in range(size)))


def varying(different: Mapping[str, int]) -> Respond:
    """Whoever asks gets so many different responses in each exchange, by name of the variant.

    All exchanges of one prompt give the same ones.
    """

    def respond(exchange: TrialExchange) -> Outcome:
        size = exchange.settings.k
        return answers(min(different.get(exchange.variant, 1), size), size, exchange.prompt)

    return respond


def run(tuner: Tuner, respond: Respond, *, stages: int = 99) -> Tuner:
    """Carry out so many stages, or all that are left."""
    while not tuner.complete and stages:
        for exchange in tuner.pending:
            tuner.take(exchange, respond(exchange))
        tuner.advance()
        stages -= 1
    return tuner


def tuned(settings: TuningSettings, respond: Respond, **options: Any) -> Tuning:
    return run(Tuner(settings, **options), respond).tuning()


def records_of(settings: TuningSettings, respond: Respond) -> tuple[TrialRecord, ...]:
    return run(Tuner(settings), respond).records
