"""`Tally`: counts what comes of calls."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from vs_core.generation.calls import CallRecord
from vs_core.generation.report import Figures


class Tally:
    """Counts what comes of calls, and what of it is accepted.

    Attributes:
        accepted: Answers accepted so far.
        error: The last error.
    """

    def __init__(self) -> None:
        self.accepted = 0
        self.error: str | None = None
        self._counts: Counter[str] = Counter()
        self._input_tokens: int | None = None
        self._output_tokens: int | None = None

    def count(self, record: CallRecord) -> None:
        """Count a call.

        Args:
            record: What came of it.
        """
        cost = record.cost
        self.error = record.error or self.error
        self._counts["failed" if record.error else "calls"] += 1
        self._counts["unreadable"] += not record.error and not record.answers
        self._counts["unusable"] += record.unusable
        self._input_tokens = _sum(self._input_tokens, cost.input_tokens)
        self._output_tokens = _sum(self._output_tokens, cost.output_tokens)

    def accept(self, *, is_new: bool) -> None:
        """Count an accepted answer.

        Args:
            is_new: Whether it differs from all before.
        """
        self.accepted += 1
        self._counts["different"] += is_new

    def refuse(self, how: Literal["same", "near", "meaning"]) -> None:
        """Count a refused answer.

        Args:
            how: In what it resembles an accepted one.
        """
        self._counts[how] += 1

    def figures(self) -> Figures:
        """What was counted."""
        return Figures(
            accepted=self.accepted,
            input_tokens=self._input_tokens,
            output_tokens=self._output_tokens,
            **self._counts,
        )


def _sum(total: int | None, more: int | None) -> int | None:
    return total if more is None else (total or 0) + more
