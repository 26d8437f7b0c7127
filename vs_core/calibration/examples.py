"""Labelled examples: decisions of any kind, each with its true label, made comparable."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from numbers import Real
from typing import Any, NamedTuple, TypeGuard

from vs_core.calibration.maps import normalised
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.visible import visible

FEWEST = 10
"""With fewer examples nothing can be fitted, nor said."""

_MOST_SHOWN = 8


class Example(NamedTuple):
    """A decision whose true label is known.

    Attributes:
        labels: Of the decision, in its order.
        probabilities: As stated, one for each label, normalised.
        true: The place of the true label.
    """

    labels: tuple[Hashable, ...]
    probabilities: tuple[float, ...]
    true: int

    @property
    def chosen(self) -> int:
        """The place of the most probable label; of several, the first."""
        return self.probabilities.index(max(self.probabilities))


def examples_of(decisions: Iterable[object], labels: Iterable[object]) -> tuple[Example, ...]:
    """Put decisions and true labels together.

    Args:
        decisions: As for `vs_core.calibration.calibrate`.
        labels: The true label of each.

    Raises:
        ValueError: As `vs_core.calibration.calibrate` says.
        TypeError: A decision is none; or one text was given as labels.
    """
    if isinstance(labels, str):
        raise TypeError(f"labels is one text ({labels[:40]!r}): pass a list of true labels")
    given, true = list(decisions), list(labels)
    if len(given) != len(true):
        raise ValueError(
            f"{len(given)} decisions and {len(true)} labels: pass the true label of each decision"
        )
    if len(given) < FEWEST:
        raise ValueError(f"{len(given)} examples: at least {FEWEST} are needed, 100 are better")
    return tuple(
        _example(decision, label, place)
        for place, (decision, label) in enumerate(zip(given, true, strict=True))
    )


def require_probabilities(numbers: Mapping[Any, object], name: str) -> tuple[float, ...]:
    """The numbers of a mapping, normalised.

    Args:
        numbers: One for each label.
        name: What it is called in messages.

    Raises:
        ValueError: A number is none that can be a probability, or all are 0, or there is none.
    """
    found = []
    for label, number in numbers.items():
        if not _is_usable(number):
            raise ValueError(
                f"{name} has {number!r} for {_shown([label])}: pass finite numbers, 0 or more"
            )
        found.append(float(number))
    if not any(found):
        raise ValueError(f"{name} has no number above 0: leave out a decision that was not made")
    return normalised(found)


def _example(decision: object, true: object, place: int) -> Example:
    name = f"decisions[{place}]"
    numbers = _numbers(decision, name)
    if len(numbers) < 2:
        raise ValueError(f"{name} has the labels {_shown(numbers)}: there must be two or more")
    labels = tuple(numbers)
    matching = _matching(labels, true)
    if len(matching) != 1:
        raise ValueError(
            f"labels[{place}] is {true!r}, which is none of the labels of {name}: {_shown(labels)}"
        )
    return Example(labels, require_probabilities(numbers, name), matching[0])


def _numbers(decision: object, name: str) -> Mapping[Hashable, object]:
    if isinstance(decision, Mapping):
        return decision
    if isinstance(decision, VerbalizedDistribution):
        return _by_value(decision)
    if (yes := getattr(decision, "noul", None)) is not None:
        return _yes_and_no(yes, name)
    probabilities = getattr(decision, "probabilities", None)
    if isinstance(probabilities, Mapping):
        return probabilities
    raise TypeError(
        f"{name} is a {type(decision).__name__}: pass a mapping from label to probability, or "
        "what has one as `probabilities`, or what has the probability of yes as `noul`"
    )


def _yes_and_no(yes: object, name: str) -> dict[Hashable, object]:
    if not _is_usable(yes) or yes > 1.0:
        raise ValueError(f"{name}.noul is {yes!r}: pass the probability of yes, from 0 to 1")
    return {True: yes, False: 1.0 - yes}


def _by_value(distribution: VerbalizedDistribution[Any]) -> dict[Hashable, object]:
    """Candidates with the same value are one label."""
    numbers: dict[Hashable, float] = {}
    for candidate in distribution:
        value = candidate.value if isinstance(candidate.value, Hashable) else candidate.text
        numbers[value] = numbers.get(value, 0.0) + candidate.probability
    return dict(numbers)


def _matching(labels: Sequence[Hashable], true: object) -> list[int]:
    exactly = [place for place, label in enumerate(labels) if label == true]
    return exactly or [p for p, label in enumerate(labels) if _written(label) == _written(true)]


def _written(label: object) -> str:
    """JSON has no other keys than texts, and people say yes and no."""
    return {True: "yes", False: "no"}[label] if isinstance(label, bool) else str(label)


def _is_usable(number: object) -> TypeGuard[float]:
    if not isinstance(number, Real) or isinstance(number, bool):
        return False
    try:
        return math.isfinite(number) and float(number) >= 0.0
    except OverflowError:  # a whole number beyond those of floating point
        return False


def _shown(labels: Iterable[object]) -> str:
    texts = [visible(repr(label)) for label in labels]
    more = len(texts) - _MOST_SHOWN
    return ", ".join(texts[:_MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")
