"""What one exchange has received so far, over all its turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from vs_core.errors import NoCandidatesError
from vs_core.exchange.echo import ECHOED, Request
from vs_core.exchange.shortfall import Shortfall
from vs_core.prompts.settings import PromptSettings
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.mismatch import mismatch
from vs_core.values.schema import is_valid, validated
from vs_core.values.trace import EMPTY_TRACE, Dropped, Trace

NOT_VERBALIZED = "not verbalized: no candidate could be read, so this is the whole reply"
REPEATED = "repeats a response of an earlier turn"

NOTHING: VerbalizedDistribution[Any] = VerbalizedDistribution()
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
        self._shortfall = Shortfall(settings)
        self._request = Request(settings)
        self._schema = settings.value_schema
        # Independent calls do not know of each other, and asking for one answer again and again
        # is how collapse is measured.
        self._refuses_repetition = settings.method != "direct" and settings.split == "turns"
        self._unreported = EMPTY_TRACE
        self._settings_of_reader = EMPTY_TRACE
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

    def admit(self, found: VerbalizedDistribution[Any], turn: int) -> VerbalizedDistribution[Any]:
        """Label the candidates of a turn, leaving out repetitions of earlier turns.

        Args:
            found: What the reader completed.
            turn: The turn it belongs to.

        Returns:
            The candidates, or nothing; reports then wait for the next that are delivered.
        """
        candidates, reports = found.unsettled()
        if reports is not self._settings_of_reader:
            self._take_in(reports)
        kept: list[Candidate[Any]] = []
        for candidate in candidates:
            typed = self._typed(candidate, turn) if self._schema is not None else candidate
            if typed is None:
                continue
            if self._is_repetition(candidate.text, turn):
                self._drop(candidate, REPEATED)
            elif NOT_VERBALIZED not in candidate.repairs and self._request.is_echoed_by(
                candidate.text
            ):
                self._drop(candidate, ECHOED)
            else:
                kept.append(typed.model_copy(update={"turn": turn}) if turn else typed)
        self.count += len(kept)
        return self._deliver(kept) if kept else NOTHING

    def _take_in(self, reports: Trace) -> None:
        """What a reader repeats with every candidate is said once, in the header."""
        self._shortfall.note(reports)
        if reports.has_settings_only:
            self._settings_of_reader = reports
            self._header += reports
        else:
            self._unreported += reports

    def report(self, trace: Trace) -> VerbalizedDistribution[Any]:
        """Deliver all reports that wait, and `trace`, without a candidate."""
        self._unreported += trace
        return self._deliver(())

    def admit_whole_reply(self, turn: int) -> VerbalizedDistribution[Any]:
        """Take the unreadable reply itself as the only candidate; nothing if it was blank."""
        if not self.unread:
            return NOTHING
        self.gave_up = True
        whole: Candidate[str] = Candidate(value=self.unread, repairs=(NOT_VERBALIZED,))
        if self._schema is not None and not is_valid(self.unread, self._schema):
            return NOTHING
        return self.admit(VerbalizedDistribution.of([whole]), turn)

    def mismatches(self) -> list[str]:
        """What was wrong with each value of the last turn that did not fit its type."""
        return self._shortfall.mismatches_of(self.turns - 1)

    def failure(self) -> NoCandidatesError:
        """The error of an exchange that gave no candidate."""
        return self._shortfall.error(self.unread)

    def _typed(self, candidate: Candidate[str], turn: int) -> Candidate[Any] | None:
        try:
            value = validated(candidate.value, self._schema)
        except ValidationError as error:
            reason = mismatch(error)
            self._shortfall.mismatch(turn, reason)
            self._drop(candidate, f"does not match the schema: {reason}")
            return None
        return candidate.model_copy(update={"value": value})

    def _drop(self, candidate: Candidate[str], reason: str) -> None:
        self._unreported += Trace(dropped=(Dropped(fragment=candidate.text, reason=reason),))

    def _deliver(self, candidates: Sequence[Candidate[Any]]) -> VerbalizedDistribution[Any]:
        reports, self._unreported = self._unreported, EMPTY_TRACE
        return VerbalizedDistribution.of(candidates, self._header + reports)

    def _is_repetition(self, text: str, turn: int) -> bool:
        return self._refuses_repetition and self._first_turn_of.setdefault(text, turn) < turn
