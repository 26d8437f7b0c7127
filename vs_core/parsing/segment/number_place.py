"""The stated number in a line of text, and the text without it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from vs_core.parsing.clean.characters import fold
from vs_core.parsing.segment.labels import (
    is_number_of_another,
    label_at_start,
    measures,
    number_label_before,
    role_of,
)
from vs_core.parsing.words import judges
from vs_core.values.stated import NumberSpan, number_spans, read_number

Place = Literal["only", "lead", "tail", "middle"]

LABELLED, MARKED, BARE = 3, 2, 1
"""How sure it is that a number is the stated one: it has a label; it stands in brackets or behind
a mark and is written as a share; it is an integer."""

_OPENERS = {")": "(", "]": "[", "}": "{"}
_REACH = 120
_LONGEST_HEAD = 400
_LONGEST_ONLY = 160
_LONGEST_WORDS = 24
_MARKUP = " \t\r\n*_`"
_TRIM = " \t\r\n*_`.:;,!"
_NO_NUMBER = ("...", "\u2026", "```", "~~~")
_INNER = " \t*_`\"'"
_JOINTS = ' \t*_`"(:=~\u2248<>\u2264\u2265'
_RELATIONS = ":=~\u2248<>\u2264\u2265"
_SEPARATED = re.compile(
    r"(?:[:=|\u2192\u21d2;,~\u2248]|\s[-\u2013\u2014>]+|[\u2014\u2013]|->|=>|\.{3,}|\u2026|\t|\s{2})[\s*_`]*\Z"
)
_BEHIND_LEAD = re.compile(
    r"[*_`]{0,3}(?:\s{0,3}[:|,;\u2192\u2013\u2014]\s{0,3}|\s{1,3}[-\u2013\u2014>]+\s{1,3}|\t+|\s{2,6})(?P<markup>[*_]{0,3})\s{0,3}(?=\S)"
    r"|(?P<closing>[*_`]{1,3})\s{1,3}(?=\S)"
)
_NUMBER_WORDS = re.compile(
    r"\s*(?:probability|prob\.?|chance|likelihood|likely|confidence|p)\s*\Z", re.IGNORECASE
)
_NUMBER_WORD_AT_END = re.compile(
    r"(?<=[\d%])\s(?:probability|chance|likelihood|likely)\Z", re.IGNORECASE
)
_REST_IN_GROUP = re.compile(r"\s{0,2}(?:[-\u2013\u2014,;:|]|\s)\s{0,2}[^\d]{1,60}\Z")
_AFTER_GROUP = re.compile(r"\s{0,3}(?:[:\u2013\u2014|]|-(?=\s))\s{0,3}")
_BEFORE_GROUP = re.compile(
    r"(?:\s+(?:[-\u2013\u2014|\u2022\u00b7=]+|->|=>|\.{3,})|[|\u2014\u2013]|:(?=\*\*))\s*\Z"
)
_BEFORE_LABEL = re.compile(
    r"(?:\s+(?:[-\u2013\u2014|\u2022\u00b7=]+|->|=>|\.{3,})|[|\u2014\u2013]|[,;:/\uff0c\uff1b\uff1a]|\s/)\s*\Z"
)
_GOES_ON = re.compile(
    r"\s{0,3}(?:,\s*[^\W\d]|[|;\u2192\u2013\u2014]|-\s|:\s)\s{0,3}\S|[\s*_]{0,4}[)\]][\s*_:.,;\u2013\u2014-]{0,8}\w"
)
_PARTS = re.compile(r"[*_]{0,3}(?::|-|[\u2013\u2014])[*_]{0,3}\s+\S")
_REMARK = re.compile(r"\s{1,3}\([^()\d]{1,60}\)[\s*_.]*\Z")
_SERIES = re.compile(r"[,;|]\s")
_RESULT = re.compile(r"\d{1,3}\s?[-\u2013\u2014:]\s?\d{1,3}")
_CLOCK = re.compile(r"\d:\Z")
_BEFORE_NUMBER = re.compile(
    r"(?:\s+\.{3,}|\.{4,}|\s+\u2026|[\s:=|\u2192\u21d2;~\u2248\uff1a\uff5c,]+|\s+[-\u2013\u2014\u2022\u00b7]+>?|->|=>|[\u2014\u2013])\s*\Z"
)
_BOLD_COLON = re.compile(r"\s*[:\uff1a](\*\*|__)\Z")
_VALUE_WORDS = frozenset(
    ["high", "low", "medium", "moderate", "unlikely", "likely", "unknown", "none", "null", "n/a"]
)


@dataclass(frozen=True, slots=True)
class Found:
    """A number found in a line.

    Attributes:
        raw: The number as written.
        before: The part of the line before its notation.
        after: The part of the line behind its notation.
        place: Where it stood.
        strength: How sure it is that this is the stated number.
    """

    raw: str
    before: str
    after: str
    place: Place
    strength: int

    @property
    def text(self) -> str:
        """The line without the notation of the number."""
        if self.before and self.after:
            joint = "" if self.after[0] in ",.;:!?" else " "
            return f"{self.before.rstrip()}{joint}{self.after.lstrip()}"
        return self.before or self.after


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
        words = _words_behind(line, folded, len(folded.rstrip(_TRIM)))
        return () if words is None else (words,)
    found = (_tail(line, folded), _lead(line, folded), _middle(line, folded))
    return tuple(one for one in found if one is not None)


def number_alone(line: str) -> str | None:
    """The number of a line that holds one and nothing else; None if it holds anything else."""
    found = _only(line, fold(line))
    return found.raw if found is not None and found.strength > BARE else None


def _whole_number(folded: str) -> tuple[int, int, bool] | None:
    """The number that a text consists of: where, and whether it is written as a share."""
    spans = number_spans(folded)
    if len(spans) != 1:
        return None
    span = spans[0]
    around = folded[: span.start] + folded[span.end :]
    return (span.start, span.end, span.clear) if not around.strip(_INNER + "+") else None


def _only(line: str, folded: str) -> Found | None:
    """A line that holds a number and nothing else, or the label and what stands for a number."""
    if len(folded) > _LONGEST_ONLY or folded.lstrip(" *_").startswith(_NO_NUMBER):
        return None
    start, end = _stripped(folded, _TRIM + "-\u2022+\u2013\u2014>")
    while start < end and folded[start] in "([{" and folded[end - 1] in ")]}":
        inner_start, inner_end = _stripped(folded[start + 1 : end - 1], _TRIM)
        start, end = start + 1 + inner_start, start + 1 + inner_end
    bare = folded[start:end]
    whole = _whole_number(bare)
    if whole is not None:
        raw = line[start + whole[0] : start + whole[1]]
        return Found(raw, "", "", "only", MARKED if whole[2] else BARE)
    if _lead_number_of_label(bare) is not None:
        return None
    label = label_at_start(bare)
    if _is_text_about_a_number(line, folded):
        return None
    if label is not None and label.role == "number" and not label.assigns:
        raw = line[start + label.end : len(folded.rstrip(_MARKUP)) or end].strip(_MARKUP)
        raw = raw if raw[-1:] in ".," else line[start + label.end : end].strip(_MARKUP)
        if _is_value(fold(raw)):
            return Found(raw, "", "", "only", LABELLED)
    if (at := _label_all(bare)) is not None:
        return Found(line[start + at : end].strip(" \t*_`"), "", "", "only", LABELLED)
    return None


def _is_text_about_a_number(line: str, folded: str) -> bool:
    """`Chance of rain: 30% (0.2)`, `Score: 3-2 (0.2)`: the number at the end is the stated one.

    In `Score: 8/10 (0.8)` it says the same again, and `Score: 0.8 (0.9)` has no text either.
    """
    label = label_at_start(folded)
    if label is None or label.role != "number" or label.assigns:
        return False
    about_another = is_number_of_another(label.written)
    if not (about_another or measures(label.written)):
        return False
    tail = _tail(line, folded)
    if tail is None or tail.strength < MARKED or len(tail.before) <= label.end:
        return False
    said = fold(tail.before[label.end :]).strip(_MARKUP)
    if not about_another and not any(map(str.isdigit, said)):
        return False
    whole = _whole_number(said)
    is_share = whole is not None and whole[2]
    in_brackets = folded.rstrip(_TRIM).endswith(tuple(_OPENERS))
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


def _label_all(bare: str) -> int | None:
    """`P(Texas) = 0.3` is no label; `p = 0.3` and `Probability 0.3` are nothing but a number."""
    spans = number_spans(bare)
    if len(spans) != 1 or bare[spans[0].end :].strip(_TRIM):
        return None
    left = bare[: spans[0].start]
    trimmed = left.rstrip(_JOINTS)
    separated = any(c in _RELATIONS for c in left[len(trimmed) :] + bare[spans[0].start])
    at = number_label_before(trimmed, separated=separated)
    return spans[0].start if at is not None and not trimmed[:at].strip(_TRIM) else None


def _is_value(folded: str) -> bool:
    """Whether what stands behind a number's label is its value."""
    spans = number_spans(folded)
    if len(spans) > 1 and _SERIES.search(folded, spans[0].end, spans[1].start + 1):
        return False
    if spans:
        rest = folded[spans[-1].end :]
        ahead = folded[: spans[0].start]
        return len(ahead) <= _LONGEST_WORDS and len(rest) <= 40 and not _GOES_ON.match(rest)
    said = folded.lower().strip(_TRIM + "()?-")
    return (
        not said
        or said in _VALUE_WORDS
        or not any(map(str.isalnum, said))
        or (len(said.split()) == 1 or read_number(folded) is not None)
    )


