"""The stated number in the middle of a line."""

from __future__ import annotations

import re

from vs_core.parsing.segment.labels import (
    number_label_before,
)
from vs_core.parsing.segment.number_found import (
    JOINTS,
    LABELLED,
    MARKED,
    SEPARATED,
    TRIM,
    Found,
    closing_bracket,
    is_inside,
    number_in_brackets,
)
from vs_core.values.stated import number_spans

_LONGEST_HEAD = 400
_PARTS = re.compile(r"[*_]{0,3}(?::|-|[\u2013\u2014])[*_]{0,3}\s+\S")
_REMARK = re.compile(r"\s{1,3}\([^()\d]{1,60}\)[\s*_.]*\Z")


def number_between(line: str, folded: str) -> Found | None:
    """A number in brackets between two parts of the line, or between two dashes."""
    for opening in re.finditer(r"[(\[]", folded):
        start = opening.start()
        end = closing_bracket(folded, start)
        if not start or end is None or end - start > 60:
            continue
        if not any(map(str.isdigit, folded[start:end])):
            continue
        group = number_in_brackets(line, start + 1, end)
        after = line[end + 1 :].strip()
        if group is None or not after.strip(TRIM):
            continue
        if group[1] == LABELLED or (group[1] == MARKED and _PARTS.match(after)):
            return Found(group[0], line[:start].rstrip(), after, "middle", group[1])
    return _between_dashes(line, folded)


def _between_dashes(line: str, folded: str) -> Found | None:
    """`Paris - 40% - the capital`, `Paris: 0.4 (most common)`."""
    for span in number_spans(folded[:_LONGEST_HEAD]):
        after = folded[span.end :]
        separator = SEPARATED.search(folded, max(0, span.start - 8), span.start)
        if not span.clear or separator is None or is_inside(folded[: span.start]):
            continue
        remark = _REMARK.match(after)
        if remark is None and not _PARTS.match(after.lstrip(" *_")):
            continue
        trimmed = folded[: span.start].rstrip(JOINTS)
        at = number_label_before(trimmed, separated=True)
        before = line[: separator.start() if at is None else at].rstrip(" -\u2013\u2014|:*")
        if not before.strip(TRIM):
            continue
        raw = line[span.start : span.end].strip()
        if at is None:
            return Found(raw, before, line[span.end :].strip(), "middle", MARKED)
        kept = "" if remark is not None else line[span.end :].strip()
        return Found(raw, before, kept, "middle", LABELLED)
    return None
