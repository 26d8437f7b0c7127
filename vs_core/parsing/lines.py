"""One line of text: the marker it begins with, the label, the number in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vs_core.parsing.folding import fold
from vs_core.parsing.inline import Found, find_number
from vs_core.parsing.labels import label_at_start, role_of
from vs_core.parsing.vocabulary import announces, normal

Style = tuple[object, ...]
"""What sort of marker a line begins with: its kind, and what tells one list from another."""

_RULE = re.compile(
    r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|={3,}|\u2500{3,}|\u2014{2,})\s*\Z"
)
_FENCE = re.compile(r"\s{0,8}(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r"(#{1,6})\s+")
_BULLET = re.compile(
    r"([-*+\u2022\u2023\u25e6\u25aa\u25cf\u25cb\u00b7\u2013\u2014\u25ba\u27a4\u2726\u2043])\s+(?=\S)"
)
_QUOTE = re.compile(r"(?:>\s?){1,4}")
_NUMBERED = re.compile(
    r"(?:\((\d{1,4})\)|\[(\d{1,4})\](?!\()|#(\d{1,4})\b[.):]?|(\d{1,4})(?:\\?[.)\u3001]|\s?:(?![\d/]))|(\d{1,2})\s[-\u2013\u2014](?=\s))(?!\d)\s*"
)
_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3[.:)]?\\s*|(\U0001f51f)[.:)]?\\s*")
_CIRCLED = re.compile("([\u2460-\u2473\u2776-\u277f\u2780-\u2789\u278a-\u2793])[.:)]?\\s*")
_LETTER = re.compile(r"\(?([A-Za-z]|[ivx]{2,4}|[IVX]{2,4})[.)]\s+(?=\S)")
_LETTER_ENDS = (
    r"(?=\s?(?:\*\*|__)?"
    r"(?:[:.)]|[(\[][^()\[\]\n]{1,40}[)\]]\s?(?:\*\*|__)?(?::|[-\u2013\u2014]\s)))"
)
_ANNOUNCED = re.compile(
    r"([^\W\d_][^\d\n:*.!?()\[\]|]{0,30}?)\s{0,2}(?:#|no\.|nr\.|\u2116)?\s?"
    rf"(\d{{1,3}}|\b[A-H]{_LETTER_ENDS})\s?(?:\*\*|__|\*)?\s*"
    r"(?:[:.)\]/|]|[-\u2013\u2014](?=\s)|(?=[(\[])|(?=\*\*)|\Z)\s*(?:\*\*|__|\*)?\s*",
)
_ANNOUNCED_CJK = re.compile(
    "\u7b2c\\s?([\\d\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,3})\\s?[\u4e2a\u500b\u6761\u689d\u9805\u9879\u5219\u5247\u7a2e\u79cd]?"
    "\\s?[^\\s:\\d(\\[,.]{0,6}?\\s?(?:[:.,)](?:\\*\\*)?|\\Z|(?=[(\\[]))\\s*"
)
_ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)
_IN_WORDS = re.compile(
    rf"({'|'.join(_ORDINALS)})\s([^\W\d_]{{3,14}})\s?(?:\*\*|__)?"
    r"\s?[:.)]\s*(?:\*\*|__)?\s*",
    re.IGNORECASE,
)
_DECORATION = re.compile(r"[^\w\s*#>(\[|\"'<{.,:;!?\-]{1,3}\s+")
_COLON = re.compile(r":[\s*_]*\Z")
_BOLD = re.compile(r"\*\*|__")
_TOTAL = re.compile(
    r"[\s*_\-+\u2022|#>]{0,12}(?:the\s)?(?:grand\s|combined\s|overall\s)?(?:total|sum|summe|suma|somme|\u5408\u8ba1|\u5408\u8a08|\u603b\u548c|\u7e3d\u548c|\ud569\uacc4)"
    r"(?:\s(?:of\s)?(?:the\s)?(?:all\s)?(?:probability|probabilities|mass)(?:\s(?:mass|is))?)?[\s*_]{0,4}[:=|\uff1a(\u2248~]",
    re.IGNORECASE,
)
_WORDS_AT_MOST = 4


@dataclass(slots=True)
class Line:
    """A line of a reply as the list reader sees it.

    Attributes:
        raw: As written, with its end.
        kind: `blank`, `rule`, `fence`, `code` or `text`.
        style: What sort of marker it begins with, None for running text.
        ordinal: The number in the marker.
        body: The line behind its marker, stripped.
        indent: Width of the space it begins with.
        level: Level of a heading, 0 for none.
        label: What its body announces: `number`, `text`, `reason` or nothing.
        found: The number in its body.
        offset: Where the body begins.
    """

    raw: str
    kind: str = "text"
    style: Style | None = None
    ordinal: int | None = None
    body: str = ""
    indent: int = 0
    level: int = 0
    label: str = ""
    found: Found | None = None
    offset: int = 0
    number_label: bool = False

    @property
    def only_number(self) -> bool:
        """Whether the line holds a number and no text."""
        found = self.found
        return (
            found is not None
            and found.place == "only"
            and (found.strength > 1 or self.indent > 0 or self.label == "number")
        )

    @property
    def has_inline(self) -> bool:
        """Whether the line holds a number beside text, beyond doubt."""
        return self.found is not None and self.found.place != "only" and self.found.strength > 1


def is_total(line: Line) -> bool:
    """Whether a line sums up instead of giving a candidate."""
    return _TOTAL.match(fold(line.raw)) is not None


def classify(raw: str) -> Line:
    """Read the marker, the label and the number of a line."""
    stripped = raw.strip()
    if not stripped.strip("\ufeff\u200b"):
        return Line(raw, "blank")
    fence = _FENCE.match(raw)
    if fence:
        return Line(raw, "fence", body=fence[1], label=fence[2].strip())
    folded = fold(raw)
    if _RULE.match(folded):
        return Line(raw, "rule")
    line = Line(raw)
    _read_marker(line, folded)
    line.body = raw[line.offset :].strip()
    _unwrap_bold(line, folded)
    labelled = label_at_start(fold(line.body))
    if labelled is not None:
        line.label = role_of(labelled[0])
    line.found = find_number(line.body)
    if line.style is not None and line.style[0] == "weak":
        _settle_weak(line, raw)
    return line


def _settle_weak(line: Line, raw: str) -> None:
    """`7: 0.3` or `1 - text`: a marker only where a number follows elsewhere in the line."""
    if line.found is not None and line.found.place != "only" and line.found.strength > 1:
        line.style = ("number", line.indent // 2)
        return
    as_text = find_number(raw.strip())
    if as_text is None or as_text.place == "only":
        line.style = ("number", line.indent // 2)
        return
    line.style, line.ordinal = None, None
    line.offset, line.body, line.found = 0, raw.strip(), as_text


def _read_marker(line: Line, folded: str) -> None:
    at = len(folded) - len(folded.lstrip())
    line.indent = len(folded[:at].expandtabs(4))
    at = _past(_QUOTE, folded, at)
    heading = _HEADING.match(folded, at)
    if heading:
        line.level = len(heading[1])
        line.style = ("heading", line.level)
        at = heading.end()
    decoration = _DECORATION.match(folded, at)
    if decoration and _ANNOUNCED.match(folded.rstrip(), _past(_BOLD, folded, decoration.end())):
        at = decoration.end()
    bullet = _BULLET.match(folded, at)
    if bullet and not heading:
        line.style = ("bullet", bullet[1], line.indent // 2)
        at = bullet.end()
    at = _read_number(line, folded, at)
    line.offset = _read_announcement(line, folded, at)


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _read_number(line: Line, folded: str, at: int) -> int:
    start = _past(_BOLD, folded, at)
    numbered = _NUMBERED.match(folded, start)
    if numbered:
        digits = next(group for group in numbered.groups() if group is not None)
        if (
            numbered[1]
            and start == at
            and folded[numbered.end() - 1] == ")"
            and not folded[numbered.end() :].strip()
        ):
            return at
        weak = numbered[5] is not None or (numbered[4] is not None and ":" in numbered[0])
        line.ordinal = int(digits)
        line.style = ("weak",) if weak else _numbered_style(line)
        return numbered.end()
    keycap = _KEYCAP.match(folded, start)
    if keycap:
        line.ordinal = 10 if keycap[2] else int(keycap[1])
        line.style = _numbered_style(line)
        return keycap.end()
    circled = _CIRCLED.match(folded, start)
    if circled:
        line.ordinal = (ord(circled[1]) - (0x2460 if circled[1] < "\u2474" else 0x2776)) % 20 + 1
        line.style = _numbered_style(line)
        return circled.end()
    letter = _LETTER.match(folded, start)
    if letter and line.style is None:
        line.style = ("letter", letter[1].isupper(), line.indent // 2)
        return letter.end()
    return at


def _numbered_style(line: Line) -> Style:
    return ("numbered heading", line.level) if line.level else ("number", line.indent // 2)


def _read_announcement(line: Line, folded: str, at: int) -> int:
    start = _past(_BOLD, folded, at)
    in_words = _IN_WORDS.match(folded, start)
    if in_words and announces(in_words[2]) and line.style is None:
        line.style = ("announced", normal(in_words[2]))
        line.ordinal = _ORDINALS.index(in_words[1].lower()) + 1
        return in_words.end()
    found = _ANNOUNCED_CJK.match(folded.rstrip(), start)
    word, digits = "", ""
    if found:
        word, digits = "\u7b2c", found[1]
    else:
        found = _ANNOUNCED.match(folded.rstrip(), start)
        if found is None:
            return at
        word, digits = found[1], found[2]
        parts = word.split()
        if len(parts) > _WORDS_AT_MOST or not any(map(announces, [*parts, word])):
            return at
    if line.style is not None and line.style[0] != "heading" and not _COLON.search(found[0]):
        # "1. Option 3 (0.2)": the words are the text.
        return at
    if line.style is None or line.style[0] in ("bullet", "heading"):
        line.style = ("announced", normal(word))
        line.ordinal = _ordinal(digits)
    return found.end()


def _ordinal(digits: str) -> int:
    if digits.isdigit():
        return int(digits)
    if digits.isascii():
        return ord(digits.upper()[0]) - ord("A") + 1
    numerals = "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341"
    return sum(numerals.find(d) + 1 for d in digits)


def _unwrap_bold(line: Line, folded: str) -> None:
    """`**1. Paris** (0.3)`: the markup belonged to marker and title together."""
    for mark in ("**", "__"):
        head = folded[: line.offset]
        if head.count(mark) % 2 and line.body.count(mark) % 2:
            first, _, rest = line.body.partition(mark)
            line.body = (first + rest).strip()
