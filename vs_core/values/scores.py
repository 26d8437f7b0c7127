"""Scores that a judge gave to candidates: numbers, or texts that hold one."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import SupportsFloat

from vs_core.errors import ScoreError

_SHOWN = 80
_SEARCHED = 20_000

_NUMBER = r"[-+]?(?:\d{1,15}(?:[.,]\d{1,15})?|[.,]\d{1,15})(?:e[-+]?\d{1,3})?"
# Not a piece of a word, of a range (1-10) or of a version (3.5.2).
_ALONE_BEFORE = r"(?<![\w.,-])"
_ALONE_AFTER = r"(?!\w|[.,-]\d)"
_OUT_OF = r"(?:\s{0,2}/\s{0,2}|\s{1,2}(?:out\s{1,2}of|of)\s{1,2})"
_SCORE = re.compile(
    rf"{_ALONE_BEFORE}(?P<number>{_NUMBER})"
    rf"(?:\s{{0,2}}(?P<percent>%)|{_OUT_OF}(?P<scale>\d{{1,9}}))?{_ALONE_AFTER}",
    re.IGNORECASE | re.ASCII,
)
_STARTS = r"(?=[-+]?[.,]?\d)"
# A colon or equals sign announces the score even if no number follows (`Score: N/A`).
_LABEL = re.compile(
    r"\b(?:score|rating|grade)s?\b(?:"
    rf"(?:\s?\([^()]{{0,40}}\))?[^\w:=]{{0,6}}[:=][\W_]{{0,12}}?(?:{_STARTS}|(?=\w|$))"
    rf"|\s{{1,3}}(?:is|of)\s{{1,3}}[\W_]{{0,6}}?{_STARTS}"
    rf"|[\W_]{{0,12}}?{_STARTS})",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class _Written:
    """A score as a judge wrote it: 8 of 10, 70 of 100 (%), or 7 of nothing said."""

    number: float
    scale: float | None


def read_scores(results: Sequence[object], texts: Sequence[str]) -> list[float | ScoreError]:
    """Read the scores of several candidates, those that were written as text together.

    Numbers of any kind count as they are (also Decimal, numpy scalars, and True as 1, False as
    0). A text gives

    1. the number behind its last `score`, `rating` or `grade` (`Score: 7`, `[[rating]]: 8/10`);
    2. otherwise its only number; with several, nothing says which is meant, and it is no score.

    `8/10`, `8 out of 10` and `80%` are 0.8; a decimal comma is read. When one judge writes bare
    numbers beside numbers on one scale (`7` beside `8/10`), and a bare one exceeds 1, the bare
    ones are on that scale too; beside numbers on several scales they cannot be compared, and are
    no scores.

    Args:
        results: What the judge gave.
        texts: The candidates it gave them for, to name them in errors.

    Returns:
        For each a finite number, 0 or more; or the error that says why it is none.

    Example:
        >>> from vs_core.adapters import read_scores
        >>> read_scores([3, "Score: 7/10", "2 puns. Rating: 0.5"], ["a", "b", "c"])
        [3.0, 0.7, 0.5]
    """
    read = [_written(result) if isinstance(result, str) else _number(result) for result in results]
    scale = _common_scale([score for score in read if isinstance(score, _Written)])
    return [
        _usable(_settled(score, scale), result, text)
        for score, result, text in zip(read, results, texts, strict=True)
    ]


def _number(result: object) -> float | None:
    if not isinstance(result, SupportsFloat):
        return None
    try:
        return float(result)
    except (TypeError, ValueError, OverflowError):
        return None


def _written(text: str) -> _Written | None:
    # The verdict stands at the end of a long reasoning.
    field = unicodedata.normalize("NFKC", text[-_SEARCHED:]).replace("\u2212", "-")
    labels = list(_LABEL.finditer(field))
    if labels:
        found = _SCORE.match(field, labels[-1].end())
    else:
        numbers = list(_SCORE.finditer(field))
        found = numbers[0] if len(numbers) == 1 else None
    if found is None:
        return None
    number = float(found["number"].replace(",", "."))
    scale = 100.0 if found["percent"] else found["scale"]
    return _Written(number, None if scale is None else float(scale))


def _common_scale(written: Sequence[_Written]) -> float | None:
    """The scale of bare numbers: that of the others, 1 if they are fractions, None if unknown."""
    scales = {score.scale for score in written if score.scale is not None}
    fractions = all(score.number <= 1.0 for score in written if score.scale is None)
    if fractions or not scales:
        return 1.0
    return scales.pop() if len(scales) == 1 else None


def _settled(score: float | _Written | None, common: float | None) -> float | None:
    if not isinstance(score, _Written):
        return score
    scale = common if score.scale is None else score.scale
    return score.number / scale if scale else None


def _usable(score: float | None, result: object, text: str) -> float | ScoreError:
    if score is not None and math.isfinite(score) and score >= 0:
        return score
    wrong = f"{result!r:.{_SHOWN}}"
    if score is None:
        expected = (
            "expected a number of 0 or more, or a text with one number in it, such as '8/10' or "
            "'Score: 7', on the scale of the others"
        )
    else:
        expected = "a score must be a finite number, 0 or more"
    return ScoreError(f"the score of {text[:_SHOWN]!r} is {wrong}: {expected}", result=result)
