"""Where a series in a strong notation (tags, JSON, the asked lines) may begin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from vs_core.parsing.clean.characters import fold
from vs_core.parsing.segment.number_place import numbers_in
from vs_core.parsing.segment.tags import may_become_tag, tag_at
from vs_core.parsing.words import normal

Notation = Literal["tags", "json", "lines"]

_CANDIDATE = re.compile(
    r"[<{\[\uff5b\uff3b]|(?<![\w\"'])[A-Z][A-Za-z]{0,60}\((?=\s{0,3}\w{1,30}\s?=)|\"(?=[a-z_]{1,30}\"\s?:)"
)
_JSON = re.compile(
    r"\{\s{0,200}(?:[\"'\u201c\u201d\u2018`{}]|//|/\*|[A-Za-z_]\w{0,40}\s{0,20}:|\\\")"
    r"|[\uff5b\uff3b]\s{0,20}[\uff5b\uff3b\"'\u201c]"
    r"|\[\s{0,200}(?:[{\[\"'\u201c\u201d\u2018(]|//|/\*|[A-Z]\w{0,60}\()"
    r"|[A-Z][A-Za-z]{0,60}\(\s{0,3}\w{1,30}\s?=\s?[\"'\[\d.]"
    r"|\"[a-z_]{1,30}\"\s?:\s?[\[{\"]"
)
_MAY_BE_JSON = re.compile(
    r"[{\[]\s{0,200}(?:/|[A-Za-z_]\w{0,60}\s{0,20})?\Z|[A-Z][A-Za-z]{0,60}\(\s{0,3}(?:\w{1,30}\s?=?\s?)?\Z"
    r"|\"[a-z_]{0,30}(?:\"\s?(?::\s?)?)?\Z"
)
_MARKS = (
    r"[ \t>]*(?:\|\s?)?(?:#{1,6}[ \t]+)?"
    r"(?:(?:[-*+\u2022]|\(?\d{1,3}[.):]|[A-Za-z][.)])[ \t]+)?(?:\*\*|__|\*)?"
    r"(?:\d{1,3}[.)](?:\*\*|__)[ \t]*)?"
)
_LINE_START = re.compile(rf"{_MARKS}\Z")
_BEHIND_LABEL = re.compile(
    rf"{_MARKS}[^.!?{{}}\[\]<>`\"|]{{1,60}}[:=\uff1a](?:\*\*|__|\*)?[ \t]*\Z"
)
_TAGS_BEFORE = re.compile(r"(?:</?[^\W\d_][^<>]{0,80}>[ \t]*){1,8}\Z")
_EXACT_LINE = re.compile(r"[ \t]{0,8}(\d{1,3})[.)][ \t]{0,4}\(([^()\n]{1,30})\)")
_MAY_BE_LINE = re.compile(r"[ \t]{0,8}(?:\d{1,3}(?:[.)][ \t]{0,4}(?:\([^()\n]{0,30}\)?)?)?)?\Z")
_FENCE = re.compile(r"(?:\A|\n)[ \t>]{0,8}(```+|~~~+)([^\n`]*)(?=\n|\Z)")
_END_TAG = re.compile(r"</([\w-]{1,40})\s?>\s*\Z")
_REACH = 80
_LONGEST_LINE = 400
_QUOTES = ("`", "*", '"', "'")
_MOST_STARTS = 400
_LONGEST_COMMENT = 8000


@dataclass(frozen=True)
class Start:
    """A place where a series may begin.

    Attributes:
        at: The place.
        notation: In which notation.
        name: The name of the tag, if it is one.
        begins_line: Whether nothing but marks or a label stands before it on its line.
        fenced: Whether it stands in a code fence.
        is_set: Whether it is the tag of a set, which may hold anything.
    """

    at: int
    notation: Notation
    name: str
    begins_line: bool
    fenced: bool = False
    is_set: bool = False


def starts_in(text: str, *, final: bool) -> tuple[list[Start], int]:
    """The places where a strong series may begin, in order.

    Returns:
        The places; and up to where the text is decided (what may yet become one is not).
    """
    found: list[Start] = []
    for start in each_start(text, final=final):
        if isinstance(start, int):
            return found, start
        found.append(start)
    return found, len(text)


def each_start(text: str, *, final: bool) -> Iterator[Start | int]:
    """The places one by one, at last a number where the text is not decided to its end."""
    fences = fences_in(text)
    for start in islice(_iterated(text, final=final), _MOST_STARTS):
        if isinstance(start, Start) and any(begin <= start.at < end for begin, end in fences):
            yield replace(start, fenced=True)
        else:
            yield start


def next_json(text: str, *, final: bool) -> tuple[int, int]:
    """Where the next JSON value begins, -1 if none does; and up to where that is decided."""
    for start in _iterated(text, final=final):
        if isinstance(start, int):
            return -1, start
        if start.notation == "json" and (
            start.begins_line or not text[: start.at].strip(" ,;\t\r\n")
        ):
            return start.at, start.at
    return -1, len(text)


def _iterated(text: str, *, final: bool) -> Iterator[Start | int]:
    """The places one by one; a number where the text is not decided any further."""
    passed = 0
    for candidate in _CANDIDATE.finditer(text):
        at = candidate.start()
        if at < passed:
            continue
        if text.startswith("<!--", at):
            passed = _past_comment(text, at)
            undecided = passed == at + 1 and len(text) < at + _LONGEST_COMMENT
            start: Start | int | None = at if undecided and not final else None
        elif text[at] == "<":
            start = _tag_start(text, at, final=final)
        else:
            start = _json_start(text, at, final=final)
        if start is not None:
            yield start
        if isinstance(start, int):
            return


def _json_start(text: str, at: int, *, final: bool) -> Start | int | None:
    """JSON at a place as a beginning; the place, if that is not decided; None if it is none."""
    if at and text[at - 1] in "{[":
        return None
    if _JSON.match(text, at):
        return Start(at, "json", "", _begins_line(text, at))
    return at if not final and _MAY_BE_JSON.match(text, at) else None


def _past_comment(text: str, at: int) -> int:
    end = text.find("-->", at, at + _LONGEST_COMMENT)
    return end + 3 if end >= 0 else at + 1


def _tag_start(text: str, at: int, *, final: bool) -> Start | int | None:
    """The tag at a place as a beginning; the place, if that is not decided; None if it is none."""
    tag = tag_at(text, at, final=final)
    if tag is None:
        return at if not final and may_become_tag(text, at) else None
    end = at + len(tag.raw)
    if not final and at and text[at - 1] in _QUOTES and len(text) < end + 2:
        return at
    if tag.inline or tag.about or tag.thought or _is_quoted(text, at, end):
        return None
    name = ("/" if tag.closing else "") + tag.name
    is_set = tag.set and not tag.closing
    return Start(at, "tags", name, _begins_line(text, at), is_set=is_set)


def behind_set(text: str, start: Start) -> str:
    """The first character behind the tag of a set; empty when it has not arrived."""
    rest = text[text.find(">", start.at) + 1 :].lstrip()
    while rest.startswith("<") and (tag := tag_at(rest, 0)) is not None and (tag.set or tag.about):
        rest = rest[len(tag.raw) :].lstrip()
    return rest[:1]


def in_mid_line_before(text: str, starts: Sequence[Start], start: Start) -> Start:
    """The place in mid-line at which a series in tags begins that goes on at a given place."""
    if start.notation != "tags" or start.name.startswith("/"):
        return start
    begin = start
    for other in reversed(starts):
        if other.at >= begin.at or other.begins_line or other.name != start.name:
            continue
        end = _END_TAG.search(text, max(other.at, begin.at - _REACH), begin.at)
        if end is not None and normal(end[1]) == normal(start.name):
            begin = other
    return begin


def exact_line_at(text: str, at: int) -> tuple[int, int] | None:
    """Ordinal and end of the mark of a line in the asked layout, `N. (p) text`, or None."""
    found = _EXACT_LINE.match(fold(text[at : at + 60]))
    if found is None:
        return None
    inner = text[at + found.start(2) : at + found.end(2)]
    numbers = numbers_in(inner)
    is_number = len(numbers) == 1 and numbers[0].place == "only"
    return (int(found[1]), at + found.end()) if is_number else None


def may_become_exact_line(text: str, at: int) -> bool:
    """Whether the rest of a text can be the beginning of a line in the asked layout."""
    return len(text) - at < 60 and _MAY_BE_LINE.match(fold(text[at:])) is not None


def _is_quoted(text: str, at: int, end: int) -> bool:
    before, behind = text[at - 1 : at], text[end : end + 1]
    if at > 1 and text[at - 2 : at] == "**" == text[end : end + 2]:
        return True
    return (before == "`" and at > 0) or (before in ('"', "'") and before == behind and at > 0)


def _begins_line(text: str, at: int) -> bool:
    line = text[max(text.rfind("\n", max(0, at - _LONGEST_LINE), at) + 1, at - _LONGEST_LINE) : at]
    line = line.lstrip("\ufeff")
    if len(line) >= _LONGEST_LINE:
        return False
    line = _TAGS_BEFORE.sub("", line)
    return _LINE_START.fullmatch(line) is not None or _BEHIND_LABEL.fullmatch(line) is not None


def fences_in(text: str) -> list[tuple[int, int]]:
    """Where code fences begin and end; one that is never closed reaches to the end."""
    spans: list[tuple[int, int]] = []
    if "```" not in text and "~~~" not in text:
        return spans
    open_at, mark = -1, ""
    for found in _FENCE.finditer(text):
        if open_at < 0:
            open_at, mark = found.start(1), found[1]
        elif found[1][0] == mark[0] and len(found[1]) >= len(mark) and not found[2].strip():
            spans.append((open_at, found.end()))
            open_at = -1
    if open_at >= 0:
        spans.append((open_at, len(text)))
    return spans
