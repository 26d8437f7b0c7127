"""What one text asks for: how many responses, in which notation, with which number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from vs_core.values.terms import Layout

Items = Literal["objects", "strings", "bare strings"]
"""What a list in JSON holds: objects or strings under a key, or strings and no key."""

Number = Literal["probability", "percentage", "confidence", "perplexity", "nll"]
"""The number to be stated beside a response, as far as its notation goes."""

USUAL_COUNT = 5
"""Responses given when a list is asked for without a number."""

USUAL_TAIL = 0.10
"""The threshold when the tails are asked for without one (the paper's own)."""

_SPELLED = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fifteen": 15,
    "sixteen": 16,
    "twenty": 20,
    "fifty": 50,
    "hundred": 100,
}
_COUNT = rf"(\d{{1,4}}|{'|'.join(sorted(_SPELLED, key=len, reverse=True))})\b(?![.,]\d|\s?%)"
_NOT_A_LENGTH = (
    r"(?![- ](?:words?|sentences?|lines?|paragraphs?|stanzas?|verses?|pages?|tokens?|characters?|"
    r"letters?|syllables?|minutes?|hours?|days?|years?|parts?|chapters?|stars?)\b)"
)
_VERB = (
    r"\b(?:generate|give|sample|provide|write|list|produce|create|propose|suggest|tell|return|"
    r"name|offer|draw|need|want|show|pick|choose|brainstorm|make|find|share|add|send|include|"
    r"come up with|think of|respond with|reply with|answer with)\b"
)
_FILLER = (
    r"(?:(?:me|us|the|up to|exactly|at most|at least|about|around|another|your|all|further|first|"
    r"next|just|only|please|randomly|also|out|"
    r"an? (?:\w{1,12} )?(?:set|list|batch|group|collection|distribution) of)[ \n]+){0,4}"
)
_ASKED = re.compile(rf"{_VERB}[ \n]+{_FILLER}{_COUNT}{_NOT_A_LENGTH}", re.IGNORECASE)
_COUNTED = re.compile(
    rf"\b{_COUNT}[ \n]+(?:[\w-]{{1,20}}[ ,\n]+){{0,3}}?"
    r"(?:responses|candidates|answers|alternatives|completions|options|"
    r"versions|variants|variations|more)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    rf"\W{{0,3}}{_COUNT}{_NOT_A_LENGTH}[ \n]+(?:\w{{1,20}} )?\w+s\b", re.IGNORECASE
)

