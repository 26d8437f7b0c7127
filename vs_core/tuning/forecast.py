"""How much a tuning will ask, told before anything is paid for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from vs_core.tuning.settings import TuningSettings
from vs_core.tuning.stages import Stage, final_stage, halving_stage, staying
from vs_core.tuning.variants import Variant


class Calls(NamedTuple):
    """Model calls, if every reply is complete: they depend on who stays.

    Attributes:
        fewest: If those stay that make the fewest.
        most: If those stay that make the most.

    Example:
        >>> from vs_core.tuning import TuningSettings, forecast
        >>> settings = TuningSettings(prompts=[f"Question {number}?" for number in range(10)])
        >>> forecast(settings).fewest, forecast(settings).most
        (315, 445)
    """

    fewest: int
    most: int


def forecast(settings: TuningSettings) -> Calls:
    """How many calls a tuning will make, from beginning to end.

    Args:
        settings: What is tried.

    Example:
        >>> from vs_core.tuning import TuningSettings, forecast
        >>> prompts = [f"Question {number}?" for number in range(10)]
        >>> forecast(TuningSettings(prompts=prompts, variants=[{"layout": "json"}], n=25))
        Calls(fewest=100, most=100)
    """
    return calls_ahead(settings, settings.variants, 1)


def described(settings: TuningSettings) -> list[str]:
    """What will be asked, in plain sentences.

    Args:
        settings: What is tried.

    Example:
        >>> from vs_core.tuning import TuningSettings, described
        >>> settings = TuningSettings(prompts=[f"Question {number}?" for number in range(10)])
        >>> for sentence in described(settings):
        ...     print(sentence)
        default: method=standard, k=5, layout=xml
        halving of 6 variants (k=3; k=10; method=cot; max_probability=0.1; layout=json; \
layout=lines): 6, then 3, then 2 are asked for 20 responses to each of 5 prompts
        final: the one that is left and the default are asked for 35 responses to each of 10 prompts
        315 to 445 calls in all, if every reply is complete
    """
    sizes = _sizes(len(settings.variants))
    stages = halving_stage(settings, 1, settings.variants)
    asked = settings.exchange_settings(settings.default)
    calls = forecast(settings)
    span = " to ".join(f"{number:,}" for number in dict.fromkeys(calls))
    halving = (
        f"halving of {len(settings.variants)} variants "
        f"({'; '.join(variant.name for variant in settings.variants)}): "
        f"{', then '.join(map(str, sizes))} are asked for {stages.responses} responses to each of "
        f"{len(stages.prompts)} prompts"
    )
    others = "other " if sizes and not settings.shares_prompts else ""
    final = (
        f"final: the one that is left and the default are asked for {settings.responses} responses "
        f"to each of {len(settings.final_prompts)} {others}prompts"
    )
    return [
        f"default: method={asked.method}, k={asked.k}, layout={asked.layout}",
        *([halving] if sizes else []),
        final,
        f"{span} calls in all, if every reply is complete",
    ]


def calls_ahead(settings: TuningSettings, variants: Sequence[Variant], number: int) -> Calls:
    """The calls from a stage of the halving on.

    Args:
        settings: What is tried.
        variants: Who is still there.
        number: Of the stage that is next.
    """
    return Calls(*(_calls(settings, variants, number, dearest=d) for d in (False, True)))


def exchanges_ahead(settings: TuningSettings, variants: Sequence[Variant], number: int) -> int:
    """The most exchanges that there are from a stage of the halving on.

    Args:
        settings: What is tried.
        variants: Who is still there.
        number: Of the stage that is next.
    """
    stages = _stages(settings, variants, number, dearest=True)
    return sum(len(stage.exchanges(settings)) for stage in stages)


def _calls(
    settings: TuningSettings, variants: Sequence[Variant], number: int, *, dearest: bool
) -> int:
    return sum(
        len(stage.prompts) * settings.calls(variant, stage.responses)
        for stage in _stages(settings, variants, number, dearest=dearest)
        for variant in stage.variants
    )


def _stages(
    settings: TuningSettings, variants: Sequence[Variant], number: int, *, dearest: bool
) -> list[Stage]:
    """What follows if always those stay that make the most calls, or the fewest."""
    left = sorted(
        variants, key=lambda v: settings.calls(v, settings.halving_responses), reverse=dearest
    )
    stages: list[Stage] = []
    while len(left) > 1:
        stages.append(halving_stage(settings, number + len(stages), tuple(left)))
        left = left[: staying(len(left))]
    return [*stages, final_stage(settings, left[0])]


def _sizes(variants: int) -> list[int]:
    sizes = []
    while variants > 1:
        sizes.append(variants)
        variants = staying(variants)
    return sizes
