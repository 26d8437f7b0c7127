"""Reading candidates from lines: numbered and bulleted lists, headings, labelled blocks.

Nothing is decided before a number has been seen: the lines up to then are kept, and the first
number tells which marker begins an item. From then on an item is handed over as soon as the next
one begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vs_core.parsing.block import Block, Reading, read_block
from vs_core.parsing.fences import FenceTracker
from vs_core.parsing.gathered import BEGUN_AGAIN, CUT_OFF
from vs_core.parsing.item import Doubtful, Item
from vs_core.parsing.lines import Line, classify, is_total
from vs_core.parsing.prologue import is_closing, looks_like_intro, plain_lists, single_item
from vs_core.parsing.tables import TableReader

if TYPE_CHECKING:
    from vs_core.parsing.gathered import Gathered

_PARAGRAPHS = ("paragraph",)
_LABELS = ("label", "text")
_NUMBERS_FIRST = ("label", "number")
_JOINTS = " \t\n:=-\u2013\u2014|([*~\u2248,"
_MARKED = ("number", "announced", "heading", "numbered heading", "bullet", "letter")


class ListReader:
    """Groups lines into items and hands them to `Gathered`."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self._tables = TableReader(gathered)
        self.reset()

    def reset(self) -> None:
        """Forget all lines that have not become candidates."""
        self._fences = FenceTracker()
        self._outer_fence = False
        self._last_text: Line | None = None
        self._before: list[Line] = []
        self._anchor: int | None = None
        self._style: tuple[object, ...] | None = None
        self._place = ""
        self._block: Block | None = None
        self._closed = False
        self._last_ordinal: int | None = None
        self._paragraphs = 0
        self._after = 0
        self._count = 0
        self._starters: dict[tuple[object, ...], list[int]] = {}

    @property
    def in_fence(self) -> bool:
        """Whether a code fence is open."""
        return self._fences.open

    @property
    def in_item(self) -> bool:
        """Whether an item with a number or the text of a committed list is open."""
        return self._style is not None and not self._closed

    def feed(self, raw: str, *, final: bool = False) -> None:
        """Take in one line, with its end."""
        line = self._classified(raw)
        if line.kind == "text" and self._tables.take(line):
            return
        if line.kind == "text" and is_total(line):
            self._close_list()
            if self._style is not None:
                self._gathered.drop(raw, "a total, not a candidate")
            return
        if self._style is None:
            self._look_for_style(line)
        elif self._style in (_PARAGRAPHS,):
            self._paragraph_line(line)
        else:
            self._list_line(line)

    def _classified(self, raw: str) -> Line:
        was_open = self._fences.open
        if not was_open and self._outer_fence and raw.strip() in ("```", "~~~"):
            self._outer_fence = False
            return Line(raw, "rule")
        self._fences.add(raw if raw.endswith("\n") else raw + "\n")
        if was_open:
            return Line(raw, "code")
        line = classify(raw)
        if line.kind != "fence":
            return line
        if self._block is not None or self._keeps_fence():
            return Line(raw, "code")
        self._fences = FenceTracker()
        self._outer_fence = True
        return Line(raw, "blank")

    def _keeps_fence(self) -> bool:
        """Whether a fence that opens here belongs to an item that has begun."""
        line = self._last_text
        return line is not None and (
            (line.style is not None and line.style[0] in _MARKED) or line.only_number
        )

    # --- before the first number ------------------------------------------------------------

    def _look_for_style(self, line: Line) -> None:
        before = self._before
        before.append(line)
        at = len(before) - 1
        if line.kind != "text":
            return
        self._last_text = line
        style = self._starter_style(line)
        if style is not None:
            earlier = self._starters.setdefault(style, [])
            earlier.append(at)
            if self._anchor is not None and not line.only_number and earlier[0] <= self._anchor and at > self._anchor:
                self._lock(style, self._run_start(style, at))
                return
            if line.has_inline and style == _LABELS:
                self._lock(style, at if self._anchor is None else self._run_start(style, at + 1))
                return
            if line.has_inline and style[0] != "label":
                outer = self._outer(at)
                if outer is not None:
                    self._anchor = at
                    return
                self._lock(style, self._run_start(style, at + 1))
                return
            if self._weak_twice(style, earlier):
                self._lock(style, self._run_start(style, at + 1))
                return
        if line.only_number or (line.has_inline and style is None):
            self._on_anchor(line, at, style)

    def _starter_style(self, line: Line) -> tuple[object, ...] | None:
        if line.style is not None and line.style[0] != "weak":
            return line.style
        if line.label == "text":
            return _LABELS
        if line.label == "number" and line.only_number:
            return _NUMBERS_FIRST
        return None

    def _outer(self, at: int) -> tuple[object, ...] | None:
        """The marker of an item that was announced just before and has no text of its own."""
        for line in reversed(self._before[:at]):
            if line.kind == "blank":
                continue
            if line.style is not None and line.style[0] in ("announced", "numbered heading", "heading") and not line.body:
                return line.style
            return None
        return None

    def _weak_twice(self, style: tuple[object, ...], places: list[int]) -> bool:
        if len(places) < 2 or style[0] not in ("number", "bullet", "letter"):
            return False
        first, second = (self._before[i] for i in places[-2:])
        return (
            all(
                line.found is not None and line.found.place == "tail" and line.found.text
                for line in (first, second)
            )
            and places[-1] - places[-2] == 1
        )

    def _on_anchor(self, line: Line, at: int, style: tuple[object, ...] | None) -> None:
        if self._anchor is None:
            self._anchor = at
            return
        labelled = self._starters.get(_NUMBERS_FIRST, [])
        texts = self._starters.get(_LABELS, [])
        if style is not None and style[0] != "label" and len(self._starters.get(style, [])) > 1:
            # The number comes first in each item: "- 0.3" with the text below it.
            self._lock(style, self._starters[style][0])
        elif texts and labelled and labelled[0] < texts[0]:
            self._lock(_NUMBERS_FIRST, labelled[0])
        elif texts and len(texts) > 1 and texts[0] <= self._anchor:
            self._lock(_LABELS, texts[0])
        elif self._number_leads():
            self._lock(_NUMBERS_FIRST, self._anchor)
        else:
            self._lock_paragraphs(at)

    def _number_leads(self) -> bool:
        """Whether numbers stand before their texts: nothing but a lead-in precedes the first."""
        anchor = self._before[self._anchor or 0]
        if not anchor.only_number:
            return False
        texts = [line for line in self._before[: self._anchor or 0] if line.kind in ("text", "code")]
        return not texts or (
            len(texts) == 1 and texts[0].body.endswith((":", "\uff1a"))
        )

    def _run_start(self, style: tuple[object, ...], end: int) -> int:
        """Where the run of items begins that leads up to a place."""
        places = [i for i in self._starters.get(style, []) if i < end]
        start = places[-1]
        for earlier in reversed(places[:-1]):
            first, second = self._before[earlier], self._before[start]
            if first.ordinal is not None and second.ordinal is not None:
                follows = second.ordinal in (first.ordinal + 1, first.ordinal)
            else:
                follows = not any(
                    line.level and line.style != style or (line.kind == "blank" and self._gap(i, start))
                    for i, line in enumerate(self._before[earlier:start], earlier)
                )
            if not follows:
                break
            start = earlier
        return start

    def _gap(self, at: int, start: int) -> bool:
        """Whether running text without indentation follows a blank line before the next item."""
        return any(
            line.kind == "text" and line.style is None and not line.indent and not line.found
            for line in self._before[at + 1 : start]
        ) and not any(line.found for line in self._before[at + 1 : start])

    def _lock(self, style: tuple[object, ...], start: int) -> None:
        self._style = style
        lines, self._before = self._before[start:], []
        anchor = None if self._anchor is None else self._anchor - start
        first = lines[anchor] if anchor is not None and 0 <= anchor < len(lines) else lines[0]
        if first.found is not None and first.has_inline and first.style == style:
            self._place = first.found.place
        elif lines[-1].has_inline and lines[-1].style == style and lines[-1].found is not None:
            self._place = lines[-1].found.place
        self._starters = {}
        for line in lines:
            self._list_line(line)

    def _lock_paragraphs(self, at: int) -> None:
        lines, self._before = self._before, []
        anchor = self._anchor or 0
        second = [line for line in lines[anchor + 1 : at + 1] if line.kind in ("text", "code")]
        start = anchor
        if not (len(second) == 1 and lines[anchor].has_inline):
            blanks_inside = any(line.kind == "blank" for line in lines[anchor + 1 : at]) and _chunks(
                lines[anchor + 1 : at]
            ) > 1
            start = _paragraph_start(lines, anchor, all_of_it=blanks_inside)
        self._style = _PARAGRAPHS
        self._starters = {}
        for line in lines[start:]:
            self._paragraph_line(line)

    # --- in a list --------------------------------------------------------------------------

    def _list_line(self, line: Line) -> None:
        block = self._block
        if self._begins_item(line):
            if block is not None:
                self._finish(again=line.ordinal is not None and line.ordinal == block.ordinal)
            self._block = Block(ordinal=line.ordinal)
            self._block.add(line)
            self._last_ordinal = line.ordinal
            self._closed = False
        elif self._ends_list(line):
            self._close_list()
        elif block is not None:
            block.add(line)

    def _begins_item(self, line: Line) -> bool:
        if line.kind != "text" or self._style is None:
            return False
        block = self._block
        if self._style == _LABELS:
            return line.label == "text" and (block is None or block.has_text)
        if self._style == _NUMBERS_FIRST:
            return line.only_number and (block is None or block.has_text)
        if line.style != self._style:
            return False
        if line.only_number and block is not None and block.has_text and not block.has_number:
            return False
        if self._style[0] == "heading":
            return self._count == 0 or not self._closed or line.has_inline
        if line.ordinal is None:
            return not self._closed or line.has_inline
        last = self._last_ordinal
        return last is None or line.ordinal in (last + 1, last) or (
            line.has_inline and (not self._place or line.found is not None and line.found.place == self._place)
        )

    def _ends_list(self, line: Line) -> bool:
        if not line.level or self._style is None:
            return False
        kind = self._style[0]
        if kind in ("number", "bullet", "letter", "label"):
            return line.style != self._style and not (line.label and not line.only_number)
        if kind in ("heading", "numbered heading"):
            return line.level <= int(str(self._style[1])) and line.label not in ("text", "number")
        return line.style != self._style and line.label == "" and line.level <= 2 and not line.only_number

    def _close_list(self) -> None:
        if self._block is not None:
            self._finish(last=True)
            self._closed = True

    def _finish(self, *, last: bool = False, again: bool = False) -> None:
        block, self._block = self._block, None
        if block is None:
            return
        reading = read_block(block.lines, self._place)
        if again and reading.item.raw is None:
            self._gathered.drop(reading.item.text, BEGUN_AGAIN)
            return
        if last:
            reading = self._without_epilogue(block, reading)
            if reading.item.raw is None and self._style and (
                self._style[0] in ("heading",) and self._gathered.numbered
            ):
                return
        if not reading.item.text and block.ordinal is not None and reading.item.raw is not None:
            reading.item.text = str(block.ordinal)
        self._paragraphs = max(self._paragraphs, reading.paragraphs)
        self._after = max(self._after, reading.after)
        self._count += 1
        self._gathered.accept(reading.item, "lines")

    def _without_epilogue(self, block: Block, reading: Reading) -> Reading:
        """The last item without the prose that follows the list."""
        lines = block.lines
        first = reading.number_line
        keep = len(lines)
        number_first = first == 0 and reading.place in ("lead", "only", "middle") or (
            first == 0 and not lines[0].body
        )
        for at in range(1, len(lines)):
            line = lines[at]
            previous_blank = lines[at - 1].kind in ("blank", "rule")
            if line.kind == "rule" and at > first and any(x.kind == "text" for x in lines[:at]):
                keep = at
                break
            if line.kind != "text" or at <= first or line.label in ("text", "reason"):
                continue
            if line.style is not None and previous_blank and line.level:
                keep = at
                break
            if not previous_blank and not (reading.place == "tail" and not line.indent and not self._after):
                continue
            before = read_block(lines[:at], self._place)
            enough = bool(before.item.text) and (
                before.paragraphs >= max(1, self._paragraphs) if self._count else True
            )
            indented = line.indent > lines[0].indent
            complete = first >= 0 or not self._gathered.numbered
            if enough and complete and not indented and (
                before.after >= self._after or number_first or is_closing(line)
            ):
                keep = at
                break
        return reading if keep == len(lines) else read_block(lines[:keep], self._place)

    # --- items that a number closes -----------------------------------------------------------

    def _paragraph_line(self, line: Line) -> None:
        if self._block is None:
            if line.kind in ("blank", "rule"):
                return
            self._block = Block()
        block = self._block
        block.add(line)
        if line.level and not line.only_number and len(block.lines) == 1:
            line.body = line.body.strip()
        if line.only_number or (line.has_inline and line.found is not None and line.found.place != "lead"):
            self._finish()
        elif line.has_inline:
            self._finish()

    # --- the end ------------------------------------------------------------------------------

    def end(self, rest: str) -> None:
        """The reply ends; `rest` is a last line without its end."""
        cut = False
        if rest.strip():
            cut = _ends_in_number(rest)
            if cut and not self._tables.active:
                rest = rest.rstrip("0123456789.,")
            self.feed(rest, final=True)
        self._tables.end()
        if self._style is None:
            self._settle_without_style(cut=cut, unended=bool(rest.strip()))
        elif self._style == _PARAGRAPHS:
            self._block = None
        elif self._block is not None:
            self._finish_at_end(rest, cut=cut)

    def _finish_at_end(self, rest: str, *, cut: bool) -> None:
        block = self._block
        assert block is not None
        if len(block.lines) > 1 and rest.strip() and not block.lines[-1].body.strip("-*+\u2022.) 0123456789"):
            if not block.lines[-1].only_number and block.lines[-1].kind == "text":
                block.lines.pop()
        reading = self._without_epilogue(block, read_block(block.lines, self._place))
        if reading.item.raw is None and (self._gathered.numbered or cut):
            begun = _begun_number(reading.item.text)
            if begun is None and cut:
                begun = reading.item.text.rstrip(_JOINTS)
            if begun is None:
                if not self._count or self._style and self._style[0] == "heading":
                    return
                self._gathered.cut(reading.item.text)
                return
            self._gathered.truncated = True
            reading.item.text = begun
            reading.item.repairs = ("the number was cut off",)
        if not reading.item.text and block.ordinal is not None and reading.item.raw is not None:
            reading.item.text = str(block.ordinal)
        if reading.item.text:
            self._gathered.accept(reading.item, "lines")
        elif reading.item.raw is not None:
            self._gathered.cut(block.lines[0].raw)

    def _settle_without_style(self, *, cut: bool, unended: bool) -> None:
        if self._anchor is not None:
            found = single_item(self._before, self._anchor)
            if found is not None:
                if cut:
                    self._gathered.truncated = True
                self._gathered.doubt(Doubtful([found], 1, "lines"))
            return
        for doubtful in plain_lists(self._before):
            self._without_cut(doubtful, unended=unended, cut=cut)
            self._gathered.doubt(doubtful)

    def _without_cut(self, doubtful: Doubtful, *, unended: bool, cut: bool) -> None:
        """The last item of a list that ends with the reply, without a number that is cut off."""
        last = doubtful.items[-1]
        if not unended or not self._before[-1].raw.strip().endswith(last.text[-8:]):
            return
        begun = _begun_number(last.text)
        if begun is None and cut:
            begun = last.text.rstrip(_JOINTS)
        if begun or cut:
            last.text, last.repairs, doubtful.truncated = begun or "", ("the number was cut off",), True
        elif last.text[0] in "([" and not any(c in ")]" for c in last.text):
            doubtful.notes.append((last.text, CUT_OFF))
            doubtful.truncated = True
            doubtful.items.pop()


def _ends_in_number(rest: str) -> bool:
    """Whether the last line stops in the middle of a number."""
    stripped = rest.rstrip()
    return stripped == rest and len(rest) > 1 and rest[-1] in ".," and rest[-2].isdigit() and (
        rest[-2] == "0" and not rest[-3:-2].isdigit()
    )


def _begun_number(text: str) -> str | None:
    """The text of an item whose number was begun: `Paris (probability: 0.`."""
    from vs_core.parsing.epilogue import without_begun_number

    return without_begun_number(text)


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


def as_doubtful(items: list[Item]) -> Doubtful:
    """Items of a list that carries no numbers."""
    return Doubtful(items, 1, "lines")


__all__ = ["CUT_OFF", "ListReader"]
