"""What one text asks of the form of a reply: read by the very sentences that this package asks in.

Besides those, the paper's own prompts are read, and a plain request for so many answers, with or
without their probabilities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from vs_core.prompts import wording
from vs_core.values.terms import Layout

Number = Literal["probability", "percentage", "confidence", "perplexity", "nll"]
"""The number to be stated beside a response, as far as its notation goes."""

_SPELLED = {word: number for number, word in enumerate(wording.SPELLED, start=1)}
_COUNT = re.compile(
    r"\b(?:generate|give|sample|list|name|suggest|tell|write)\s+(?:(?:me|us|a set of)\s+)?"
    rf"(\d{{1,4}}|{'|'.join(_SPELLED)})\b",
    re.IGNORECASE,
)
_NO_PROBABILITIES: tuple[Number, ...] = ("confidence", "perplexity", "nll")
_FIELD = re.compile(r"(?:<|\"|\bThe |^- )(probability|confidence|perplexity|nll)\b", re.MULTILINE)
_NUMBERS = re.compile(
    r"\b(?:with|their|its|each)\s+(?:\w+\s+)?(?:probabilit|percentage)", re.IGNORECASE
)
_BELOW = re.compile(r"\bis less than (\d{1,3}(?:\.\d{1,9})?)(%?)")
_LAYOUTS: dict[Layout, re.Pattern[str]] = {
    "xml": re.compile(r"<response\b"),
    "json": re.compile(r"\"responses\""),
    "lines": re.compile(r"\bform:\n(?:Reasoning: .*\n)?(?:1\.|Passage 1:) "),
}


@dataclass(frozen=True)
class Wording:
    """What has been said about the form of the reply.

    Attributes:
        count: The number of responses, if any was named.
        layout: The notation of the reply, if one was shown.
        number: Which number is asked for beside each response, if any.
        threshold: The bound of a tail, as a fraction; None for the full distribution.
        reasoning: Reasoning is asked for before the responses.
    """

    count: int | None = None
    layout: Layout | None = None
    number: Number | None = None
    threshold: float | None = None
    reasoning: bool = False

    @property
    def several(self) -> bool:
        """Whether a list is asked for."""
        return self.layout is not None or (self.count or 1) > 1

    @property
    def field(self) -> str:
        """What the number is called in the reply."""
        return self.number if self.number in _NO_PROBABILITIES else "probability"


def read_wording(text: str, before: Wording | None = None) -> Wording:
    """What has been asked for after one more text.

    Args:
        text: An instruction.
        before: What was asked for before; it holds as far as the text says nothing else.

    Example:
        >>> from vs_core import PromptSettings, instruction
        >>> read_wording(instruction(PromptSettings(k=3, max_probability=0.1)))
        Wording(count=3, layout='xml', number='probability', threshold=0.1, reasoning=False)
        >>> read_wording("Give me two jokes with their probabilities").count
        2
    """
    before = before or Wording()
    layout = next((name for name, mark in _LAYOUTS.items() if mark.search(text)), None)
    return Wording(
        count=_count(text) or before.count,
        layout=layout or before.layout,
        number=_number(text, layout) or before.number,
        threshold=_threshold(text) or before.threshold,
        reasoning=before.reasoning or any(said in text for said in wording.REASONING.values()),
    )


def _count(text: str) -> int | None:
    # The last one: a request ends with the number of this turn, whatever the total is.
    written = [found[1].lower() for found in _COUNT.finditer(text)][-1:]
    return max(1, _SPELLED.get(written[0]) or int(written[0])) if written else None


def _number(text: str, layout: Layout | None) -> Number | None:
    named = _FIELD.search(text)
    # Where a notation is shown, the number has its place in it.
    if named is None and (layout or not _NUMBERS.search(text)):
        return None
    probability: Number = "percentage" if "percentage" in text else "probability"
    return next((n for n in _NO_PROBABILITIES if named and named[1] == n), probability)


def _threshold(text: str) -> float | None:
    found = _BELOW.search(text)
    fraction = float(found[1]) / (100.0 if found[2] else 1.0) if found else 0.0
    return fraction if 0.0 < fraction < 1.0 else None
