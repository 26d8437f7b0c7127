"""Where a candidate written in tags begins and ends, decided as the tags arrive.

An item is the element that holds one candidate (`<response>..</response>`). Only its end is found
here; what its fields say is read from its complete tokens, by `record.tag_fields`.
"""

from __future__ import annotations

import itertools
import re
from typing import Literal

from vs_core.parsing.segment.tags import Tag, Token, similar

Step = Literal["taken", "ended", "left", "reopened"]
"""What became of a token: taken in, taken in as the end, or not taken: it stands behind the item,
or opens the next one."""

_LINE_START = re.compile(r"(?:\A|\n)[ \t>]*(?:[-*+\u2022]\s+|\d{1,3}[.)]\s+)?[*_#`\s]{0,8}\Z")
_COMMENT = re.compile(r"<!--.*-->", re.DOTALL)
_LONGEST_LINE = 200
_DEEPEST = 500


class Item:
    """One candidate in tags, up to its end.

    Attributes:
        tokens: Everything from its opening tag on.
        name: The name of its element.
        closed: Whether its end tag was met.
    """

    __slots__ = (
        "_again",
        "_doubt",
        "_field",
        "_has_text",
        "_line",
        "_mentioned",
        "_nest",
        "_run",
        "_waits_for_end",
        "closed",
        "name",
        "tokens",
    )

    def __init__(self, opening: Tag) -> None:
        self.closed = opening.empty
        self._restart(opening)

    def _restart(self, opening: Tag) -> None:
        """Begin with a tag; those in front of it were wrappers."""
        self.tokens: list[Token] = [opening]
        self.name = opening.name
        self._run = [opening]
        self._again: list[int] = []
        self._field = ""
        self._waits_for_end = False
        self._nest: list[str] = []
        self._mentioned: list[str] = []
        self._has_text = False
        self._doubt = False
        self._line = ">"

    def take(self, token: Token) -> Step:
        """Take in the next token."""
        if isinstance(token, str):
            return self._take_text(token)
        if self._doubt:
            self._doubt = False
            if self._is_structural_follower(token):
                return self._ended_before()
        step = self._in_field(token) if self._field else self._between(token)
        if step in ("taken", "ended") and self.tokens[-1] is not token:
            self.tokens.append(token)
            self._line = ">"
        return step

    def end(self) -> None:
        """The reply ends here."""
        if self._doubt:
            self._ended_before()

    def _ended_before(self) -> Step:
        """The end tag met last was the item's own."""
        while isinstance(self.tokens[-1], str):
            self.tokens.pop()
        self.closed = True
        return "left"

    def segments(self) -> list[list[Token]]:
        """The tokens; in parts where the item was broken off in its text and begun again."""
        if not self._field or self._waits_for_end or not self._again:
            return [self.tokens]
        starts = [0, *self._again, len(self.tokens)]
        return [self.tokens[a:b] for a, b in itertools.pairwise(starts)]

    # --- text -----------------------------------------------------------------------------

    def _take_text(self, text: str) -> Step:
        if self._doubt and text.strip(" \t"):
            begins_line = text.lstrip(" \t")[0] in "\r\n"
            if begins_line and not self._again:
                return self._ended_before()
            # Quoted in the text, unless the next item begins: then this one was begun again.
            self._doubt = bool(self._again) and not text.strip()
        if "\n" in text:
            # A tag named in a sentence opens nothing.
            self._mentioned.clear()
        self.tokens.append(text)
        if text.endswith("-->") and _COMMENT.fullmatch(text.strip()):
            self._line = ">"
            return "taken"
        if not text.isspace():
            self._run.clear()
            self._has_text = self._has_text or not self._field
        at = text.rfind("\n")
        line = self._line + text if at < 0 else text[at:]
        self._line = line if len(line) <= _LONGEST_LINE else "." + line[-_LONGEST_LINE // 2 :]
        return "taken"

    def _begins_line(self) -> bool:
        """Whether nothing but marks stands before the next token on its line."""
        return self._line == ">" or _LINE_START.search(self._line) is not None

    def _is_structural_follower(self, tag: Tag) -> bool:
        """Whether a tag can stand right behind an item, and hardly behind a quoted end tag."""
        if tag.closing:
            return tag.set or not (tag.body or tag.name == self._field)
        return not tag.inline

    # --- between the fields ---------------------------------------------------------------

    def _between(self, tag: Tag) -> Step:
        if tag.closing:
            self._run.clear()
            if tag.name == self.name or similar(tag.name, self.name):
                self.closed = True
                return "ended"
            return "left" if tag.set else "taken"
        if self._run:
            return self._in_run(tag)
        if tag.name == self.name:
            return "reopened"
        self._open_field(tag)
        return "taken"

    def _in_run(self, tag: Tag) -> Step:
        """An opening tag of which only opening tags stand in front."""
        outer = self._run[-1]
        is_item = not tag.body and not tag.inline and tag.number_in_attributes() is not None
        if tag.name == self.name or (is_item and not tag.number):
            self._restart(tag)
        elif tag.is_field and len(self._run) > 1:
            self._restart(outer)
            self._open_field(tag)
        elif tag.is_field or tag.inline or tag.about or tag.thought or tag.empty:
            self._run.clear()
            self._open_field(tag)
        else:
            self._run.append(tag)
            self._field = self._field or tag.name
        return "taken"

    def _open_field(self, tag: Tag) -> None:
        if tag.empty or tag.inline:
            return
        opens_text = not (tag.number or tag.reason or tag.thought)
        if opens_text and self._has_text and not (tag.body and self._begins_line()):
            return
        self._field, self._nest, self._mentioned = tag.name, [], []
        self._waits_for_end = not opens_text
        if not opens_text:
            self._run.clear()

    # --- inside a field -------------------------------------------------------------------

    def _in_field(self, tag: Tag) -> Step:
        if self._run and not tag.closing:
            return self._in_run(tag)
        if self._waits_for_end:
            return self._in_short_field(tag)
        return self._close_in_text(tag) if tag.closing else self._open_in_text(tag)

    def _in_short_field(self, tag: Tag) -> Step:
        """Inside a number, or reasoning."""
        if tag.name == self._field:
            self._field, self._waits_for_end = "", False
            return "taken"
        ends = tag.name == self.name or tag.set or tag.is_field or tag.answer
        if ends and (tag.closing or self._begins_line()):
            self._field, self._waits_for_end = "", False
            return self._between(tag)
        return "taken"

    def _open_in_text(self, tag: Tag) -> Step:
        before = self.tokens[-1]
        if tag.name == self.name and self._begins_line() and self.name not in self._nest:
            self._again.append(len(self.tokens))
        elif tag.body and isinstance(before, Tag) and before.name == self.name:
            # Opened in mid-line, but as an item is: its text follows at once.
            self._again += [len(self.tokens) - 1] if self._is_new_start() else []
        if tag.name in (self.name, self._field) or tag.number or tag.body:
            in_sentence = isinstance(before, str) and not self._begins_line()
            opened = self._mentioned if in_sentence else self._nest
            if len(opened) < _DEEPEST:
                opened.append(tag.name)
        return "taken"

    def _is_new_start(self) -> bool:
        return not self._again or self._again[-1] < len(self.tokens) - 1

    def _close_in_text(self, tag: Tag) -> Step:
        self._run.clear()
        opened = self._mentioned if tag.name in self._mentioned else self._nest
        if tag.name in opened:
            while opened.pop() != tag.name:
                pass
            if tag.name == self.name:
                self._doubt = bool(self._again) or not self._nest
        elif tag.name == self._field or (not tag.answer and similar(tag.name, self._field)):
            self._field, self._nest, self._again = "", [], []
        elif tag.name == self.name or similar(tag.name, self.name):
            self._doubt = True
        return "taken"
