"""A number that the end of the reply cuts off."""

from __future__ import annotations

import re

from vs_core.parsing.clean.characters import fold
from vs_core.parsing.segment.labels import label_at_start, number_label_before

_BEGUN_GROUP = re.compile(r"[(\[]([^()\[\]\n]{0,40})\Z")
_BEGUN_LABEL = re.compile(
    r"[\s*_\-\u2013\u2014|,;]*[:=\uff1a]?[\s*_]*(?:[~\u2248<>]?\s?\d{0,3}[.,]?\d{0,20})?\Z"
)
_MARKS = " \t*_-+\u2022"
_PROBABILITY = "probability"


def without_begun_number(text: str, *, inline: bool) -> str | None:
    """The text in front of the notation of a number that is cut off; None if there is none.

    Args:
        text: The text that the end of the reply cuts off.
        inline: Whether the number may stand on the last line of the text.
    """
    folded = fold(text)
    last = folded.rfind("\n") + 1
    if last and _is_label(folded[last:]):
        return text[:last].rstrip()
    group = _BEGUN_GROUP.search(folded, max(0, len(folded) - 48)) if inline else None
    if group is not None and _begins_number(group[1].strip(" *_")):
        return text[: group.start()].rstrip(" \t\n*_-\u2013\u2014|,;")
    number = _BEGUN_LABEL.search(folded, max(0, len(folded) - 40))
    if number is not None and number.start():
        at = number_label_before(folded[: number.start()], separated=True)
        if at and (inline or not folded[last:at].strip(_MARKS)):
            return text[:at].rstrip(" \t\n*_-\u2013\u2014|,;:")
    return None


def _begins_number(inner: str) -> bool:
    """Whether an open bracket at the end holds the beginning of a number or its label."""
    if not inner.strip("0123456789.,~<%"):
        return True
    return _is_label(inner) or _PROBABILITY.startswith(inner.lower())


def _is_label(line: str) -> bool:
    label = label_at_start(line) or label_at_start(line.rstrip() + ":")
    return label is not None and label.role == "number"
