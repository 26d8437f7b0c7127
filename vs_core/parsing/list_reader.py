"""Reading candidates from lines: numbered and bulleted lists, headings, labelled blocks.

Nothing is decided before a number has been seen: the lines up to then are kept, and the first
number tells which marker begins an item. From then on an item is handed over as soon as the next
one begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vs_core.parsing.block import Block, Reading, read_block
from vs_core.parsing.epilogue import Seen, end_of_item, without_begun_number
from vs_core.parsing.fences import FenceTracker
from vs_core.parsing.field_lines import FieldLines
from vs_core.parsing.folding import fold
from vs_core.parsing.gathered import BEGUN_AGAIN, CUT_OFF
from vs_core.parsing.item import NUMBER_CUT, Doubtful, Item, has_digit
from vs_core.parsing.lines import Line, Style, classify, is_total
from vs_core.parsing.list_style import LABELS, NUMBERS_FIRST, PARAGRAPHS, ListStyle, StyleFinder
from vs_core.parsing.objects import split_objects
from vs_core.parsing.prologue import plain_lists, single_item
from vs_core.parsing.tables import TableReader

if TYPE_CHECKING:
    from vs_core.parsing.gathered import Gathered

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
        self._fields = FieldLines()
        self._outer_fence = False
        self._last_text: Line | None = None
        self._finder = StyleFinder()
        self._style: Style | None = None
        self._place = ""
        self._mark = ""
        self._block: Block | None = None
        self._closed = False
        self._last_ordinal: int | None = None
        self._paragraphs = 0
        self._after = 0
        self._count = 0

    @property
    def in_fence(self) -> bool:
        """Whether a code fence is open."""
        return self._fences.open

    @property
    def in_item(self) -> bool:
        """Whether an item with a number or the text of a committed list is open."""
        return self._style is not None and not self._closed

    def feed(self, raw: str) -> None:
        """Take in one line, with its end."""
        objects = [] if self.in_fence or self._is_marked else split_objects(raw)
        for line in objects or [raw]:
            was_headed = self._fields.headed
            ready = self._fields.take(self._classified(line), may_be_headed=self._style is None)
            if self._fields.headed and not was_headed:
                self._take_again()
            for each in ready:
                self._take_line(each)

    def _take_again(self) -> None:
        """Headings are labels in this reply: read the lines kept so far as such."""
        kept = self._finder.lines if self._style is None else []
        self._finder = StyleFinder()
        for line in kept:
            self._take_line(self._fields.labelled(line))

    @property
    def _is_marked(self) -> bool:
        """Whether it is known that items begin with markers."""
        return self._style is not None and self._style[0] in _MARKED

    def _take_line(self, line: Line) -> None:
        if line.kind == "text" and self._tables.take(line):
            return
        if line.kind == "text" and is_total(line):
            self._close_list()
            if self._style is not None:
                self._gathered.drop(line.raw, "a total, not a candidate")
            return
        if self._style is None:
            if line.kind == "text":
                self._last_text = line
            found = self._finder.take(line)
            if found is not None:
                self._adopt(found)
        elif self._style == PARAGRAPHS:
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

    def _share_reasoning(self, before: list[Line]) -> None:
        """Keep what stands before the list under a label such as `Reasoning:`."""
        labelled = [at for at, line in enumerate(before) if line.label == "reason"]
        if labelled and self._gathered.reasoning is None:
            self._gathered.reasoning = read_block(before[labelled[0] :]).item.reasoning

    def _adopt(self, found: ListStyle) -> None:
        """Read the lines kept so far again, now that it is known what begins an item."""
        self._style = found.style
        self._share_reasoning(found.before)
        example = found.example
        if example is not None and example.found is not None:
            self._place, self._mark = example.found.place, _mark_before(example)
        read = self._paragraph_line if found.style == PARAGRAPHS else self._list_line
        for line in found.lines:
            read(line)

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
        if self._style == LABELS:
            return line.label == "text" and (block is None or block.has_text)
        if self._style == NUMBERS_FIRST:
            return line.only_number and (block is None or block.has_text)
        if line.style != self._style:
            return False
        if line.only_number and block is not None and block.has_text and not block.has_number:
            return False
        if self._style[0] == "heading":
            return self._count == 0 or not self._closed or line.has_inline
        if line.ordinal is None:
            return not self._closed or (line.has_inline and self._is_written_alike(line))
        last = self._last_ordinal
        return (
            last is None
            or line.ordinal in (last + 1, last)
            or (line.has_inline and self._is_written_alike(line))
        )

    def _is_written_alike(self, line: Line) -> bool:
        """Whether the number of a line stands where those of the list stand, written like them."""
        found = line.found
        if not self._place or found is None:
            return True
        return found.place == self._place and _mark_before(line) == self._mark

    def _ends_list(self, line: Line) -> bool:
        if not line.level or self._style is None:
            return False
        kind = self._style[0]
        if kind in ("number", "bullet", "letter", "label"):
            return line.style != self._style and not (line.label and not line.only_number)
        if kind in ("heading", "numbered heading"):
            return line.level <= int(str(self._style[1])) and line.label not in ("text", "number")
        return (
            line.style != self._style
            and line.label == ""
            and line.level <= 2
            and not line.only_number
        )

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
            reading = self._without_epilogue(block.lines, reading)
            if (
                reading.item.raw is None
                and self._style
                and (self._style[0] == "heading" and self._gathered.numbered)
            ):
                return
        _take_ordinal(reading.item, block)
        self._paragraphs = max(self._paragraphs, reading.paragraphs)
        self._after = max(self._after, reading.after)
        self._count += 1
        self._gathered.accept(reading.item, "lines")

    def _without_epilogue(self, lines: list[Line], reading: Reading) -> Reading:
        seen = Seen(self._count, self._paragraphs, self._after, self._gathered.numbered)
        end = end_of_item(lines, reading, seen, self._place)
        return reading if end == len(lines) else read_block(lines[:end], self._place)

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
        if (
            line.only_number
            or (line.has_inline and line.found is not None and line.found.place != "lead")
            or line.has_inline
        ):
            self._finish()

    # --- the end ------------------------------------------------------------------------------

    def end(self, rest: str) -> None:
        """The reply ends; `rest` is a last line without its end."""
        cut = False
        if rest.strip():
            cut = _ends_in_number(rest)
            if cut and not self._tables.active:
                rest = rest.rstrip("0123456789.,")
            self.feed(rest)
        for line in self._fields.rest():
            self._take_line(line)
        self._tables.end()
        if self._style is None:
            self._settle_without_style(cut=cut, unended=bool(rest.strip()))
        elif self._style == PARAGRAPHS:
            self._block = None
        elif self._block is not None:
            self._finish_at_end(self._block, rest, cut=cut)

    def _finish_at_end(self, block: Block, rest: str, *, cut: bool) -> None:
        if (
            (
                len(block.lines) > 1
                and rest.strip()
                and not block.lines[-1].body.strip("-*+\u2022.) 0123456789")
            )
            and not block.lines[-1].only_number
            and block.lines[-1].kind == "text"
        ):
            block.lines.pop()
        reading = self._without_epilogue(block.lines, read_block(block.lines, self._place))
        if reading.item.raw is None and (self._gathered.numbered or cut):
            begun = without_begun_number(reading.item.text)
            if begun is None and cut:
                begun = reading.item.text.rstrip(_JOINTS)
            if begun is not None:
                self._gathered.truncated = True
                reading.item.text = begun
                reading.item.repairs = (NUMBER_CUT,)
            elif not self._count or (self._style and self._style[0] == "heading"):
                return
            elif rest.strip() and self._place != "lead":
                self._gathered.cut(reading.item.text)
                return
        _take_ordinal(reading.item, block)
        if reading.item.text:
            self._gathered.accept(reading.item, "lines")
        elif reading.item.raw is not None:
            self._gathered.cut(block.lines[0].raw)

    def _settle_without_style(self, *, cut: bool, unended: bool) -> None:
        lines, anchor = self._finder.lines, self._finder.anchor
        if anchor is not None:
            found = single_item(lines, anchor)
            if found is not None:
                if cut:
                    self._gathered.truncated = True
                self._gathered.doubt(Doubtful([found], 1, "lines"))
            return
        for doubtful in plain_lists(lines):
            self._without_cut(doubtful, unended=unended, cut=cut)
            self._gathered.doubt(doubtful)

    def _without_cut(self, doubtful: Doubtful, *, unended: bool, cut: bool) -> None:
        """The last item of a list that ends with the reply, without a number that is cut off."""
        last = doubtful.items[-1]
        if not unended or not self._finder.lines[-1].raw.strip().endswith(last.text[-8:]):
            return
        begun = without_begun_number(last.text)
        if begun is None and cut:
            begun = last.text.rstrip(_JOINTS)
        if begun or cut:
            last.text, last.repairs, doubtful.truncated = (
                begun or "",
                (NUMBER_CUT,),
                True,
            )
        elif last.text[0] in "([" and not any(c in ")]" for c in last.text):
            doubtful.notes.append((last.text, CUT_OFF))
            doubtful.truncated = True
            doubtful.items.pop()


def _take_ordinal(item: Item, block: Block) -> None:
    """`7: 0.3`: what looked like a marker is the text, if a number stands alone behind it."""
    if not item.text and block.ordinal is not None and has_digit(item.raw):
        item.text = str(block.ordinal)


def _ends_in_number(rest: str) -> bool:
    """Whether the last line stops in the middle of a number."""
    stripped = rest.rstrip()
    return (
        stripped == rest
        and len(rest) > 1
        and rest[-1] in ".,"
        and rest[-2].isdigit()
        and (rest[-2] == "0" and not rest[-3:-2].isdigit())
    )


def _mark_before(line: Line) -> str:
    """The character before the number in a line: a bracket, a space behind a colon."""
    raw = line.found.raw if line.found is not None else ""
    at = fold(line.body).find(fold(raw)) if raw else -1
    return fold(line.body[at - 1 : at]) if at > 0 else ""
