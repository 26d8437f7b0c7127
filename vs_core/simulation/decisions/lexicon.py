"""Words of a text, and the few matters of which the simulated model knows what belongs to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import groupby

_WORD = re.compile(r"[A-Z]?[a-z]+(?:'[a-z]+)?|[A-Z]+(?![a-z])|\d+|[^\W_a-zA-Z\d]+")
_STEM = 5
_SHORTEST_PLURAL = 4
_LOUD = re.compile(r"!|\b[A-Z]{4,}\b")
_LOUDEST = 3
_KEY = re.compile(r'"[\w -]{1,60}":')

_MATTERS = {
    "money": (
        "bill billing charge price pay paid payment invoice receipt voucher card bank fee cost "
        "amount debit euro dollar tax vat code discount instalment balance credit"
    ),
    "parcel": (
        "parcel package delivery deliver courier driver tracking ship shipping arrive post box "
        "neighbour carrier transit warehouse order late doorstep"
    ),
    "return": (
        "return refund exchange swap withdraw withdrawal sent send back label unused instead rid"
    ),
    "device": (
        "technical machine device grinder pump pressure leak water heat display filter clean "
        "descale grind broken broke noise steam repair manual setting button error kettle scale"
    ),
    "plan": (
        "subscription subscribe plan monthly month week weekly bag bean regular supply pause skip "
        "cancel stop coffee start every"
    ),
    "login": (
        "account login log password profile email mail sign newsletter register registration "
        "personal data name phone username"
    ),
    "risk": (
        "risk risky dangerous destructive delete remove erase drop overwrite wipe kill transfer "
        "credential secret harm publish shell sudo purchase"
    ),
    "harmless": "read list get search show view look fetch safe reversible harmless summarise",
    "hurry": (
        "urgent urgency immediately now asap today tomorrow quick hurry emergency down deadline "
        "once"
    ),
    "leisure": "whenever someday sometime eventually leisure",
    "anger": (
        "angry anger furious annoyed ridiculous useless terrible worst joke complaint fed rude "
        "unacceptable nerve threat awful frustrated hostile"
    ),
    "thanks": "thank thanks please glad happy lovely great friendly kind calm pleased nice polite",
    "hard": (
        "complex hard deep deeper prove proof derive plan analyse analysis compare design several "
        "step reasoning architecture difficult"
    ),
    "easy": "simple easy short hello hi quick small scoped greeting fact lookup single",
}
_OPPOSITES = (("risk", "harmless"), ("hurry", "leisure"), ("anger", "thanks"), ("hard", "easy"))
OPPOSITE = {a: b for pair in _OPPOSITES for a, b in (pair, pair[::-1])}
"""Of some matters the one that speaks against it."""

_SAYING_NOTHING = (
    "a an and any are as at be been by can could did do does don't for from had has have he how i "
    "if in is it it's its me my no not of on or our out should so than that the their them then "
    "there they this to up was we were what when where which who why will with would yes you your"
)
_FUNCTION_WORDS = frozenset(_SAYING_NOTHING.split())


def stems_of(text: str) -> frozenset[str]:
    """What the words of a text begin with, without those that say nothing by themselves.

    Names of tools and fields are taken apart; the keys of a JSON text are left out.

    Args:
        text: Any text.

    Example:
        >>> from vs_core.simulation.decisions.lexicon import stems_of
        >>> sorted(stems_of("delete_file: the charges"))
        ['charg', 'delet', 'file']
    """
    if text.lstrip()[:1] in ("{", "["):
        text = _KEY.sub(" ", text)
    words = (word.lower() for word in _WORD.findall(text))
    return frozenset(_stem(word) for word in words if word not in _FUNCTION_WORDS)


def matters_in(stems: Iterable[str]) -> Counter[str]:
    """How many of some stems belong to each matter.

    Args:
        stems: As `stems_of` gives them.

    Example:
        >>> from vs_core.simulation.decisions.lexicon import matters_in, stems_of
        >>> matters_in(stems_of("The invoice says that I was charged twice."))
        Counter({'money': 2})
    """
    return Counter(matter for stem in stems for matter in _MATTERS_OF.get(stem, ()))


def loudness(text: str) -> int:
    """How many exclamation marks and words in capitals a text has, up to three.

    Args:
        text: Any text.

    Example:
        >>> from vs_core.simulation.decisions.lexicon import loudness
        >>> loudness("It is BROKEN!"), loudness("It is broken.")
        (2, 0)
    """
    return min(_LOUDEST, len(_LOUD.findall(text)))


def _stem(word: str) -> str:
    if len(word) > _STEM:
        word = word.removesuffix("ing")
    if len(word) >= _SHORTEST_PLURAL and not word.endswith("ss"):
        word = word.removesuffix("s")
    return word[:_STEM]


_PAIRS = sorted({(_stem(w), matter) for matter, words in _MATTERS.items() for w in words.split()})
_MATTERS_OF = {
    stem: tuple(matter for _, matter in pairs)
    for stem, pairs in groupby(_PAIRS, key=lambda pair: pair[0])
}
