"""Labels in running text: the words that say what follows (`Probability:`, `확률:`, `Text:`)."""

from __future__ import annotations

import re

from vs_core.parsing import vocabulary as words

_WORD = re.compile(r"[^\s\d:=~\u2248<>\u2264\u2265|,;(){}\[\]*_\"\u201c\u201d/\u2013\u2014#`]+")
_MODIFIERS = words.words_of(
    """
    estimated approximate approx stated relative my the its assigned response overall subjective
    normalized normalised corresponding verbalized implied associated with estimate geschatzte
    estimada estimee stimata estimado la le el die das a and has of full
    """
)
_FILLERS = words.words_of(
    """
    is of est ist es at was about roughly around approximately score value estimate level ca
    circa likely e sind jest это
    """
)
_SHORT = frozenset(
    ("p", "pr", "ppl", "kans", "score", "weight", "chance", "odds", "scores", "percent")
)
_LABEL = re.compile(
    r"[\s*_#>\-+\u2022]{0,12}([^\s\d:=|(){}\[\]*_<>\"\u201c][^:=|(){}\[\]*\n<>\"]{0,48}?)\s{0,3}"
    r"(?:\(([^()\n]{0,40})\))?[*_]{0,3}\s{0,3}([:=])(?![:/=])[*_]{0,3}[ \t]{0,3}"
)
_LABEL_DASH = re.compile(
    r"[\s*_#>\-+\u2022]{0,12}([^\W\d_][^:=|(){}\[\]*\n<>\"\d]{0,40}?)[*_]{0,3}\s{1,3}"
    r"[-\u2013\u2014][*_]{0,3}\s{1,3}"
)
_OF = re.compile(r"\s(?:of|de|der|for|du|da|di|given)\s", re.IGNORECASE)
_SHORTEST_PHRASE = 10
_LONGEST = 60


def label_before(folded: str, *, separated: bool) -> int | None:
    """Where a label for a number begins that ends the given text; None if there is none.

    Args:
        folded: The text before a number, without what separates them.
        separated: Whether something separated them (`:`, `=`, `~`).
    """
    offset = max(0, len(folded) - _LONGEST)
    found = list(_WORD.finditer(folded, offset))
    while found and words.normal(found[-1][0]) in _FILLERS:
        if folded[found[-1].end() :].strip():
            return None
        separated = True
        found.pop()
    if not found or (found[-1].end() != len(folded.rstrip()) and not separated):
        return None
    if folded[found[-1].end() :].strip(" \t:=~\u2248<>.*_"):
        return None
    start = _label_start(folded, found)
    if start is None:
        return None
    word = words.normal(folded[start:])
    if word in _SHORT and not separated:
        return None
    at = [m.start() for m in found].index(start) if start in [m.start() for m in found] else 0
    while (
        at > 0
        and words.normal(found[at - 1][0]) in _MODIFIERS
        and (not folded[found[at - 1].end() : start].strip())
    ):
        at -= 1
        start = found[at].start()
    return start


def _label_start(folded: str, found: list[re.Match[str]]) -> int | None:
    end = found[-1].end()
    for count in range(min(4, len(found)), 0, -1):
        start = found[-count].start()
        between = folded[start:end]
        if words.names_number(between) and not any(c in "?!" for c in between):
            return start
    last = found[-1][0]
    if not last.isascii():
        # Scripts without spaces between words.
        for length in range(min(6, len(last)), 1, -1):
            if words.names_number(last[-length:]):
                return found[-1].end() - length
    return None


def label_at_start(folded: str) -> tuple[str, int] | None:
    """The label that a line begins with, and where the text behind it begins."""
    found = _LABEL.match(folded)
    if found is None:
        found = _LABEL_DASH.match(folded)
        if found is None or not words.names_number(found[1]):
            return None
    return found[1].strip(), found.end()


def role_of(label: str) -> str:
    """What a label announces: `number`, `text`, `reason` or nothing."""
    label = _OF.split(label, maxsplit=1)[0] if len(label) > _SHORTEST_PHRASE else label
    bare = words.normal(label)
    for word in _MODIFIERS:
        if bare.startswith(word) and words.names_number(bare[len(word) :]):
            return "number"
    if words.names_number(label):
        return "number"
    if words.names_reason(label):
        return "reason"
    return "text" if words.names_text(label) else ""
