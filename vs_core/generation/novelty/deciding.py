"""What in a text tells it from another of the same template, however little it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

# Of the languages that models write most; in others, a negation counts as any other word.
_NEGATIONS = """
not no never without nor nicht kein keine keinen keiner keinem nie ohne ne pas jamais sans
nunca sin não nem sem non mai senza 不 没 沒 非 無 无 未
"""
_NUMBERS = """
zero one two three four five six seven eight nine ten eleven twelve once twice half
first second third fourth fifth sixth seventh eighth ninth tenth
"""
_DECIDING = frozenset((_NEGATIONS + _NUMBERS).split())
_LETTERS_THAT_ARE_WORDS = frozenset("ai")
_DIGIT = re.compile(r"\d")
# A number with its sign, and the mark between two numbers: 3 - 4 is not 3 / 4.
_NUMBER = re.compile(r"(?:(?<![\w.)])[-\u2212])?\d+(?:[.,]\d+)*")
_OPERATOR = re.compile(r"(?<=\d)\s?([^\w\s.,;:!?'\"()])\s?(?=[\d(])")
_MARKED = re.compile(r"\b\w[#+]+")


def deciding(text: str, found: Sequence[str]) -> Iterator[str]:
    """What must be equal in two texts that say the same.

    Numbers, in digits or words; the operators between them; negations; single letters, as in
    "option B", and characters for numbers; letters with marks, as in C#.

    Args:
        text: The text.
        found: Its words, contractions written out.

    Example:
        >>> from vs_core.generation.novelty.deciding import deciding
        >>> list(deciding("Is -3.5 not less than x?", ["is", "3", "5", "not", "less", "than", "x"]))
        ['-3.5', 'not', 'x']
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if _DIGIT.search(plain):
        yield from _NUMBER.findall(plain)
        yield from _OPERATOR.findall(plain)
    if "#" in plain or "+" in plain:
        yield from (mark.lower() for mark in _MARKED.findall(plain))
    yield from (word for word in found if word in _DECIDING or _is_label(word))


def _is_label(word: str) -> bool:
    if len(word) != 1 or word.isdecimal() or word in _LETTERS_THAT_ARE_WORDS:
        return False
    is_number = unicodedata.numeric(word, None) is not None
    return is_number or "LATIN SMALL LETTER" in unicodedata.name(word, "")
