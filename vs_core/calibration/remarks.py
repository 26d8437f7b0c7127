"""What a reader of the figures has to know beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vs_core.calibration.cross_validation import FROM
from vs_core.calibration.examples import Example
from vs_core.calibration.fitting import COLDEST, HOTTEST
from vs_core.calibration.maps import ProbabilityMap, TemperatureMap
from vs_core.calibration.quality import Quality
from vs_core.calibration.rendering import LABELS
from vs_core.visible import visible


def about_examples(examples: Sequence[Example]) -> Iterator[str]:
    """What the examples cannot tell.

    Args:
        examples: All of them.
    """
    if len(examples) < FROM:
        yield f"only {len(examples)} examples: the intervals say how little that is"
    true = {example.labels[example.true] for example in examples}
    if len(true) == 1:
        label = visible(repr(true.pop()))
        yield f"the true label is always {label}: what the numbers of others mean is not shown"
    right = sum(example.chosen == example.true for example in examples)
    if right in {0, len(examples)}:
        which = "right" if right else "wrong"
        yield f"the most probable label is always {which}: what its number means is not shown"


def about_map(fitted: ProbabilityMap) -> Iterator[str]:
    """What is odd about a map.

    Args:
        fitted: To all examples.
    """
    if not isinstance(fitted, TemperatureMap):
        return
    if fitted.temperature >= HOTTEST:
        yield (
            "the temperature is the highest there is: the larger stated numbers are right no more "
            "often than the smaller ones"
        )
    if fitted.temperature <= COLDEST:
        yield (
            "the temperature is the lowest there is: the larger stated numbers are always right, "
            "and more examples would be needed to say how often they are not"
        )


def about_change(change: Quality) -> Iterator[str]:
    """Which differences are shown, and which are not.

    Args:
        change: After less before.
    """
    moved = {name: getattr(change, name) for name in ("ece", "brier", "log_loss")}
    unshown = [name for name, interval in moved.items() if interval.includes_zero]
    if unshown:
        yield f"no difference shown in {_named(unshown)}: the interval of the change includes 0"
    worse = [name for name, interval in moved.items() if interval.low > 0.0]
    if worse:
        yield f"worse than as stated in {_named(worse)}: use the numbers as they are stated"


def _named(names: Sequence[str]) -> str:
    return ", ".join(LABELS[name].rpartition(" ")[0] for name in names)
