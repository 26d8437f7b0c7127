"""Replies that give no candidate a readable number, where the numbers are what was asked for."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from vs_core.values.candidate import Candidate

NUMBERLESS = "without a number that can be read"


class Numberless:
    """Holds back candidates without a number, until one with a number shows that they count."""

    def __init__(self) -> None:
        self._held: defaultdict[int, list[Candidate[Any]]] = defaultdict(list)
        self._numbered: set[int] = set()

    def holding_back(self, answers: list[Candidate[Any]], turn: int) -> list[Candidate[Any]]:
        """Those that need not wait.

        Args:
            answers: Candidates of a turn.
            turn: The turn.
        """
        if any(answer.stated is not None for answer in answers):
            self._numbered.add(turn)
        held = self._held[turn] + answers
        self._held[turn] = [] if turn in self._numbered else held
        return held if turn in self._numbered else []

    def left(self, turn: int) -> list[Candidate[Any]]:
        """Those of a turn, which has ended without a number.

        Args:
            turn: The turn.
        """
        return self._held.pop(turn, [])
