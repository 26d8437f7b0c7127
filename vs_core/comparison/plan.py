"""What a comparison asks: one exchange after the other, at an equal budget of responses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from vs_core.comparison.settings import ComparisonSettings
from vs_core.exchange.settings import ExchangeSettings
from vs_core.values.terms import Method

Key = tuple[str, Method, int]
Way = tuple[Method, int]


@dataclass(frozen=True)
class PlannedExchange:
    """One exchange to make.

    Attributes:
        prompt: What the user asks.
        method: How the model is asked.
        number: Which of the exchanges for this prompt and method it is, from 0.
        settings: The settings of the exchange.

    Example:
        >>> from vs_core.adapters.comparison import plan
        >>> from vs_core.comparison import ComparisonSettings
        >>> planned = plan(ComparisonSettings(prompts="Flip a coin.", methods=["standard"], n=7))
        >>> [(exchange.number, exchange.settings.k) for exchange in planned]
        [(0, 5), (1, 2)]
    """

    prompt: str
    method: Method
    number: int
    settings: ExchangeSettings

    @property
    def key(self) -> Key:
        """What tells it from the other exchanges of one comparison."""
        return self.prompt, self.method, self.number

    @property
    def way(self) -> Way:
        """Method and k: within one comparison, exchanges that share them have equal settings."""
        return self.method, self.settings.k

    @property
    def asked(self) -> dict[str, Any]:
        """The settings as plain JSON: an exchange that asked the same need not be made again."""
        return self.settings.model_dump(mode="json", exclude={"value_schema"})


def plan(settings: ComparisonSettings) -> tuple[PlannedExchange, ...]:
    """The exchanges of a comparison, in the order in which they are best made.

    Prompt by prompt, and within a prompt the methods side by side in proportion to their budget,
    so that a run that is broken off leaves something to compare.

    Args:
        settings: What is compared.

    Example:
        >>> from vs_core.adapters.comparison import plan
        >>> from vs_core.comparison import ComparisonSettings
        >>> settings = ComparisonSettings(prompts="Roll.", methods=["direct", "cot"], n=4, k=2)
        >>> [(exchange.method, exchange.number) for exchange in plan(settings)]
        [('direct', 0), ('direct', 1), ('cot', 0), ('direct', 2), ('direct', 3), ('cot', 1)]
    """
    planned = [
        PlannedExchange(prompt, method, number, settings.exchange_settings(method, size))
        for prompt in settings.prompts
        for method in settings.methods
        for number, size in enumerate(_sizes(settings, method))
    ]
    place = {prompt: position for position, prompt in enumerate(settings.prompts)}
    return tuple(
        sorted(planned, key=lambda e: (place[e.prompt], _asked_for_by_its_end(e, settings)))
    )


def _asked_for_by_its_end(exchange: PlannedExchange, settings: ComparisonSettings) -> int:
    return min(settings.n, (exchange.number + 1) * _size(settings, exchange.method))


def _sizes(settings: ComparisonSettings, method: Method) -> list[int]:
    size = _size(settings, method)
    return [min(size, settings.n - number * size) for number in range(math.ceil(settings.n / size))]


def _size(settings: ComparisonSettings, method: Method) -> int:
    return 1 if method == "direct" else min(settings.k, settings.n)
