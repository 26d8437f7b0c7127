"""The stated number in a line of text, and the text without it."""

from __future__ import annotations

from functools import lru_cache

from vs_core.parsing.clean.characters import fold
from vs_core.parsing.segment.labels import (
    label_at_start,
    number_label_before,
)
from vs_core.parsing.segment.number_behind import (
    is_text_about_a_number,
    number_behind,
    words_behind,
)
from vs_core.parsing.segment.number_between import number_between
from vs_core.parsing.segment.number_found import (
    BARE,
    JOINTS,
    LABELLED,
    MARKED,
    MARKUP,
    RELATIONS,
    TRIM,
    Found,
    is_value,
    stripped,
    whole_number,
)
from vs_core.parsing.segment.number_in_front import lead_number_of_label, number_in_front
from vs_core.values.stated import number_spans

_LONGEST_ONLY = 160
_NO_NUMBER = ("...", "\u2026", "```", "~~~")


def numbers_in(line: str) -> list[Found]:
    """The numbers in a line that may be the stated one, at most one for each place.

    Args:
        line: The line, without the mark of a list.
    """
    return list(_numbers_in(line))


@lru_cache(maxsize=32768)
def _numbers_in(line: str) -> tuple[Found, ...]:
    folded = fold(line)
    only = _only(line, folded)
    if only is not None:
        return (only,)
    if not any(map(str.isdigit, folded)):
        words = words_behind(line, folded, len(folded.rstrip(TRIM)))
        return () if words is None else (words,)
    found = (
        number_behind(line, folded),
        number_in_front(line, folded),
        number_between(line, folded),
    )
    return tuple(one for one in found if one is not None)


def number_alone(line: str) -> str | None:
    """The number of a line that holds one and nothing else; None if it holds anything else."""
    found = _only(line, fold(line))
    return found.raw if found is not None and found.strength > BARE else None


def _only(line: str, folded: str) -> Found | None:
    """A line that holds a number and nothing else, or the label and what stands for a number."""
    if len(folded) > _LONGEST_ONLY or folded.lstrip(" *_").startswith(_NO_NUMBER):
        return None
    start, end = stripped(folded, TRIM + "-\u2022+\u2013\u2014>")
    while start < end and folded[start] in "([{" and folded[end - 1] in ")]}":
        inner_start, inner_end = stripped(folded[start + 1 : end - 1], TRIM)
        start, end = start + 1 + inner_start, start + 1 + inner_end
    bare = folded[start:end]
    whole = whole_number(bare)
    if whole is not None:
        raw = line[start + whole[0] : start + whole[1]]
        return Found(raw, "", "", "only", MARKED if whole[2] else BARE)
    if lead_number_of_label(bare) is not None:
        return None
    label = label_at_start(bare)
    if is_text_about_a_number(line, folded):
        return None
    if label is not None and label.role == "number" and not label.assigns:
        raw = line[start + label.end : len(folded.rstrip(MARKUP)) or end].strip(MARKUP)
        raw = raw if raw[-1:] in ".," else line[start + label.end : end].strip(MARKUP)
        if is_value(fold(raw)):
            return Found(raw, "", "", "only", LABELLED)
    if (at := _label_all(bare)) is not None:
        return Found(line[start + at : end].strip(" \t*_`"), "", "", "only", LABELLED)
    return None


def _label_all(bare: str) -> int | None:
    """`P(Texas) = 0.3` is no label; `p = 0.3` and `Probability 0.3` are nothing but a number."""
    spans = number_spans(bare)
    if len(spans) != 1 or bare[spans[0].end :].strip(TRIM):
        return None
    left = bare[: spans[0].start]
    trimmed = left.rstrip(JOINTS)
    separated = any(c in RELATIONS for c in left[len(trimmed) :] + bare[spans[0].start])
    at = number_label_before(trimmed, separated=separated)
    return spans[0].start if at is not None and not trimmed[:at].strip(TRIM) else None