def _stripped(text: str, chars: str) -> tuple[int, int]:
    left = len(text) - len(text.lstrip(chars))
    return left, max(left, len(text.rstrip(chars)))


def _group(line: str, start: int, end: int) -> tuple[str, int] | None:
    """The number in the brackets around a part of a line, and how sure it is one."""
    content = line[start:end]
    inner = fold(content)
    whole = _whole_number(inner)
    if whole is not None:
        clear = whole[2]
        digits = inner[whole[0] : whole[1]].strip("~ <>-+")
        if not clear and len(digits) > 2 and digits != "100":
            return None
        return content[whole[0] : whole[1]], MARKED if clear else BARE
    label = label_at_start(inner)
    if label is not None and label.role == "number":
        raw = content[label.end :].strip(_INNER)
        return (raw, LABELLED) if _is_value(fold(raw)) else None
    spans = number_spans(inner)
    if not spans:
        return None
    if not inner[: spans[0].start].strip(_INNER):
        rest = inner[spans[0].end :]
        raw = content[spans[0].start : spans[0].end]
        if _NUMBER_WORDS.match(rest):
            return raw, LABELLED
        if spans[0].clear and _REST_IN_GROUP.match(rest):
            return raw, BARE
    last = spans[-1]
    if inner[last.end :].strip(_INNER + "."):
        return None
    left = inner[: last.start].rstrip(" :=~\u2248<>")
    separated = len(left) != len(inner[: last.start].rstrip())
    at = number_label_before(left, separated=separated or inner[last.start] in _RELATIONS)
    if at is not None and len(left[:at].split()) <= 3:
        return content[last.start : last.end].strip(), LABELLED
    return None


