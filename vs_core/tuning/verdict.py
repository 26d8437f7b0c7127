"""What was decided, in plain sentences that never speak of diversity alone."""

from __future__ import annotations

from collections.abc import Iterator

from vs_core.comparison.records import Estimate
from vs_core.metrics import METRICS
from vs_core.tuning.records import TuningFigures
from vs_core.tuning.rendering import estimate_shown
from vs_core.tuning.settings import MIN_PROMPTS
from vs_core.tuning.tuning import Tuning


def verdict(found: Tuning) -> Iterator[str]:
    """What was decided, with all the figures that it is seen by.

    Args:
        found: The numbers.
    """
    settings, survivor, final = found.settings, found.survivor, found.final
    if found.decision == "not_complete":
        yield "not complete: nothing is decided"
        return
    name = survivor.name if survivor else "the survivor"
    if final is None:
        label = METRICS[settings.metric].label
        yield (
            f"not measured: {label} is defined for what came to fewer than {MIN_PROMPTS} prompts; "
            "the default is kept"
        )
        return
    yield _SAID[found.decision].format(name=name)
    yield f"{name} less default: {_figures(settings.metric, final.difference)}"


def gap(difference: Estimate) -> float | None:
    """The difference that is missed as often as it is seen: half of its interval.

    Args:
        difference: With its interval.
    """
    if difference.low is None or difference.high is None:
        return None
    return (difference.high - difference.low) / 2 or None


_SAID: dict[str, str] = {
    "taken": "{name} is taken: more diverse than the default, and not shown to be less readable",
    "no_difference": "no difference shown between {name} and the default: the default is kept",
    "less_diverse": "{name} is less diverse than the default: the default is kept",
    "less_readable": (
        "{name} is more diverse than the default, but fewer of the responses that were asked for "
        "can be used: the default is kept"
    ),
    "not_measured": "nothing is shown of {name}: the default is kept",
}


def _figures(metric: str, difference: TuningFigures) -> str:
    figures = {
        METRICS[metric].label: difference.diversity,
        "readable": difference.readable,
        "calls per different response": difference.calls_per_different,
        "tokens per different response": difference.tokens_per_different,
    }
    return ", ".join(
        f"{name} {estimate_shown(figure, signed=True)}"
        for name, figure in figures.items()
        if figure.mean is not None
    )
