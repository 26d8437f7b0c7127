"""Replies that do not end: small models go on until their limit, saying the same again."""

from __future__ import annotations

import logging

from vs_core.exchange.settings import ExchangeSettings
from vs_core.parsing.reply import ReplyParser

_log = logging.getLogger(__name__)

_REPEATS_IN_A_ROW = 3
_TIMES_AS_MANY = 2


class Runaway:
    """Decides when a reply that arrives in pieces has gone on for too long.

    Args:
        settings: What is asked.

    Attributes:
        note: Why it was stopped, in a sentence; empty as long as it was not.
    """

    def __init__(self, settings: ExchangeSettings) -> None:
        self.note = ""
        self._most = settings.max_candidates
        if self._most == "auto":
            self._most = _TIMES_AS_MANY * settings.k

    def has_begun(self, parser: ReplyParser, repeats_in_a_row: int) -> bool:
        """Whether to stop; once it is so it stays so.

        Args:
            parser: The reply's reader.
            repeats_in_a_row: How many of the reply's last candidates repeat earlier ones.
        """
        if not self.note and isinstance(self._most, int):
            if parser.holds(self._most):
                self.note = (
                    f"a reply was stopped, as it held {self._most} candidates (max_candidates)"
                )
            elif repeats_in_a_row >= _REPEATS_IN_A_ROW:
                self.note = (
                    f"a reply was stopped, as {_REPEATS_IN_A_ROW} candidates in a row repeated "
                    "earlier ones (max_candidates)"
                )
            if self.note:
                _log.debug("%s", self.note)
        return bool(self.note)
