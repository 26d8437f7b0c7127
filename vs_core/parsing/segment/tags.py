"""Tags: one tag and what its name can mean, and the split of a text into tags and text."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from vs_core.parsing import words

_LONGEST_TAG = 8192
_LONGEST_PLAIN = 120
_OPAQUE = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?xml", "?>"))
"""Sections in which tags are none, by the marks around them."""
_LONGEST_MARK = len("<![CDATA[")

_SPACE = r"[\s\u200b-\u200f\u2060\ufeff]{0,4}"
_NAME = rf"<{_SPACE}(/?){_SPACE}([^\W\d_][^\s<>/=\"'`(){{}}\[\],;!?*]{{0,47}})(?=[\s/>=])"
_QUOTED = re.compile(_NAME + r"((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_SIMPLE = re.compile(_NAME + r"([^<>]*)>")
_WITH_ATTRIBUTE = re.compile(_NAME + r"\s+[^\s<>=\"']{1,48}\s{0,3}=")
_BEGUN = re.compile(
    rf"<{_SPACE}/?{_SPACE}(?:[^\W\d_][^\s<>/=\"'`(){{}}\[\],;!?*]{{0,47}}(?:\Z|[\s/=])|\Z)"
)
_UNFINISHED = re.compile(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*(?:\"[^\"]*|'[^']*)?\Z")
_ATTRIBUTE = re.compile(r"([^\s=<>\"'/]{1,48})\s{0,3}=\s{0,3}(\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)")
_CLOSE_ENOUGH = 0.75


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, and what its name can mean.

    Attributes:
        raw: As written.
        name: Its name in normal form, without a name space.
        closing: Whether it is an end tag.
        empty: Whether it closes itself.
        attributes: What stands between name and `>`.
        number: Whether its name can mean the stated number.
        answer: Whether it can mean one candidate or its text.
        body: Whether it can mean the text of a candidate, and nothing else.
        set: Whether it can mean the set of candidates.
        reason: Whether it can mean reasoning that belongs with the answer.
        thought: Whether it can mean thinking aloud.
        about: Whether it can mean something about a candidate.
        inline: Whether it is HTML that stands in running text.
    """

    raw: str
    name: str
    closing: bool
    empty: bool
    attributes: str
    number: bool
    answer: bool
    body: bool
    set: bool
    reason: bool
    thought: bool
    about: bool
    inline: bool

    @property
    def is_field(self) -> bool:
        """Whether it marks a part of a candidate beyond doubt."""
        return self.number or self.body or self.reason

    def pairs(self) -> list[tuple[str, str]]:
        """The attributes with their decoded values."""
        if "=" not in self.attributes:
            return []
        return [
            (key, html.unescape(value.strip("\"'") if value[0] in "\"'" else value.rstrip("/")))
            for key, value in _ATTRIBUTE.findall(self.attributes)
        ]

    def number_in_attributes(self) -> str | None:
        """A number stated in an attribute: `probability="0.1"`, `value="0.1"`, or none."""
        for key, value in self.pairs():
            if words.names_number(key) or (self.number and key.lower() == "value"):
                return value.strip()
        return self.attributes.strip(" /") if self.number and self.empty else None

    def text_in_attributes(self) -> str | None:
        """A text given in an attribute, or none."""
        for key, value in self.pairs():
            if words.names_answer(key) and value.strip():
                return value.strip()
        return None


Token = Tag | str


@lru_cache(maxsize=512)
def _plain_tag(written: str) -> Tag | None:
    """A tag without quotes in it, read once for all the times it comes."""
    found = _SIMPLE.fullmatch(written)
    return None if found is None else _as_tag(found)