_FIELD = r"(probability|percentage|confidence|perplexity|nll|likelihood)"
_FIELD_NAMED = re.compile(
    rf"<{_FIELD}>|[\"'`]{_FIELD}[\"'`]|^[ \t]{{0,8}}[-*]?[ \t]{{0,4}}{_FIELD}[ \t]?:",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBER_ASKED = re.compile(
    r"\b(?:with|and|plus|include|includes|including|state|states|stating|its|their|each|"
    r"corresponding|associated|numeric|estimated|verbalized)\W{1,3}(?:\w{1,20}\W{1,3}){0,4}?"
    r"(?:probabilit(?:y|ies)|likelihoods?|confidences?|perplexit(?:y|ies)|nlls?|percentages?)\b",
    re.IGNORECASE,
)
_EXAMPLE_LINE = re.compile(r"\b1\. ?\(|\(0?\.\d{1,9}\)")

_RESPONSES = re.compile(r"\b(?:responses|candidates)\b", re.IGNORECASE)
_MANY = re.compile(r"\b(?:their|each|probabilities|likelihoods|percentages)\b", re.IGNORECASE)

_PERPLEXITY = re.compile(
    r"\bperplexit|exponential of the average negative log|exponentiated average", re.IGNORECASE
)
_NLL = re.compile(r"\bnlls?\b|\bnegative log\b", re.IGNORECASE)
_PERCENTAGE = re.compile(r"\bpercentages?\b|\b(?:in|as a) percent\b|\b100 ?%", re.IGNORECASE)
_CONFIDENCE = re.compile(r"\bconfidences?\b|\bnormali[sz]ed likelihood\b", re.IGNORECASE)

_BELOW = re.compile(
    r"(?:\b(?:less than|below|under|lower than|smaller than)\b|<)[ \n]?"
    r"(\d{1,3}[.,]\d{1,9}|\.\d{1,9}|\d{1,3})[ ]?(%|percent\b)?",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\btails?\b[^.\n]{0,20}\bdistribution\b|\bfrom the tails?\b", re.IGNORECASE)

_TAGS = re.compile(r"<(?:response|candidate|text)\b", re.IGNORECASE)
_JSON = re.compile(r"\bjson\b|[\"']responses[\"']", re.IGNORECASE)
_KEY = re.compile(r"[\"'`]responses[\"'`]", re.IGNORECASE)
_STRINGS = re.compile(r"\b(?:list|array) of strings\b", re.IGNORECASE)
_LINES = re.compile(
    r"\bper line\b|\b(?:own|separate|single|one) line\b|\bnumbered (?:line|list)\b|\b1\. ",
    re.IGNORECASE,
)

_REASONING = re.compile(
    r"<reasoning>|[\"'`]reasoning[\"'`]|\bchain[- ]of[- ]thought\b|\bstep[- ]by[- ]step\b|"
    r"(?<!\bno )(?<!without )(?<!not )\breason(?:ing)?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Wording:
    """What a text says about the form of the reply; None where it says nothing.

    Attributes:
        count: The number of responses.
        stated: A number is asked for beside each response.
        several: Several responses are asked for, with or without a count.
        layout: The notation of the reply.
        items: What a list in JSON holds.
        number: Which number is asked for.
        field: The name under which the number is to be written.
        threshold: The bound of a tail, as a fraction.
        reasoning: Reasoning is asked for before the responses.
    """

    count: int | None
    stated: bool
    several: bool
    layout: Layout | None
    items: Items
    number: Number | None
    field: str | None
    threshold: float | None
    reasoning: bool


def read_wording(text: str) -> Wording:
    """What a text asks for.

    Args:
        text: An instruction, in any wording.

    Example:
        >>> asked = read_wording("Generate five jokes with their probabilities, each below 10%.")
        >>> asked.count, asked.stated, asked.threshold
        (5, True, 0.1)
    """
    count = _count(text)
    layout = _layout(text)
    named = _FIELD_NAMED.search(text)
    field = next((group.lower() for group in named.groups() if group), None) if named else None
    asked = _NUMBER_ASKED.search(text)
    stated = bool(field or asked or _EXAMPLE_LINE.search(text))
    several = (
        count is not None
        or bool(_TAGS.search(text))
        or bool(_RESPONSES.search(text) and (stated or layout))
        or bool(asked and _MANY.search(asked.group()))
    )
    stated = stated and several
    return Wording(
        count=count,
        stated=stated,
        several=several,
        layout=layout,
        items=_items(text),
        number=_number(text) if stated else None,
        field=field,
        threshold=_threshold(text),
        reasoning=bool(_REASONING.search(text)),
    )


def _count(text: str) -> int | None:
    found = _ASKED.search(text) or _COUNTED.search(text) or _OPENING.match(text)
    if found is None:
        return None
    written = found.group(1).lower()
    return max(1, _SPELLED.get(written) or int(written))


def _layout(text: str) -> Layout | None:
    if _TAGS.search(text):
        return "xml"
    if _JSON.search(text) or _STRINGS.search(text):
        return "json"
    if _LINES.search(text) or _EXAMPLE_LINE.search(text):
        return "lines"
    return None


def _items(text: str) -> Items:
    if not _STRINGS.search(text):
        return "objects"
    return "strings" if _KEY.search(text) else "bare strings"


def _number(text: str) -> Number:
    if _PERPLEXITY.search(text):
        return "perplexity"
    if _NLL.search(text):
        return "nll"
    if _PERCENTAGE.search(text):
        return "percentage"
    if _CONFIDENCE.search(text):
        return "confidence"
    return "probability"


def _threshold(text: str) -> float | None:
    for found in _BELOW.finditer(text):
        value = float(found.group(1).replace(",", "."))
        fraction = value / 100.0 if found.group(2) else value
        if 0.0 < fraction < 1.0:
            return fraction
    return USUAL_TAIL if _TAIL.search(text) else None
