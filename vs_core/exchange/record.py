"""What one exchange has received so far, over all its turns."""

from __future__ import annotations

from collections.abc import Sequence

from vs_core.prompts.settings import PromptSettings
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.trace import EMPTY_TRACE, Dropped, Trace

NOT_VERBALIZED = "not verbalized: no candidate could be read, so this is the whole reply"
REPEATED = "repeats a response of an earlier turn"

NOTHING: VerbalizedDistribution[str] = VerbalizedDistribution()
"""Most pieces of a reply complete no candidate; they share this."""


class Record:
    """Counts candidates, recognises repetitions, and labels what is delivered.

    Attributes:
        count: Candidates admitted so far.
        turns: Turns begun so far.
        unread: The last reply that was not blank, kept in case that nothing can be read.
        gave_up: Whether an unreadable reply was taken whole.
    """

    def __init__(self, settings: PromptSettings) -> None:
        self.count = 0
        self.turns = 0
        self.unread = ""
        self.gave_up = False
        self._first_turn_of: dict[str, int] = {}
        # Asking for one answer again and again is how collapse is measured.
        self._refuses_repetition = settings.method != "direct"
        self._unreported = EMPTY_TRACE
        self._header = Trace(
            k=settings.k,
            method=settings.method,
            definition=settings.asked_definition if settings.asks_for_probability else None,
            max_probability=settings.max_probability,
        )

    def begin_turn(self) -> int:
        """Number the next turn, from 0."""
        self.turns += 1
        return self.turns - 1

    def admit(self, found: VerbalizedDistribution[str], turn: int) -> VerbalizedDistribution[str]:
        """Label the candidates of a turn, leaving out repetitions of earlier turns.

        Args:
            found: What the reader completed.
            turn: The turn it belongs to.

        Returns:
            The candidates, or nothing; reports then wait for the next that are delivered.
        """
        if found.trace is not EMPTY_TRACE:
            # What stood in for missing numbers is known only over the whole set.
            self._unreported += found.trace.model_copy(update={"fallbacks": ()})
        kept: list[Candidate[str]] = []
        for candidate in found:
            if self._is_repetition(candidate.text, turn):
                dropped = Dropped(fragment=candidate.text, reason=REPEATED)
                self._unreported += Trace(dropped=(dropped,))
            else:
                kept.append(candidate.model_copy(update={"turn": turn}) if turn else candidate)
        self.count += len(kept)
        return self._deliver(kept) if kept else NOTHING

    def report(self, trace: Trace) -> VerbalizedDistribution[str]:
        """Deliver all reports that wait, and `trace`, without a candidate."""
        self._unreported += trace
        return self._deliver(())

    def admit_whole_reply(self, turn: int) -> VerbalizedDistribution[str]:
        """Take the unreadable reply itself as the only candidate; nothing if it was blank."""
        if not self.unread:
            return NOTHING
        self.gave_up = True
        whole: Candidate[str] = Candidate(value=self.unread, repairs=(NOT_VERBALIZED,))
        return self.admit(VerbalizedDistribution.of([whole]), turn)

    def _deliver(self, candidates: Sequence[Candidate[str]]) -> VerbalizedDistribution[str]:
        reports, self._unreported = self._unreported, EMPTY_TRACE
        return VerbalizedDistribution.of(candidates, self._header + reports)

    def _is_repetition(self, text: str, turn: int) -> bool:
        return self._refuses_repetition and self._first_turn_of.setdefault(text, turn) < turn
