"""Requests that come back as answers: small models repeat what they were told."""

from __future__ import annotations

import re
from functools import cached_property

from vs_core.prompts.instruction import follow_up, re_ask
from vs_core.prompts.settings import PromptSettings

ECHOED = "repeats the request instead of answering it"

_FEWEST_WORDS = 4
"""Fewer words in common with the request may be chance."""

_NUMBER = re.compile(r"\d+")


class Request:
    """The sentences of a request, as far as they are this package's own.

    Args:
        settings: What is asked.
    """

    def __init__(self, settings: PromptSettings) -> None:
        self._settings = settings

    def is_echoed_by(self, text: str) -> bool:
        """Whether a text holds lines of the request and nothing else.

        Args:
            text: A candidate.
        """
        if len(text.split()) < _FEWEST_WORDS or not self._is_in_sentences:
            return False
        return all(line.strip() in self._sentences for line in _unnumbered(text).splitlines())

    @property
    def _is_in_sentences(self) -> bool:
        # A value of a type may be equal to the form that it was asked for in.
        return self._settings.method != "direct" and self._settings.value_schema is None

    @cached_property
    def _sentences(self) -> str:
        wanted = self._settings.call_size
        return _unnumbered(f"{re_ask(self._settings, wanted)}\n{follow_up(self._settings, wanted)}")


def _unnumbered(text: str) -> str:
    # A follow-up asks for another number of responses.
    return _NUMBER.sub("0", text)
