"""Passages ranked by what a model says about them, or by scores they already have."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Annotated, Any, TypeGuard

from pydantic import BeforeValidator

from vs_core.prompts.relevance import (
    relevance_instruction,
    relevance_prompt,
    relevance_re_ask,
)
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.trace import EMPTY_TRACE, Dropped, Trace

__all__ = [
    "distribution_of_scores",
    "passage_number",
    "pooled_judgements",
    "relevance_instruction",
    "relevance_prompt",
    "relevance_re_ask",
]

_NAMES = (
    r"(?:passage|document|doc|node|context|source|text|chunk|snippet|paragraph|excerpt|result|item|"
    r"number|num|no|nr|index|id)"
)
_AROUND = r"[\s\[\](){}<>*_#\"'`:.,;|=]{0,8}"
_NUMBER = r"(\d{1,9})"
_ALONE = re.compile(rf"{_AROUND}(?:{_NAMES}{_AROUND}){{0,3}}{_NUMBER}{_AROUND}", re.IGNORECASE)
# With more behind it, a number must be marked as a label: an answer may begin with one as well.
_IN_FRONT = re.compile(
    rf"(?:{_AROUND}(?:{_NAMES}{_AROUND}){{1,3}}{_NUMBER}|\s{{0,8}}\[{_NUMBER}(?=\]))"
    r"[\])}*_\"']{0,4}\s{0,4}(?:[:\u2013\u2014-]\s{1,4}|\n|(?<=[\])])\s)(?![\d\s\[])",
    re.IGNORECASE,
)
_LONGEST_LABEL = 120


@lru_cache(maxsize=64)
def passage_number(count: int) -> Any:
    """The type of a passage's number, as a `value_schema`: 1 to `count`, as an int.

    A number may be written as `3`, `[3]`, `Passage 3`, `Document #3`, or as such a label (not as
    the bare number) in front of a quotation. Anything else is refused.

    Args:
        count: How many passages there are.

    Example:
        >>> from pydantic import TypeAdapter
        >>> from vs_core.relevance import passage_number
        >>> TypeAdapter(passage_number(5)).validate_python("**Passage 3**")
        3
    """

    def read(written: object) -> int:
        text = unicodedata.normalize("NFKC", str(written)[:_LONGEST_LABEL]).strip()
        found = _ALONE.fullmatch(text) or _IN_FRONT.match(text)
        if found is None:
            raise ValueError("this is not the number of a passage")
        number = int(next(group for group in found.groups() if group))
        if not 1 <= number <= count:
            raise ValueError(f"no passage has the number {number}: there are {count}")
        return number

    return Annotated[int, BeforeValidator(read, json_schema_input_type=str)]


def pooled_judgements(
    batches: Iterable[tuple[int, VerbalizedDistribution[int]]],
) -> VerbalizedDistribution[int]:
    """What a model said about several batches of passages, as one distribution.

    Each passage was judged by itself, so the stated numbers of all batches are comparable: they
    are pooled as they stand and normalised once. If a passage was judged again, the first usable
    number counts, and the trace reports the others.

    Args:
        batches: For each batch the number of passages in front of it, and the judgements, whose
            values are the passages' numbers within the batch, from 1.

    Returns:
        The passages' positions among all, from 0, in ascending order.

    Example:
        >>> from vs_core import Candidate, VerbalizedDistribution
        >>> from vs_core.relevance import pooled_judgements
        >>> one = VerbalizedDistribution.of([Candidate(value=2, stated=0.9)])
        >>> two = VerbalizedDistribution.of([Candidate(value=1, stated=0.1)])
        >>> pooled = pooled_judgements([(0, one), (10, two)])
        >>> pooled.values, [round(probability, 2) for probability in pooled.probabilities]
        ([1, 10], [0.9, 0.1])
    """
    trace, asked = EMPTY_TRACE, 0
    pooled: dict[int, Candidate[int]] = {}
    for first, judgements in batches:
        reports = judgements.unsettled()[1]
        trace, asked = trace + reports, asked + (reports.k or 0)
        repeated = []
        # Numbers are read within their reply: whether 30 means 30 % shows there.
        for judgement in judgements:
            position = first + judgement.value - 1
            known = pooled.get(position)
            if known is None or (known.stated is None and judgement.stated is not None):
                pooled[position] = judgement.model_copy(
                    update={"value": position, "weight": judgement.stated}
                )
            if known is not None:
                repeated.append(_repetition(judgement))
        trace += Trace(dropped=tuple(repeated))
    trace = trace.model_copy(update={"k": asked or None})
    return VerbalizedDistribution.of((pooled[position] for position in sorted(pooled)), trace)


def distribution_of_scores(scores: Sequence[float | None]) -> VerbalizedDistribution[int]:
    """Scores of any kind, the larger the better, as shares of 1.

    If any score is negative, all are moved up so that the lowest is 0: that keeps their order and
    their distances, and as the lowest score passes 0 no weight jumps. (Clipping at 0 would make
    equals of logits, which are often all negative.) A score that is None, infinite or no number
    gets the mean weight of the others; if none is left, or all weights are 0, all are equal.

    Args:
        scores: One for each item.

    Returns:
        The items' positions, with their share as the stated probability too.

    Example:
        >>> from vs_core.relevance import distribution_of_scores
        >>> [round(share, 2) for share in distribution_of_scores([0.6, None, 0.2]).probabilities]
        [0.5, 0.33, 0.17]
        >>> [round(share, 2) for share in distribution_of_scores([-1, -2, -4]).probabilities]
        [0.6, 0.4, 0.0]
    """
    usable = [score for score in scores if _is_usable(score)]
    # Scaled first, so that no difference of large scores overflows.
    scale = max((abs(score) for score in usable if score), default=1.0)
    lowest = min([0.0, *(score / scale for score in usable if score)])
    weights = [score / scale - lowest if _is_usable(score) else None for score in scores]
    weighed = _stating(weights)
    return _stating(weighed.probabilities)


def _stating(numbers: Iterable[float | None]) -> VerbalizedDistribution[int]:
    return VerbalizedDistribution.of(
        Candidate(value=position, stated=number) for position, number in enumerate(numbers)
    )


def _repetition(judgement: Candidate[int]) -> Dropped:
    return Dropped(
        fragment=f"{judgement.value}: {judgement.raw_probability}",
        reason="this passage was judged more than once: the first usable number counts",
    )


def _is_usable(score: float | None) -> TypeGuard[float]:
    return score is not None and math.isfinite(score)
