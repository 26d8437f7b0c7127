"""The stated number at the end of a line, behind its text."""

from __future__ import annotations

import math
import re

from vs_core.parsing.clean.characters import fold
from vs_core.parsing.segment.labels import (
    is_number_of_another,
    label_at_start,
    measures,
    number_label_before,
)
from vs_core.parsing.segment.number_found import (
    BARE,
    INNER,
    JOINTS,
    LABELLED,
    MARKED,
    MARKUP,
    OPENERS,
    REACH,
    RELATIONS,
    SEPARATED,
    TRIM,
    Found,
    is_inside,
    number_in_brackets,
    opening_bracket,
    whole_number,
)
from vs_core.parsing.words import judges
from vs_core.values.stated import NumberSpan, number_spans, read_number

_NUMBER_WORD_AT_END = re.compile(
    r"(?<=[\d%])\s(?:probability|chance|likelihood|likely)\Z", re.IGNORECASE
)
_BEFORE_GROUP = re.compile(
    r"(?:\s+(?:[-\u2013\u2014|\u2022\u00b7=]+|->|=>|\.{3,})|[|\u2014\u2013]|:(?=\*\*))\s*\Z"
)
_BEFORE_LABEL = re.compile(
    r"(?:\s+(?:[-\u2013\u2014|\u2022\u00b7=]+|->|=>|\.{3,})|[|\u2014\u2013]|[,;:/\uff0c\uff1b\uff1a]|\s/)\s*\Z"
)
_CLOCK = re.compile(r"\d:\Z")
_BEFORE_NUMBER = re.compile(
    r"(?:\s+\.{3,}|\.{4,}|\s+\u2026|[\s:=|\u2192\u21d2;~\u2248\uff1a\uff5c,]+|\s+[-\u2013\u2014\u2022\u00b7]+>?|->|=>|[\u2014\u2013])\s*\Z"
)
_BOLD_COLON = re.compile(r"\s*[:\uff1a](\*\*|__)\Z")
_RESULT = re.compile(r"\d{1,3}\s?[-\u2013\u2014:]\s?\d{1,3}")


def number_behind(line: str, folded: str) -> Found | None:
    """The number at the end of a line, and the text in front of it."""
    end = len(folded.rstrip(TRIM))
    if not end:
        return None
    if folded[end - 1] in OPENERS:
        start = opening_bracket(folded, end - 1)
        group = None if start is None else number_in_brackets(line, start + 1, end - 1)
        if start is not None and group is not None:
            if (found := _said_again(line, folded, start, end)) is not None:
                return found
            before = _trimmed(line[:start], line[end:], _BEFORE_GROUP)
            if before:
                return Found(group[0], before, "", "tail", group[1])
    offset = max(0, end - REACH)
    if (said := _NUMBER_WORD_AT_END.search(folded, offset, end)) is not None:
        end = said.start()
    spans = number_spans(folded[offset:end])
    if spans and not folded[offset + spans[-1].end : end].strip(INNER + ".,;!"):
        return _bare_tail(line, folded, offset + spans[-1].start, spans[-1])
    return words_behind(line, folded, end)


def _said_again(line: str, folded: str, start: int, end: int) -> Found | None:
    """`Heads: 0.5 (50%)`: brackets that repeat the number in front of them as another share.

    In `Die: 6 (6%)`, `Sales grew by 50% (0.5)` and `Chance of rain: 30% (0.3)` the number in
    front is text.
    """
    offset = max(0, end - REACH)
    spans = number_spans(folded[offset:end])
    if not spans or offset + spans[-1].start >= start or offset + spans[-1].end < end:
        return None
    at = offset + spans[-1].start
    first, before = folded[at:start].strip(), folded[:at].rstrip(JOINTS)
    if first.isdigit() or ("%" in first) == ("%" in folded[start:end]):
        return None
    label_at = number_label_before(before, separated=True)
    about = label_at_start(folded.lstrip("0123456789.) "))
    names = [about.written] if about is not None and about.role == "number" else []
    names += [before[label_at:]] if label_at is not None else []
    if any(is_number_of_another(name) or measures(name) for name in names):
        return None
    separated = label_at is not None or SEPARATED.search(folded, max(0, at - 8), at)
    return _bare_tail(line, folded, at, spans[-1]) if separated else None