def _as_tag(found: re.Match[str]) -> Tag:
    closing, written, attributes = found.groups()
    name = written.rstrip(":").rpartition(":")[2]
    # `<probability: 0.3>`: what stands behind the colon is the content.
    holds_value = written.endswith(":") and bool(attributes.strip())
    return Tag(
        raw=found[0],
        name=words.normal(name),
        closing=bool(closing),
        empty=attributes.endswith("/") or written.endswith("/") or holds_value,
        attributes=attributes,
        number=words.names_number_tag(name),
        answer=words.names_answer(name),
        body=words.names_body(name),
        set=words.names_set(name),
        reason=words.names_reason(name),
        thought=words.names_thought(name),
        about=words.names_about(name),
        inline=words.names_inline(name),
    )


def similar(one: str, other: str) -> bool:
    """Whether one name is a misspelling of the other."""
    if not one or not other or abs(len(one) - len(other)) > 2:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _CLOSE_ENOUGH


def tag_at(text: str, position: int, *, final: bool = True) -> Tag | None:
    """The tag that begins at a `<`; None when there is none, or not yet."""
    end = text.find(">", position, position + _LONGEST_PLAIN) + 1
    if end:
        written = text[position:end]
        if '"' not in written and "'" not in written:
            return _plain_tag(written)
    found = _QUOTED.match(text, position, position + _LONGEST_TAG)
    if found is None and not final and may_become_tag(text, position):
        return None
    found = found or _SIMPLE.match(text, position, position + _LONGEST_TAG)
    if found is None or not _is_short_enough(text, position, found.end()):
        return None
    return _as_tag(found)


def may_become_tag(text: str, position: int) -> bool:
    """Whether the rest of a text can be the beginning of a tag."""
    rest = text[position : position + _LONGEST_MARK]
    if any(len(rest) < len(mark) and mark.startswith(rest) for mark, _ in _OPAQUE):
        return True
    if not _BEGUN.match(text, position) or not _is_short_enough(text, position, len(text)):
        return False
    return _UNFINISHED.match(text, position) is not None


def _is_short_enough(text: str, position: int, end: int) -> bool:
    """Whether something is a tag by its length: only attributes make a tag long."""
    if end - position <= _LONGEST_PLAIN:
        return True
    return end - position <= _LONGEST_TAG and _WITH_ATTRIBUTE.match(text, position) is not None


class TagScanner:
    """Splits a text, fed in pieces, into tags and text.

    Comments, CDATA sections and declarations are text; tags inside of them are none. Joined, the
    tokens are the text again.
    """

    __slots__ = ("_held", "_until")

    def __init__(self) -> None:
        self._held = ""
        self._until = ""

    @property
    def holds(self) -> bool:
        """Whether a part of the text waits for more."""
        return bool(self._held or self._until)

    def feed(self, chunk: str) -> list[Token]:
        """Read on; what may become a tag is held back."""
        held = self._held
        if not self._until:
            if not held:
                if "<" not in chunk:
                    return [chunk]
            elif ">" not in chunk and held[1:2] not in "!?" and len(held) < _LONGEST_TAG:
                self._held = held + chunk
                return []
        self._held = ""
        return self._split(held + chunk, final=False)

    def close(self) -> list[Token]:
        """Read to the end."""
        held, self._held = self._held, ""
        tokens = self._split(held, final=False)
        held, self._held = self._held, ""
        return tokens + self._split(held, final=True)

    def _split(self, text: str, *, final: bool) -> list[Token]:
        tokens: list[Token] = []
        start = at = 0
        while True:
            if self._until:
                end = text.find(self._until, at)
                if end < 0:
                    held = 0 if final else len(self._until) - 1
                    stop = max(start, len(text) - held)
                    self._held, text = text[stop:], text[:stop]
                    break
                at = end + len(self._until)
                self._until = ""
            at = text.find("<", at)
            if at < 0:
                break
            tag = tag_at(text, at, final=final)
            if tag is not None:
                if at > start:
                    tokens.append(text[start:at])
                tokens.append(tag)
                start = at = at + len(tag.raw)
            elif ending := next((end for mark, end in _OPAQUE if text.startswith(mark, at)), ""):
                self._until = ending
            elif not final and may_become_tag(text, at):
                self._held, text = text[at:], text[:at]
                break
            else:
                at += 1
        if start < len(text):
            tokens.append(text[start:])
        return tokens
