"""Labels in running text: the words that say what follows (`Probability:`, `확률:`, `Text:`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from vs_core.parsing import words

Role = Literal["number", "text", "answer", "reason", "thought", "about", ""]

_WORD = re.compile(r"[^\s\d:=~\u2248<>\u2264\u2265|,;(){}\[\]*_\"\u201c\u201d/\u2013\u2014#`]+")
_MODIFIERS = words.words_of(
    """
    estimated approximate approx stated relative my the its assigned response overall subjective
    normalized normalised corresponding verbalized implied associated with estimate geschatzte
    estimada estimee stimata estimado la le el die das a and has of full est model sampling joint
    raw original
    """
)
_FILLERS = words.words_of(
    """
    is of est ist es at was about roughly around approximately score value estimate level ca
    circa likely e sind jest это
    """
)
_SHORT = words.words_of("p pr ppl kans score weight chance odds scores percent")
_MEASURES = words.words_of("score scores weight weights chance chances percentage")
_OF_AN_ANSWER = words.words_of(
    "this it that one being correct correctness true success typicality usefulness relevance each"
)
_WORD_OF_LABEL = re.compile(r"[^\W_]+(?:['\u2019.-][^\W_]+)*")
_LABEL = re.compile(
    r"[\s*_#>\-+\u2022\u2013\u2014([]{0,12}"
    r"([^\s\d:=|(){}\[\]*_<>\"$\u201c\u2013\u2014-][^:=|(){}\[\]*\n<>\"$]{0,60}?)\s{0,3}"
    r"(?:\(([^()\n]{0,40})\))?[*_]{0,3}\s{0,3}([:=])(?![:/=])[*_]{0,3}[ \t]{0,3}"
)
_DASHED = re.compile(
    r"[\s*_#>\-+\u2022]{0,12}([^\W\d_][^:=|(){}\[\]*\n<>\"\d]{0,40}?)[*_]{0,3}\s{1,3}"
    r"[-\u2013\u2014][*_]{0,3}\s{1,3}"
)
_SENTENCE = re.compile(
    r"[!?]|(?<=[^\x00-\x7f])\.|(?<![Ee]st)(?<!pprox)(?<!rob)\.\s|[,;](?=\s|[^\x00-\x7f])|\s[-\u2013\u2014/]\s"
)
_TOTAL = re.compile(
    r"[\s*_\-+\u2022|#>(]{0,12}(?:\d{1,3}[.)]\s{1,4})?[*_]{0,3}(?:the\s)?(?:(?:grand\s|combined\s|overall\s)?"
    r"(?:total|sum|summe|suma|somme|totale|итого|сумма|\u5408\u8ba1|\u5408\u8a08|\u603b\u548c|\u7e3d\u548c|\ud569\uacc4)"
    r"(?:\s(?:of\s)?(?:the\s)?(?:all\s)?(?:probability|probabilities|mass)(?:\s(?:mass|is|shown))?)?"
    r"|(?:combined|remaining|cumulative|leftover|residual)\s(?:probability|mass)(?:\smass)?)[\s*_]{0,4}[:=|\uff1a(\u2248~]",
    re.IGNORECASE,
)
_OF = re.compile(r"\s(?:of|de|der|for|du|da|di|del|given|that)\s", re.IGNORECASE)
_LONGEST = 60
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Label:
    """A label that a line begins with.

    Attributes:
        written: Its words.
        role: What it announces.
        end: Where the text behind it begins.
        assigns: Whether `=` stands behind it, as in code.
    """

    written: str
    role: Role
    end: int
    assigns: bool


@lru_cache(maxsize=4096)
def role_of(written: str) -> Role:
    """What a label announces."""
    label = _OF.split(written, maxsplit=1)[0] if len(written) > 10 else written
    parts = _WORD_OF_LABEL.findall(label)
    if not parts or len(parts) > _MOST_WORDS:
        return ""
    if words.names_number(label):
        return "number"
    for count in (1, 2):
        if len(parts) > count and words.names_number(" ".join(parts[-count:])):
            # "High confidence", "Sampling probability": qualified, unless a sentence.
            return "number"
    bare = words.normal(label)
    if bare in words.REASON:
        return "reason"
    if bare in words.THOUGHT:
        return "thought"
    if bare in words.TEXT:
        return "text"
    if bare in words.ANSWER:
        return "answer"
    return "about" if bare in words.ABOUT else ""


def is_number_of_another(written: str) -> bool:
    """Whether a label names a number of something else than an answer: `Chance of rain`."""
    parts = _OF.split(written, maxsplit=1)
    if len(parts) == 1 or words.names_number(words.normal(written)):
        return False
    of = [word.lower() for word in _WORD_OF_LABEL.findall(parts[1])]
    return not any(word in _OF_AN_ANSWER or words.names_answer(word) for word in of)


def measures(written: str) -> bool:
    """Whether a label names a number that a text may as well be about: `Weight`, `Score`."""
    return words.normal(written) in _MEASURES


@lru_cache(maxsize=1024)
def label_at_start(folded: str) -> Label | None:
    """The label that a line begins with."""
    found = _LABEL.match(folded)
    if found is not None and not _SENTENCE.search(found[1]) and not _is_share(found):
        written = found[1].strip()
        return Label(written, role_of(written), found.end(), assigns=found[3] == "=")
    found = _DASHED.match(folded)
    if found is None or not words.names_number(found[1]):
        return None
    return Label(found[1].strip(), "number", found.end(), assigns=False)


def _is_share(found: re.Match[str]) -> bool:
    """`P(Texas) = 0.3` says whose share it is, and is no label."""
    return found[2] is not None and words.normal(found[1]) in _SHORT


def is_total(folded: str) -> bool:
    """Whether a line sums up, or says what is left, instead of giving a candidate."""
    return _TOTAL.match(folded) is not None


def number_label_before(folded: str, *, separated: bool) -> int | None:
    """Where a label for a number begins that ends the given text; None if there is none.

    Args:
        folded: The text before a number, without what separates them.
        separated: Whether something separated them (`:`, `=`, `~`).
    """
    offset = max(0, len(folded) - _LONGEST)
    found = list(_WORD.finditer(folded, offset))
    while (
        found
        and words.normal(found[-1][0]) in _FILLERS
        and words.normal(folded[found[-2:][0].start() :]) not in words.NUMBER
    ):
        if folded[found[-1].end() :].strip():
            return None
        separated = True
        found.pop()
    if not found or (found[-1].end() != len(folded.rstrip()) and not separated):
        return None
    if folded[found[-1].end() :].strip(" \t:=~\u2248<>.*_"):
        return None
    start = _label_start(folded, found)
    if start is None or (words.normal(folded[start:]) in _SHORT and not separated):
        return None
    return _with_modifiers(folded, found, start)


def _label_start(folded: str, found: list[re.Match[str]]) -> int | None:
    end = found[-1].end()
    for count in range(min(4, len(found)), 0, -1):
        start = found[-count].start()
        between = folded[start:end]
        if words.normal(between) in words.NUMBER and not any(c in "?!" for c in between):
            return start
    last = found[-1][0]
    if not last.isascii():
        # Scripts without spaces between words.
        for length in range(min(8, len(last)), 1, -1):
            if last[-length:][0].isalpha() and words.normal(last[-length:]) in words.NUMBER:
                return end - length
    return None


def _with_modifiers(folded: str, found: list[re.Match[str]], start: int) -> int:
    starts = [match.start() for match in found]
    at = starts.index(start) if start in starts else 0
    while (
        at > 0
        and words.normal(found[at - 1][0]) in _MODIFIERS
        and not folded[found[at - 1].end() : start].strip(" .")
    ):
        at -= 1
        start = found[at].start()
    return start
