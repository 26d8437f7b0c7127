"""What the lines of one segment say: its text, its number, its reasoning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from vs_core.parsing import words
from vs_core.parsing.clean.characters import decoded_string, fold
from vs_core.parsing.segment.labels import (
    Role,
    is_number_of_another,
    label_at_start,
    measures,
    role_of,
)
from vs_core.parsing.segment.lines import Line
from vs_core.parsing.segment.number_found import BARE, LABELLED, MARKED, Found, Place
from vs_core.parsing.segment.number_place import numbers_in
from vs_core.parsing.words import names_answer

Spot = Literal["field", "own", "lead", "head", "middle", "end"]
"""Where a segment states its number: on a line with its label, on a line of its own, in front of
the first line, at its end, within it, or at the end of the last line."""

_SPOT_OF: dict[Place, Spot] = {
    "tail": "head",
    "only": "head",
    "lead": "lead",
    "middle": "middle",
}
SPOTS: tuple[Spot, ...] = ("field", "head", "end", "lead", "own", "middle")

_HEADED = re.compile(r"(?:#{1,6}\s+)?(\*\*|__|)([^\W\d_][^\d:*_#|\n]{0,40}?)\1\s?")
_YAML_BLOCK = re.compile(r"[|>][-+]?\Z")
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)+")
_SHARE_OF = re.compile(r"\$?P\(\s*(?:\\text\{(?P<tex>.+)\}|(?P<plain>.+))\s*\)\$?", re.DOTALL)
_ELEMENT = re.compile(r"<([^\W\d_]\w{0,30})>(.*)</\1>", re.DOTALL)
_QUOTES = "\"'"


@dataclass(frozen=True)
class Stated:
    """A number that a segment states at one spot.

    Attributes:
        raw: As written.
        strength: How sure it is that it is the stated one.
        line: The line it stands on, counted in the segment.
        text: What that line says without it.
    """

    raw: str
    strength: int
    line: int
    text: str


class FieldLine(NamedTuple):
    """A line that begins with a label.

    Attributes:
        role: What the label announces.
        rest: What stands behind it, or on the line below.
        lines: How many lines the field takes at least.
    """

    role: Role
    rest: str
    lines: int


@dataclass
class Segment:
    """The lines of one candidate.

    Attributes:
        lines: From the line that begins it.
        head: The first line, without the marks that make it the first.
        title: What stands for a text where there is no other: the announcement as written.
        label_marks: Whether the label at its top is the mark of the series, and no text.
    """

    lines: Sequence[Line]
    head: str
    title: str = ""
    label_marks: bool = False

    @cached_property
    def labelled(self) -> dict[int, FieldLine]:
        """The lines that begin with a label, or are one."""
        found: dict[int, FieldLine] = {}
        at = 0
        while at < len(self.lines):
            read = field_at(self.lines, at, self.body_of(at))
            if read is not None:
                found[at] = read
            at += read.lines if read is not None else 1
        return found

    def body_of(self, at: int) -> str:
        """A line without its marks."""
        return self.head if at == 0 else self.lines[at].body

    @cached_property
    def number_lines(self) -> dict[int, tuple[str, int]]:
        """The lines that hold a labelled number and nothing else: the number, the lines taken."""
        found: dict[int, tuple[str, int]] = {}
        for at in range(len(self.lines)):
            number = number_at(self.lines, at, self.body_of(at))
            if number is not None:
                found[at] = number
        return found

    @cached_property
    def stated(self) -> dict[Spot, Stated]:
        """The numbers at all spots where there is one."""
        found: dict[Spot, Stated] = {}
        if (own := self._field()) is not None:
            found["field"] = own
        for one in numbers_in(self.head):
            spot = _SPOT_OF[one.place]
            if one.place != "only" or len(self.lines) > 1 or self.title or one.strength == LABELLED:
                found[spot] = Stated(one.raw, one.strength, 0, one.text)
        last = self.last_line
        if last == 0 and "head" in found and found["head"].text:
            found["end"] = found["head"]
        if last > 0 and last not in self.number_lines and not self._is_about_others(last):
            for one in numbers_in(self.lines[last].body):
                if one.place == "tail":
                    found["end"] = Stated(one.raw, one.strength, last, self._with_mark(last, one))
        if (alone := self._own()) is not None:
            found["own"] = alone
        return found

    def _is_about_others(self, at: int) -> bool:
        """Whether a line states the numbers of several, or belongs to a list of its own."""
        mark = self.lines[at].mark
        own = self.lines[0]
        deeper = self.lines[at].indent > own.indent
        if mark and not (own.mark and deeper):
            return sum(x.mark == mark for x in self.lines) > 1
        label = self.lines[at].label
        return self.lines[at].is_total or (label is not None and label.role == "number")

    def _with_mark(self, at: int, found: Found) -> str:
        line = self.lines[at]
        return line.raw[: line.offset] + found.text

    @cached_property
    def last_line(self) -> int:
        """The last line with anything on it."""
        return max((n for n, x in enumerate(self.lines) if x.kind in ("text", "opaque")), default=0)

    def _field(self) -> Stated | None:
        """The number on a line with its label, the last of several."""
        found = [(at, raw) for at, (raw, _) in self.number_lines.items() if at or self.lines[1:]]
        with_digits = [(at, raw) for at, raw in found if any(map(str.isdigit, raw))]
        usable = with_digits or found
        if not usable:
            return None
        named = [(at, raw) for at, raw in usable if self._is_probability(at)]
        usable = named or usable
        at, raw = usable[-1]
        return Stated(raw, LABELLED, at, "")

    def _is_probability(self, at: int) -> bool:
        body = fold(self.body_of(at))
        return "rob" in body or words.normal(body)[:1] == "p" or not body.isascii()

    def _own(self) -> Stated | None:
        """A bare number on a line of its own."""
        found = [
            (at, alone)
            for at in range(1, len(self.lines))
            if self.lines[at].kind == "text"
            and (alone := _alone(self.lines[at].raw)) is not None
            and alone.strength in (MARKED, BARE)
            and (alone.strength == MARKED or self.lines[at].indent)
        ]
        if len(found) != 1:
            return None
        at, alone = found[0]
        return Stated(alone.raw, alone.strength, at, "")

    # --- the text -------------------------------------------------------------------------

    def read(self, stated: Stated | None) -> tuple[str, str | None]:
        """The text and the reasoning, once it is known which number is the stated one."""
        kept, reasons = self._content(stated)
        text = self._text(kept)
        reasoning = "\n".join(reasons).strip() or None
        if not text and reasoning:
            return reasoning, None
        return text or self.title or self._head_beside(stated), reasoning

    def _head_beside(self, stated: Stated | None) -> str:
        """`1. Score: 3-2`, with the stated number on a line below: the text."""
        label = label_at_start(fold(self.head))
        if stated is None or not stated.line or label is None or not self.lines[0].mark:
            return ""
        is_about = measures(label.written) or is_number_of_another(label.written)
        return self.head.strip() if is_about and label.role == "number" else ""

    def _content(self, stated: Stated | None) -> tuple[list[tuple[int, str]], list[str]]:
        """The lines of the text, and those of the reasoning."""
        taken = {
            line for at, (_, count) in self.number_lines.items() for line in range(at, at + count)
        }
        kept: list[tuple[int, str]] = []
        reasons: list[str] = []
        in_reason = False
        for at, line in enumerate(self.lines):
            if stated is not None and at == stated.line and at not in self.number_lines:
                if stated.text:
                    kept.append((at, stated.text))
                continue
            if at in taken:
                in_reason = False
                continue
            read = self.labelled.get(at)
            if read is not None and read[0] == "reason":
                in_reason = True
                reasons.append(read[1])
            elif in_reason and line.kind == "text" and read is None and not line.mark:
                reasons.append(line.raw.strip())
            else:
                in_reason = False
                if line.kind != "rule" or at < self.last_line:
                    kept.append((at, self.head if at == 0 else line.raw))
        return kept, reasons

    def _text(self, kept: list[tuple[int, str]]) -> str:
        kept = self._from_text_field(kept)
        unquoted = False
        for _ in range(2):
            while kept and not kept[0][1].strip():
                kept.pop(0)
            if not kept:
                return ""
            at, first = kept[0]
            label = label_at_start(fold(first)) if self.lines[at].kind == "text" else None
            headed = self.labelled.get(at)
            if label is not None and self._is_notation(label.role, at):
                unquoted = label.assigns or label.written.islower()
                kept[0] = (at, first[label.end :].strip())
                if (block := _yaml_block(kept)) is not None:
                    return block
            elif (
                headed is not None
                and headed[0] in ("text", "answer")
                and not headed[1]
                and len(kept) > 1
            ):
                kept.pop(0)
            else:
                break
        text = joined(_without_gaps(kept), with_first=kept[0][0] > 0)
        return _without_notation(text, unquoted=unquoted)

    def _is_notation(self, role: Role, at: int) -> bool:
        return role == "text" or (role == "answer" and at == 0 and self.label_marks)

    def _from_text_field(self, kept: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """A bullet `Text:` beside a bullet `Probability:` is the text; what is above, a title."""
        numbers = {(self.lines[at].mark, self.lines[at].indent) for at in self.number_lines if at}
        for place, (at, _) in enumerate(kept):
            read = self.labelled.get(at)
            if at == 0 or read is None or read[0] != "text" or not self.lines[at].mark:
                continue
            same = (self.lines[at].mark, self.lines[at].indent) in numbers
            above = [text for _, text in kept[:place] if text.strip()]
            if same and len(above) <= 1:
                return [(at, self.lines[at].body), *kept[place + 1 :]]
        return kept


def field_at(lines: Sequence[Line], at: int, body: str) -> FieldLine | None:
    """The field that a line begins: `Text: ..`, or a heading above the text or number it names.

    Args:
        lines: The lines around it.
        at: Its place.
        body: The line without its marks.
    """
    line = lines[at]
    if line.kind != "text":
        return None
    label = label_at_start(fold(body))
    if label is not None and label.role:
        rest = body[label.end :].strip()
        if label.role == "number" and not rest.strip("*_ ") and (below := _below(lines, at)):
            return FieldLine("number", *below)
        return FieldLine(label.role, _unquoted(rest) if label.assigns else rest, 1)
    if not (line.level or body.startswith(("**", "__"))):
        return None
    headed = _HEADED.fullmatch(fold(body).strip())
    role = role_of(headed[2].strip()) if headed is not None else ""
    if role == "number":
        below = _below(lines, at)
        return FieldLine("number", *below) if below else None
    return FieldLine(role, "", 1) if role in ("text", "answer", "reason") else None


def _below(lines: Sequence[Line], at: int) -> tuple[str, int] | None:
    """The number on the line below a label for it, and how many lines they take."""
    for place in range(at + 1, min(at + 3, len(lines))):
        if lines[place].kind == "blank":
            continue
        if lines[place].mark:
            return None
        alone = _alone(lines[place].body)
        return (alone.raw, place - at + 1) if alone is not None else None
    return None


def number_at(lines: Sequence[Line], at: int, body: str) -> tuple[str, int] | None:
    """The number of a line that holds one with its label and nothing else, and the lines taken."""
    if lines[at].kind != "text" or lines[at].is_total:
        return None
    read = field_at(lines, at, body)
    if read is not None and read.lines > 1:
        return read.rest, read.lines
    alone = _alone(body)
    return (alone.raw, 1) if alone is not None and alone.strength == LABELLED else None


def _alone(body: str) -> Found | None:
    found = numbers_in(body)
    return found[0] if len(found) == 1 and found[0].place == "only" else None


def _unquoted(text: str) -> str:
    """The value of a field as in code: quotes around it are notation."""
    stripped = text.strip().rstrip(",")
    if len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in _QUOTES:
        inner = stripped[1:-1]
        return (
            inner.replace("''", "'")
            if stripped[0] == "'" and "''" in inner
            else decoded_string(inner)
        )
    return text


def _yaml_block(kept: list[tuple[int, str]]) -> str | None:
    """A block scalar: `|` keeps its lines, `>` folds them."""
    if not _YAML_BLOCK.match(kept[0][1]):
        return None
    block = joined([text for _, text in kept[1:]], with_first=True)
    return block if kept[0][1][0] == "|" else " ".join(block.split())


def _without_gaps(kept: list[tuple[int, str]]) -> list[str]:
    """The lines; where one was taken out between two blank lines, one of these goes too."""
    lines: list[str] = []
    before = -1
    for at, line in kept:
        gap = before >= 0 and at > before + 1 and lines and not lines[-1].strip()
        if line.strip() or not gap:
            lines.append(line)
        before = at
    return lines


def joined(lines: list[str], *, with_first: bool) -> str:
    """Lines as one text, without the indent that they share (the first one's too, if so told)."""
    first, rest = ([], lines) if with_first else (lines[:1], lines[1:])
    indents = [len(line) - len(line.lstrip(" \t")) for line in rest if line.strip()]
    common = min(indents, default=0)
    return "\n".join([*first, *(line[common:] for line in rest)]).strip()


def _without_notation(text: str, *, unquoted: bool) -> str:
    lines = text.split("\n")
    if all(_QUOTE.match(line) or not line.strip() for line in lines):
        text = "\n".join(_QUOTE.sub("", line, count=1) for line in lines).strip()
    if (share := _SHARE_OF.fullmatch(text)) is not None:
        return (share["tex"] or share["plain"]).strip()
    element = _ELEMENT.fullmatch(text)
    if element is not None and names_answer(element[1]) and f"</{element[1]}>" not in element[2]:
        return element[2].strip()
    return _unquoted(text) if unquoted else text
