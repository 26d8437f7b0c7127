"""Finding out what begins an item in a reply made of lines."""

from __future__ import annotations

from dataclasses import dataclass

from vs_core.parsing.lines import Line, Style
from vs_core.parsing.prologue import looks_like_intro

PARAGRAPHS: Style = ("paragraph",)
"""Items end at their numbers."""
LABELS: Style = ("label", "text")
"""Items begin with a label for the text."""
NUMBERS_FIRST: Style = ("label", "number")
"""Items begin with a line that holds the number."""
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class ListStyle:
    """What begins an item.

    Attributes:
        style: The marker.
        before: The lines before the first item.
        lines: The lines from the first item on.
        example: A line that holds both marker and number, if there is one.
    """

    style: Style
    before: list[Line]
    lines: list[Line]
    example: Line | None


class StyleFinder:
    """Keeps lines until the numbers in them show what begins an item.

    The first line with a number (the anchor) tells, if it begins with a marker itself. Otherwise
    the next marker tells that has come before the anchor too, or the next number.

    Attributes:
        lines: The lines kept.
        anchor: The place of the first number.
    """

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.anchor: int | None = None
        self._starters: dict[Style, list[int]] = {}

    def take(self, line: Line) -> ListStyle | None:
        """Take in a line; what begins an item, as soon as it is known."""
        self.lines.append(line)
        at = len(self.lines) - 1
        if line.kind != "text":
            return None
        style = self._starter_style(line)
        if style is not None:
            self._starters.setdefault(style, []).append(at)
            found = self._at_starter(line, style, at)
            if found is not None or self.anchor == at:
                return found
        if line.only_number or (line.has_inline and style is None):
            return self._at_anchor(at, style)
        return None

    def _at_starter(self, line: Line, style: Style, at: int) -> ListStyle | None:
        places = self._starters[style]
        if self.anchor is not None and not line.only_number and places[0] <= self.anchor < at:
            return self._list(style, self._run_start(style, at))
        if line.has_inline and style == LABELS:
            return self._list(style, at if self.anchor is None else self._run_start(style, at + 1))
        if line.has_inline and style[0] != "label":
            if self._outer(at):
                self.anchor = at
                return None
            return self._list(style, self._run_start(style, at + 1))
        if self._weak_twice(style, places):
            return self._list(style, self._run_start(style, at + 1))
        return None

    def _starter_style(self, line: Line) -> Style | None:
        if line.style is not None and line.style[0] != "weak":
            return line.style
        if line.label == "text":
            return LABELS
        if line.label == "number" and line.only_number:
            return NUMBERS_FIRST
        return None

    def _outer(self, at: int) -> bool:
        """Whether an item was announced just before and has no text of its own yet."""
        for line in reversed(self.lines[:at]):
            if line.kind == "blank":
                continue
            return (
                line.style is not None
                and line.style[0] in ("announced", "numbered heading", "heading")
                and not line.body
            )
        return False

    def _weak_twice(self, style: Style, places: list[int]) -> bool:
        if len(places) < _FEWEST or style[0] not in ("number", "bullet", "letter"):
            return False
        first, second = (self.lines[i] for i in places[-2:])
        return (
            all(
                line.found is not None and line.found.place == "tail" and line.found.text
                for line in (first, second)
            )
            and places[-1] - places[-2] == 1
        )

    def _at_anchor(self, at: int, style: Style | None) -> ListStyle | None:
        if self.anchor is None:
            self.anchor = at
            return None
        labelled = self._starters.get(NUMBERS_FIRST, [])
        texts = self._starters.get(LABELS, [])
        if style is not None and style[0] != "label" and len(self._starters.get(style, [])) > 1:
            # The number comes first in each item: "- 0.3" with the text below it.
            return self._list(style, self._starters[style][0])
        if texts and labelled and labelled[0] < texts[0]:
            return self._list(NUMBERS_FIRST, labelled[0])
        if len(texts) > 1 and texts[0] <= self.anchor:
            return self._list(LABELS, texts[0])
        if self._number_leads(self.anchor):
            return self._list(NUMBERS_FIRST, self.anchor)
        return self._paragraphs(self.anchor, at)

    def _number_leads(self, anchor: int) -> bool:
        """Whether numbers stand before their texts: nothing but a lead-in precedes the first."""
        if not self.lines[anchor].only_number:
            return False
        texts = [line for line in self.lines[:anchor] if line.kind in ("text", "code")]
        return not texts or (len(texts) == 1 and texts[0].body.endswith((":", "\uff1a")))

    def _run_start(self, style: Style, end: int) -> int:
        """Where the run of items begins that leads up to a place."""
        places = [i for i in self._starters[style] if i < end]
        start = places[-1]
        for earlier in reversed(places[:-1]):
            if not self._follows(style, earlier, start):
                break
            start = earlier
        return start

    def _follows(self, style: Style, earlier: int, later: int) -> bool:
        """Whether two places where items may begin belong to one list."""
        first, second = self.lines[earlier], self.lines[later]
        if first.ordinal is not None and second.ordinal is not None:
            return second.ordinal in (first.ordinal + 1, first.ordinal)
        between = self.lines[earlier:later]
        if any(line.level and line.style != style for line in between):
            return False
        blank = next((i for i, line in enumerate(between) if line.kind == "blank"), None)
        return blank is None or not _is_prose(between[blank:])

    def _list(self, style: Style, start: int) -> ListStyle:
        lines = self.lines[start:]
        anchor = None if self.anchor is None else self.anchor - start
        first = lines[anchor] if anchor is not None and 0 <= anchor < len(lines) else lines[0]
        examples = [line for line in (first, lines[-1]) if line.has_inline and line.style == style]
        return ListStyle(style, self.lines[:start], lines, examples[0] if examples else None)

    def _paragraphs(self, anchor: int, at: int) -> ListStyle:
        """Items that end at their numbers, without any marker."""
        between = self.lines[anchor + 1 : at]
        second = [line for line in [*between, self.lines[at]] if line.kind in ("text", "code")]
        start = anchor
        if len(second) != 1 or not self.lines[anchor].has_inline:
            start = _paragraph_start(self.lines, anchor, all_of_it=_chunks(between) > 1)
        return ListStyle(PARAGRAPHS, self.lines[:start], self.lines[start:], None)


def _is_prose(lines: list[Line]) -> bool:
    """Whether running text without indentation and without numbers stands in these lines."""
    return any(
        line.kind == "text" and line.style is None and not line.indent for line in lines
    ) and not any(line.found for line in lines)


def _chunks(lines: list[Line]) -> int:
    count, inside = 0, False
    for line in lines:
        filled = line.kind in ("text", "code")
        count += filled and not inside
        inside = filled
    return count


def _paragraph_start(lines: list[Line], anchor: int, *, all_of_it: bool) -> int:
    """Where the first item begins that ends at a line with a number."""
    start = anchor
    seen_text = lines[anchor].has_inline
    for at in range(anchor - 1, -1, -1):
        line = lines[at]
        if line.kind == "blank":
            if seen_text and not all_of_it:
                break
            continue
        if line.kind == "rule" or looks_like_intro(line):
            break
        if line.kind in ("text", "code"):
            seen_text = True
            start = at
    return start
