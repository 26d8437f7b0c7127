"""What the scanners hand over: one item read in a reply, and a list of items still in doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vs_core.parsing.vocabulary import normal, words_of

if TYPE_CHECKING:
    from vs_core.values.terms import Layout


NUMBER_CUT = "the number was cut off"


@dataclass(slots=True)
class Item:
    """One candidate as read, before it becomes a `Candidate`.

    Attributes:
        text: The text, stripped.
        raw: The number as written, None if there is none or it is cut off.
        reasoning: Reasoning of this item alone.
        repairs: What was mended, in plain words.
    """

    text: str
    raw: str | None = None
    reasoning: str | None = None
    repairs: tuple[str, ...] = ()


@dataclass(slots=True)
class Doubtful:
    """Items that count only if nothing better is found in the whole reply.

    Attributes:
        items: The items, in order.
        rank: Which doubtful list is preferred, the higher the better.
        layout: The notation they were read in.
    """

    items: list[Item]
    rank: int
    layout: Layout
    truncated: bool = False
    notes: list[tuple[str, str]] = field(default_factory=list)


_DOTS = re.compile(r"[\s.…·*_\-–—]*")
_BRACKETED = re.compile(r"[\[<{(]{1,2}([^\[\]<>{}()]{0,80})[\]>})]{1,2}")
_TEMPLATE_WORDS = words_of(
    """
    text texthere responsetext responsetexthere yourresponse yourresponsehere responsehere
    yourtext yourtexthere thetext theresponse responsealone theresponsealone string str
    yourjokehere jokehere yourjoke insertresponsehere inserttexthere insertjokehere
    yourstoryhere firstresponse secondresponse thirdresponse fourthresponse fifthresponse
    yourfirstresponse responsetextgoeshere textoftheresponse contentoftheresponse
    responsecontent youranswer youranswerhere answerhere answertext thefirstresponse placeholder
    yourfirstresponsehere generatedresponse generatedtext candidatetext candidateresponse
    """
)
_BRACKETED_WORDS = _TEMPLATE_WORDS | words_of(
    """
    response answer candidate content joke story idea value output option sample
    """
)


def is_placeholder(text: str) -> bool:
    """Whether a text only stands for one: ``...``, ``[your response here]``, ``string``."""
    if len(text) > 100:
        return False
    if _DOTS.fullmatch(text) and ("..." in text or "…" in text):
        return True
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed is not None:
        inner = normal(bracketed[1])
        return inner in _BRACKETED_WORDS or _DOTS.fullmatch(bracketed[1]) is not None
    return (normal(text) in _TEMPLATE_WORDS and not text.isupper() and " " in text) or text in (
        "string",
        "<string>",
        "str",
        "text",
    )


def has_digit(raw: str | None) -> bool:
    """Whether a number as written holds a digit at all."""
    return raw is not None and any(map(str.isdigit, raw))
