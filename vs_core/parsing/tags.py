"""Reading one candidate written in tags, from its opening tag on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vs_core.parsing import vocabulary as words
from vs_core.parsing.decode import text_of
from vs_core.parsing.item import NUMBER_CUT, Item, has_digit
from vs_core.parsing.loose import fields_of
from vs_core.parsing.markup import Tag, Unfinished, tag_at
from vs_core.parsing.tag_text import CDATA, TagText

if TYPE_CHECKING:
    from collections.abc import Callable

    from vs_core.parsing.gathered import Gathered
    from vs_core.parsing.source import Mode, Source

CLOSED_TEXT = "the end tag of the text was missing"
CLOSED_ITEM = "the end tag of the response was missing"
CLOSED_NUMBER = "the end tag of the number was missing"
MENTION = "a mention of the notation"

_ANY_TAG = re.compile(r"</?[^\W\d_][^<>]{0,100}>")
_BEGUN_TAG = re.compile(r"<[^<>]*\Z")
_LONGEST_WAIT = 64
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
        in_prose: bool = False,
    ) -> None:
        self._gathered = gathered
        self._back = back
        self._nested = nested
        self._decoded = decoded
        self._name = name
        self._state: Callable[[Source], bool | None] = self._between
        self._at = 0
        self._in_quote = False
        self._in_prose = in_prose
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
        self._reading: TagText | None = None

    # --- the mode -------------------------------------------------------------------------

    def read(self, source: Source) -> Mode | None:
        """Read up to the end of the candidate."""
        while True:
            progress = self._state(source)
            if progress is None:
                return None
            if self._done:
                return self._back

    def skim(self, source: Source, chunk: str) -> bool:
        """Take in a piece in which no tag ends."""
        if ">" in chunk or self._in_quote:
            return False
        if source.pos < len(source.text):
            if "<" in chunk or len(source.text) - source.pos > _LONGEST_WAIT:
                return False
            source.text += chunk
            return True
        if "<" in chunk:
            at = chunk.index("<")
            source.text, source.pos = chunk[at:], 0
            chunk = chunk[:at]
        if self._field:
            self._parts.append(chunk)
        else:
            self._add_loose(chunk)
        return True

    def end(self) -> None:
        """The reply ends inside the candidate: keep it if its text is complete."""
        state = self._state
        rest = "".join(self._parts)
        was_truncated = self._gathered.truncated
        complete = not self._name and state == self._between
        self._gathered.truncated = self._gathered.truncated or not complete
        if self._reading is not None:
            complete_text = self._reading.complete_at_end()
            if complete_text is None:
                self._gathered.cut(rest)
                return
            self._text = text_of(complete_text, decoded=self._decoded)
        if state == self._in_number:
            written, begun, _ = rest.partition("</")
            if begun and self._raw is None:
                self._raw = written.strip() or None
            elif self._raw is None:
                self._repairs.append(NUMBER_CUT)
            if self._gathered.awaiting is not None:
                self._gathered.number_behind(self._raw, "".join(self._repairs))
                return
        loose = _BEGUN_TAG.sub("", "".join(self._loose))
        self._loose = [loose]
        if (
            self._text is None
            and state == self._between
            and loose.strip()
            and not self._number_behind
            and not self._in_prose
        ):
            self._gathered.cut(loose)
            return
        if self._text is None and self._raw is None and state != self._in_number:
            if self._in_prose:
                self._gathered.truncated = was_truncated
            else:
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
            if text[at + 1 : at + 2] in ("!", ""):
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
        for opening, ending in ((_COMMENT, "-->"), (CDATA, "]]>")):
            if text.startswith(opening, at):
                self._add_loose(text[start:at])
                self._section = (opening, ending)
                source.pos = at + len(opening)
                if opening is CDATA:
                    self._add_loose(opening)
                self._state = self._in_section
                self._in_quote = True
                return True
            if not source.final and len(text) - at < len(opening) and opening.startswith(text[at:]):
                self._add_loose(text[start:at])
                source.pos = at
                return None
        return False

    def _in_section(self, source: Source) -> bool | None:
        opening, ending = self._section
        found = source.text.find(ending, source.pos)
        stop = found + len(ending) if found >= 0 else max(source.pos, len(source.text) - 2)
        if opening is CDATA:
            self._add_loose(source.text[source.pos : stop])
        source.pos = stop
        if found < 0:
            return None
        self._in_quote = False
        self._state = self._between
        return True

    def _on_tag(self, tag: Tag, source: Source) -> None:
        if tag.closing:
            self._on_closing(tag)
        elif tag.number or tag.reason:
            self._open(tag)
        elif tag.name == self._name and self._name:
            self._restart(tag)
        elif tag.text and (tag.item or not tag.wrapper):
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
                if tag.number or (tag.text and not self._name):
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
        return self._text is None and self._raw is None and not self._filled

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
            if tag.empty:
                self._state = self._between
                return
            self._open_field(tag.name)
            if joined is not None:
                self._parts = [joined, "\n"]
                self._text = None
            self._reading = TagText(tag.name, self._name, self._parts)
            self._state = self._in_text

    def _open_number(self, tag: Tag) -> None:
        self._number_behind = self._filled
        if tag.empty or tag.pairs():
            values = [v for k, v in tag.pairs() if words.names_number(k) or k.lower() == "value"]
            if values and self._raw is None:
                self._raw = values[0].strip()
        if tag.empty:
            self._state = self._between
            self._settle_number()
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

    def _ends_number(self, tag: Tag) -> bool:
        """Whether a tag is part of the notation, and not markup around the number itself."""
        known = tag.number or tag.text or tag.item or tag.wrapper or tag.reason
        return known or tag.name in (self._field, self._name)

    def _in_number(self, source: Source) -> bool | None:
        tag = self._scan(source, self._ends_number)
        if tag is None:
            return None
        closes = tag.name == self._field
        if closes:
            source.pos += tag.length
        else:
            self._repair(CLOSED_NUMBER)
        written = _ANY_TAG.sub("", "".join(self._parts)).strip()
        if self._raw is None and written:
            self._raw = written
        self._open_field()
        self._state = self._between
        self._settle_number()
        return True

    def _settle_number(self) -> None:
        """Without an enclosing tag a number completes the text before it, or the item before."""
        if self._name:
            return
        if self._text is not None:
            self._finish()
        elif self._gathered.awaiting is not None:
            self._gathered.number_behind(self._raw)
            self._done = True

    def _in_reason(self, source: Source) -> bool | None:
        tag = self._scan(source, self._ends_reason)
        if tag is None:
            return None
        if tag.name == self._field:
            source.pos += tag.length
        self._reason = text_of("".join(self._parts), decoded=self._decoded)
        self._open_field()
        self._state = self._between
        return True

    def _ends_reason(self, tag: Tag) -> bool:
        if tag.closing:
            return tag.name in (self._field, self._name)
        return tag.name == "text" or tag.number

    def _scan(self, source: Source, ends: Callable[[Tag], bool]) -> Tag | None:
        """Take in a field up to a tag that ends it; None when more text is needed."""
        text, at = source.text, source.pos
        while True:
            at = text.find("<", at)
            tag = tag_at(text, at, final=source.final) if at >= 0 else None
            if at < 0 or isinstance(tag, Unfinished):
                stop = at if at >= 0 else len(text)
                self._parts.append(text[source.pos : stop])
                source.pos = stop
                return None
            if tag is not None and ends(tag):
                self._parts.append(text[source.pos : at])
                source.pos = at
                return tag
            at += 1

    # --- the text -------------------------------------------------------------------------

    def _in_text(self, source: Source) -> bool | None:
        reading = self._reading
        if reading is None:
            return None
        ending = reading.read(source)
        self._in_quote = reading.in_section
        if ending is None:
            return None
        source.pos = ending.position
        self._state = self._between
        if ending.kind == "promoted":
            if not self._name and self._raw is not None and self._gathered.lacks_number:
                # It stood behind the response before, which was complete without it.
                self._gathered.drop(self._raw, "a number outside of any response")
                self._raw = None
            self._name = self._field
            self._open_field()
            return True
        content = "".join(self._parts)
        if ending.kind == "restarted":
            self._suspend(content)
            self._begin()
            if ending.tag is not None:
                self._take_attributes(ending.tag)
            return True
        self._text = text_of(content, decoded=self._decoded)
        self._since_text = len(self._loose)
        if ending.mended:
            self._repair(CLOSED_TEXT)
        self._open_field()
        if not self._name and self._raw is not None:
            self._finish()
        return True

    def _suspend(self, content: str) -> None:
        if "".join(self._loose).strip():
            # A mention in prose: "in a <response> tag with <text> and ...".
            self._gathered.drop(content, MENTION)
            return
        text = text_of(content, decoded=self._decoded)
        item = Item(text, self._raw, self._reason, (*self._repairs, CLOSED_TEXT, CLOSED_ITEM))
        self._gathered.suspend(item, "xml")

    # --- the end --------------------------------------------------------------------------

    def _finish(self, *, closed: bool = True) -> None:
        self._done = True
        if not closed and self._name:
            self._repair(CLOSED_ITEM)
        loose = "".join(self._loose).strip()
        if CLOSED_TEXT in self._repairs and loose and not closed and not has_digit(self._raw):
            self._gathered.drop(self._text or "", MENTION)
            return
        if self._text is None and self._raw is None and self._take_nested(loose):
            return
        text, raw = self._fields_with(loose)
        if not text and raw is None:
            if loose:
                self._gathered.drop(loose, "without text and number")
            return
        if raw is None and not closed and not self._name and self._gathered.numbered:
            self._gathered.truncated = True
        item = Item(text, raw, self._reason, tuple(self._repairs))
        if self._gathered.accept(item, "xml") and closed and self._name and raw is None:
            self._gathered.awaiting = item

    def _take_nested(self, loose: str) -> bool:
        """Whether what stands in the candidate is a reply of its own: a list, or JSON."""
        inner = self._nested(loose) if self._nested is not None and loose else []
        for item in inner:
            self._gathered.accept(item, "xml")
        return bool(inner)

    def _fields_with(self, loose: str) -> tuple[str, str | None]:
        """Text and number, with what stands between the fields where one is missing."""
        text, raw = self._text, self._raw
        if text is None:
            text, loose_raw = fields_of(loose, number_known=raw is not None)
            return text_of(text, decoded=self._decoded), loose_raw if raw is None else raw
        if raw is None and loose:
            _, raw = fields_of(loose, number_known=False)
        return text, raw
