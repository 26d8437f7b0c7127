"""`exchange`: what is asked, in which order, and what follows from each reply.

A generator of rounds; a round is a few calls (`Ask`) that do not depend on each other. A driver
sends each ask's messages, feeds it the reply as it arrives, closes it, and takes the next round:
`vs_core/exchange/driving.py` has that loop, and is given the model call.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Generic

from vs_core.errors import VSError
from vs_core.exchange.ask import Ask
from vs_core.exchange.conversation import Dialect, M, place_instruction
from vs_core.exchange.record import Record
from vs_core.exchange.settings import ExchangeSettings
from vs_core.prompts.instruction import follow_up, instruction, re_ask, top_up
from vs_core.prompts.settings import PromptSettings

_log = logging.getLogger(__name__)


def opening(prompt: Sequence[M], settings: PromptSettings, dialect: Dialect[M]) -> list[M]:
    """The first messages of an exchange: the prompt with the instruction in its place.

    Args:
        prompt: The user's messages.
        settings: What is asked.
        dialect: How the framework writes messages.

    Example:
        >>> from vs_core import PromptSettings
        >>> from vs_core.adapters import DictDialect, opening
        >>> prompt = [{"role": "user", "content": "Flip a coin."}]
        >>> [m["role"] for m in opening(prompt, PromptSettings(), DictDialect())]
        ['system', 'user']
    """
    return place_instruction(prompt, instruction(settings), settings.placement, dialect)


def exchange(
    messages: Sequence[M],
    settings: ExchangeSettings,
    dialect: Dialect[M],
    *,
    re_ask_with: str | None = None,
    objection: Callable[[str], str | None] | None = None,
    needs_numbers: bool = False,
) -> Iterator[tuple[Ask[M], ...]]:
    """Ask a model for a distribution, in as many rounds as the settings allow and need.

    Args:
        messages: The first messages, as `opening` makes them.
        settings: What is asked.
        dialect: How the framework writes messages.
        re_ask_with: What to say after a reply in which nothing could be read, where the first
            messages are not those of `opening`; None says it in the words of the settings.
        objection: Says of a candidate's text why it is of no use, None if it is. Those are left
            out, reported in the trace, and asked for again as missing ones are. If there are no
            others, the exchange ends without a candidate and without an error.
        needs_numbers: Whether a reply counts as unreadable where none of its candidates has a
            number that can be read.

    Yields:
        Rounds of calls to make; each ask must be fed and closed before the next round.

    Raises:
        NoCandidatesError: No reply could be read, and `on_failure` is `raise`. It carries the
            last reply.
        RefusalError: The provider reports that the model refused.
        UnexpectedToolCallError: The model called another tool instead of answering.
        Exception: The first call's own error.

    Each of these only where no candidate was received: what was received is returned, with the
    error in `trace.notes`, and the exchange ends with it. A first stream that breaks off behind a
    candidate is no exception.

    Example:
        >>> from vs_core.adapters import DictDialect, ExchangeSettings, ReplyPiece
        >>> from vs_core.adapters import exchange, opening
        >>> from vs_core.simulation import SimulatedModel
        >>> model, dialect, settings = SimulatedModel(seed=1), DictDialect(), ExchangeSettings(k=2)
        >>> messages = opening([dialect.user("Flip a coin.")], settings, dialect)
        >>> found = []
        >>> for asks in exchange(messages, settings, dialect):
        ...     for ask in asks:
        ...         reply = model.reply([(m["role"], m["content"]) for m in ask.messages])
        ...         found += [*ask.feed(ReplyPiece(text=reply)), *ask.close()]
        >>> sorted(candidate.text for candidate in found)
        ['Heads', 'Tails']
    """
    record = Record(
        settings,
        objection=objection,
        needs_numbers=needs_numbers,
        enforces_bound=settings.enforce_bound,
        keeps_replies=settings.keep_replies,
    )
    if settings.method == "direct" or settings.split == "parallel":
        return _in_parallel(messages, settings, record)
    return _Turns(messages, settings, dialect, record, re_ask_with).rounds()


def _in_parallel(
    messages: Sequence[M], settings: ExchangeSettings, record: Record
) -> Iterator[tuple[Ask[M], ...]]:
    errors: list[Exception] = []
    reasks, topups = settings.max_reasks, settings.max_topups
    calls = settings.planned_calls
    while calls:
        _log.debug(
            "%d calls side by side for %d candidates each: %d of %d are there",
            calls,
            settings.call_size,
            record.count,
            settings.k,
        )
        known, made = record.count, record.turns
        asks = tuple(
            Ask(
                messages,
                settings,
                record,
                settings.call_size,
                replica=made + call,
                is_last_chance=not reasks,
            )
            for call in range(calls)
        )
        yield asks
        errors += [ask.error for ask in asks if ask.error]
        missing = settings.k - record.count
        if errors or missing <= 0 or settings.method == "direct" or record.gave_up:
            break
        if record.count == known and any(ask.has_candidates for ask in asks):
            break
        allowed = topups if record.count else reasks
        calls = math.ceil(missing / settings.call_size) if allowed else 0
        reasks, topups = (reasks, topups - 1) if record.count else (reasks - 1, topups)
    if record.count or record.has_objected:
        return
    if errors:
        raise errors[0]
    if not record.gave_up:
        raise record.failure()


class _Turns(Generic[M]):
    """A conversation that grows by one turn for as long as more is wanted and allowed."""

    def __init__(
        self,
        messages: Sequence[M],
        settings: ExchangeSettings,
        dialect: Dialect[M],
        record: Record,
        re_ask_with: str | None,
    ) -> None:
        self._re_ask_with = re_ask_with
        self._messages = list(messages)
        self._settings = settings
        self._dialect = dialect
        self._record = record
        self._reasks = settings.max_reasks
        self._topups = settings.max_topups
        self._replica = 0

    def rounds(self) -> Iterator[tuple[Ask[M], ...]]:
        ask = self._ask()
        yield (ask,)
        if ask.error and not self._record.count:
            raise ask.error
        # An error takes nothing away from what is there: it ends the exchange, and the trace has
        # it.
        while not ask.error and (turn := self._next_turn()) is not None:
            known = self._record.count
            self._extend(ask.text, turn)
            ask = self._ask()
            yield (ask,)
            if self._record.count == known and ask.has_candidates:
                self._topups = 0
        if self._record.count or self._record.has_objected:
            return
        if ask.error or not self._record.gave_up:
            raise self._failure(ask.error)

    def _ask(self) -> Ask[M]:
        return Ask(
            self._messages,
            self._settings,
            self._record,
            self._wanted,
            replica=self._replica,
            is_last_chance=not self._reasks,
        )

    @property
    def _wanted(self) -> int:
        return min(self._settings.call_size, self._settings.k - self._record.count)

    def _next_turn(self) -> str | None:
        found, settings = self._record.count, self._settings
        if not found:
            if not self._reasks:
                return None
            self._reasks -= 1
            _log.debug("nothing could be read: asking again (%d more times)", self._reasks)
            return self._re_ask_with or re_ask(settings, self._wanted, self._record.mismatches())
        if found >= settings.k or self._record.gave_up:
            return None
        if self._record.turns < settings.planned_calls:
            _log.debug("%d of %d candidates: the next turn", found, settings.k)
            return follow_up(settings, self._wanted)
        if self._topups:
            self._topups -= 1
            _log.debug("%d of %d candidates: topping up", found, settings.k)
            return top_up(settings, found, self._record.mismatches())
        return None

    def _extend(self, reply: str, turn: str) -> None:
        # Providers refuse an empty assistant message; after a blank reply the same is asked again.
        if reply.strip():
            self._messages += [self._dialect.assistant(reply), self._dialect.user(turn)]
            self._replica = 0
        else:
            self._replica += 1

    def _failure(self, error: Exception | None) -> Exception:
        if isinstance(error, VSError):
            return error
        failure = self._record.failure()
        failure.__cause__ = error
        return failure
