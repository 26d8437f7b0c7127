"""Whether stated numbers keep the bound of a tail."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from vs_core.values.candidate import Candidate
from vs_core.values.terms import Definition
from vs_core.values.weights import likelihood

_SAID_AS_LESS = re.compile(r"<|&lt;|\b(?:less\s+than|below|under)\b", re.IGNORECASE)


def exceeds(candidate: Candidate[Any], bound: float, definition: Definition | None) -> bool:
    """Whether a candidate states as much as the bound or more; one without a number does not.

    A number written as `<0.1` keeps the bound 0.1.

    Args:
        candidate: The candidate, its number read.
        bound: `max_probability`, a fraction.
        definition: What the number means.
    """
    number = likelihood(candidate.stated, definition)
    if number is None or number < bound:
        return False
    return number > bound or not _SAID_AS_LESS.search(candidate.raw_probability or "")


def bound_note(
    candidates: Iterable[Candidate[Any]], bound: float, definition: Definition | None
) -> str | None:
    """How many exceed the bound, in a sentence; None if none does.

    Args:
        candidates: Those of a whole distribution, their numbers read.
        bound: `max_probability`, a fraction.
        definition: What the numbers mean.
    """
    # A transform sets weights of its own, and what was stated was said before it.
    asked = [c for c in candidates if c.weight is None and c.stated is not None]
    above = sum(exceeds(candidate, bound, definition) for candidate in asked)
    if not above:
        return None
    return f"{above} of {len(asked)} stated {bound:g} or more, and less was asked for"
