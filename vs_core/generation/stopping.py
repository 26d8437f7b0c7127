"""`Patience`: how many rounds may bring nothing before a prompt is given up."""

from __future__ import annotations

from collections.abc import Iterable

from vs_core.generation.calls import CallRecord
from vs_core.generation.records import EndedBy

DRY_ROUNDS = 3
"""Rounds in a row that were answered and brought nothing new."""

FAILED_ROUNDS = 3
"""Rounds in a row in which no candidate could be read, of a prompt that never had one."""

FAILED_ROUNDS_AFTER_SUCCESS = 6
"""The same of a prompt that had some: it can be asked, and errors pass."""


class Patience:
    """Counts the rounds in a row that bring nothing.

    Attributes:
        dry: Rounds in a row that were answered and brought nothing new.
    """

    def __init__(self) -> None:
        self.dry = 0
        self._failed = 0
        self._has_succeeded = False
        self._has_error = False

    def note(self, round_: Iterable[CallRecord], *, brought: int) -> None:
        """Take in a round that has ended.

        Args:
            round_: What came of its calls.
            brought: How many of its answers were accepted.
        """
        records = list(round_)
        self._has_error |= any(record.error for record in records)
        if brought:
            self.dry, self._failed, self._has_error, self._has_succeeded = 0, 0, False, True
        elif any(record.answers for record in records):
            self.dry += 1
        else:
            self._failed += 1

    def ended_by(self) -> EndedBy | None:
        """Why the prompt is to be given up; None if it is not."""
        if self.dry >= DRY_ROUNDS:
            return "nothing new"
        if self._failed < (FAILED_ROUNDS_AFTER_SUCCESS if self._has_succeeded else FAILED_ROUNDS):
            return None
        # A model that has been told all that it knows may answer in words instead of a list.
        return "failures" if self._has_error or not self._has_succeeded else "nothing new"
