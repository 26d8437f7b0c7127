"""The lines of a reply, each analysed once: indent, mark, ordinal, level, label."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from vs_core.parsing.clean.characters import fold
from vs_core.parsing.segment.labels import Label, is_total, label_at_start
from vs_core.parsing.words import names_answer, names_number, normal

Kind = Literal["blank", "rule", "text", "opaque"]
Mark = tuple[str | int, ...]
"""What a line begins with, in a form that is equal for the items of one list."""

_RULE = re.compile(
    r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|={3,}|\u2500{3,}|\u2014{2,}|(?:\+[-=]{3,}){1,}\+)\s*\Z"
)
_TABLE_HEAD = re.compile(r"\[\[\w{1,30}\]\]")
_FENCE = re.compile(r"[ \t>]{0,12}(`{3,}|~{3,})([^`]*)\Z")
_FENCE_IN_LINE = re.compile(r"(?<![^\s:)\]*])(`{3,}|~{3,})\w{0,20}\s*\Z")
_NUMBER_BEHIND_FENCE = re.compile(r"\s*[*_]{0,2}(?:[(\[]|[-\u2013\u2014]\s)[^()\[\]]{0,40}\d")
_MATH = {"$$": "$$", "\\[": "\\]", "\\begin{": "\\end{"}
_QUOTE = re.compile(r"(?:>\s?){1,4}")
_HEADING = re.compile(r"(#{1,6})\s+")
_BULLET = re.compile(
    r"([-*+\u2022\u2023\u25e6\u25aa\u25cf\u25cb\u00b7\u2013\u2014\u25ba\u27a4\u2726\u2043])"
    r"\s+(?=\S)(?:\[[ xX]\]\s+)?"
)
_NUMBERED = re.compile(
    r"(?:(\()(\d{1,4})\)|(\[)(\d{1,4})\](?!\()|(#)(\d{1,4})\b[.):]?|(\d{1,5})(\\?[.)\u3001])(?!\d)"
    r"|(\d{1,4})(\s?:)(?![\d/])|(\d{1,2})(\s[-\u2013\u2014])(?=\s))\s*"
)
_KEYCAP = re.compile("(?:([0-9])\ufe0f?\u20e3|(\U0001f51f))[.:)]?\\s*")
_CIRCLED = re.compile("([\u2460-\u2473\u2776-\u277f\u2780-\u2789\u278a-\u2793])[.:)]?\\s*")
_LETTER = re.compile(r"\(?([A-Za-z])([.)])\s+(?=\S)")
_ROMAN = re.compile(r"\(?([ivx]{1,5}|[IVX]{1,5})([.)])\s+(?=\S)")
_NUMERAL = re.compile(
    "([\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,2})([\u3001.])\\s*"
)
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_SEPARATORS = r"[:.)\]/|]|[-\u2013\u2014](?=\s)|(?=[(\[])|(?=\*\*)|\Z"
_ANNOUNCED = re.compile(
    r"(?:\[+)?([^\W\d_][^\d\n:*.!?()\[\]|]{0,40}?)\s{0,2}(?:#|no\.|nr\.|\u2116)?\s?"
    r"(\d{1,3}|[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,2}(?=\s?[:.(])|\b[A-H]\b(?=\s?(?:\*\*|__)?\s?(?:[:.)]|[(\[][^()\[\]\n]{1,40}[)\]])))"
    rf"(?![\d%,/]|[.:]\d|\s?%)\s?(?:\*\*|__|\*)?\s*(?:{_SEPARATORS})\]?\s*(?:\*\*|__|\*)?\s*"
)
_ANNOUNCED_CJK = re.compile(
    "\u7b2c\\s?([\\d\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,3})\\s?[\u4e2a\u500b\u6761\u689d\u9805\u9879\u5219\u5247\u7a2e\u79cd]?"
    "\\s?[^\\s:\\d(\\[,.]{0,6}?\\s?(?:[:.,)](?:\\*\\*)?|\\Z|(?=[(\\[]))\\s*"
)
_ORDINALS = tuple(
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth".split("|")  # noqa: SIM905
)
_IN_WORDS = re.compile(
    rf"(?:the\s)?({'|'.join(_ORDINALS)})\s([^\W\d_]{{3,14}})\s?(?:\*\*|__)?\s?[:.)]\s*(?:\*\*|__)?\s*",
    re.IGNORECASE,
)
_DECORATION = re.compile(r"[^\w\s*#>(\[|\"'<{.,:;!?\-`$\\/+=~]{1,3}\s+")
_BOLD = re.compile(r"\*\*|__")
_MARKUP_AT_END = re.compile(r"(\*\*|__|\*)\s*\Z")
_COLON = re.compile(r":[\s*_]*\Z")
_DIRECTIONS = "\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
_MOST_WORDS = 6


@dataclass(frozen=True)
class Announcement:
    """What announces a candidate: the same words with a counting number (`Response 2:`).

    Attributes:
        words: The words in normal form.
        ordinal: The number.
        written: As written, for a candidate that has no other text.
    """

    words: str
    ordinal: int
    written: str


@dataclass(frozen=True)
class Line:
    """A line of a reply.

    Attributes:
        raw: As written, without its end.
        kind: Blank, a rule, text, or opaque (code, a formula).
        indent: Width of the space it begins with.
        level: Level of a heading, 0 for none.
        mark: What sort of list mark it begins with, empty for none.
        ordinal: The number in the mark, None for bullets.
        announced: What it announces, if it does.
        offset: Where its body begins.
    """

    raw: str
    kind: Kind = "text"
    indent: int = 0
    level: int = 0
    mark: Mark = ()
    ordinal: int | None = None
    announced: Announcement | None = None
    offset: int = 0

    @cached_property
    def body(self) -> str:
        """The line behind its marks, without the half of a bold pair that was cut off."""
        body = self.raw[self.offset :].strip()
        head = self.raw[: self.offset]
        for mark in ("**", "__"):
            if head.count(mark) % 2 and body.count(mark) % 2:
                first, _, rest = body.partition(mark)
                body = (first + rest).strip()
        return body

    @property
    def ends_with_colon(self) -> bool:
        """Whether it leads over to what follows."""
        return self.body.rstrip("*_ ").endswith((":", "\uff1a"))

    @cached_property
    def is_total(self) -> bool:
        """Whether it sums up instead of giving a candidate."""
        return self.kind == "text" and is_total(fold(self.raw))

    @cached_property
    def label(self) -> Label | None:
        """The label its body begins with."""
        return label_at_start(fold(self.body)) if self.kind == "text" else None


def lines_of(text: str) -> list[Line]:
    """All lines of a text; what stands in fences and formulas is opaque."""
    lines: list[Line] = []
    fence, formula = "", ""
    unclosed = -1
    for raw in (line.rstrip("\r") for line in text.split("\n")):
        found = _FENCE.match(raw)
        if fence:
            closes = found and found[1][0] == fence[0] and len(found[1]) >= len(fence)
            with_number = closes and found and _NUMBER_BEHIND_FENCE.match(found[2])
            # With a number behind it, the end of a fence is the last line of a candidate.
            lines.append(Line(raw, "text" if with_number else "opaque", indent=_indent(raw)))
            if closes and found and (with_number or not found[2].strip()):
                fence = ""
        elif found:
            fence, unclosed = found[1], len(lines)
            lines.append(Line(raw, "opaque", indent=_indent(raw)))
        elif formula:
            lines.append(Line(raw, "opaque", indent=_indent(raw)))
            if formula in raw:
                formula = ""
        elif formula := _opens_formula(raw):
            unclosed = len(lines)
            lines.append(Line(raw, "opaque", indent=_indent(raw)))
        else:
            line = line_of(raw)
            lines.append(line)
            if line.offset and (begun := _FENCE_IN_LINE.search(raw, line.offset)):
                fence = begun[1]
    if formula:
        lines[unclosed:] = [line_of(line.raw) for line in lines[unclosed:]]
    return lines


def _indent(raw: str) -> int:
    return len(raw[: len(raw) - len(raw.lstrip())].expandtabs(4))


def _opens_formula(raw: str) -> str:
    """The end mark of a formula that begins on a line of its own and goes on below."""
    stripped = raw.strip()
    for begin, end in _MATH.items():
        if stripped.startswith(begin) and end not in stripped[len(begin) :]:
            return end
    return ""


def line_of(raw: str) -> Line:
    """Analyse one line."""
    if not raw.strip().strip("\ufeff\u200b"):
        return Line(raw, "blank")
    folded = fold(raw)
    if _RULE.match(folded) or _TABLE_HEAD.fullmatch(folded.strip()):
        return Line(raw, "rule")
    at = len(folded) - len(folded.lstrip())
    indent = len(folded[:at].expandtabs(4))
    quote = _QUOTE.match(folded, at)
    at = quote.end() if quote else at
    heading = _HEADING.match(folded, at)
    level = len(heading[1]) if heading else 0
    at = heading.end() if heading else at
    mark: Mark = ()
    bullet = None if heading else _BULLET.match(folded, at)
    if bullet:
        mark, at = ("bullet", bullet[1]), bullet.end()
    ordinal = None
    if not bullet and (numbered := _number_mark(folded, at)) is not None:
        kind, ordinal, at = numbered
        mark = kind
    announced, offset = _announcement(raw, folded, at, marked=bool(mark))
    while offset and raw[offset - 1] in _DIRECTIONS:
        offset -= 1
    return Line(raw, "text", indent, level, mark, ordinal, announced, offset)


def _past_bold(folded: str, at: int) -> int:
    found = _BOLD.match(folded, at)
    return found.end() if found else at


def _number_mark(folded: str, at: int) -> tuple[Mark, int, int] | None:
    """Style, ordinal and end of a counting mark."""
    start = _past_bold(folded, at)
    bold = "bold" if start > at else ""
    found = _NUMBERED.match(folded, start)
    if found:
        groups = found.groups()
        digits = next(g for g in groups if g is not None and g.isdigit())
        style = "".join(g.strip() for g in groups if g is not None and not g.isdigit())
        if style == "(" and not folded[found.end() :].strip():
            return None
        return ("number", style.strip("\\"), bold), int(digits), found.end()
    keycap = _KEYCAP.match(folded, start)
    if keycap:
        return ("keycap", "", bold), 10 if keycap[2] else int(keycap[1]), keycap.end()
    circled = _CIRCLED.match(folded, start)
    if circled:
        base = 0x2460 if circled[1] < "\u2474" else 0x2776
        return ("circled", "", bold), (ord(circled[1]) - base) % 20 + 1, circled.end()
    return _letter_mark(folded, start, bold)


def _letter_mark(folded: str, start: int, bold: str) -> tuple[Mark, int, int] | None:
    numeral = _NUMERAL.match(folded, start)
    if numeral:
        return ("numeral", numeral[2], bold), _ordinal(numeral[1]), numeral.end()
    roman = _ROMAN.match(folded, start)
    if roman and roman[1].lower() in _ROMANS:
        ordinal = _ROMANS.index(roman[1].lower()) + 1
        return ("roman", roman[2], bold), ordinal, roman.end()
    letter = _LETTER.match(folded, start)
    if letter:
        ordinal = ord(letter[1].lower()) - ord("a") + 1
        return (
            ("letter", letter[2] + ("A" if letter[1].isupper() else "a"), bold),
            ordinal,
            letter.end(),
        )
    return None


def _announcement(
    raw: str, folded: str, at: int, *, marked: bool
) -> tuple[Announcement | None, int]:
    """What a line announces, and where its text begins."""
    decoration = _DECORATION.match(folded, at)
    start = decoration.end() if decoration else at
    start = _past_bold(folded, start)
    stripped = folded.rstrip()
    words, ordinal, end = "", 0, 0
    if in_words := _IN_WORDS.match(stripped, start):
        words, ordinal = in_words[2], _ORDINALS.index(in_words[1].lower()) + 1
        end = in_words.end()
    elif counted := _ANNOUNCED_CJK.match(stripped, start):
        words, ordinal, end = "\u7b2c", _ordinal(counted[1]), counted.end()
    elif found := _ANNOUNCED.match(stripped, start):
        if len(found[1].split()) > _MOST_WORDS:
            return None, at
        if marked and not (_COLON.search(found[0]) and names_answer(found[1].split()[-1])):
            # "1. Option 3 (0.2)", "1. Terminator 2: Judgment Day": the words are the text.
            return None, at
        words, ordinal, end = found[1], _ordinal(found[2]), found.end()
        markup = _MARKUP_AT_END.search(found[0])
        if markup is not None and folded[at:end].count(markup[1]) % 2:
            # `Response 1: *Hamlet* by W.`: it opens the text.
            end -= len(markup[0])
    if not words or names_number(words):
        return None, at
    written = raw[start:end].strip(" \t*_:.)]/|-\u2013\u2014[\uff1a")
    return Announcement(normal(words), ordinal, written), end


def _ordinal(digits: str) -> int:
    if digits.isdigit():
        return int(digits)
    if digits.isascii():
        return ord(digits.upper()[0]) - ord("A") + 1
    numerals = "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341"
    return sum(numerals.find(d) + 1 for d in digits)
