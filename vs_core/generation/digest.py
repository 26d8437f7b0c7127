"""Which accepted answers a later call is told to differ from, and whether that is worth it."""

from __future__ import annotations

import heapq
import random
from itertools import accumulate

from vs_core.generation.calls import CallRecord
from vs_core.prompts.different import LONGEST_ITEM
from vs_core.values.candidate import Candidate

OUTPUT_OVER_INPUT = 4.0
"""How much more a token received costs than one sent; four to five times with most providers."""

_WORTH = 0.25
"""Tokens of a digest for the worth of one that repeats cost: it prevents only some of them."""

_CHARACTERS_OF_TOKEN = 4
_NOTATION = 18
"""Tokens around an answer, in tags."""

_KEPT = 0.7
"""Weight of what was known before, against one more call."""


class Digest:
    """The accepted answers, the most likely to be repeated first.

    Those are the ones that came most often, and of these the ones that the model states to be the
    most probable.

    A call is told of as many as the output is worth that repeats cost: nothing where there are few
    repeats, or where the answers are long. And nothing as long as calls that were told repeated
    more than those that were not: small models say again, or vary, what they are told.

    Args:
        size: How many a call is told at most.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._texts: list[str] = []
        self._rank: list[tuple[int, float]] = []
        self._repeats: dict[bool, float] = {}
        """The share of repeats of late, in calls that were told of earlier answers and others."""
        self._was_told = False
        self._output: float | None = None

    def add(self, answer: Candidate[object]) -> None:
        """Take in an accepted answer.

        Args:
            answer: The answer.
        """
        self._texts.append(answer.text)
        self._rank.append((1, answer.probability))

    def met_again(self, index: int) -> None:
        """Note that an answer came again.

        Args:
            index: Which of those taken in, from 0.
        """
        times, probability = self._rank[index]
        self._rank[index] = times + 1, probability

    def note(self, record: CallRecord, repeats: int) -> None:
        """Note how many of a call's answers were repeats.

        Args:
            record: The call.
            repeats: How many of its answers had been accepted before.
        """
        answers = record.answers
        if not answers:
            return
        self._output = _mixed(self._output, _output_tokens(record))
        told, share = bool(record.told), repeats / len(answers)
        # What was known of the other kind of calls is of a time when there was more that was new.
        before = self._repeats.get(told) if told is self._was_told else None
        self._repeats[told], self._was_told = _mixed(before, share), told

    def told(self, dry: int = 0) -> tuple[str, ...]:
        """What the next call is to be told.

        Args:
            dry: How many rounds in a row have brought nothing new. After one whose calls were told
                nothing, as much is told as may be, whatever it costs; after one whose calls were
                told, nothing, as the model may have said again what it was told.
        """
        if dry and self._was_told:
            return ()
        if dry > 1:
            chance = random.Random(dry)
            return tuple(chance.sample(self._texts, min(self._size, len(self._texts))))
        likely = heapq.nlargest(self._size, range(len(self._rank)), key=self._rank.__getitem__)
        if dry:
            return tuple(self._texts[index] for index in likely)
        told, untold = self._repeats.get(True, 0.0), self._repeats.get(False, 0.0)
        if told > untold:
            return ()
        affordable = untold * (self._output or 0.0) * OUTPUT_OVER_INPUT * _WORTH
        costs = accumulate(_input_tokens(self._texts[index]) for index in likely)
        return tuple(
            self._texts[index]
            for index, cost in zip(likely, costs, strict=True)
            if cost <= affordable
        )


def _output_tokens(record: CallRecord) -> float:
    """What a reply took; estimated where the model does not tell."""
    told = record.cost.output_tokens
    return float(told or sum(_input_tokens(a.text) + _NOTATION for a in record.answers))


def _input_tokens(text: str) -> float:
    """What an answer in a digest takes, with its mark and line end; estimated."""
    return min(len(text), LONGEST_ITEM) / _CHARACTERS_OF_TOKEN + 2


def _mixed(before: float | None, now: float) -> float:
    return now if before is None else _KEPT * before + (1 - _KEPT) * now
