"""The numbers a model states, read as fractions of one: the one grammar for all notations.

A stated probability is written in many ways (``0.12``, ``12 %``, ``1/5``, ``1 in 20``,
``0,08``, ``０．１``). :func:`number_spans` finds them in a line, :func:`read_number` reads one,
and :func:`read_together` applies what can only be decided over a whole reply: bare numbers of
which one exceeds 1 are percentages.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from math import inf, isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vs_core.values.terms import Definition

_PLAIN = re.compile(r"\d{0,9}\.?\d{1,17}", re.ASCII)
_LONGEST_NUMBER = 400
_LONGEST_CACHED = 64

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]
)
_SPELLING = {
    **_INVISIBLE,
    ord("\u2212"): "-",
    ord("\u066a"): "%",
    ord("\u066b"): ".",
    ord("\u066c"): None,
    ord("\u2044"): "/",
    ord("\u00f7"): "/",
    ord("\u00d7"): "*",
    ord("\u00b7"): "*",
    ord("\u22c5"): "*",
    ord("\u3002"): ".",
    ord("\uff61"): ".",
}
_SUPERSCRIPT = re.compile("(?<=10)[\u207a\u207b]?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+")
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
)
_TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred")
_WORDS = {word: number for number, word in enumerate(_ONES)} | {
    word: 10 * number for number, word in enumerate(_TENS, 3)
}
_IN_WORDS = re.compile(
    rf"\b(?:({'|'.join(_WORDS)})(?:[\s-]({'|'.join(list(_WORDS)[1:10])}))?)\b"
    r"(?=[\s-](?:(?:chances?|times?|cases?)[\s-])?(?:in|out\sof|of)[\s-]|\s(?:per\s?cent|pct)|\s?\(|\Z)",
    re.IGNORECASE,
)
_CJK_PERCENT = re.compile("百分之([零〇一二两兩三四五六七八九十百]{1,5})")
_CJK_DIGITS = {d: n for n, d in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_VULGAR = re.compile("(?<![0-9])[\u00bc-\u00be\u2150-\u215e]")

_TOKEN = re.compile(
    r"(?:\d+|(?<![\d.,])[.,]\d+)(?:[.,]\d+)*(?:e[+-]?\d+(?![\w]))?", re.ASCII | re.IGNORECASE
)
_POWER = re.compile(
    r"\s{0,3}[*x]\s{0,3}10\s{0,2}(?:\^|\*\*)\s{0,2}[({]?\s{0,2}([+-]?\d{1,4})", re.IGNORECASE
)
_TEN_TO = re.compile(r"\s{0,2}(?:\^|\*\*)\s{0,2}[({]?\s{0,2}([+-]?\d{1,4})")
_PERCENT = re.compile(
    r"\s{0,4}\\?(?:%|per\s?cento?|pct\b|prozent|procent|prosent|proc\b|por\s?ciento?|por\s?cento"
    r"|pour\s?cent|persen\b|phần trăm|százalék|процент\w{0,3}|відсот\w{0,3}|パーセント|퍼센트|프로"
    r"|في المئة|بالمئة|درصد|प्रतिशत|เปอร์เซ็นต์|אחוז\w{0,2})",
    re.IGNORECASE,
)
_PER_MILLE = re.compile(r"\s{0,4}(?:‰|per\s?mill?e|promille)", re.IGNORECASE)
_RATIO = re.compile(
    r"\s{0,3}/\s{0,3}|(?:\s{1,3}|-)(?:(?:times?|chances?|cases?)\s{1,3})?"
    r"(?:in|out\sof|of|von|sur|su|de|из|en|em)(?:\s{1,3}|-)(?:every\s{1,3})?",
    re.IGNORECASE,
)
_ODDS = re.compile(r":")
_THOUSANDS = re.compile(r"\d{1,3}(?:([.,])\d{3}(?:\1\d{3}){0,3})")
_DEVIATION = re.compile(r"\s{0,2}(?:±|\+/-|\+-)\s{0,2}")
_REPEATED = re.compile(r"\s{0,2}\(\s{0,2}[~≈=]?\s{0,2}")
_APPROXIMATELY = re.compile(
    r"(?:(?:[~≈<≤≥±+]|(?<![-=])>|=(?=\s?[~≈<>])|\b(?:est\.?|estimated|about|around|approx\.?|approximately|roughly"
    r"|ca\.?|circa|less\sthan|more\sthan|at\sleast|at\smost|under|over|below|above|between|from"
    r"|约|約|약|大约|etwa|unter|environ|moins\sde|menos\sde))\s{0,2}){1,3}\Z|(?:^|(?<=[\s(\[:=]))-\Z",
    re.IGNORECASE,
)
_BEFORE_RANGE = ("", "(", "[", "{", ":", "=", "~")
_LABEL_BEFORE = re.compile(
    r"(?:prob\w*|chance|likelihood|confidence|\bp|wahrsch\w*|概率|確率|확률)\W{0,4}[:=]\Z",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d:\Z")
_REACH_BACK = 32
_RANGE = re.compile(
    r"\s{0,3}(?:[-\u2010-\u2015~]|\.{2,3}|\u2026)\s{0,3}|\s{0,3}(?:to|bis|à|до|至|到|から)\s{0,3}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s{1,3}(?:and|und|et|y|e|и)\s{1,3}", re.IGNORECASE)
_BETWEEN_BEFORE = re.compile(r"(?:between|zwischen|entre|tra|между)\s{1,3}$", re.IGNORECASE)
_MINUS = re.compile(r"(?:(?:^|[\s(\[{=:~<>\"'])-|\b(?:minus|negative)\s{1,3})$", re.IGNORECASE)
_INDEX = re.compile(r"\s{0,3}[:=]\s{0,3}\S")
_PERCENT_BEFORE = re.compile(r"(?:%|百分之)\s{0,2}$")


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """One stated number, as far as it can be read without its neighbours.

    Attributes:
        value: The number as a fraction of one where that is certain (``12%`` is 0.12), else
            as written.
        bare: Whether it was written without percent sign, ratio or unit, so that the
            percentage rule of :func:`read_together` may apply to it.
    """

    value: float
    bare: bool


@dataclass(frozen=True, slots=True)
class _Token:
    """A number found in a field: where it stands, its value, and what marks it."""

    start: int
    end: int
    value: float
    marked: bool


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """Where a number stands in a line, with what belongs to it.

    Attributes:
        start: Where it begins, a sign or a word such as `about` in front of it included.
        end: Where it ends, with its unit, the rest of a ratio or range, and a repetition in
            parentheses (`0.05 (5%)`).
        clear: Whether it is written as a share can be: with a decimal part, a percent sign, as a
            ratio or a power. A bare integer is not.
    """

    start: int
    end: int
    clear: bool


@lru_cache(maxsize=1024)
def number_spans(line: str) -> tuple[NumberSpan, ...]:
    """The numbers of a line, in order, each with what belongs to it.

    Args:
        line: In plain characters (ASCII digits and signs).

    Example:
        >>> line = "Route 66 - about 0.05 (5%)"
        >>> [line[span.start : span.end] for span in number_spans(line)]
        ['66', 'about 0.05 (5%)']
    """
    if _TOKEN.search(line) is None:
        return ()
    spans: list[NumberSpan] = []
    tokens = list(_tokens(line))
    at = 0
    while at < len(tokens):
        first, last = tokens[at], at
        clear = first.marked or not line[first.start : first.end].isdigit()
        while last + 1 < len(tokens) and (joined := _joined(line, tokens[last], tokens[last + 1])):
            last += 1
            clear = clear or joined == "ratio" or tokens[last].marked
        end = _past_repetition(line, tokens, at, last) if clear else tokens[last].end
        before = _APPROXIMATELY.search(line, max(0, first.start - _REACH_BACK), first.start)
        spans.append(NumberSpan(before.start() if before else first.start, end, clear))
        at = next((n for n in range(last, len(tokens)) if tokens[n].end > end), len(tokens))
        at = max(at, last + 1)
    return tuple(spans)


def _joined(line: str, first: _Token, second: _Token) -> str:
    """How two neighbouring numbers belong together, if they do."""
    gap = line[first.end : second.start]
    if len(gap) > _REACH_BACK:
        return ""
    if len(gap) == 1 and gap.isspace():
        return ""
    if not first.marked and _RATIO.fullmatch(gap):
        return "ratio"
    if _DEVIATION.fullmatch(gap):
        return "deviation"
    same_unit = first.marked == second.marked or (second.marked and first.value > second.value)
    low = first.value / 100.0 if second.marked and not first.marked else first.value
    if not _RANGE.fullmatch(gap) or not same_unit or not 0 <= low < second.value:
        return ""
    # Behind words, a dash with space around it joins a text and its number.
    before = line[: first.start].rstrip()
    is_field = before[-1:] in _BEFORE_RANGE and not _CLOCK.search(before)
    if second.marked and not first.marked and before[-1:] not in ("(", "[", "{", "~"):
        # `Answer: 5 - 30%`: of a range written so the label must tell.
        is_field = _LABEL_BEFORE.search(before) is not None
    joins = gap[:1].isspace() and not gap.strip().isalpha() and not is_field
    return "" if joins else "range"


def _past_repetition(line: str, tokens: Sequence[_Token], first: int, last: int) -> int:
    """Where a number ends that is said again in parentheses: ``0.05 (5%)``."""
    end = tokens[last].end
    if last + 1 < len(tokens) and _REPEATED.fullmatch(line, end, tokens[last + 1].start):
        again = tokens[last + 1]
        closing = line.find(")", again.end)
        value = tokens[first].value
        if last > first and tokens[last].value > 0:
            value /= tokens[last].value
        same = any(abs(v - again.value) <= 0.006 + 0.01 * again.value for v in (value, value / 100))
        if same and closing >= 0 and not line[again.end : closing].strip():
            return closing + 1
    return end


def read_number(raw: str, definition: Definition = "explicit") -> StatedNumber | None:
    """Read one stated number out of a field.

    The field is decoded first (``&lt;0.1``, full-width digits, digits of other scripts,
    zero-width characters); words around the number are ignored, ``<0.1`` is its bound, a
    range its midpoint.

    Args:
        raw: The field as the model wrote it.
        definition: Which number was asked for. ``nll`` and ``perplexity`` are taken as
            written; all others are fractions of one.

    Returns:
        The number, or None when the field holds none that is usable (no number, negative,
        NaN, infinite, or above 100 %).

    Example:
        >>> read_number("about 12 %")
        StatedNumber(value=0.12, bare=False)
        >>> read_number("1 in 20").value
        0.05
        >>> read_number("-0.3") is None
        True
    """
    if len(raw) <= _LONGEST_CACHED:
        return _read_cached(raw, definition)
    return _read(raw, definition)


def read_together(
    raws: Sequence[str | None], definition: Definition = "explicit"
) -> list[float | None]:
    """Read the numbers of one reply together.

    When a bare number among them exceeds 1, all the bare ones are percentages. Numbers that are
    unusable take no part in that rule.

    Args:
        raws: The numbers of one reply as written, None where there is none.
        definition: Which number was asked for.

    Returns:
        For each the stated number (a fraction of one, except for ``nll`` and ``perplexity``),
        None where unusable.

    Example:
        >>> read_together(["40", "60", "50%", "high"])
        [0.4, 0.6, 0.5, None]
        >>> read_together(["0.4", "0.6", "150"])
        [0.4, 0.6, None]
    """
    numbers = [None if raw is None else read_number(raw, definition) for raw in raws]
    if definition in ("nll", "perplexity"):
        return [None if number is None else number.value for number in numbers]
    percentages = any(
        number is not None and number.bare and number.value > 1.0 for number in numbers
    )
    return [
        None
        if number is None
        else number.value / 100.0
        if percentages and number.bare
        else number.value
        for number in numbers
    ]


def _read(raw: str, definition: Definition) -> StatedNumber | None:
    if _PLAIN.fullmatch(raw):
        return _usable(float(raw), bare=True, definition=definition)
    field = _spelled_out(raw)
    tokens = list(_tokens(field))
    if not tokens:
        return None
    return _choose(field, tokens, definition)


_read_cached = lru_cache(maxsize=4096)(_read)


def _spelled_out(raw: str) -> str:
    """The field in ASCII digits and signs, without entities and invisible characters."""
    field = html.unescape(raw) if "&" in raw else raw
    if not field.isascii():
        field = _SUPERSCRIPT.sub(lambda m: "^" + unicodedata.normalize("NFKC", m[0]), field)
        field = _VULGAR.sub(lambda m: unicodedata.normalize("NFKC", m[0]), field)
        field = unicodedata.normalize("NFKC", field).translate(_SPELLING)
        if not field.isascii():
            field = "".join(map(_ascii_digit, field))
    field = field.replace("**", "").replace("`", "").replace("$", "").replace("\\", "").strip()
    field = _CJK_PERCENT.sub(lambda m: f"{_cjk_number(m[1])}%", field)
    return _IN_WORDS.sub(_in_digits, field)


def _in_digits(found: re.Match[str]) -> str:
    """A number in English words."""
    tens, ones = found.groups()
    return str(_WORDS[tens.lower()] + (_WORDS[ones.lower()] if ones else 0))


def _cjk_number(written: str) -> int:
    """A number up to a hundred in Chinese numerals."""
    if "百" in written:
        return 100
    tens, ten, ones = written.partition("十")
    if not ten:
        return sum(_CJK_DIGITS[d] * 10**n for n, d in enumerate(reversed(tens)))
    return 10 * (_CJK_DIGITS[tens[-1]] if tens else 1) + (_CJK_DIGITS[ones[0]] if ones else 0)


def _ascii_digit(char: str) -> str:
    if char < "\x80":
        return char
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


def _tokens(field: str) -> Iterator[_Token]:
    """Every number in a field, with its power of ten and percent sign taken in."""
    position = 0
    while found := _TOKEN.search(field, position):
        start, end = found.span()
        value = _value(found[0])
        if (power := _POWER.match(field, end)) is not None:
            value, end = _scaled(value, int(power[1])), power.end()
        elif found[0] == "10" and (power := _TEN_TO.match(field, end)) is not None:
            value, end = _scaled(1.0, int(power[1])), power.end()
        marked = False
        if (unit := _PERCENT.match(field, end)) is not None:
            value, end, marked = value / 100.0, unit.end(), True
        elif (unit := _PER_MILLE.match(field, end)) is not None:
            value, end, marked = value / 1000.0, unit.end(), True
        elif _PERCENT_BEFORE.search(field, max(0, start - 6), start):
            value, marked = value / 100.0, True
        if _MINUS.search(field, max(0, start - 12), start):
            value = -value
        yield _Token(start, end, value, marked)
        position = end


def _scaled(value: float, power: int) -> float:
    return float(f"{value!r}e{power}") if isfinite(value) and "e" not in repr(value) else inf


def _value(written: str) -> float:
    """The value of digits with decimal points, decimal commas or thousands separators."""
    if len(written) > _LONGEST_NUMBER:
        return inf
    mantissa, _, exponent = written.lower().partition("e")
    points, commas = mantissa.count("."), mantissa.count(",")
    if points + commas > 1:
        mantissa = _without_thousands(mantissa)
    return float(f"{mantissa.replace(',', '.')}e{exponent or 0}")


def _without_thousands(mantissa: str) -> str:
    """``1,234.5`` and ``1.234,5`` as ``1234.5``; anything else up to its second separator."""
    groups = re.split(r"([.,])", mantissa)
    digits, separators = groups[0::2], groups[1::2]
    grouping = separators[0]
    decimal = separators[-1] != grouping and len(set(separators[:-1])) == 1
    inner = digits[1:-1] if decimal else digits[1:]
    if (decimal or len(set(separators)) == 1) and all(len(group) == 3 for group in inner):
        whole = digits[0] + "".join(inner)
        return f"{whole}.{digits[-1]}" if decimal else whole
    return f"{digits[0]}.{digits[1]}"


def _choose(field: str, tokens: list[_Token], definition: Definition) -> StatedNumber | None:
    """Decide which of the numbers in a field is meant, and what its neighbours say of it."""
    at = _first_meant(field, tokens)
    first, rest = tokens[at], tokens[at + 1 :]
    as_written = definition in ("nll", "perplexity")
    if _cut_off(field, first):
        return None
    if rest:
        second = rest[0]
        gap = field[first.end : second.start]
        if not as_written and not first.marked and (_RATIO.fullmatch(gap) or _ODDS.fullmatch(gap)):
            whole = _whole(field, second) + (first.value if gap == ":" else 0.0)
            ratio = first.value / whole if whole > 0 else -1.0
            return _usable(ratio, bare=False, definition=definition)
        between = _BETWEEN.fullmatch(gap) and _BETWEEN_BEFORE.search(field[: first.start])
        if (_RANGE.fullmatch(gap) or between) and second.value >= 0:
            return _midpoint(first, second, definition)
        if not as_written and not first.marked:
            said_again = _said_again(field, first, rest)
            if said_again is not None:
                return _usable(said_again, bare=False, definition=definition)
    if as_written and first.marked:
        return _usable(first.value * 100.0, bare=False, definition=definition)
    return _usable(first.value, bare=not first.marked, definition=definition)


def _whole(field: str, token: _Token) -> float:
    """What a number is set in relation to; only here a comma may part thousands."""
    written = field[token.start : token.end]
    if _THOUSANDS.fullmatch(written):
        return float(written.replace(",", "").replace(".", ""))
    return token.value


def _first_meant(field: str, tokens: list[_Token]) -> int:
    """The first number that is neither part of a word (``p1``) nor an index (``2: 0.3``)."""
    for at, token in enumerate(tokens[:-1]):
        in_word = token.start > 0 and (
            field[token.start - 1].isalpha() or field[token.start - 1] in "_#"
        )
        written = field[token.start : token.end]
        index = (
            written.isdigit()
            and _INDEX.match(field, token.end)
            and not _RATIO.match(field, token.end)
            and not field[token.end + 1 : token.end + 2].isdigit()
        )
        if not in_word and not index:
            return at
    return len(tokens) - 1


def _cut_off(field: str, token: _Token) -> bool:
    """Whether the field stops in the number: ``0.`` and ``0,`` say nothing."""
    return token.value == 0 and field[token.end :] in (".", ",") and field[token.end - 1] == "0"


def _midpoint(low: _Token, high: _Token, definition: Definition) -> StatedNumber | None:
    first, second = low.value, high.value
    if high.marked and not low.marked and first > second:
        first /= 100.0
    marked = low.marked or high.marked
    if first < 0 or _usable(second, bare=not marked, definition=definition) is None:
        return None
    return _usable((first + second) / 2.0, bare=not marked, definition=definition)


def _said_again(field: str, first: _Token, rest: list[_Token]) -> float | None:
    """The fraction, when a bare number is repeated as a percentage: ``0.05 (5%)``."""
    for at, token in enumerate(rest):
        if token.marked:
            again = token.value
        elif at + 1 < len(rest) and _RATIO.fullmatch(field, token.end, rest[at + 1].start):
            divisor = rest[at + 1].value
            again = token.value / divisor if divisor > 0 else -1.0
        else:
            continue
        for fraction in (first.value, first.value / 100.0):
            if abs(fraction - again) <= 0.006 + 0.01 * again and fraction <= 1.0:
                return fraction
    return None


def _usable(value: float, *, bare: bool, definition: Definition) -> StatedNumber | None:
    if definition == "nll":
        ceiling, floor_ok = inf, value >= 0
    elif definition == "perplexity":
        ceiling, floor_ok = inf, value > 0
    else:
        ceiling, floor_ok = (100.0 if bare else 1.0), value >= 0
    if not floor_ok or value > ceiling or not isfinite(value):
        return None
    return StatedNumber(value + 0.0, bare)
