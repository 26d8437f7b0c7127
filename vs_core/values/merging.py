"""Candidates that say the same made one, within a distribution and across several."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from vs_core.values.candidate import Candidate
from vs_core.values.terms import Definition
from vs_core.values.weights import as_stated, likelihood

Key = Callable[[Candidate[Any]], Hashable]


def merge(
    candidates: Sequence[Candidate[Any]],
    weights: Sequence[float],
    definition: Definition | None,
    *,
    key: Key | None = None,
    elicitations: int = 1,
) -> list[Candidate[Any]]:
    """Join candidates with an equal key: the first stays, weights and likelihoods add up.

    Args:
        candidates: In order.
        weights: One for each.
        definition: What the stated numbers mean.
        key: What makes two candidates the same; by default their text.
        elicitations: How many distributions they come from; stated numbers are averaged over
            them.
    """
    same: Key = key or (lambda candidate: candidate.text)
    groups: dict[Hashable, list[int]] = {}
    for position, candidate in enumerate(candidates):
        groups.setdefault(same(candidate), []).append(position)
    return [
        candidates[group[0]].model_copy(
            update={
                "weight": math.fsum(weights[p] for p in group),
                "stated": _stated([candidates[p] for p in group], definition, elicitations),
                "repairs": _repairs([candidates[p] for p in group]),
            }
        )
        for group in groups.values()
    ]


def _stated(
    group: Sequence[Candidate[Any]], definition: Definition | None, elicitations: int
) -> float | None:
    known = [number for c in group if (number := likelihood(c.stated, definition)) is not None]
    if len(group) == elicitations == 1:
        return group[0].stated  # without a detour that would round it
    return as_stated(math.fsum(known) / elicitations, definition) if known else None


def _repairs(group: Sequence[Candidate[Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(repair for candidate in group for repair in candidate.repairs))
