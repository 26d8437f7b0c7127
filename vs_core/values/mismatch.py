"""What is wrong with values that do not fit their type, in few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pydantic import ValidationError

_MOST_REASONS = 3


def mismatch(error: ValidationError) -> str:
    """The first thing that is wrong with a value, in a few words.

    Args:
        error: What validating it raised.

    Example:
        >>> from pydantic import ValidationError
        >>> from vs_core.values.mismatch import mismatch
        >>> from vs_core.values.schema import validated
        >>> try:
        ...     validated("four", int)
        ... except ValidationError as error:
        ...     mismatch(error)
        'should be a valid integer, unable to parse string as an integer'
    """
    problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
    said = problem["msg"].removeprefix("Input ").removeprefix("Value error, ")
    at = ".".join(map(str, problem["loc"]))
    return f"{at}: {said}" if at else said


def summary(mismatches: Iterable[str]) -> str:
    """How many values did not match, and what was wrong with them, the most frequent first.

    Args:
        mismatches: What was wrong with each.

    Example:
        >>> from vs_core.values.mismatch import summary
        >>> summary(["answer: Field required"] * 2)
        '2 did not match: answer: Field required'
        >>> summary(["should be a valid integer", *["answer: Field required"] * 2])
        '3 did not match: answer: Field required (2); should be a valid integer (1)'
    """
    counted = Counter(mismatches)
    reasons = counted.most_common(_MOST_REASONS)
    said = [reason if len(counted) == 1 else f"{reason} ({times})" for reason, times in reasons]
    return f"{counted.total()} did not match: {'; '.join(said)}"
