"""What one exchange has received so far, over all its turns."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from vs_core.errors import NoCandidatesError
from vs_core.exchange.echo import ECHOED, Request
from vs_core.exchange.numberless import NUMBERLESS, Numberless
from vs_core.exchange.overstated import Overstated
from vs_core.exchange.shortfall import Shortfall
from vs_core.prompts.settings import PromptSettings
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.mismatch import mismatch
from vs_core.values.said import said
from vs_core.values.schema import is_valid, validated
from vs_core.values.trace import EMPTY_TRACE, Dropped, Trace

_log = logging.getLogger(__name__)

NOT_VERBALIZED = "not verbalized: no candidate could be read, so this is the whole reply"
UNREAD = "no candidate could be read in it"
REPEATED = "repeats an earlier response"

NOTHING: VerbalizedDistribution[Any] = VerbalizedDistribution()
"""Most pieces of a reply complete no candidate; they share this."""


class Record:
    """Counts candidates, recognises repetitions, and labels what is delivered.

    Args:
        settings: What is asked.
        objection: Says of a candidate's text why it is of no use, None if it is; those are
            reported and count as missing.
        needs_numbers: Whether a reply of which no candidate has a readable number is of no use.
        enforces_bound: Whether candidates that do not keep the bound are taken out.
        keeps_replies: Whether the raw replies are kept.

    Attributes:
        count: Candidates admitted so far, those that repeat earlier ones aside.
        turns: Turns begun so far.
        gave_up: Whether an unreadable reply was taken whole, or for nothing.
        has_objected: Whether a candidate was read that is of no use.
    """

    def __init__(
        self,
        settings: PromptSettings,
        *,
        objection: Callable[[str], str | None] | None = None,
        needs_numbers: bool = False,
        enforces_bound: bool = False,
        keeps_replies: bool = False,
    ) -> None:
        self.count = 0
        self.turns = 0
        self.gave_up = False
        self.has_objected = False
        self._objection = objection
        self._unread = ""
        self._is_whole = True
        self._keeps_replies = keeps_replies
        self._admitted: Counter[int] = Counter()
        self._repeats: Counter[int] = Counter()
        self._seen: set[Hashable] = set()
        self._shortfall = Shortfall(settings)
        self._request = Request(settings)
        self._schema = settings.value_schema
        # Asking for one answer again and again is how collapse is measured.
        self._counts_repeats = settings.method == "direct"
        self._numberless = Numberless() if needs_numbers else None
        self._overstated = Overstated(settings) if enforces_bound else None
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

    def count_of(self, turn: int) -> int:
        """How many candidates of a turn were admitted, those that repeat earlier ones too."""
        return self._admitted[turn]

    def repeats_in_a_row(self, turn: int) -> int:
        """How many of the last candidates of a turn repeat earlier ones."""
        return self._repeats[turn]

    def admit(self, found: VerbalizedDistribution[Any], turn: int) -> VerbalizedDistribution[Any]:
        """Label the candidates of a turn.

        Args:
            found: What the reader completed.
            turn: The turn it belongs to.

        Returns:
            The candidates, or nothing; reports then wait for the next that are delivered.
        """
        candidates, reports = found.unsettled()
        if reports is not self._settings_of_reader:
            self._take_in(reports)
        answers = [a for c in candidates if (a := self._answer(c, turn)) is not None]
        if self._numberless is not None:
            answers = self._numberless.holding_back(answers, turn)
        if self._overstated is not None:
            answers = self._overstated.holding_back(answers, turn)
        return self._accept(answers, turn)

    def end_turn(self, turn: int) -> VerbalizedDistribution[Any]:
        """Deliver what waited for the end of the turn: whether it has numbers that keep the bound.

        Args:
            turn: The turn.
        """
        if self._numberless is not None and (left := self._numberless.left(turn)):
            for candidate in left:
                self.drop(candidate.text, NUMBERLESS)
            self._shortfall.note_unread(NUMBERLESS)
        if self._overstated is None:
            return NOTHING
        kept, above = self._overstated.decided(turn)
        for candidate, reason in above:
            self.drop(candidate.text, reason)
            self._shortfall.note_reason(reason)
        return self._accept(kept, turn)

    def note_reply(self, reply: str, *, refusal: str = "", broken: bool = False) -> None:
        """Note what a model wrote, in case that nothing can be read, or where it is kept.

        Args:
            reply: All that it wrote.
            refusal: The words in which its provider reports a refusal.
            broken: Whether the call broke off, so that this is not all.
        """
        if not (broken and self._unread):
            self._unread = reply.strip() or refusal or self._unread
            self._is_whole = not broken
        if self._keeps_replies and (reply or not broken):
            self._unreported += Trace(replies=(reply,))

    def drop(self, fragment: str, reason: str) -> None:
        """Report what cannot be used; nothing if it is blank.

        Args:
            fragment: The text.
            reason: Why, in plain words.
        """
        if fragment:
            _log.debug("left out: %s", reason)
            self._unreported += Trace(dropped=(Dropped(fragment=fragment, reason=reason),))

    def report(self, trace: Trace) -> VerbalizedDistribution[Any]:
        """Deliver all reports that wait, and `trace`, without a candidate."""
        self._unreported += trace
        return self._deliver(())

    def admit_whole_reply(self, turn: int) -> VerbalizedDistribution[Any]:
        """Take the unreadable reply as the only candidate; nothing if it was blank or broken."""
        if not (self._unread and self._is_whole):
            return NOTHING
        if self._schema is not None and not is_valid(self._unread, self._schema):
            return NOTHING
        self.gave_up = True
        whole: Candidate[str] = Candidate(value=self._unread, repairs=(NOT_VERBALIZED,))
        return self.admit(VerbalizedDistribution.of([whole]), turn)

    def admit_nothing(self) -> VerbalizedDistribution[Any]:
        """Do without a candidate; an unreadable reply is reported, unless the call broke off."""
        if not self._is_whole:
            return NOTHING
        self.gave_up = True
        self.drop(self._unread, UNREAD)
        return self._deliver(())

    def mismatches(self) -> list[str]:
        """What was wrong with each candidate of the last turn that is of no use."""
        return self._shortfall.mismatches_of(self.turns - 1)

    def failure(self) -> NoCandidatesError:
        """The error of an exchange that gave no candidate."""
        return self._shortfall.error(self._unread)

    def _take_in(self, reports: Trace) -> None:
        """What a reader repeats with every candidate is said once, in the header."""
        self._shortfall.note(reports)
        if reports.has_settings_only:
            self._settings_of_reader = reports
            self._header += reports
        else:
            self._unreported += reports

    def _answer(self, candidate: Candidate[Any], turn: int) -> Candidate[Any] | None:
        """The candidate with its typed value and its turn, if it is an answer."""
        typed = self._typed(candidate, turn) if self._schema is not None else candidate
        if typed is None or self._objects_to(candidate, turn):
            return None
        if NOT_VERBALIZED not in candidate.repairs and self._request.is_echoed_by(candidate.text):
            self.drop(candidate.text, ECHOED)
            return None
        return typed.model_copy(update={"turn": turn}) if turn else typed

    def _objects_to(self, candidate: Candidate[Any], turn: int) -> bool:
        reason = None if self._objection is None else self._objection(candidate.text)
        if reason is None:
            return False
        self.has_objected = True
        self._shortfall.mismatch(turn, reason)
        self.drop(candidate.text, reason)
        return True

    def _typed(self, candidate: Candidate[str], turn: int) -> Candidate[Any] | None:
        try:
            value = validated(candidate.value, self._schema)
        except ValidationError as error:
            reason = mismatch(error)
            self._shortfall.mismatch(turn, reason)
            self.drop(candidate.text, f"does not match the schema: {reason}")
            return None
        return candidate.model_copy(update={"value": value})

    def _accept(self, answers: Iterable[Candidate[Any]], turn: int) -> VerbalizedDistribution[Any]:
        kept = [self._counted(answer, turn) for answer in answers]
        self._admitted[turn] += len(kept)
        return self._deliver(kept) if kept else NOTHING

    def _counted(self, answer: Candidate[Any], turn: int) -> Candidate[Any]:
        """The candidate, marked and not counted if it says what an earlier one said."""
        if self._counts_repeats or self._is_new(answer):
            self.count += 1
            self._repeats[turn] = 0
            return answer
        self._repeats[turn] += 1
        _log.debug("a candidate repeats an earlier one, and is not counted")
        return answer.model_copy(update={"repairs": (*answer.repairs, REPEATED)})

    def _is_new(self, answer: Candidate[Any]) -> bool:
        key = said(answer)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _deliver(self, candidates: Sequence[Candidate[Any]]) -> VerbalizedDistribution[Any]:
        reports, self._unreported = self._unreported, EMPTY_TRACE
        return VerbalizedDistribution.of(candidates, self._header + reports)
