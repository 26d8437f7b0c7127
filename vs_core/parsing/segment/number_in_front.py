"""The stated number at the beginning of a line, in front of its text."""

from __future__ import annotations

import re

from vs_core.parsing.segment.labels import (
    label_at_start,
    role_of,
)
from vs_core.parsing.segment.number_behind import is_text_about_a_number
from vs_core.parsing.segment.number_found import (
    BARE,
    LABELLED,
    MARKED,
    REACH,
    Found,
    closing_bracket,
    number_in_brackets,
)
from vs_core.values.stated import number_spans

_BEHIND_LEAD = re.compile(
    r"[*_`]{0,3}(?:\s{0,3}[:|,;\u2192\u2013\u2014]\s{0,3}|\s{1,3}[-\u2013\u2014>]+\s{1,3}|\t+|\s{2,6})(?P<markup>[*_]{0,3})\s{0,3}(?=\S)"
    r"|(?P<closing>[*_`]{1,3})\s{1,3}(?=\S)"
)
_AFTER_GROUP = re.compile(r"\s{0,3}(?:[:\u2013\u2014|]|-(?=\s))\s{0,3}")
_WORDS_BEFORE = re.compile(
    r"[\s*_#>\-\u2022]{0,12}([^\W\d_][^:=|(){}\[\]*\n<>\"\d]{0,40}?)[*_]{0,3}\s{1,3}(?=[\d.,~\u2248<])"
)


def number_in_front(line: str, folded: str) -> Found | None:
    """The number at the beginning of a line, and the text behind it."""
    start = len(folded) - len(folded.lstrip(" \t*_`"))
    if start < len(folded) and folded[start] in "([{":
        return _lead_in_brackets(line, folded, start)
    if is_text_about_a_number(line, folded):
        return None
    label = label_at_start(folded)
    if label is not None and label.role == "number":
        found = _number_then_text(line, folded, label.end)
        if found is not None:
            return Found(found[0], "", found[1], "lead", LABELLED)
    if (labelled := lead_number_of_label(folded)) is not None:
        found = _number_then_text(line, folded, labelled)
        if found is not None:
            return Found(found[0], "", found[1], "lead", LABELLED)
    found = _number_then_text(line, folded, start)
    if found is None:
        return None
    return Found(found[0], "", found[1], "lead", MARKED if found[2] else BARE)


def _lead_in_brackets(line: str, folded: str, start: int) -> Found | None:
    end = closing_bracket(folded, start)
    group = None if end is None else number_in_brackets(line, start + 1, end)
    if end is None or group is None:
        return None
    rest = line[end + 1 :]
    markup = folded[:start].strip()
    if markup:
        # `**(0.1)** text`: the markup belonged to the number.
        rest = rest[len(markup) :] if rest.startswith(markup[::-1]) else markup + rest
    rest = _AFTER_GROUP.sub("", rest, count=1) if _AFTER_GROUP.match(rest) else rest
    strength = LABELLED if group[1] == MARKED else group[1]
    return Found(group[0], "", rest.strip(), "lead", strength) if rest.strip() else None


def _number_then_text(line: str, folded: str, at: int) -> tuple[str, str, bool] | None:
    spans = number_spans(folded[at : at + REACH])
    if not spans or folded[at : at + spans[0].start].strip(" *_`"):
        return None
    start, end = at + spans[0].start, at + spans[0].end
    behind = _BEHIND_LEAD.match(folded, end)
    opened = folded[len(folded[:start].rstrip("*_`")) : start]
    if behind is None or (behind["closing"] and behind["closing"] != opened[::-1]):
        return None
    text = behind.end()
    mark = behind["markup"]
    if mark and (folded[:start].count(mark) % 2 == 0 or folded.startswith(mark, end)):
        # `**0.3** - **Tea**`: the markup opens the text.
        text = behind.start("markup")
    return line[start:end], line[text:].strip(), spans[0].clear


def lead_number_of_label(folded: str) -> int | None:
    """Where the number of `Probability 0.3: text` begins.

    In `Probability 10: 0.3` the number in front only counts.
    """
    label = _WORDS_BEFORE.match(folded)
    if label is None or role_of(label[1].strip()) != "number":
        return None
    spans = number_spans(folded[label.end() :])
    if not spans:
        return None
    end = label.end() + spans[0].end
    if not spans[0].clear:
        rest = folded[end:].lstrip(" :*_")
        if not rest or rest[0].isdigit() or spans[0].end - spans[0].start < 2:
            return None
    return label.end() if _BEHIND_LEAD.match(folded, end) else None
