"""What a tuning asks, stage by stage: a `Stage` and its exchanges."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from vs_core.exchange.settings import ExchangeSettings
from vs_core.tuning.settings import TuningSettings
from vs_core.tuning.variants import Variant

FINAL = "final"

Key = tuple[str, str, str, int]
Way = tuple[str, int]


@dataclass(frozen=True)
class TrialExchange:
    """One exchange to make.

    Attributes:
        stage: In which stage: `halving 1` and so on, or `final`.
        variant: Name of the variant that asks.
        prompt: What the user asks.
        number: Which of the exchanges of this variant for this prompt and stage it is, from 0.
        settings: The settings of the exchange.

    Example:
        >>> from vs_core.adapters.tuning import Tuner
        >>> from vs_core.tuning import TuningSettings
        >>> prompts = [f"Question {number}?" for number in range(10)]
        >>> exchange = Tuner(TuningSettings(prompts=prompts)).pending[0]
        >>> exchange.stage, exchange.variant, exchange.settings.k
        ('halving 1', 'k=3', 3)
    """

    stage: str
    variant: str
    prompt: str
    number: int
    settings: ExchangeSettings

    @property
    def key(self) -> Key:
        """What tells it from the other exchanges of one tuning."""
        return self.stage, self.variant, self.prompt, self.number

    @property
    def way(self) -> Way:
        """Variant and k: within one tuning, exchanges that share them have equal settings."""
        return self.variant, self.settings.k

    @property
    def asked(self) -> dict[str, Any]:
        """The settings as plain JSON: an exchange that asked the same need not be made again."""
        return self.settings.model_dump(mode="json", exclude={"value_schema"})


@dataclass(frozen=True)
class Stage:
    """Who is asked what, before the next is decided.

    Attributes:
        name: `halving 1` and so on, or `final`.
        variants: Who asks.
        prompts: What is asked.
        responses: How many are asked for, of each prompt by each variant.

    Example:
        >>> from vs_core.adapters.tuning import Tuner
        >>> from vs_core.tuning import TuningSettings
        >>> prompts = [f"Question {number}?" for number in range(10)]
        >>> stage = Tuner(TuningSettings(prompts=prompts, variants=[{"k": 3}, {"k": 4}])).stage
        >>> stage.name, len(stage.variants), len(stage.prompts), stage.responses
        ('halving 1', 2, 5, 10)
    """

    name: str
    variants: tuple[Variant, ...]
    prompts: tuple[str, ...]
    responses: int

    def exchanges(self, settings: TuningSettings) -> tuple[TrialExchange, ...]:
        """Its exchanges, in the order in which they are best made.

        Prompt by prompt, and within a prompt the variants side by side in proportion to what they
        still have to ask for: what changes at the provider while they are made concerns all.

        Args:
            settings: What is tried.
        """
        planned = [
            (place, asked_for, position, TrialExchange(self.name, variant.name, prompt, number, s))
            for place, prompt in enumerate(self.prompts)
            for position, variant in enumerate(self.variants)
            for number, (s, asked_for) in enumerate(_with_sums(settings, variant, self.responses))
        ]
        return tuple(exchange for *_, exchange in sorted(planned, key=lambda entry: entry[:3]))


def halving_stage(settings: TuningSettings, number: int, variants: tuple[Variant, ...]) -> Stage:
    """A stage of the halving; all of them ask the same prompts.

    Args:
        settings: What is tried.
        number: Of the stage, from 1.
        variants: Who is still there.
    """
    name = f"halving {number}"
    return Stage(name, variants, settings.halving_prompts, settings.halving_responses)


def final_stage(settings: TuningSettings, survivor: Variant) -> Stage:
    """The final: the default and the survivor.

    Args:
        settings: What is tried.
        survivor: Who is left.
    """
    return Stage(FINAL, (settings.default, survivor), settings.final_prompts, settings.responses)


def staying(variants: int) -> int:
    """How many of some variants stay after a stage: the better half, with the one in the middle.

    Args:
        variants: How many there are.

    Example:
        >>> from vs_core.tuning.stages import staying
        >>> [staying(number) for number in (7, 4, 2)]
        [4, 2, 1]
    """
    return -(-variants // 2)


def _with_sums(
    settings: TuningSettings, variant: Variant, n: int
) -> list[tuple[ExchangeSettings, int]]:
    """Each exchange about one prompt, and what will have been asked for when it has ended."""
    exchanges = settings.exchanges(variant, n)
    return list(zip(exchanges, accumulate(s.k for s in exchanges), strict=True))
