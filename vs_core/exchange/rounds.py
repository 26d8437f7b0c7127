"""`exchange`: what is asked, in which order, and what follows from each reply.

A generator of rounds; a round is a few calls (`Ask`) that do not depend on each other. A driver
sends each ask's messages, feeds it the reply as it arrives, closes it, and takes the next round:

```python
for asks in exchange(prompt, settings, dialect):
    for ask in asks:
        try:
            for chunk in model.stream(ask.messages):
                yield ask.feed(ReplyPiece(text=chunk))
        except Exception as error:
            ask.fail(error)
        yield ask.close()
```

Sync and async, LangChain and LlamaIndex differ in these lines only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Generic

from vs_core.conversation import Dialect, M, place_instruction
from vs_core.exchange.ask import Ask, reading_of
from vs_core.exchange.record import Record
from vs_core.exchange.settings import ExchangeSettings
from vs_core.parsing import no_candidates
from vs_core.prompts.instruction import follow_up, instruction, re_ask, top_up


def exchange(
    prompt: Sequence[M], settings: ExchangeSettings, dialect: Dialect[M]
) -> Iterator[tuple[Ask[M], ...]]:
    """Ask a model for a distribution, in as many rounds as the settings allow and need.

    Args:
        prompt: The user's messages.
        settings: What is asked.
        dialect: How the framework writes messages.

    Yields:
        Rounds of calls to make; each ask must be fed and closed before the next round.

    Raises:
        NoCandidatesError: No reply could be read, and `on_failure` is `raise`. It carries the
            last reply.
        Exception: The first call's own error, where nothing was received.

    Example:
        >>> from vs_core import DictDialect, ExchangeSettings, ReplyPiece, exchange
        >>> from vs_core.simulation import SimulatedModel
        >>> model, found = SimulatedModel(seed=1), []
        >>> prompt = [{"role": "user", "content": "Flip a coin."}]
        >>> for asks in exchange(prompt, ExchangeSettings(k=2), DictDialect()):
        ...     for ask in asks:
        ...         reply = model.reply([(m["role"], m["content"]) for m in ask.messages])
        ...         found += [*ask.feed(ReplyPiece(text=reply)), *ask.close()]
        >>> sorted(candidate.text for candidate in found)
        ['Heads', 'Tails']
    """
    record = Record(settings)
    request = place_instruction(prompt, instruction(settings), settings.placement, dialect)
    if settings.method == "direct":
        return _independent_calls(request, settings, record)
    return _Turns(request, settings, dialect, record).rounds()


def _independent_calls(
    request: Sequence[M], settings: ExchangeSettings, record: Record
) -> Iterator[tuple[Ask[M], ...]]:
    asks = tuple(Ask(request, reading_of(settings), record) for _ in range(settings.k))
    yield asks
    if not record.count:
        raise next((ask.error for ask in asks if ask.error), None) or no_candidates(record.unread)


class _Turns(Generic[M]):
    """A conversation that grows by one turn for as long as more is wanted and allowed."""

    def __init__(
        self,
        request: Sequence[M],
        settings: ExchangeSettings,
        dialect: Dialect[M],
        record: Record,
    ) -> None:
        self._messages = list(request)
        self._settings = settings
        self._dialect = dialect
        self._record = record
        self._reasks = settings.max_reasks
        self._topups = settings.max_topups
        self._planned = math.ceil(settings.k / settings.turn_size) if self._is_multi else 1

    @property
    def _is_multi(self) -> bool:
        return self._settings.method == "multi"

    def rounds(self) -> Iterator[tuple[Ask[M], ...]]:
        ask = self._ask()
        yield (ask,)
        if ask.error:
            raise ask.error
        # A follow-up that fails takes nothing away from what is there: it ends the exchange,
        # and the trace has the error.
        while not ask.error and (turn := self._next_turn()) is not None:
            self._extend(ask.text, turn)
            ask = self._ask()
            yield (ask,)
        if not self._record.count:
            raise no_candidates(self._record.unread) from ask.error

    def _ask(self) -> Ask[M]:
        return Ask(
            self._messages,
            reading_of(self._settings),
            self._record,
            accepts_whole_reply=self._settings.on_failure == "whole_reply" and not self._reasks,
        )

    def _next_turn(self) -> str | None:
        found, settings = self._record.count, self._settings
        if not found:
            if not self._reasks:
                return None
            self._reasks -= 1
            return re_ask(settings, self._size_of_turn(found))
        if found >= settings.k or self._record.gave_up:
            return None
        if self._record.turns < self._planned:
            return follow_up(settings, self._size_of_turn(found))
        if self._topups:
            self._topups -= 1
            return top_up(settings, found)
        return None

    def _size_of_turn(self, found: int) -> int:
        missing = self._settings.k - found
        return min(self._settings.turn_size, missing) if self._is_multi else missing

    def _extend(self, reply: str, turn: str) -> None:
        # Providers refuse an empty assistant message; after a blank reply the same is asked again.
        if reply.strip():
            self._messages += [self._dialect.assistant(reply), self._dialect.user(turn)]
