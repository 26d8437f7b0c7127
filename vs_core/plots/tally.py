"""How often each method gave each answer, beside the reference, as a histogram shows it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

Weighed = Sequence[tuple[str, float]]
"""Answers in the order they came, each with what it counts for."""

Match = Callable[[str], Hashable]

_MOST_ALIKE = 5
"""Long answers that came only once and still have bars of their own."""


@dataclass(frozen=True)
class Tally:
    """The bars of a histogram, category by category.

    Attributes:
        labels: The answer of each category as it was first written; for the last category, if
            the rest had to share it, `others (7)`, or `7 answers, once each`.
        counts: For each method, how often each category came.
        different: For each method, how many different answers it gave.
        reference: The share that each category should have; None without a reference.
        shared: Whether the last category is shared by several answers.
    """

    labels: tuple[str, ...]
    counts: Mapping[str, tuple[float, ...]]
    different: Mapping[str, int]
    reference: tuple[float, ...] | None
    shared: bool


def tally(
    answers: Mapping[str, Weighed],
    reference: Mapping[str, float] | Collection[str] | None,
    *,
    top: int,
    match: Match,
    is_long: Callable[[str], bool] = lambda _: False,
) -> Tally:
    """Count answers, most expected first.

    Args:
        answers: For each method, its answers.
        reference: Weights of the right answers, or those answers, equally probable. With it the
            categories are ordered by it; without, by the share they have in all methods.
        top: The most categories of one answer each; the rest become one.
        match: Makes equal what counts as the same answer.
        is_long: Whether an answer takes much room. Of these, more than a few that came only once
            and that the reference does not have share the last category too: a bar for each
            would say nothing but that.

    Example:
        >>> from vs_core.plots.tally import tally
        >>> given = {"direct": [("Yes", 1.0), ("yes", 1.0), ("no", 1.0)]}
        >>> counted = tally(given, {"no": 3, "yes": 1}, top=5, match=str.lower)
        >>> counted.labels, counted.counts, counted.reference
        (('no', 'yes'), {'direct': (1.0, 2.0)}, (0.75, 0.25))
    """
    expected = _shares(_counted(_weights(reference), match))
    given = {method: _counted(weighed, match) for method, weighed in answers.items()}
    spelling = _first_spelling(answers.values(), reference or (), match)
    popularity = _popularity(given.values())
    order = sorted(spelling, key=lambda key: (-expected.get(key, 0.0), -popularity.get(key, 0.0)))
    once = _came_once(answers.values(), match)
    alike = {key for key in once if is_long(spelling[key]) and not expected.get(key)}
    if len(alike) > _MOST_ALIKE:
        order = [key for key in order if key not in alike] + [key for key in order if key in alike]
        top = min(top, len(order) - len(alike))
    kept, rest = order[:top], order[top:]
    categories = [[key] for key in kept] + ([rest] if rest else [])
    labels = [spelling[key] for key in kept]
    if rest:
        only_alike = alike.issuperset(rest)
        labels.append(f"{len(rest)} answers, once each" if only_alike else f"others ({len(rest)})")
    return Tally(
        labels=tuple(labels),
        counts={method: _grouped(counts, categories) for method, counts in given.items()},
        different={method: len(counts) for method, counts in given.items()},
        reference=_grouped(expected, categories) if expected else None,
        shared=bool(rest),
    )


def _weights(reference: Mapping[str, float] | Collection[str] | None) -> Weighed:
    if isinstance(reference, Mapping):
        return [(answer, weight) for answer, weight in reference.items() if weight > 0]
    return [(answer, 1.0) for answer in dict.fromkeys(reference or ())]


def _counted(weighed: Weighed, match: Match) -> dict[Hashable, float]:
    counts: dict[Hashable, float] = {}
    for answer, weight in weighed:
        key = match(answer)
        counts[key] = counts.get(key, 0.0) + weight
    return counts


def _shares(counts: Mapping[Hashable, float]) -> dict[Hashable, float]:
    total = math.fsum(counts.values())
    return {key: count / total for key, count in counts.items()} if total else {}


def _popularity(given: Iterable[Mapping[Hashable, float]]) -> dict[Hashable, float]:
    popularity: dict[Hashable, float] = {}
    for counts in given:
        for key, share in _shares(counts).items():
            popularity[key] = popularity.get(key, 0.0) + share
    return popularity


def _came_once(answers: Iterable[Weighed], match: Match) -> set[Hashable]:
    times = Counter(match(text) for weighed in answers for text, _ in weighed)
    return {key for key, number in times.items() if number == 1}


def _first_spelling(
    answers: Iterable[Weighed], reference: Iterable[str], match: Match
) -> dict[Hashable, str]:
    spelling: dict[Hashable, str] = {}
    for text in (*reference, *(text for weighed in answers for text, _ in weighed)):
        spelling.setdefault(match(text), text)
    return spelling


def _grouped(
    values: Mapping[Hashable, float], categories: Iterable[Sequence[Hashable]]
) -> tuple[float, ...]:
    return tuple(math.fsum(values.get(key, 0.0) for key in category) for category in categories)
