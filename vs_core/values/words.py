"""What counts as a word, and when two answers are the same, in any script."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import takewhile

# Letters of these blocks follow each other without spaces between words: Thai and Lao, Burmese,
# Khmer, kana, and the ideographs.
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3005, 0x3007),
    (0x3040, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
_STARTS = [start for start, _ in _UNSPACED]
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_APOSTROPHES = "'\u2018\u2019\u02bc"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u00ab\u00bb"
_ENCLOSING = {"Po", "Ps", "Pe", "Pi", "Pf", "Pc"}
# Punctuation that says something at the end of an answer: C#, 50%.
_TELLING = "#%&@/\\"


class _Table(dict[int, str], ABC):
    """A table for `str.translate` that decides on each character when it is first met."""

    @abstractmethod
    def decide(self, character: str) -> str:
        """What stands in the place of a character."""

    def __missing__(self, code: int) -> str:
        decision = self[code] = self.decide(chr(code))
        return decision


class _Words(_Table):
    def decide(self, character: str) -> str:
        kind = unicodedata.category(character)
        if _invisible(character) or character in _APOSTROPHES:
            return ""
        if kind in {"So", "Sm", "Sc"} or (kind[0] in "LMN" and _unspaced(ord(character))):
            return f" {character} "
        return character if kind[0] in "LMN" else " "


class _Plain(_Table):
    def decide(self, character: str) -> str:
        if _invisible(character):
            return ""
        if character in _APOSTROPHES:
            return "'"
        if character in _DOUBLE_QUOTES:
            return '"'
        return "-" if unicodedata.category(character) == "Pd" else character


def _invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or ord(character) in _VARIATION_SELECTORS


def _unspaced(code: int) -> bool:
    place = bisect_right(_STARTS, code) - 1
    return place >= 0 and code <= _UNSPACED[place][1]


_WORDS, _PLAIN = _Words(), _Plain()


def words(text: str) -> list[str]:
    """The words of a text, as the metrics count them.

    A word is a run of letters, their marks and digits, of any script, with case and compatibility
    forms (full-width letters, ligatures) folded. Punctuation separates words, except that
    apostrophes are dropped ("don't" is one word). A symbol (an emoji, `+`) is a word of its own,
    and so is each character of a script that is written without spaces between words (Chinese,
    Japanese, Thai, Lao, Khmer, Burmese): n-grams there are n-grams of characters.

    Args:
        text: Any text. Linear in its length, unless thousands of combining marks follow each other.

    Example:
        >>> from vs_core.metrics import words
        >>> words("Don't panic – naïve CAFÉ! 東京 🎉")
        ['dont', 'panic', 'naïve', 'café', '東', '京', '🎉']
    """
    return _folded(text).translate(_WORDS).split()


def compared(text: str) -> list[str]:
    """What two responses are compared by: their words.

    A response of nothing but punctuation has none, and is compared whole: `?!` is not `...`.

    Args:
        text: Any text.

    Example:
        >>> from vs_core.values.words import compared
        >>> compared("Tea, please!"), compared("?!"), compared(" ")
        (['tea', 'please'], ['?!'], [])
    """
    found = words(text)
    plain = "" if found else normalise(text)
    return [plain] if plain else found


def normalise(text: str) -> str:
    r"""What makes two answers the same by default: "Ohio", " ohio. " and "**Ohio**" are one.

    Case, compatibility forms, runs of white space, invisible characters, and the kinds of
    quotation marks and dashes make no difference; neither does punctuation around the answer,
    except `#%&@/\` and dashes, which can be part of it. Punctuation inside does ("3.14" is not
    "314"). A text of nothing but punctuation stays as it is. Nothing is taken out of a sentence:
    for answers like "I'd say Ohio", pass a `match` that finds the answer.

    Args:
        text: Any text. Linear in its length, unless thousands of combining marks follow each other.

    Example:
        >>> from vs_core.metrics import normalise
        >>> [normalise(text) for text in (" Ohio.", "**New  York**", "C#", "-5", "?!")]
        ['ohio', 'new york', 'c#', '-5', '?!']
    """
    plain = " ".join(_folded(text).translate(_PLAIN).split())
    if plain[:1].isalnum() and plain[-1:].isalnum():
        return plain
    start = _enclosing(plain)
    return plain[start : len(plain) - _enclosing(reversed(plain))] if start < len(plain) else plain


def require_texts(texts: Sequence[str]) -> None:
    """Refuse what is no collection of texts.

    Raises:
        TypeError: It is one text, or holds something that is not a text.
    """
    if isinstance(texts, str):
        raise TypeError(f"one text was given ({texts[:40]!r}): pass a list of texts")
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"{text!r} is not a text: pass a list of strings")


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _enclosing(characters: Iterable[str]) -> int:
    """How many come before the answer itself."""
    return sum(1 for _ in takewhile(_encloses, characters))


def _encloses(character: str) -> bool:
    if character in _TELLING:
        return False
    return character == " " or unicodedata.category(character) in _ENCLOSING
