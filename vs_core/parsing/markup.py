"""Single tags in a reply: where one stands, how it is named, what it says."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from vs_core.parsing import vocabulary as words

LONGEST_TAG = 8192
_LONGEST_PLAIN = 120

_OPENING = r"<[\s\u200b-\u200f\u2060\ufeff]{0,4}(/?)[\s\u200b-\u200f\u2060\ufeff]{0,4}"
_NAME = _OPENING + r"([^\W\d_][^\s<>/=\"'`(){}\[\],;!?*]{0,47})(?=[\s/>=])"
_QUOTED = re.compile(_NAME + r"((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_SIMPLE = re.compile(_NAME + r"([^<>]*)>")
_BEGUN = re.compile(_OPENING + r"(?:[^\W\d_][^\s<>/=\"'`(){}\[\],;!?*]{0,47}(?:\Z|[\s/=])|\Z)")
_WITH_ATTRIBUTE = re.compile(_NAME + r"\s+[^\s<>=\"']{1,48}\s{0,3}=")
_UNFINISHED = re.compile(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*(?:\"[^\"]*|'[^']*)?\Z")
_ATTRIBUTE = re.compile(r"([^\s=<>\"'/]{1,48})\s{0,3}=\s{0,3}(\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, and the parts of the notation that its name can stand for.

    Attributes:
        name: Its name in normal form.
        written: Its name as written.
        closing: Whether it is an end tag.
        empty: Whether it closes itself.
        attributes: What stands between name and `>`.
        length: How many characters it takes.
        number: Whether its name can mean the stated number.
        text: Whether it can mean the text of a candidate.
        item: Whether it can mean one candidate.
        wrapper: Whether it can mean the set of candidates.
        reason: Whether it can mean reasoning that belongs with the answer.
        thought: Whether it can mean thinking aloud.
    """

    name: str
    written: str
    closing: bool
    empty: bool
    attributes: str
    length: int
    number: bool
    text: bool
    item: bool
    wrapper: bool
    reason: bool
    thought: bool

    def pairs(self) -> list[tuple[str, str]]:
        """The attributes with their decoded values."""
        if "=" not in self.attributes:
            return []
        return [
            (key, html.unescape(value.strip("\"'") if value[0] in "\"'" else value.rstrip("/")))
            for key, value in _ATTRIBUTE.findall(self.attributes)
        ]


@lru_cache(maxsize=512)
def _plain_tag(written: str) -> Tag | None:
    """A tag without quotes in it, read once for all the times it comes."""
    found = _SIMPLE.fullmatch(written)
    return None if found is None else _as_tag(found)


def _as_tag(found: re.Match[str]) -> Tag:
    closing, written, attributes = found.groups()
    return Tag(
        name=words.normal(written),
        written=written,
        closing=bool(closing),
        empty=attributes.endswith("/") or written.endswith("/"),
        attributes=attributes,
        length=found.end() - found.start(),
        number=words.names_number_tag(written),
        text=words.names_text(written),
        item=words.names_item(written),
        wrapper=words.names_wrapper(written),
        reason=words.names_reason(written),
        thought=words.names_thought(written),
    )


class Unfinished:
    """What stands here may become a tag when more text comes."""


UNFINISHED = Unfinished()


def tag_at(text: str, position: int, *, final: bool) -> Tag | Unfinished | None:
    """The tag that begins at a `<`; None when it is only a character."""
    end = text.find(">", position, position + _LONGEST_PLAIN) + 1
    if end:
        written = text[position:end]
        if '"' not in written and "'" not in written:
            return _plain_tag(written)
    found = _QUOTED.match(text, position)
    if found is None and not final and may_be_a_tag(text, position):
        return UNFINISHED
    if found is None or found.end() - position > LONGEST_TAG:
        found = _SIMPLE.match(text, position)
    if found is None or not _is_short_enough(text, position, found.end()):
        return None
    return _as_tag(found)


def _is_short_enough(text: str, position: int, end: int) -> bool:
    """Whether something is a tag by its length: only attributes make a tag long."""
    if end - position <= _LONGEST_PLAIN:
        return True
    return end - position <= LONGEST_TAG and _WITH_ATTRIBUTE.match(text, position) is not None


def may_be_a_tag(text: str, position: int) -> bool:
    """Whether the rest of the window can be the beginning of a tag."""
    begun = _BEGUN.match(text, position)
    if begun is None or not _is_short_enough(text, position, len(text)):
        return False
    return _UNFINISHED.match(text, position) is not None
