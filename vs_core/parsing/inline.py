"""Finding the stated number in a line of text, and the text without it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from vs_core.parsing.folding import fold
from vs_core.parsing.labels import label_at_start, label_before, role_of

_UNIT = (
    r"(?:\s?(?:%|\u2030|per\s?cent\b|pct\b|prozent\b|por\s?ciento\b|pour\s?cent\b|per\s?cento\b"
    r"|por\s?cento\b|процент\w{0,3}|\u30d1\u30fc\u30bb\u30f3\u30c8|\ud37c\uc13c\ud2b8))"
)
_N = r"(?:\d{1,9}(?:[.,]\d{1,20})?|(?<![\d.,])[.,]\d{1,20})(?:e[-+]?\d{1,3})?"
_ABOUT = (
    r"(?:(?:[~\u2248<>\u2264\u2265\u00b1+]|est\.?|estimated|about|around|approx\.?|approximately|roughly|ca\.?|circa|less\sthan|under"
    r"|\u7ea6|\u7d04|\uc57d)\s?){0,2}"
)
_MORE = (
    rf"(?:\s?(?:-|\u2013|\u2014|to|~|/|in|out\sof)\s?{_N}{_UNIT}?)?"
    rf"(?:\s?\(\s?[~\u2248]?{_N}{_UNIT}?\s?\))?"
)
_NUMBER = rf"{_ABOUT}{_N}{_UNIT}?{_MORE}"
_SIGNED = rf"[-+]?{_NUMBER}"

_WHOLE = re.compile(rf"\s*{_SIGNED}\s*", re.IGNORECASE)
_AT_END = re.compile(rf"(?<![\w.,])({_NUMBER})[\s*_`\"'.,;!]*\Z", re.IGNORECASE)
_AT_START = re.compile(
    rf"[\s*_`]{{0,4}}({_NUMBER})[*_`]{{0,3}}(\s{{0,3}}[:|,;\u2192\u2013\u2014]\s{{0,3}}|\s{{1,3}}-+\s{{1,3}}|\t+|\s{{2,6}})[*_]{{0,3}}(?=\S)",
    re.IGNORECASE,
)
_LABEL_IN_FRONT = re.compile(
    r"[\s*_#>\-\u2022]{0,12}([^\W\d_][^:=|(){}\[\]*\n<>\"\d]{0,40}?)[*_]{0,3}\s{1,3}(?=[\d.,~\u2248<])"
)
_CLEAR = re.compile(
    r"[.,]\d|%|\u2030|/|\bin\b|out of|e-|percent|per cent|prozent|cent", re.IGNORECASE
)
_SEPARATED = re.compile(
    r"(?:[:=|\u2192\u21d2;,~\u2248]|\s[-\u2013\u2014]+|[\u2014\u2013]|\.{3,}|\u2026|\t|\s{2})[\s*_`]*\Z"
)
_NUMBER_WORDS = re.compile(
    r"\s*(?:probability|prob\.?|chance|likelihood|likely|confidence|p)\s*\Z", re.IGNORECASE
)
_OPEN = "([{"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_REACH = 120
_LONGEST_PERCENTAGE = 2
_RELATIONS = ":=~\u2248<>\u2264\u2265"
_JOINTS = ' \t*_`"(' + _RELATIONS
_BARE_THEN_GROUP = re.compile(r"[-+]?\d+\s?\(")
_TRIM = " \t\r\n*_`.:;,!"


@dataclass(frozen=True, slots=True)
class Found:
    """A number found in a line.

    Attributes:
        raw: The number as written.
        before: The part of the line before its notation.
        after: The part of the line behind its notation.
        place: Where it stood: `lead`, `tail`, `middle` or `only`.
        strength: How sure it is that this is the stated number, 1 to 4.
    """

    raw: str
    before: str
    after: str
    place: str
    strength: int

    @property
    def text(self) -> str:
        """The line without the notation of the number."""
        if self.before and self.after:
            joint = "" if self.after[0] in ",.;:!?" else " "
            return f"{self.before.rstrip()}{joint}{self.after.lstrip()}"
        return self.before or self.after


def find_number(line: str, prefer: str = "") -> Found | None:
    """The most certain stated number in a line.

    Args:
        line: The line, without the marker of a list.
        prefer: Where the numbers of the same list stood so far.
    """
    folded = fold(line)
    if not any(map(str.isdigit, folded)):
        return _labelled_words(line, folded)
    readings = (_only(folded), _lead(line, folded), _tail(line, folded), _middle(line, folded))
    found = [reading for reading in readings if reading is not None]
    if not found:
        return _labelled_words(line, folded)
    best = max(found, key=lambda f: (f.place == prefer, f.strength))
    return best if folded is line else _as_written(best, line, folded)


def _as_written(found: Found, line: str, folded: str) -> Found:
    """The same with the number in the characters of the line."""
    at = folded.find(found.raw) if found.place == "lead" else folded.rfind(found.raw)
    return replace(found, raw=line[at : at + len(found.raw)]) if at >= 0 else found


def _only(folded: str) -> Found | None:
    """A line that holds a number and nothing else."""
    bare = folded.strip(_TRIM + "-\u2022+")
    while bare and bare[0] in _OPEN and bare[-1] in ")]}":
        bare = bare[1:-1].strip(_TRIM)
    if _WHOLE.fullmatch(bare) and not _BARE_THEN_GROUP.match(bare):
        return Found(bare, "", "", "only", 3 if _CLEAR.search(bare) else 1)
    start = label_at_start(bare)
    if start is not None and role_of(start[0]) == "number" and _labelled_lead(bare) is None:
        raw = bare[start[1] :].strip(" \t*_`")
        number = re.match(_SIGNED, raw, re.IGNORECASE)
        rest = raw[number.end() :] if number else raw
        if len(rest) <= 40 and not _separator_then_text(rest):
            return Found(raw, "", "", "only", 4)
    return None


def _separator_then_text(rest: str) -> bool:
    return bool(re.match(r"\s{0,3}(?:[|;,:\u2192\u2013\u2014]|-\s)\s{0,3}\S", rest))


def _group(content: str) -> tuple[str, int] | None:
    """The number in a pair of brackets, and how sure it is one."""
    inner = content.strip(" \t*_`")
    if _WHOLE.fullmatch(inner):
        if not _CLEAR.search(inner) and len(inner) > 2 and inner != "100":
            return None
        return inner, 2 if _CLEAR.search(inner) else 1
    start = label_at_start(inner)
    if start is not None and role_of(start[0]) == "number":
        return inner[start[1] :].strip(" \t*_`"), 4
    number = re.match(_SIGNED, inner, re.IGNORECASE)
    if number is not None and _NUMBER_WORDS.match(inner, number.end()):
        return inner, 4
    ending = _AT_END.search(inner)
    if ending is not None:
        left = inner[: ending.start()].rstrip(" :=~\u2248<>")
        separated = len(left) != len(inner[: ending.start()].rstrip())
        at = label_before(left, separated=separated)
        if at is not None and not inner[:at].strip(" ,;-"):
            return inner[ending.start() :].strip(), 4
    return None


def _lead(line: str, folded: str) -> Found | None:
    stripped = folded.lstrip(" \t*_`")
    start = len(folded) - len(stripped)
    if stripped[:1] and stripped[0] in _OPEN:
        end = _closing(folded, start)
        if end is not None and (group := _group(folded[start + 1 : end])) is not None:
            rest = line[end + 1 :]
            rest = _without_markup_tail(rest, folded[:start])
            rest = re.sub(r"\A\s{0,3}(?:[:\u2013\u2014|]|-(?=\s))\s{0,3}", "", rest).strip()
            strength = group[1] + 2 if group[1] == 2 else group[1]
            return (
                Found(group[0], "", rest, "lead", strength)
                if rest
                else Found(group[0], "", "", "only", 3 if group[1] > 1 else 1)
            )
    label = label_at_start(folded)
    if label is not None and role_of(label[0]) == "number":
        number = _AT_START.match(folded, label[1])
        if number is not None:
            return Found(number[1], "", line[number.end() :].strip(), "lead", 3)
    number = _labelled_lead(folded)
    if number is not None:
        return Found(number[1], "", line[number.end() :].strip(), "lead", 3)
    number = _AT_START.match(folded)
    if number is not None:
        rest = line[number.end() :]
        return Found(number[1], "", rest.strip(), "lead", 2 if _CLEAR.search(number[1]) else 1)
    return None


def _labelled_lead(folded: str) -> re.Match[str] | None:
    """The number in `Probability 0.3: text`."""
    label = _LABEL_IN_FRONT.match(folded)
    if label is None or role_of(label[1] + " ") != "number":
        return None
    number = _AT_START.match(folded, label.end())
    if number is None or _CLEAR.search(number[1]):
        return number
    # "Probability 10: 0.3": the number in front only counts.
    counts = len(number[1]) < _LONGEST_PERCENTAGE or folded[number.end()].isdigit()
    return None if counts else number


def _without_markup_tail(rest: str, before: str) -> str:
    """`**(0.1)** text`: the markup belonged to the number."""
    markup = before.strip()
    if markup and rest.startswith(markup[::-1]):
        return rest[len(markup) :]
    return before.lstrip() + rest if markup else rest


def _closing(folded: str, start: int) -> int | None:
    depth = 0
    for at in range(start, min(len(folded), start + _REACH)):
        if folded[at] in _OPEN:
            depth += 1
        elif folded[at] in _PAIRS:
            depth -= 1
            if depth == 0:
                return at
    return None


def _opening(folded: str, end: int) -> int | None:
    depth = 0
    for at in range(end, max(-1, end - _REACH), -1):
        if folded[at] in _PAIRS:
            depth += 1
        elif folded[at] in _OPEN:
            depth -= 1
            if depth == 0:
                return at
    return None


def _tail(line: str, folded: str) -> Found | None:
    """A number at the end of the line, in brackets or behind a label or a separator."""
    in_brackets = _tail_in_brackets(line, folded)
    if in_brackets is not None:
        return in_brackets
    number = _AT_END.search(folded, max(0, len(folded) - _REACH))
    if number is None or not number.start() or _WHOLE.fullmatch(number[1].strip()) is None:
        return None
    left = folded[: number.start()]
    trimmed = left.rstrip(_JOINTS)
    joint = left[len(trimmed) :]
    separated = any(c in _RELATIONS for c in joint + number[1][:1])
    at = label_before(trimmed, separated=separated)
    if at is not None:
        before = _trim_before(line[:at], line[number.end(1) :])
        sign = left[-1] if left.endswith(("-", "+")) and separated else ""
        relation = joint.strip(' \t*_`"(:=')
        raw = f"{relation}{sign}{number[1].strip()}"
        return Found(raw, before, "", "tail" if before else "only", 4)
    return _tail_without_label(line, left, number, separated=separated)


def _tail_in_brackets(line: str, folded: str) -> Found | None:
    end = len(folded.rstrip(_TRIM))
    if not end or folded[end - 1] not in _PAIRS:
        return None
    start = _opening(folded, end - 1)
    group = None if start is None else _group(folded[start + 1 : end - 1])
    if start is None or group is None:
        return None
    before = _trim_before(line[:start], line[end:])
    return Found(group[0], before, "", "tail", group[1]) if before else None


def _tail_without_label(
    line: str, left: str, number: re.Match[str], *, separated: bool
) -> Found | None:
    raw = number[1].strip()
    if not separated and left[-1:] in "-+" and left[:-1].rstrip().endswith((":", "=")):
        raw, left = left[-1] + raw, left[:-1]
    clear = bool(_CLEAR.search(raw))
    if not clear and len(raw.strip("~ <>-+")) > _LONGEST_PERCENTAGE and raw != "100":
        return None
    before = _trim_before(line[: len(left)], line[number.end(1) :])
    if not before:
        return None
    if separated or _SEPARATED.search(left, max(0, len(left) - 8)):
        return Found(raw, before, "", "tail", 2 if clear else 1)
    if left[-1:] in " \t*" and "%" in raw:
        return Found(raw, before, "", "tail", 1)
    return None


def _trim_before(before: str, markup_after: str) -> str:
    """The text before a number, without what joined them."""
    text = before.rstrip()
    opened = ""
    for mark in ("**", "__", "*", "_", "`"):
        if text.endswith(mark) and markup_after.strip().startswith(mark):
            text = text[: -len(mark)].rstrip()
            markup_after = ""
            opened = mark
            break
    text = (
        re.sub(
            r"(?:\s+\.{3,}|\.{4,}|\s+\u2026)\Z|[\s:=|\u2192\u21d2;~\u2248\uff1a\uff5c]+\Z|\s+[-\u2013\u2014\u2022\u00b7]+\s*\Z|[\u2014\u2013]\Z|,\s*\Z",
            "",
            text[-40:],
        ).join([text[:-40], ""])
        if text
        else text
    )
    text = text.rstrip()
    match = re.search(r"\s*(?:[:\uff1a])(\*\*|__)\Z", text[-12:])
    if match:
        text = (
            text[: len(text[:-12]) + match.start()] + match[1]
            if len(text) > 12
            else text[: match.start()] + match[1]
        )
    text = (
        re.sub(r"(?:\s+[-\u2013\u2014|]+|[,;|])\Z", "", text[-12:]).join([text[:-12], ""]).rstrip()
    )
    after = markup_after.strip(" \t\r\n.:;,!)")
    if not opened and after in ("**", "__", "*", "_") and text.count(after) % 2:
        text += after
    return text.strip()


def _middle(line: str, folded: str) -> Found | None:
    """A labelled number in brackets somewhere in the line."""
    for opening in re.finditer(r"[(\[]", folded):
        end = _closing(folded, opening.start())
        if end is None or end - opening.start() > 60:
            continue
        inner = folded[opening.start() + 1 : end]
        if not any(map(str.isdigit, inner)) or (opening.start() == 0):
            continue
        group = _group(inner)
        if group is not None and group[1] == 4:
            before = line[: opening.start()].rstrip()
            after = line[end + 1 :]
            return Found(group[0], before, after.strip(), "middle", 3)
    return None


def _labelled_words(line: str, folded: str) -> Found | None:
    """`(Probability: high)` and `Probability: unknown`: the notation without a number."""
    end = len(folded.rstrip(_TRIM))
    if end and folded[end - 1] == ")":
        start = _opening(folded, end - 1)
        label = label_at_start(folded[start + 1 : end - 1]) if start is not None else None
        if start is not None and label is not None and role_of(label[0]) == "number":
            raw = folded[start + 1 + label[1] : end - 1].strip()
            before = _trim_before(line[:start], line[end:])
            return Found(raw, before, "", "tail" if before else "only", 4)
    label = label_at_start(folded)
    if label is not None and role_of(label[0]) == "number" and len(folded) - label[1] <= 40:
        return Found(line[label[1] :].strip(" \t\r\n*_`"), "", "", "only", 4)
    return None
