"""Texts that only stand for one: ``...``, ``[your response here]``, ``{"name": "..."}``."""

from __future__ import annotations

import json
import re

from vs_core.parsing.words import normal, words_of

_DOTS = re.compile(r"[\s.…·*_\-–—]*")
_BRACKETED = re.compile(r"[\[<{(]{1,2}([^\[\]<>{}()]{1,80})[\]>})]{1,2}")
_JSON = re.compile(r"[\[{]{1,8}\s{0,8}[\"']|\{\s{0,8}\}|\[\s{0,8}\]")
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
_LONGEST_FORM = 1000
_DIGIT = re.compile(r"[^\D0]")


def is_placeholder(text: str, raw: str | None = None) -> bool:
    """Whether a text only stands for one.

    Args:
        text: The text of a candidate.
        raw: Its number as written. With a digit other than zero it shows an answer, however odd.
    """
    if _JSON.match(text):
        return _is_blank_form(text)
    if len(text) > _LONGEST:
        return False
    if _is_dots(text):
        return True
    if raw is not None and _DIGIT.search(raw):
        return False
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed is not None:
        inner = bracketed[1]
        return normal(inner) in _BRACKETED_TEMPLATE or _DOTS.fullmatch(inner) is not None
    return text in _TYPES or (" " in text and not text.isupper() and normal(text) in _TEMPLATE)


def _is_dots(text: str) -> bool:
    return ("..." in text or "\u2026" in text) and _DOTS.fullmatch(text) is not None


def _is_blank_form(text: str) -> bool:
    """Whether a text is JSON that was not filled in: each of its strings only stands for one."""
    if len(text) > _LONGEST_FORM or not ("..." in text or "\u2026" in text):
        return False
    try:
        waiting = [json.loads(text)]
    except (ValueError, RecursionError):
        return False
    strings: list[str] = []
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            strings.append(value)
        elif isinstance(value, (dict, list)):
            waiting += value.values() if isinstance(value, dict) else value
    return bool(strings) and all(map(_is_dots, strings))