def _closing(folded: str, start: int) -> int | None:
    depth = 0
    for at in range(start, min(len(folded), start + _REACH)):
        if folded[at] in "([{":
            depth += 1
        elif folded[at] in _OPENERS:
            depth -= 1
            if depth == 0:
                return at
    return None


def _opening(folded: str, end: int) -> int | None:
    depth = 0
    for at in range(end, max(-1, end - _REACH), -1):
        if folded[at] in _OPENERS:
            depth += 1
        elif folded[at] in "([{":
            depth -= 1
            if depth == 0:
                return at
    return None


# --- in front -----------------------------------------------------------------------------


def _lead(line: str, folded: str) -> Found | None:
    start = len(folded) - len(folded.lstrip(" \t*_`"))
    if start < len(folded) and folded[start] in "([{":
        return _lead_in_brackets(line, folded, start)
    if _is_text_about_a_number(line, folded):
        return None
    label = label_at_start(folded)
    if label is not None and label.role == "number":
        found = _number_then_text(line, folded, label.end)
        if found is not None:
            return Found(found[0], "", found[1], "lead", LABELLED)
    if (labelled := _lead_number_of_label(folded)) is not None:
        found = _number_then_text(line, folded, labelled)
        if found is not None:
            return Found(found[0], "", found[1], "lead", LABELLED)
    found = _number_then_text(line, folded, start)
    if found is None:
        return None
    return Found(found[0], "", found[1], "lead", MARKED if found[2] else BARE)


def _lead_in_brackets(line: str, folded: str, start: int) -> Found | None:
    end = _closing(folded, start)
    group = None if end is None else _group(line, start + 1, end)
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
    spans = number_spans(folded[at : at + _REACH])
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


_WORDS_BEFORE = re.compile(
    r"[\s*_#>\-\u2022]{0,12}([^\W\d_][^:=|(){}\[\]*\n<>\"\d]{0,40}?)[*_]{0,3}\s{1,3}(?=[\d.,~\u2248<])"
)


def _lead_number_of_label(folded: str) -> int | None:
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


# --- behind -------------------------------------------------------------------------------


def _tail(line: str, folded: str) -> Found | None:
    end = len(folded.rstrip(_TRIM))
    if not end:
        return None
    if folded[end - 1] in _OPENERS:
        start = _opening(folded, end - 1)
        group = None if start is None else _group(line, start + 1, end - 1)
        if start is not None and group is not None:
            if (found := _said_again(line, folded, start, end)) is not None:
                return found
            before = _trimmed(line[:start], line[end:], _BEFORE_GROUP)
            if before:
                return Found(group[0], before, "", "tail", group[1])
    offset = max(0, end - _REACH)
    if (said := _NUMBER_WORD_AT_END.search(folded, offset, end)) is not None:
        end = said.start()
    spans = number_spans(folded[offset:end])
    if spans and not folded[offset + spans[-1].end : end].strip(_INNER + ".,;!"):
        return _bare_tail(line, folded, offset + spans[-1].start, spans[-1])
    return _words_behind(line, folded, end)