def _bare_tail(line: str, folded: str, start: int, span: NumberSpan) -> Found | None:
    """A number at the end of a line, without brackets, that begins at a place."""
    end, clear = start + span.end - span.start, span.clear
    if start and (folded[start - 1].isalnum() or folded[start - 1] in ".,"):
        return None
    in_code = folded[start - 1 : start] == "`" == folded[end : end + 1]
    if _CLOCK.search(folded, max(0, start - 4), start) or (
        is_inside(folded[:start]) and not in_code
    ):
        return None
    raw = line[start:end].strip()
    left = folded[:start]
    trimmed = left.rstrip(JOINTS)
    joint = left[len(trimmed) :]
    separated = any(c in RELATIONS for c in joint + folded[start])
    at = number_label_before(trimmed, separated=separated)
    behind = line[end:]
    # `Doc: 2, Relevance: 9` is on a scale that nobody tells.
    if at is not None and (clear or not judges(trimmed[at:])):
        before = _trimmed(line[:at], behind, _BEFORE_LABEL)
        return Found(raw, before, "", "tail" if before else "only", LABELLED)
    digits = raw.strip("~ <>-+")
    if not clear and len(digits) > 2 and digits != "100":
        return None
    before = _trimmed(line[:start], behind, _BEFORE_NUMBER)
    if not before:
        return None
    in_markup = left[-1:] in "*`_" and behind.strip()[:1] == left[-1:]
    if separated or in_markup or SEPARATED.search(left, max(0, len(left) - 8)):
        return Found(raw, before, "", "tail", MARKED if clear else BARE)
    if left[-1:] in " \t*" and "%" in fold(raw):
        return Found(raw, before, "", "tail", BARE)
    return None


def words_behind(line: str, folded: str, end: int) -> Found | None:
    """`(Probability: high)`: the notation without a number."""
    if not end or folded[end - 1] != ")":
        return None
    start = opening_bracket(folded, end - 1)
    label = None if start is None else label_at_start(folded[start + 1 : end - 1])
    if start is None or label is None or label.role != "number":
        return None
    raw = line[start + 1 + label.end : end - 1].strip()
    before = _trimmed(line[:start], line[end:], _BEFORE_GROUP)
    return Found(raw, before, "", "tail" if before else "only", LABELLED)


def _trimmed(before: str, behind: str, joint: re.Pattern[str]) -> str:
    """The text before a number, without what joined them.

    Punctuation is text; dashes, bars and arrows are joints, and so is a colon before a bare number.
    """
    text = before.rstrip()
    opened = ""
    after = behind.strip()
    for mark in ("**", "__", "*", "_", "`"):
        if text.endswith(mark) and after.startswith(mark):
            text, opened = text[: -len(mark)].rstrip(), mark
            break
    for _ in range(2):
        text = joint.sub("", text).rstrip() if joint.search(text, max(0, len(text) - 40)) else text
    if joint is _BEFORE_NUMBER and (bold := _BOLD_COLON.search(text)):
        text = text[: bold.start()] + bold[1]
    for mark in ("**", "__", "*", "_"):
        if text.endswith(mark) and text.count(mark) % 2:
            text = joint.sub("", text[: -len(mark)].rstrip()).rstrip()
            break
    closing = after.strip(" \t\r\n.:;,!)")
    if not opened and closing in ("**", "__", "*", "_") and text.count(closing) % 2:
        text += closing
    return text.strip()


def is_text_about_a_number(line: str, folded: str) -> bool:
    """`Chance of rain: 30% (0.2)`, `Score: 3-2 (0.2)`: the number at the end is the stated one.

    In `Score: 8/10 (0.8)` it says the same again, and `Score: 0.8 (0.9)` has no text either.
    """
    label = label_at_start(folded)
    if label is None or label.role != "number" or label.assigns:
        return False
    about_another = is_number_of_another(label.written)
    if not (about_another or measures(label.written)):
        return False
    tail = number_behind(line, folded)
    if tail is None or tail.strength < MARKED or len(tail.before) <= label.end:
        return False
    said = fold(tail.before[label.end :]).strip(MARKUP)
    if not about_another and not any(map(str.isdigit, said)):
        return False
    whole = whole_number(said)
    is_share = whole is not None and whole[2]
    in_brackets = folded.rstrip(TRIM).endswith(tuple(OPENERS))
    if is_share and not (about_another and (in_brackets or ("%" in said) != ("%" in tail.raw))):
        return False
    return not _say_the_same(said, fold(tail.raw))


def _say_the_same(one: str, other: str) -> bool:
    """Whether two numbers are one, perhaps on other scales: `8` or `80%`, and `0.8`."""
    if _RESULT.fullmatch(one):
        return False
    first, second = read_number(one), read_number(other)
    if first is None or second is None or not (first.value and second.value):
        return False
    return any(math.isclose(first.value, second.value * scale) for scale in (0.01, 0.1, 1, 10, 100))
