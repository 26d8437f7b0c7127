"""Reading the text of a candidate in tags up to its end, whatever stands in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from vs_core.parsing import vocabulary as words
from vs_core.parsing.fences import FenceTracker
from vs_core.parsing.markup import Tag, Unfinished, tag_at

if TYPE_CHECKING:
    from vs_core.parsing.source import Source

CDATA = "<![CDATA["

_NEXT_TAG = re.compile(r"\s{0,200}<\s?(/?)\s?([^\W\d_][^\s<>/=]{0,47})[^<>]{0,200}>")
_MAY_BE_NEXT_TAG = re.compile(r"\s{0,200}(?:<\s?/?\s?(?:[^\W\d_][^\s<>/=]{0,47}[^<>]{0,200})?)?\Z")
_NUMBER_FOLLOWS = re.compile(r"\s{0,20}[^<\n]{0,100}\s{0,20}(<)")
_MAY_BE_NUMBER = re.compile(r"\s{0,20}[^<\n]{0,100}\s{0,20}\Z")
_BEGUN_END = re.compile(r"</\s?([^\W\d_][^<>\s]{0,40})\Z")
_REST_OF_LINE = re.compile(r"[ \t]{0,200}")
_LONGEST_END = 60


@dataclass(frozen=True, slots=True)
class Ending:
    """How a text ended.

    Attributes:
        kind: `closed`; `promoted`, when what looked like a text was the candidate around it; or
            `restarted`, when the next candidate begins before this one has ended.
        position: Where the text behind the end begins in the window.
        mended: Whether the end tag was missing.
        tag: The tag that begins the next candidate.
    """

    kind: Literal["closed", "promoted", "restarted"]
    position: int
    mended: bool = False
    tag: Tag | None = None


class TagText:
    """The text between `<text>` and its end.

    Not every tag in it is notation: it may quote tags in a fence or in backticks, nest elements of
    the same name, or mention one. What a tag is shows in what follows it; as long as that has not
    arrived, the tag stays in the window.

    Attributes:
        parts: What has been read.
        in_section: Whether a CDATA section is open.
    """

    def __init__(self, field: str, item: str, parts: list[str]) -> None:
        self._field = field
        self._item = item
        self.parts = parts
        self.in_section = False
        self._checked = 0
        self._fences = FenceTracker()
        self._nested_texts = 0
        self._nested_items = 0
        self._at = 0

    def complete_at_end(self) -> str | None:
        """The text, if the reply ends within its end tag; None if within the text itself."""
        self._check_fences()
        rest = "".join(self.parts)
        begun = _BEGUN_END.search(rest, max(0, len(rest) - _LONGEST_END))
        if begun is None or self.in_section or self._fences.open or self._nested_texts:
            return None
        return rest[: begun.start()] if self._field.startswith(words.normal(begun[1])) else None

    def read(self, source: Source) -> Ending | None:
        """Read on; None when more text is needed."""
        while True:
            if self.in_section and not self._read_section(source):
                return None
            text, start = source.text, source.pos
            at = text.find("<", start)
            while at >= 0:
                if text[at + 1 : at + 2] in ("!", "") and self._section_at(source, at):
                    break
                tag = tag_at(text, at, final=source.final)
                if isinstance(tag, Unfinished):
                    self._keep(source, at)
                    return None
                if tag is not None and self._is_structural(tag):
                    self._keep(source, at)
                    self._at = at
                    self._check_fences()
                    verdict = self._decide(tag, source)
                    if verdict is None or isinstance(verdict, Ending):
                        return verdict
                at = text.find("<", at + 1)
            if at < 0:
                self._keep(source, len(text))
                return None
            if not self.in_section:
                return None

    def _keep(self, source: Source, stop: int) -> None:
        self.parts.append(source.text[source.pos : stop])
        source.pos = stop

    def _section_at(self, source: Source, at: int) -> bool:
        """Whether a CDATA section begins here, or may when more text comes."""
        text = source.text
        if text.startswith(CDATA, at):
            self._keep(source, at + len(CDATA))
            self.in_section = True
            return True
        if not source.final and len(text) - at < len(CDATA) and CDATA.startswith(text[at:]):
            self._keep(source, at)
            return True
        return False

    def _read_section(self, source: Source) -> bool:
        found = source.text.find("]]>", source.pos)
        self._keep(source, found + 3 if found >= 0 else max(source.pos, len(source.text) - 2))
        self.in_section = found < 0
        return found >= 0

    def _is_structural(self, tag: Tag) -> bool:
        return (
            tag.name in (self._field, self._item)
            or tag.number
            or tag.item
            or tag.wrapper
            or tag.text
        )

    def _check_fences(self) -> None:
        if self._checked < len(self.parts):
            piece = "".join(self.parts[self._checked :])
            self.parts[self._checked :] = [piece]
            self._fences.add(piece)
            self._checked = len(self.parts)

    # --- what a tag in the text is ----------------------------------------------------------
    # Each answers with an Ending, with False for a part of the text, or with None when that
    # depends on what has not arrived yet.

    def _decide(self, tag: Tag, source: Source) -> Ending | bool | None:
        end = self._at + tag.length
        backticks = self._in_backticks(source, end)
        if backticks is None:
            return None
        if tag.closing:
            return self._decide_closing(tag, source, quoted=self._fences.open or backticks)
        if tag.name == self._field:
            return self._decide_same(source, end)
        if tag.number:
            quoted = self._fences.open or bool(self._nested_items) or backticks
            return False if quoted else self._decide_number(tag, source)
        if tag.name == self._item or (tag.item and words.names_item(self._field)):
            return False if backticks else self._decide_item(tag, source)
        return self._decide_text(tag)

    def _decide_text(self, tag: Tag) -> Ending | bool:
        """`<answer><response><text>`: the outer tag was a wrapper, this one is the candidate."""
        if not words.names_item(self._field) or not tag.text or any(map(str.strip, self.parts)):
            return False
        return Ending("promoted", self._at)

    def _decide_closing(self, tag: Tag, source: Source, *, quoted: bool) -> Ending | bool | None:
        if tag.name == self._field:
            return self._decide_own_end(source, self._at + tag.length, quoted=quoted)
        if tag.name == self._item:
            if self._nested_items:
                self._nested_items -= 1
                return False
            ends = not quoted and self._ends_line(source, self._at + tag.length)
            return Ending("closed", self._at, mended=True) if ends else ends
        if tag.wrapper and not quoted and self._item:
            return Ending("closed", self._at, mended=True)
        return False

    def _decide_own_end(self, source: Source, end: int, *, quoted: bool) -> Ending | bool | None:
        if not quoted and not self._nested_texts:
            return Ending("closed", end)
        if self._nested_items:
            return False
        follows = self._notation_follows(source, end, at_end=True)
        if follows:
            return Ending("closed", end)
        if follows is False:
            self._nested_texts = max(0, self._nested_texts - 1)
        return follows

    def _decide_same(self, source: Source, end: int) -> Ending | bool | None:
        """The opening tag again: nested, or an end tag without its slash."""
        if not self._fences.open:
            follows = self._notation_follows(source, end, at_end=False)
            if follows is None:
                return None
            if follows:
                return Ending("closed", end, mended=True)
        self._nested_texts += 1
        return False

    def _decide_number(self, tag: Tag, source: Source) -> Ending | bool | None:
        """A tag for the number ends the text, if a number stands in it."""
        ending = Ending("closed", self._at, mended=True)
        end = self._at + tag.length
        if tag.empty:
            return ending
        found = _NUMBER_FOLLOWS.match(source.text, end)
        if found is None:
            if not _MAY_BE_NUMBER.match(source.text, end):
                return False
            return ending if source.final else None
        closing = tag_at(source.text, found.start(1), final=source.final)
        if isinstance(closing, Unfinished):
            return None
        closes = closing is not None and closing.closing and closing.name == tag.name
        digits = any(map(str.isdigit, source.text[end : found.start(1)]))
        return ending if closes or digits else False

    def _decide_item(self, tag: Tag, source: Source) -> Ending | bool | None:
        """The next candidate begins before the end of this one, or one is quoted."""
        if self._fences.open:
            self._nested_items += 1
            return False
        end = self._at + tag.length
        found = _NEXT_TAG.match(source.text, end)
        if found is None:
            waits = not source.final and _MAY_BE_NEXT_TAG.match(source.text, end)
            return None if waits else False
        if found[1] or not (words.names_text(found[2]) or words.names_number_tag(found[2])):
            return False
        return Ending("restarted", end, tag=tag)

    def _in_backticks(self, source: Source, end: int) -> bool | None:
        """Whether a tag is quoted as code; None if that depends on what follows."""
        if not self.parts or not self.parts[-1].endswith("`"):
            return False
        if end >= len(source.text) and not source.final:
            return None
        return source.text[end : end + 1] == "`"

    @staticmethod
    def _ends_line(source: Source, position: int) -> bool | None:
        """Whether nothing but a tag follows on the line; None if not yet known."""
        rest = _REST_OF_LINE.match(source.text, position)
        at = rest.end() if rest else position
        if at >= len(source.text):
            return True if source.final else None
        return source.text[at] in "\r\n<`"

    def _notation_follows(self, source: Source, position: int, *, at_end: bool) -> bool | None:
        """Whether a part of the candidate's notation follows; None if not yet known."""
        found = _NEXT_TAG.match(source.text, position)
        if found is None:
            if _MAY_BE_NEXT_TAG.match(source.text, position):
                return None if not source.final else at_end
            return False
        written = found[2]
        if found[1]:
            return words.normal(written) == self._item or words.names_wrapper(written)
        return words.names_number_tag(written) or words.names_reason(written)
