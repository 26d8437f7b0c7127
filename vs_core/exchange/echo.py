"""Requests that come back as answers: small models repeat what they were told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any

from vs_core.prompts.instruction import agent_instruction, follow_up, re_ask, top_up
from vs_core.prompts.queries import HYPOTHETICAL_ANSWERS, QUERY_REWRITES
from vs_core.prompts.settings import PromptSettings

ECHOED = "repeats the request instead of answering it"

_FEWEST_WORDS = 4
"""Shorter sentences in common with the request may be chance."""

_BUILT_IN = (None, QUERY_REWRITES, HYPOTHETICAL_ANSWERS)
_BETWEEN_SENTENCES = re.compile(r"(?<=[.:])\s+|\n")
_NUMBER = re.compile(r"\d+")
_AROUND = " \t\"'`*\u201c\u201d"
_BLANK = "..."


class Request:
    """The sentences of a request, as far as they are this package's own.

    Args:
        settings: What is asked.
    """

    def __init__(self, settings: PromptSettings) -> None:
        self._settings = settings

    def is_echoed_by(self, text: str) -> bool:
        """Whether a text holds whole sentences of the request and nothing else.

        Args:
            text: A candidate.
        """
        # A value of a type may be equal to the form that it was asked for in.
        if self._settings.method == "direct" or self._settings.value_schema is not None:
            return False
        is_long = False
        for part in _sentences(text):
            if part not in self._said:
                return False
            is_long = is_long or len(part.split()) >= _FEWEST_WORDS
        return is_long

    @cached_property
    def _said(self) -> frozenset[str]:
        return _sentences_of(self._settings.key)


@lru_cache(maxsize=64)
def _sentences_of(key: tuple[tuple[str, Any], ...]) -> frozenset[str]:
    """The sentences of all turns, by what is asked; most exchanges ask the same."""
    settings = PromptSettings(**dict(key))
    if settings.instructions not in _BUILT_IN:
        settings = settings.model_copy(update={"instructions": None})
    turns = [agent_instruction(settings), top_up(settings, found=0)]
    for wanted in (1, settings.call_size):
        turns += [re_ask(settings, wanted), follow_up(settings, wanted)]
    return frozenset(part for turn in turns for part in _sentences(turn))


def _sentences(text: str) -> Iterator[str]:
    begin, is_last = 0, False
    while not is_last:
        # One by one, as most answers differ from the request in their first sentence.
        gap = _BETWEEN_SENTENCES.search(text, begin)
        is_last = gap is None
        sentence = text[begin : gap and gap.start()].strip(_AROUND).casefold()
        begin = gap.end() if gap else begin
        if sentence and sentence != _BLANK:
            # A follow-up asks for another number of responses.
            yield _NUMBER.sub("0", sentence)
