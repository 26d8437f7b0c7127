"""The known answers to each prompt, in whatever form they are given."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from numbers import Real
from typing import Any


def references(prompts: Iterable[str], given: Any) -> Any:
    """The answers to each prompt with their weights; what is none is left for validation.

    Args:
        prompts: The prompts.
        given: Answers, or answers with weights, for all prompts or by prompt; or None.
    """
    if not given or isinstance(given, str):
        return given or {}
    by_prompt = isinstance(given, Mapping) and not _are_weights(given)
    each = given if by_prompt else dict.fromkeys(prompts, given)
    return {prompt: _weighed(answers) for prompt, answers in each.items()}


def normalised(prompt: str, answers: dict[str, float]) -> dict[str, float]:
    """Answers with probabilities.

    Args:
        prompt: What they answer.
        answers: Weight by answer.

    Raises:
        ValueError: There is none with a weight above 0.
    """
    _, exponent = math.frexp(max(answers.values(), default=0.0))
    # By a power of 2, which changes no share: the sum of what is given may be beyond all floats.
    scaled = {answer: math.ldexp(weight, -exponent) for answer, weight in answers.items()}
    total = math.fsum(scaled.values())
    if not total:
        raise ValueError(f"the reference for {prompt!r} has no answer with a probability above 0")
    if exponent <= 1 and math.isclose(math.ldexp(total, exponent), 1.0, abs_tol=1e-9):
        # What is read back from JSON must be what was written.
        return answers
    return {answer: weight / total for answer, weight in scaled.items()}


def _weighed(answers: Any) -> Any:
    if isinstance(answers, Mapping | str) or not isinstance(answers, Collection):
        return answers
    return [*answers] if any(not isinstance(a, str) for a in answers) else dict.fromkeys(answers, 1)


def _are_weights(given: Mapping[Any, Any]) -> bool:
    return all(isinstance(weight, Real) for weight in given.values())
