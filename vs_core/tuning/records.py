"""What a tuning found, as frozen records that JSON holds without loss."""

from __future__ import annotations

from typing import Literal

from vs_core.comparison.records import Estimate, Record
from vs_core.journal.cost import Cost
from vs_core.tuning.variants import Variant

Verdict = Literal[
    "taken", "no_difference", "less_diverse", "less_readable", "not_measured", "not_complete"
]
"""What was decided. In all cases but `taken` the default is kept."""


class HalvingStage(Record):
    """Who stayed after a stage of the halving, and who did not.

    It has no figures: of several that are tried, whoever stays was lucky too, so that the figures
    that decided are too high for them.

    Attributes:
        prompts: How many prompts were asked.
        responses: Responses asked for, of each prompt by each variant.
        stayed: Names of the variants that went on.
        eliminated: Names of the others.
        cost: What the stage cost.

    Example:
        >>> from vs_core.tuning import HalvingStage
        >>> HalvingStage(prompts=10, responses=20, stayed=("k=10",), eliminated=("k=3",)).stayed
        ('k=10',)
    """

    prompts: int
    responses: int
    stayed: tuple[str, ...]
    eliminated: tuple[str, ...]
    cost: Cost = Cost()


class PromptOutcome(Record):
    """What one side of the final brought for one prompt.

    Attributes:
        variant: Name of the variant.
        prompt: The prompt.
        asked: Responses asked for.
        usable: How many came that can be used.
        different: How many of these differ.
        diversity: Value of the metric; None where it is not defined.
        cost: What it cost.

    Example:
        >>> from vs_core.tuning import PromptOutcome
        >>> PromptOutcome(
        ...     variant="default", prompt="Why?", asked=35, usable=35, different=21, diversity=0.6
        ... ).readable
        1.0
    """

    variant: str
    prompt: str
    asked: int
    usable: int
    different: int
    diversity: float | None
    cost: Cost = Cost()

    @property
    def readable(self) -> float:
        """Share of the responses that can be used among those asked for."""
        return self.usable / self.asked


class TuningFigures(Record):
    """Diversity with what it costs and how much of it can be used: of a side, or a difference.

    Attributes:
        diversity: Mean of the metric over the prompts.
        readable: Share of responses that can be used among those asked for.
        calls_per_different: Model calls for each different response.
        tokens_per_different: Tokens sent and received for each; no mean if none were reported.

    Example:
        >>> from vs_core.comparison import Estimate
        >>> from vs_core.tuning import TuningFigures
        >>> TuningFigures(
        ...     diversity=Estimate(mean=0.62, low=0.55, high=0.7),
        ...     readable=Estimate(mean=0.98, low=0.96, high=1.0),
        ... ).tokens_per_different.mean is None
        True
    """

    diversity: Estimate
    readable: Estimate
    calls_per_different: Estimate = Estimate()
    tokens_per_different: Estimate = Estimate()


class Side(Record):
    """One of the two that met in the final.

    Attributes:
        variant: What it changes of the default.
        figures: Diversity, readable share and cost, with intervals.
        asked: Responses asked for, over all prompts.
        usable: How many came that can be used.
        different: How many of these differ within their prompt.
        cost: What they cost.
        failed: How many exchanges brought nothing that can be used.
        exchanges: How many were made.

    Example:
        >>> from vs_core.comparison import Estimate
        >>> from vs_core.tuning import TuningFigures, Side, Variant
        >>> figures = TuningFigures(diversity=Estimate(mean=0.62), readable=Estimate(mean=1.0))
        >>> Side(variant=Variant(changes={"k": 10}), figures=figures, asked=350).variant.name
        'k=10'
    """

    variant: Variant
    figures: TuningFigures
    asked: int = 0
    usable: int = 0
    different: int = 0
    cost: Cost = Cost()
    failed: int = 0
    exchanges: int = 0


class Final(Record):
    """The survivor against the default, on calls of which none was made before.

    Attributes:
        default: The one side.
        survivor: The other.
        difference: Survivor less default, paired by prompt.
        prompts: How many prompts have a value of the metric on both sides, and so take part.
        coverage: Of the intervals.
        outcomes: Prompt by prompt, the default's and then the survivor's.

    Example:
        >>> from vs_core.comparison import Estimate
        >>> from vs_core.tuning import TuningFigures, Final, Side, Variant
        >>> figures = TuningFigures(diversity=Estimate(mean=0.62), readable=Estimate(mean=1.0))
        >>> side = Side(variant=Variant(), figures=figures)
        >>> Final(default=side, survivor=side, difference=figures, prompts=10).outcomes
        ()
    """

    default: Side
    survivor: Side
    difference: TuningFigures
    prompts: int
    coverage: float = 0.95
    outcomes: tuple[PromptOutcome, ...] = ()
