"""A number found in a line, and what looking for one needs wherever it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from vs_core.parsing.clean.characters import fold
from vs_core.parsing.segment.labels import (
    label_at_start,
    number_label_before,
)
from vs_core.values.stated import number_spans, read_number

Place = Literal["only", "lead", "tail", "middle"]
LABELLED, MARKED, BARE = 3, 2, 1
"""How sure it is that a number is the stated one: it has a label; it stands in brackets or behind
a mark and is written as a share; it is an integer."""
OPENERS = {")": "(", "]": "[", "}": "{"}
REACH = 120
_LONGEST_WORDS = 24
MARKUP = " \t\r\n*_`"
TRIM = " \t\r\n*_`.:;,!"
INNER = " \t*_`\"'"
JOINTS = ' \t*_`"(:=~\u2248<>\u2264\u2265'
RELATIONS = ":=~\u2248<>\u2264\u2265"
SEPARATED = re.compile(
    r"(?:[:=|\u2192\u21d2;,~\u2248]|\s[-\u2013\u2014>]+|[\u2014\u2013]|->|=>|\.{3,}|\u2026|\t|\s{2})[\s*_`]*\Z"
)
_NUMBER_WORDS = re.compile(
    r"\s*(?:probability|prob\.?|chance|likelihood|likely|confidence|p)\s*\Z", re.IGNORECASE
)
_REST_IN_GROUP = re.compile(r"\s{0,2}(?:[-\u2013\u2014,;:|]|\s)\s{0,2}[^\d]{1,60}\Z")
_GOES_ON = re.compile(
    r"\s{0,3}(?:,\s*[^\W\d]|[|;\u2192\u2013\u2014]|-\s|:\s)\s{0,3}\S|[\s*_]{0,4}[)\]][\s*_:.,;\u2013\u2014-]{0,8}\w"
)
_SERIES = re.compile(r"[,;|]\s")
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


def whole_number(folded: str) -> tuple[int, int, bool] | None:
    """The number that a text consists of: where, and whether it is written as a share."""
    spans = number_spans(folded)
    if len(spans) != 1:
        return None
    span = spans[0]
    around = folded[: span.start] + folded[span.end :]
    return (span.start, span.end, span.clear) if not around.strip(INNER + "+") else None


def is_value(folded: str) -> bool:
    """Whether what stands behind a number's label is its value."""
    spans = number_spans(folded)
    if len(spans) > 1 and _SERIES.search(folded, spans[0].end, spans[1].start + 1):
        return False
    if spans:
        rest = folded[spans[-1].end :]
        ahead = folded[: spans[0].start]
        return len(ahead) <= _LONGEST_WORDS and len(rest) <= 40 and not _GOES_ON.match(rest)
    said = folded.lower().strip(TRIM + "()?-")
    return (
        not said
        or said in _VALUE_WORDS
        or not any(map(str.isalnum, said))
        or (len(said.split()) == 1 or read_number(folded) is not None)
    )


def stripped(text: str, chars: str) -> tuple[int, int]:
    """Where a text begins and ends without some characters around it."""
    left = len(text) - len(text.lstrip(chars))
    return left, max(left, len(text.rstrip(chars)))


def number_in_brackets(line: str, start: int, end: int) -> tuple[str, int] | None:
    """The number in the brackets around a part of a line, and how sure it is one."""
    content = line[start:end]
    inner = fold(content)
    whole = whole_number(inner)
    if whole is not None:
        clear = whole[2]
        digits = inner[whole[0] : whole[1]].strip("~ <>-+")
        if not clear and len(digits) > 2 and digits != "100":
            return None
        return content[whole[0] : whole[1]], MARKED if clear else BARE
    label = label_at_start(inner)
    if label is not None and label.role == "number":
        raw = content[label.end :].strip(INNER)
        return (raw, LABELLED) if is_value(fold(raw)) else None
    spans = number_spans(inner)
    if not spans:
        return None
    if not inner[: spans[0].start].strip(INNER):
        rest = inner[spans[0].end :]
        raw = content[spans[0].start : spans[0].end]
        if _NUMBER_WORDS.match(rest):
            return raw, LABELLED
        if spans[0].clear and _REST_IN_GROUP.match(rest):
            return raw, BARE
    last = spans[-1]
    if inner[last.end :].strip(INNER + "."):
        return None
    left = inner[: last.start].rstrip(" :=~\u2248<>")
    separated = len(left) != len(inner[: last.start].rstrip())
    at = number_label_before(left, separated=separated or inner[last.start] in RELATIONS)
    if at is not None and len(left[:at].split()) <= 3:
        return content[last.start : last.end].strip(), LABELLED
    return None


def closing_bracket(folded: str, start: int) -> int | None:
    """Where the bracket that is opened at a place is closed."""
    depth = 0
    for at in range(start, min(len(folded), start + REACH)):
        if folded[at] in "([{":
            depth += 1
        elif folded[at] in OPENERS:
            depth -= 1
            if depth == 0:
                return at
    return None


def opening_bracket(folded: str, end: int) -> int | None:
    """Where the bracket that is closed at a place is opened."""
    depth = 0
    for at in range(end, max(-1, end - REACH), -1):
        if folded[at] in OPENERS:
            depth += 1
        elif folded[at] in "([{":
            depth -= 1
            if depth == 0:
                return at
    return None


def is_inside(before: str) -> bool:
    """Whether code, a formula or a bracket is still open."""
    return (
        before.count("`") % 2 == 1
        or before.count("$") % 2 == 1
        or any(before.count(o) > before.count(c) for c, o in OPENERS.items())
    )
