"""What a cut leaves at the end of a text: the beginning of a number's notation."""

from __future__ import annotations

import re

from vs_core.parsing.folding import fold
from vs_core.parsing.labels import label_at_start, label_before, role_of

_BEGUN_GROUP = re.compile(r"[(\[]([^()\[\]\n]{0,40})\Z")
_BEGUN_LABEL = re.compile(r"[\s*_\-\u2013\u2014|,;]*[:=\uff1a]?[\s*_]*(?:[~\u2248<>]?\s?\d{0,3}[.,]?\d{0,20})?\Z")


def without_begun_number(text: str) -> str | None:
    """The text before a number's notation that is cut off; None if there is none."""
    folded = fold(text)
    group = _BEGUN_GROUP.search(folded, max(0, len(folded) - 48))
    if group is not None and group.start():
        inner = group[1].strip(" *_")
        label = label_at_start(inner) or label_at_start(inner + ":")
        if not inner.strip("0123456789.,~<%") or (label and role_of(label[0]) == "number"):
            return text[: group.start()].rstrip(" \t\n*_-\u2013\u2014|,;")
    last = folded.rfind("\n") + 1
    label = label_at_start(folded[last:]) or label_at_start(folded[last:].rstrip() + ":")
    if last and label is not None and role_of(label[0]) == "number":
        return text[:last].rstrip()
    number = _BEGUN_LABEL.search(folded, max(0, len(folded) - 40))
    if number is not None and number.start():
        left = folded[: number.start()]
        at = label_before(left, separated=True)
        if at:
            return text[:at].rstrip(" \t\n*_-\u2013\u2014|,;:")
    return None
