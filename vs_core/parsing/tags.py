"""Reading one candidate written in tags, from its opening tag on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vs_core.parsing import vocabulary as words
from vs_core.parsing.decode import text_of
from vs_core.parsing.fences import FenceTracker
from vs_core.parsing.item import Item
from vs_core.parsing.loose import fields_of
from vs_core.parsing.markup import Tag, Unfinished, tag_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from vs_core.parsing.gathered import Gathered
    from vs_core.parsing.source import Mode, Source

CLOSED_TEXT = "the end tag of the text was missing"
CLOSED_ITEM = "the end tag of the response was missing"
CLOSED_NUMBER = "the end tag of the number was missing"
NUMBER_CUT = "the number was cut off"

_NEXT_TAG = re.compile(r"\s{0,200}<\s?(/?)\s?([^\W\d_][^\s<>/=]{0,47})[^<>]{0,200}>")
_MAY_BE_NEXT_TAG = re.compile(
    r"\s{0,200}(?:<\s?/?\s?(?:[^\W\d_][^\s<>/=]{0,47}[^<>]{0,200})?)?\Z"
)
_NUMBER_FOLLOWS = re.compile(r"\s{0,20}[^<\n]{0,100}\s{0,20}(<)")
_MAY_BE_NUMBER = re.compile(r"\s{0,20}[^<\n]{0,100}\s{0,20}\Z")
_BEGUN_TAG = re.compile(r"<[^<>]*\Z")
_BEGUN_END = re.compile(r"</\s?([^\W\d_][^<>\s]{0,40})\Z")
_CDATA = "<![CDATA["
_COMMENT = "<!--"


class TagItem:
    """One candidate in tags: `<response><text>..</text><probability>..</probability></response>`.

    Without a name it reads fields that stand in no enclosing tag; such an item ends where its
    fields are complete or the next one's begin.
    """

    def __init__(
        self,
        gathered: Gathered,
        back: Mode,
        name: str,
        *,
        loose: str = "",
        nested: Callable[[str], list[Item]] | None = None,
        decoded: bool = True,
    ) -> None:
        self._gathered = gathered
        self._back = back
        self._nested = nested
        self._decoded = decoded
        self._name = name
        self._state: Callable[[Source], bool | None] = self._between
        self._at = 0
        self._begin(loose)

    def _begin(self, loose: str = "") -> None:
        self._loose: list[str] = []
        self._filled = False
        self._add_loose(loose)
        self._text: str | None = None
        self._raw: str | None = None
        self._reason: str | None = None
        self._repairs: list[str] = []
        self._since_text = 0
        self._number_behind = False
        self._done = False
        self._open_field()

    def _add_loose(self, piece: str) -> None:
        """Keep what stands between the fields."""
        if piece:
            self._loose.append(piece)
            self._filled = self._filled or not piece.isspace()

    def _open_field(self, name: str = "") -> None:
        self._field = name
        self._parts: list[str] = []
        self._checked = 0
        self._fences = FenceTracker()
        self._nested_texts = 0
        self._nested_items = 0

    # --- the mode -------------------------------------------------------------------------

    def read(self, source: Source) -> Mode | None:
        """Read up to the end of the candidate."""
        while True:
            progress = self._state(source)
            if progress is None:
                return None
            if self._done:
                return self._back

    def end(self) -> None:
        """The reply ends inside the candidate: keep it if its text is complete."""
        state = self._state
        rest = "".join(self._parts)
        complete = not self._name and state == self._between
        self._gathered.truncated = self._gathered.truncated or not complete
        if state == self._in_text:
            if not self._ends_in_end_tag(rest):
                self._gathered.cut(rest)
                return
        if state == self._in_number:
            written, begun, _ = rest.partition("</")
            if begun and self._raw is None:
                self._raw = written.strip() or None
            elif self._raw is None:
                self._repairs.append(NUMBER_CUT)
        loose = _BEGUN_TAG.sub("", "".join(self._loose))
        self._loose = [loose]
        if self._text is None and state == self._between and loose.strip() and not self._number_behind:
            self._gathered.cut(loose)
            return
        if self._text is None and self._raw is None and state != self._in_number:
            self._gathered.cut("".join(self._loose))
            return
        self._finish(closed=False)

    @property
    def done(self) -> bool:
        """Whether the candidate is complete."""
        return self._done

    def preset(self, text: str) -> None:
        """Take the content of an element that stood before the number as the text."""
        self._text = text_of(text, decoded=self._decoded)

    def _ends_in_end_tag(self, rest: str) -> bool:
        """Whether the text is complete although its end tag is cut off."""
        self._check_fences()
        if self._fences.open or self._nested_texts:
            return False
        begun = _BEGUN_END.search(rest, max(0, len(rest) - 60))
        if begun is None or not self._field.startswith(words.normal(begun[1])):
            return False
        self._text = text_of(rest[: begun.start()], decoded=self._decoded)
        return True

    def start(self, tag: Tag) -> None:
        """Begin with the tag that made this a candidate."""
        if tag.name == self._name and not tag.closing and self._name:
            self._take_attributes(tag)
            if tag.empty:
                self._finish()
        else:
            self._open(tag)

    def _repair(self, what: str) -> None:
        if what not in self._repairs:
            self._repairs.append(what)

    # --- between the fields ---------------------------------------------------------------

    def _between(self, source: Source) -> bool | None:
        text, start = source.text, source.pos
        at = start
        while True:
            at = text.find("<", at)
            if at < 0:
                self._add_loose(text[start:])
                source.pos = len(text)
                return None
            special = self._skip_comment(source, start, at)
            if special is not False:
                return special
            tag = tag_at(text, at, final=source.final)
            if isinstance(tag, Unfinished):
                self._add_loose(text[start:at])
                source.pos = at
                return None
            if tag is not None:
                self._add_loose(text[start:at])
                self._at = at
                source.pos = at + tag.length
                self._on_tag(tag, source)
                return True
            at += 1

    def _skip_comment(self, source: Source, start: int, at: int) -> bool | None:
        """Skip a comment or take a CDATA section as it is; False when neither stands here."""
        text = source.text
        for opening, ending in ((_COMMENT, "-->"), (_CDATA, "]]>")):
            if text.startswith(opening, at):
                self._add_loose(text[start:at])
                self._section = (opening, ending)
                source.pos = at + len(opening)
                if opening is _CDATA:
                    self._add_loose(opening)
                self._state = self._in_section
                return True
            if not source.final and len(text) - at < len(opening) and opening.startswith(text[at:]):
                self._add_loose(text[start:at])
                source.pos = at
                return None
        return False

    def _in_section(self, source: Source) -> bool | None:
        opening, ending = self._section
        target = self._parts if self._field else self._loose
        self._filled = self._filled or not self._field
        found = source.text.find(ending, source.pos)
        stop = found + len(ending) if found >= 0 else max(source.pos, len(source.text) - 2)
        if opening is _CDATA:
            target.append(source.text[source.pos : stop])
        source.pos = stop
        if found < 0:
            return None
        self._state = self._in_text if self._field else self._between
        return True

    def _on_tag(self, tag: Tag, source: Source) -> None:
        if tag.closing:
            self._on_closing(tag)
        elif tag.number or tag.reason:
            self._open(tag)
        elif tag.name == self._name and self._name:
            self._restart(tag)
        elif tag.text and (
            tag.item or not tag.wrapper
        ):
            self._on_text_tag(tag)
        elif tag.item or (not self._name and tag.wrapper):
            self._on_other_item(tag, source)
        elif tag.wrapper and self._is_blank():
            self._done = True
            source.pos = self._at
        elif tag.thought:
            self._field = tag.name
            self._parts = []
            self._state = self._in_reason
        elif not self._name and self._text is not None:
            self._finish(closed=False)
            source.pos = self._at
        else:
            self._add_loose(source.text[self._at : self._at + tag.length])

    def _on_closing(self, tag: Tag) -> None:
        if tag.name == self._name or not self._name:
            if tag.name == self._name or not tag.text:
                if tag.number or tag.text and not self._name:
                    return
                self._finish()
        elif tag.number or tag.reason:
            return
        elif tag.name == "text" or (tag.text and not tag.item):
            self._extend_text(tag)
        elif tag.item or tag.wrapper:
            self._repairs.append(CLOSED_ITEM)
            self._finish()
        else:
            self._add_loose(f"</{tag.written}>")

    def _extend_text(self, tag: Tag) -> None:
        """A second end tag: the first one was part of the text."""
        after = "".join(self._loose[self._since_text :])
        if self._text is not None and after.strip():
            self._text = f"{self._text}</{tag.written}>{after.rstrip()}"
            del self._loose[self._since_text :]

    def _on_text_tag(self, tag: Tag) -> None:
        if self._text is not None and self._raw is not None:
            self._finish(closed=bool(not self._name))
            self._done = False
            self._begin()
        elif self._text is not None and not self._name:
            self._finish(closed=False)
            self._done = False
            self._begin()
        self._open(tag)

    def _on_other_item(self, tag: Tag, source: Source) -> None:
        if self._is_blank():
            # What stood around it was a wrapper.
            self._name = tag.name
            self._begin()
            self._take_attributes(tag)
        else:
            self._finish(closed=False)
            self._done = True
            source.pos = self._at

    def _restart(self, tag: Tag) -> None:
        if not self._is_blank():
            self._finish(closed=False)
        self._done = False
        self._begin()
        self._take_attributes(tag)
        if tag.empty:
            self._finish()

    def _is_blank(self) -> bool:
        return (
            self._text is None and self._raw is None and not self._filled
        )

    # --- fields ---------------------------------------------------------------------------

    def _open(self, tag: Tag) -> None:
        if tag.number:
            self._open_number(tag)
        elif tag.reason:
            self._open_field(tag.name)
            self._state = self._in_reason
        else:
            joined = self._text
            self._take_attributes(tag)
            self._open_field(tag.name)
            if joined is not None:
                self._parts = [joined, "\n"]
                self._text = None
            self._state = self._in_text
            if tag.empty:
                self._state = self._between

    def _open_number(self, tag: Tag) -> None:
        self._number_behind = self._filled
        if tag.empty or tag.pairs():
            values = [v for k, v in tag.pairs() if words.names_number(k) or k.lower() == "value"]
            if values and self._raw is None:
                self._raw = values[0].strip()
        if tag.empty:
            self._state = self._between
            return
        self._open_field(tag.name)
        self._state = self._in_number

    def _take_attributes(self, tag: Tag) -> None:
        for key, value in tag.pairs():
            if words.names_number(key) and self._raw is None:
                self._raw = value.strip()
            elif words.names_text(key) and self._text is None and value.strip():
                self._text = value.strip()
                self._since_text = len(self._loose)

    def _in_number(self, source: Source) -> bool | None:
        text, at = source.text, source.pos
        while True:
            at = text.find("<", at)
            if at < 0:
                self._parts.append(text[source.pos :])
                source.pos = len(text)
                return None
            tag = tag_at(text, at, final=source.final)
            if isinstance(tag, Unfinished):
                self._parts.append(text[source.pos : at])
                source.pos = at
                return None
            if tag is not None:
                break
            at += 1
        self._at = at
        self._parts.append(text[source.pos : at])
        closes = tag.name == self._field and (tag.closing or bool(self._parts))
        source.pos = self._at + tag.length if closes else at
        if not closes:
            self._repair(CLOSED_NUMBER)
        written = "".join(self._parts).strip()
        if self._raw is None and written:
            self._raw = written
        self._open_field()
        self._state = self._between
        if not self._name and self._text is not None:
            self._finish()
        return True

    def _in_reason(self, source: Source) -> bool | None:
        text, at = source.text, source.pos
        while True:
            at = text.find("<", at)
            if at < 0:
                self._parts.append(text[source.pos :])
                source.pos = len(text)
                return None
            tag = tag_at(text, at, final=source.final)
            if isinstance(tag, Unfinished):
                self._parts.append(text[source.pos : at])
                source.pos = at
                return None
            if tag is not None and (
                (tag.closing and tag.name in (self._field, self._name))
                or (not tag.closing and (tag.name == "text" or tag.number))
            ):
                break
            at += 1
        self._parts.append(text[source.pos : at])
        source.pos = at + tag.length if tag.name == self._field else at
        self._reason = text_of("".join(self._parts), decoded=self._decoded)
        self._open_field()
        self._state = self._between
        return True

    # --- the text -------------------------------------------------------------------------

    def _in_text(self, source: Source) -> bool | None:
        text, start = source.text, source.pos
        at = start
        while True:
            at = text.find("<", at)
            if at < 0:
                self._parts.append(text[start:])
                source.pos = len(text)
                return None
            special = self._section_in_text(source, start, at)
            if special is not False:
                return special
            tag = tag_at(text, at, final=source.final)
            if isinstance(tag, Unfinished):
                verdict: bool | None = None
                if source.final:
                    verdict = False
            elif tag is None or not self._is_structural(tag):
                at += 1
                continue
            else:
                self._parts.append(text[start:at])
                start = source.pos = self._at = at
                self._check_fences()
                verdict = self._decide(tag, source)
                if verdict is None:
                    return None
                if verdict:
                    return True
            if verdict is None:
                self._parts.append(text[start:at])
                source.pos = at
                return None
            at += 1

    def _section_in_text(self, source: Source, start: int, at: int) -> bool | None:
        text = source.text
        if text.startswith(_CDATA, at):
            self._parts.append(text[start : at + len(_CDATA)])
            source.pos = at + len(_CDATA)
            self._section = (_CDATA, "]]>")
            self._state = self._in_section
            return True
        if not source.final and len(text) - at < len(_CDATA) and _CDATA.startswith(text[at:]):
            self._parts.append(text[start:at])
            source.pos = at
            return None
        return False

    def _is_structural(self, tag: Tag) -> bool:
        return tag.name in (self._field, self._name) or bool(
            tag.number
            or tag.item
            or tag.wrapper
            or tag.text
        )

    def _check_fences(self) -> None:
        if self._checked < len(self._parts):
            piece = "".join(self._parts[self._checked :])
            self._parts[self._checked :] = [piece]
            self._fences.add(piece)
            self._checked = len(self._parts)

    def _decide(self, tag: Tag, source: Source) -> bool | None:
        """What a tag in the text is: True if it ends the text, False if it is part of it.

        None when that depends on what has not arrived yet.
        """
        if tag.closing:
            return self._decide_closing(tag, source)
        if tag.name == self._field:
            return self._decide_same(tag, source)
        if tag.number:
            return self._decide_number(tag, source)
        if tag.name == self._name or (
            tag.item and words.names_item(self._field)
        ):
            return self._decide_item(tag, source)
        if self._promotes(tag):
            return True
        return False

    def _promotes(self, tag: Tag) -> bool:
        """`<answer><response><text>`: the outer tag was a wrapper, this one is the candidate."""
        if not words.names_item(self._field) or not tag.text:
            return False
        if any(map(str.strip, self._parts)):
            return False
        self._name = self._field
        self._open_field()
        self._state = self._between
        return True

    def _decide_closing(self, tag: Tag, source: Source) -> bool | None:
        backticks = self._in_backticks(tag, source)
        if backticks is None:
            return None
        quoted = self._fences.open or backticks
        if tag.name == self._field:
            if not quoted and not self._nested_texts:
                return self._close_text(source, self._at + tag.length)
            if self._nested_items:
                return False
            follows = self._next_structure(source, self._at + tag.length, at_end=True)
            if follows is None:
                return None
            if follows:
                return self._close_text(source, self._at + tag.length)
            self._nested_texts = max(0, self._nested_texts - 1)
            return False
        if tag.name == self._name:
            if self._nested_items:
                self._nested_items -= 1
                return False
            if quoted:
                return False
            return self._close_text(source, self._at, CLOSED_TEXT)
        if tag.wrapper and not quoted and self._name:
            return self._close_text(source, self._at, CLOSED_TEXT)
        return False

    def _decide_same(self, tag: Tag, source: Source) -> bool | None:
        if not self._fences.open:
            follows = self._next_structure(source, self._at + tag.length, at_end=False)
            if follows is None:
                return None
            if follows:
                return self._close_text(source, self._at + tag.length, CLOSED_TEXT)
        self._nested_texts += 1
        return False

    def _decide_number(self, tag: Tag, source: Source) -> bool | None:
        backticks = self._in_backticks(tag, source)
        if backticks is None:
            return None
        if self._fences.open or self._nested_items or backticks:
            return False
        if tag.empty:
            return self._close_text(source, self._at, CLOSED_TEXT)
        found = _NUMBER_FOLLOWS.match(source.text, self._at + tag.length)
        if found is None:
            if _MAY_BE_NUMBER.match(source.text, self._at + tag.length) and not source.final:
                return None
            if not source.final:
                return False
            self._close_text(source, self._at, CLOSED_TEXT)
            return True
        inner = source.text[self._at + tag.length : found.start(1)]
        closing = tag_at(source.text, found.start(1), final=source.final)
        if isinstance(closing, Unfinished):
            return None
        closes = closing is not None and closing.closing and closing.name == tag.name
        if closes or any(map(str.isdigit, inner)):
            return self._close_text(source, self._at, CLOSED_TEXT)
        return False

    def _decide_item(self, tag: Tag, source: Source) -> bool | None:
        if self._fences.open:
            self._nested_items += 1
            return False
        backticks = self._in_backticks(tag, source)
        if backticks is not False:
            return False if backticks else None
        found = _NEXT_TAG.match(source.text, self._at + tag.length)
        if found is None:
            waits = not source.final and _MAY_BE_NEXT_TAG.match(source.text, self._at + tag.length)
            return None if waits else False
        if found[1] or not (words.names_text(found[2]) or words.names_number_tag(found[2])):
            return False
        self._suspend("".join(self._parts))
        self._begin()
        self._take_attributes(tag)
        source.pos = self._at + tag.length
        self._state = self._between
        return True

    def _suspend(self, content: str) -> None:
        if "".join(self._loose).strip():
            # A mention in prose: "in a <response> tag with <text> and ...".
            self._gathered.drop(content, "a mention of the notation")
            return
        text = text_of(content, decoded=self._decoded)
        item = Item(text, self._raw, self._reason, (*self._repairs, CLOSED_TEXT, CLOSED_ITEM))
        self._gathered.suspend(item, "xml")

    def _in_backticks(self, tag: Tag, source: Source) -> bool | None:
        """Whether a tag is quoted as code; None if that depends on what follows."""
        if not self._parts or not self._parts[-1].endswith("`"):
            return False
        if self._at + tag.length >= len(source.text) and not source.final:
            return None
        return source.text[self._at + tag.length : self._at + tag.length + 1] == "`"

    def _next_structure(self, source: Source, position: int, *, at_end: bool) -> bool | None:
        """Whether a part of the candidate's notation follows; None if not yet known."""
        found = _NEXT_TAG.match(source.text, position)
        if found is None:
            if _MAY_BE_NEXT_TAG.match(source.text, position):
                return None if not source.final else at_end
            return False
        written = found[2]
        if found[1]:
            return words.normal(written) == self._name or words.names_wrapper(written)
        return words.names_number_tag(written) or words.names_reason(written)

    def _close_text(self, source: Source, position: int, repair: str = "") -> bool:
        self._check_fences()
        text = text_of("".join(self._parts), decoded=self._decoded)
        self._text = text
        self._since_text = len(self._loose)
        if repair:
            self._repair(repair)
        source.pos = position
        self._open_field()
        self._state = self._between
        if not self._name and self._raw is not None:
            self._finish()
        return True

    # --- the end --------------------------------------------------------------------------

    def _finish(self, *, closed: bool = True) -> None:
        self._done = True
        if not closed and self._name:
            self._repairs.append(CLOSED_ITEM)
        text, raw, repairs = self._text, self._raw, tuple(dict.fromkeys(self._repairs))
        loose = "".join(self._loose).strip()
        if CLOSED_TEXT in repairs and loose and not closed and not _has_digit(raw):
            self._gathered.drop(text or "", "a mention of the notation")
            return
        if text is None:
            if raw is None and self._nested is not None and loose:
                inner = self._nested(loose)
                if inner:
                    for item in inner:
                        self._gathered.accept(item, "xml")
                    return
            text, loose_raw = fields_of(loose, number_known=raw is not None)
            text = text_of(text, decoded=self._decoded)
            raw = loose_raw if raw is None else raw
        elif raw is None and loose:
            _, raw = fields_of(loose, number_known=False)
        if not text and raw is None:
            if loose:
                self._gathered.drop(loose, "without text and number")
            return
        if raw is None and not closed and not self._name and self._gathered.numbered:
            self._gathered.truncated = True
        self._gathered.accept(Item(text, raw, self._reason, repairs), "xml")


def _has_digit(raw: str | None) -> bool:
    return raw is not None and any(map(str.isdigit, raw))