def _said_again(line: str, folded: str, start: int, end: int) -> Found | None:
    """`Heads: 0.5 (50%)`: brackets that repeat the number in front of them as another share.

    In `Die: 6 (6%)`, `Sales grew by 50% (0.5)` and `Chance of rain: 30% (0.3)` the number in
    front is text.
    """
    offset = max(0, end - _REACH)
    spans = number_spans(folded[offset:end])
    if not spans or offset + spans[-1].start >= start or offset + spans[-1].end < end:
        return None
    at = offset + spans[-1].start
    first, before = folded[at:start].strip(), folded[:at].rstrip(_JOINTS)
    if first.isdigit() or ("%" in first) == ("%" in folded[start:end]):
        return None
    label_at = number_label_before(before, separated=True)
    about = label_at_start(folded.lstrip("0123456789.) "))
    names = [about.written] if about is not None and about.role == "number" else []
    names += [before[label_at:]] if label_at is not None else []
    if any(is_number_of_another(name) or measures(name) for name in names):
        return None
    separated = label_at is not None or _SEPARATED.search(folded, max(0, at - 8), at)
    return _bare_tail(line, folded, at, spans[-1]) if separated else None


def _bare_tail(line: str, folded: str, start: int, span: NumberSpan) -> Found | None:
    """A number at the end of a line, without brackets, that begins at a place."""
    end, clear = start + span.end - span.start, span.clear
    if start and (folded[start - 1].isalnum() or folded[start - 1] in ".,"):
        return None
    in_code = folded[start - 1 : start] == "`" == folded[end : end + 1]
    if _CLOCK.search(folded, max(0, start - 4), start) or (
        _is_inside(folded[:start]) and not in_code
    ):
        return None
    raw = line[start:end].strip()
    left = folded[:start]
    trimmed = left.rstrip(_JOINTS)
    joint = left[len(trimmed) :]
    separated = any(c in _RELATIONS for c in joint + folded[start])
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
    if separated or in_markup or _SEPARATED.search(left, max(0, len(left) - 8)):
        return Found(raw, before, "", "tail", MARKED if clear else BARE)
    if left[-1:] in " \t*" and "%" in fold(raw):
        return Found(raw, before, "", "tail", BARE)
    return None


def _is_inside(before: str) -> bool:
    """Whether code, a formula or a bracket is still open."""
    return (
        before.count("`") % 2 == 1
        or before.count("$") % 2 == 1
        or any(before.count(o) > before.count(c) for c, o in _OPENERS.items())
    )


def _words_behind(line: str, folded: str, end: int) -> Found | None:
    """`(Probability: high)`: the notation without a number."""
    if not end or folded[end - 1] != ")":
        return None
    start = _opening(folded, end - 1)
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


# --- in the middle ------------------------------------------------------------------------


def _middle(line: str, folded: str) -> Found | None:
    """A number in brackets between two parts of the line, or between two dashes."""
    for opening in re.finditer(r"[(\[]", folded):
        start = opening.start()
        end = _closing(folded, start)
        if not start or end is None or end - start > 60:
            continue
        if not any(map(str.isdigit, folded[start:end])):
            continue
        group = _group(line, start + 1, end)
        after = line[end + 1 :].strip()
        if group is None or not after.strip(_TRIM):
            continue
        if group[1] == LABELLED or (group[1] == MARKED and _PARTS.match(after)):
            return Found(group[0], line[:start].rstrip(), after, "middle", group[1])
    return _between_dashes(line, folded)


def _between_dashes(line: str, folded: str) -> Found | None:
    """`Paris - 40% - the capital`, `Paris: 0.4 (most common)`."""
    for span in number_spans(folded[:_LONGEST_HEAD]):
        after = folded[span.end :]
        separator = _SEPARATED.search(folded, max(0, span.start - 8), span.start)
        if not span.clear or separator is None or _is_inside(folded[: span.start]):
            continue
        remark = _REMARK.match(after)
        if remark is None and not _PARTS.match(after.lstrip(" *_")):
            continue
        trimmed = folded[: span.start].rstrip(_JOINTS)
        at = number_label_before(trimmed, separated=True)
        before = line[: separator.start() if at is None else at].rstrip(" -\u2013\u2014|:*")
        if not before.strip(_TRIM):
            continue
        raw = line[span.start : span.end].strip()
        if at is None:
            return Found(raw, before, line[span.end :].strip(), "middle", MARKED)
        kept = "" if remark is not None else line[span.end :].strip()
        return Found(raw, before, kept, "middle", LABELLED)
    return None
