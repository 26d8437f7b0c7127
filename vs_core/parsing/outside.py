"""Reading what stands around candidates, and finding where one begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vs_core.parsing import openings
from vs_core.parsing import vocabulary as words
from vs_core.parsing.decode import FullWidthTags, StringDecoding, Unescaping
from vs_core.parsing.elements import Elements
from vs_core.parsing.fences import FenceTracker
from vs_core.parsing.json_scan import JsonScan
from vs_core.parsing.list_reader import ListReader
from vs_core.parsing.markup import Tag, Unfinished, may_be_a_tag, tag_at
from vs_core.parsing.open_line import OpenLine
from vs_core.parsing.tags import TagItem
from vs_core.parsing.thoughts import Comment, MarkedBlock, TaggedBlock

if TYPE_CHECKING:
    from vs_core.parsing.reader import Reader
    from vs_core.parsing.source import Mode, Source

_CUT_NAME = re.compile(r"[\s/>]")


class Outside:
    """The mode between candidates."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._gathered = reader.gathered
        self._lists = ListReader(reader.gathered)
        self._line = OpenLine()
        self._fences = FenceTracker()
        self._last_text = ""
        self._beginning = True
        self._wrappers = 0
        self._elements = Elements()
        self._fenced_answer: bool | None = None
        self._at = 0

    # --- the mode -------------------------------------------------------------------------

    def read(self, source: Source) -> Mode | None:
        """Read up to the beginning of a candidate."""
        while True:
            if self._beginning and not self._begin(source):
                return None
            found = openings.EVENT.search(source.text, source.pos)
            if found is None:
                self._take(source, len(source.text))
                return None
            at = found.start()
            if at > source.pos:
                self._take(source, at)
            char = source.text[at]
            if char == "\n":
                self._take(source, at + 1)
                self._end_line()
                continue
            mode = self._event(char, source)
            if mode is None:
                return None
            if mode is not self:
                return mode

    def skim(self, source: Source, chunk: str) -> bool:
        """Take in a piece of a line in which nothing begins."""
        if self._beginning or source.pos < len(source.text) or openings.EVENT.search(chunk):
            return False
        self._line.add(chunk)
        self._elements.take(chunk)
        return True

    def _begin(self, source: Source) -> bool:
        """Skip what no model meant to write at the very start; False to wait for more."""
        text = source.text
        at = source.pos
        while at < len(text) and (text[at].isspace() or text[at] == "\ufeff"):
            at += 1
        self._line.add(text[source.pos : at].replace("\ufeff", ""))
        source.pos = at
        if at >= len(text):
            return False
        self._beginning = False
        return True

    def _take(self, source: Source, stop: int) -> None:
        """Take text that is nothing but text."""
        piece = source.text[source.pos : stop]
        source.pos = stop
        if piece:
            self._line.add(piece)
            self._elements.take(piece)

    def _end_line(self) -> None:
        line = self._line.finish()
        self._feed_line(line)

    def _feed_line(self, line: str) -> None:
        was_open = self._fences.open
        self._fences.add(line if line.endswith("\n") else line + "\n")
        opened = self._fences.open and not was_open
        if opened and not self._lists.in_item and not self._gathered.found:
            self._gathered.holding = openings.EXAMPLE.search(self._last_text[:300]) is not None
        elif was_open and not self._fences.open:
            self._gathered.release()
        if line.strip():
            self._last_text = line
            self._gathered.awaiting = None
            if self._gathered.layout in ("xml", "json"):
                self._gathered.run += 1
        if self._gathered.open_to("lines"):
            self._lists.feed(line)

    # --- events ---------------------------------------------------------------------------

    def _event(self, char: str, source: Source) -> Mode | None:
        if char == "<":
            return self._on_angle(source)
        if char in "{[":
            return self._on_bracket(source)
        if char == '"':
            return self._on_quote(source)
        if char == "&":
            return self._on_escape(source, openings.ESCAPED_TAG, openings.MAY_BE_ESCAPED_TAG)
        if char == "\uff1c":
            return self._on_escape(source, openings.FULL_WIDTH_TAG, openings.MAY_BE_FULL_WIDTH_TAG)
        return self._on_mark(
            source,
            openings.TRIANGLE_THOUGHT,
            openings.MAY_BE_TRIANGLE_THOUGHT,
            "\u25c1/think\u25b7",
        )

    def _plain(self, source: Source) -> Mode:
        self._take(source, source.pos + 1)
        return self

    @property
    def _quoting(self) -> bool:
        """Whether tags and brackets here stand in a block of code and are not an answer."""
        if not self._fences.open:
            return False
        if self._lists.in_item:
            return True
        return bool(self._gathered.found) and self._fenced_answer is False

    def _on_escape(
        self, source: Source, pattern: re.Pattern[str], may_be: re.Pattern[str]
    ) -> Mode | None:
        found = pattern.match(source.text, source.pos)
        if found is None:
            if not source.final and may_be.match(source.text, source.pos):
                return None
            return self._plain(source)
        name = found[1]
        known = (
            words.names_item(name)
            or words.names_wrapper(name)
            or words.names_text(name)
            or words.names_thought(name)
        )
        if (
            not known
            or self._gathered.layout is not None
            or self._quoting
            or not self._reader.nests
        ):
            return self._plain(source)
        self._reader.decode_with(
            Unescaping() if pattern is openings.ESCAPED_TAG else FullWidthTags()
        )
        return self

    def _on_quote(self, source: Source) -> Mode | None:
        """A quote at the start of a line: is what follows a reply encoded as a string?"""
        text, at = source.text, source.pos
        if self._gathered.layout is not None or self._line.filled or not self._reader.nests:
            return self._plain(source)
        if not source.final and openings.MAY_BE_ENCODED.match(text, at):
            return None
        if openings.ENCODED.match(text, at):
            source.pos = at + 1
            self._reader.decode_with(StringDecoding())
            return self
        return self._plain(source)

    def _on_mark(
        self, source: Source, pattern: re.Pattern[str], may_be: re.Pattern[str], ending: str
    ) -> Mode | None:
        """A mark of thinking: itself when none stands here."""
        found = pattern.match(source.text, source.pos)
        if found is None:
            if not source.final and may_be.match(source.text, source.pos):
                return None
            return self._plain(source)
        source.pos = found.end()
        if found[1]:
            self._drafts_end()
            return self
        return self._thinks(MarkedBlock(self, ending))

    def _drafts_end(self) -> None:
        """An end mark without a beginning: what came before was thinking."""
        self._line.clear()
        self._lists.reset()
        self._gathered.forget_drafts()

    def _thinks(self, block: Mode) -> Mode:
        if self._reader.believes_thoughts:
            self._line.clear()
            return block
        return self

    # --- angle brackets -------------------------------------------------------------------

    def _on_angle(self, source: Source) -> Mode | None:
        text, at = source.text, source.pos
        if text[at + 1 : at + 2] in openings.NOT_A_NAME:
            mode = self._on_special_angle(source)
            if mode is not self or source.pos != at:
                return mode
        tag = tag_at(text, at, final=source.final)
        self._at = at
        if isinstance(tag, Unfinished):
            return None
        if tag is None and source.final and self._is_cut_tag(text, at):
            source.pos = len(text)
            self._gathered.truncated = True
            return None
        if tag is None or self._quoting or not self._gathered.open_to("xml"):
            if tag is not None and tag.closing and not self._quoting:
                self._closes_around(tag)
            return self._plain(source)
        if self._line.tail.endswith("`"):
            if self._at + tag.length >= len(text) and not source.final:
                return None
            if text[self._at + tag.length : self._at + tag.length + 1] == "`":
                self._take(source, self._at + tag.length)
                return self
        return self._on_tag(tag, source)

    @staticmethod
    def _is_cut_tag(text: str, at: int) -> bool:
        """Whether the reply ends inside a tag of the notation."""
        if not may_be_a_tag(text, at):
            return False
        name = words.normal(_CUT_NAME.split(text[at:].lstrip("</ "), maxsplit=1)[0])
        return bool(name) and (
            words.names_item(name)
            or words.names_text(name)
            or words.names_number_tag(name)
            or words.names_wrapper(name)
        )

    def _closes_around(self, tag: Tag) -> None:
        """An end tag around an answer in another notation."""
        if tag.wrapper:
            self._wrappers = max(0, self._wrappers - 1)
        elif tag.thought and not self._gathered.found:
            self._drafts_end()

    def _on_special_angle(self, source: Source) -> Mode | None:
        """A comment, a processing instruction or a special token; itself when none of these."""
        text, at = source.text, source.pos
        for opening, ending in openings.DECLARATIONS:
            if text.startswith(opening, at) and self._gathered.open_to("xml") and not self._quoting:
                source.pos = at + len(opening)
                return Comment(self, ending)
        if text.startswith("<|", at):
            return self._on_special(source)
        if (
            not source.final
            and len(text) - at < len("<?xml")
            and openings.MAY_BE_DECLARATION.match(text, at)
        ):
            return None
        return self

    def _on_special(self, source: Source) -> Mode | None:
        found = openings.TOKEN.match(source.text, source.pos)
        if found is None:
            if not source.final and openings.MAY_BE_TOKEN.match(source.text, source.pos):
                return None
            return self._plain(source)
        source.pos = found.end()
        line = self._line.tail.strip().lower()
        if found[1] == "message":
            self._line.clear()
            if line.endswith(("analysis", "commentary")):
                return self._thinks(MarkedBlock(self, None))
        elif found[1].lower().startswith(("begin_of_thought", "think", "begin_of_think")):
            return self._thinks(MarkedBlock(self, None))
        elif found[1].lower().startswith(("end_of_thought", "/think")):
            self._drafts_end()
        return self

    def _on_tag(self, tag: Tag, source: Source) -> Mode:
        if tag.closing:
            return self._on_closing(tag, source)
        if not (tag.number or tag.reason) or self._line.worded:
            self._gathered.awaiting = None
        if tag.thought and not tag.empty:
            source.pos = self._at + tag.length
            return self._thinks(TaggedBlock(self, tag.name, self._gathered, shared_reasoning=False))
        if tag.reason and not tag.empty:
            source.pos = self._at + tag.length
            return self._thinks(TaggedBlock(self, tag.name, self._gathered, shared_reasoning=True))
        if tag.number:
            return self._begin_at_number(tag, source)
        if tag.item:
            return self._begin_item(tag, source, tag.name)
        if tag.wrapper:
            source.pos = self._at + tag.length
            self._wrappers += 1
            self._break_line()
            return self
        if tag.text:
            return self._begin_field(tag, source)
        return self._on_unknown(tag, source)

    def _break_line(self) -> None:
        """A tag of the notation ends the line of prose before it."""
        line = self._line.finish()
        if line.strip():
            self._feed_line(line)

    def _on_unknown(self, tag: Tag, source: Source) -> Mode:
        self._take(source, self._at + tag.length)
        if not tag.empty:
            self._elements.open(tag.name)
        return self

    def _on_closing(self, tag: Tag, source: Source) -> Mode:
        if tag.thought or tag.reason:
            source.pos = self._at + tag.length
            if not self._gathered.found:
                self._drafts_end()
            return self
        written = source.text[self._at : self._at + tag.length]
        if self._elements.close(tag.name, written):
            source.pos = self._at + tag.length
            self._line.add(written)
            return self
        if tag.wrapper:
            self._wrappers = max(0, self._wrappers - 1)
            self._elements.forget()
        known = tag.wrapper or tag.item or tag.text or tag.number
        if known:
            source.pos = self._at + tag.length
            self._break_line()
        else:
            self._take(source, self._at + tag.length)
        return self

    def _begin_item(
        self, tag: Tag, source: Source, name: str, *, loose: str = "", text: str | None = None
    ) -> Mode:
        source.pos = self._at + tag.length
        in_prose = self._line.worded and bool(self._gathered.found)
        self._begins_answer()
        self._elements.forget()
        item = TagItem(
            self._gathered,
            self,
            name,
            loose=loose,
            nested=self._reader.nested,
            decoded=self._reader.decodes_text,
            in_prose=in_prose,
        )
        if text is not None:
            item.preset(text)
        item.start(tag)
        self._note_answer()
        return self if item.done else item

    def _begins_answer(self) -> None:
        """What may be a candidate begins here; the prose before it on its line is dropped."""
        begun = self._line.filled
        self._line.clear()
        self._gathered.apart = bool(self._last_text) and not begun
        if begun and self._gathered.layout is not None:
            self._gathered.run += 1

    def _note_answer(self) -> None:
        if self._fenced_answer is None:
            self._fenced_answer = self._fences.open

    def _begin_field(self, tag: Tag, source: Source) -> Mode:
        return self._begin_item(tag, source, self._elements.innermost)

    def _begin_at_number(self, tag: Tag, source: Source) -> Mode:
        elements = self._elements
        if elements.innermost:
            return self._begin_item(tag, source, elements.innermost, loose=elements.content)
        return self._begin_item(tag, source, "", text=elements.just_closed)

    # --- brackets -------------------------------------------------------------------------

    def _on_bracket(self, source: Source) -> Mode | None:
        text, at = source.text, source.pos
        if openings.BRACKET_THOUGHT.match(text, at) or (
            not source.final and openings.MAY_BE_BRACKET_THOUGHT.match(text, at)
        ):
            return self._on_mark(
                source, openings.BRACKET_THOUGHT, openings.MAY_BE_BRACKET_THOUGHT, "[/THINK]"
            )
        if self._quoting or not self._gathered.open_to("json") or not self._reader.reads_json:
            return self._plain(source)
        if openings.JSON.match(text, at):
            if self._beside_a_link(at, text):
                return self._plain(source)
            return self._begin_json()
        if (
            self._gathered.layout is None
            and openings.ESCAPED_JSON.match(text, at)
            and self._reader.nests
        ):
            self._reader.decode_with(StringDecoding())
            return self
        if not source.final and (
            openings.MAY_BE_JSON.match(text, at) or openings.MAY_BE_ESCAPED_JSON.match(text, at)
        ):
            return None
        return self._plain(source)

    def _beside_a_link(self, at: int, text: str) -> bool:
        return text[at] == "[" and self._line.tail.endswith("!")

    def _begin_json(self) -> Mode:
        self._marks = (
            self._gathered.found,
            len(self._gathered.doubtful),
            len(self._gathered.dropped),
            len(self._gathered.held),
        )
        self._gathered.apart = bool(self._last_text) and not self._line.filled
        return JsonScan(self._reader.json_candidates(), self._after_json)

    def _after_json(self, raw: str, scan: JsonScan) -> Mode:
        gathered = self._gathered
        now = (gathered.found, len(gathered.doubtful), len(gathered.dropped), len(gathered.held))
        if now == self._marks and not self._reader.mends(raw, scan):
            self._give_back(raw)
            return self
        if gathered.found > self._marks[0]:
            self._note_answer()
            self._line.clear()
        elif len(gathered.doubtful) > self._marks[1]:
            self._give_back(raw)
        else:
            self._line.clear()
        return self

    def _give_back(self, raw: str) -> None:
        """What looked like JSON was text."""
        self._elements.take(raw)
        *lines, rest = raw.split("\n")
        for line in lines:
            self._line.add(line + "\n")
            self._end_line()
        self._line.add(rest)

    # --- the end --------------------------------------------------------------------------

    def end(self) -> None:
        """The reply ends here."""
        rest = self._line.finish()
        gathered = self._gathered
        if gathered.open_to("lines"):
            self._lists.end(rest)
        if rest.strip() and gathered.layout in ("xml", "json"):
            gathered.run += 1
        open_fence = self._fences.open and not rest.strip().startswith(("```", "~~~"))
        if self._wrappers or open_fence:
            gathered.truncated = True
