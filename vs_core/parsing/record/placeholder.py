"""Texts that only stand for one: ``...``, ``[your response here]``, ``string``."""

from __future__ import annotations

import re

from vs_core.parsing.words import normal, words_of

_DOTS = re.compile(r"[\s.…·*_\-–—]*")
_BRACKETED = re.compile(r"[\[<{(]{1,2}([^\[\]<>{}()]{0,80})[\]>})]{1,2}")
_TEMPLATE = words_of(
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
_BRACKETED_TEMPLATE = _TEMPLATE | words_of(
    "response answer candidate content joke story idea value output option sample"
)
_TYPES = ("string", "<string>", "str", "text")
_LONGEST = 100
_DIGIT = re.compile(r"[^\D0]")


def is_placeholder(text: str, raw: str | None = None) -> bool:
    """Whether a text only stands for one.

    Args:
        text: The text of a candidate.
        raw: Its number as written. With a digit other than zero it shows an answer, however odd.
    """
    if len(text) > _LONGEST:
        return False
    if _DOTS.fullmatch(text) and ("..." in text or "…" in text):
        return True
    if raw is not None and _DIGIT.search(raw):
        return False
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed is not None:
        inner = bracketed[1]
        return normal(inner) in _BRACKETED_TEMPLATE or _DOTS.fullmatch(inner) is not None
    return text in _TYPES or (" " in text and not text.isupper() and normal(text) in _TEMPLATE)
