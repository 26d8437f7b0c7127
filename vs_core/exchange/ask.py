"""`Ask`: one call to make, and the reader of its reply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic

from vs_core.errors import VSError
from vs_core.exchange.conversation import M
from vs_core.exchange.incoming import IncomingReply, Reading
from vs_core.exchange.record import Record
from vs_core.exchange.runaway import Runaway
from vs_core.exchange.settings import ExchangeSettings
from vs_core.prompts.reply_schema import reply_schema
from vs_core.values.distribution import VerbalizedDistribution


class Ask(IncomingReply, Generic[M]):
    """One call to make: the messages to send, and the reply to feed.

    Attributes:
        messages: What to send.
        wanted: How many candidates it asks for.
        replica: How many earlier calls of the exchange sent the very same messages. A cache of
            replies must not answer them all with one.
        error: The error that ended the call, or that its reply amounts to.

    Example:
        >>> from vs_core.adapters import DictDialect, ExchangeSettings, ReplyPiece
        >>> from vs_core.adapters import exchange, opening
        >>> dialect, settings = DictDialect(), ExchangeSettings(k=1)
        >>> messages = opening([dialect.user("Flip a coin.")], settings, dialect)
        >>> (ask,) = next(exchange(messages, settings, dialect))
        >>> ask.feed(ReplyPiece(text="1. (0.5) heads")) + ask.close()
        VerbalizedDistribution(candidates=(Candidate(value='heads', ...
    """

    def __init__(
        self,
        messages: Sequence[M],
        settings: ExchangeSettings,
        record: Record,
        wanted: int,
        *,
        replica: int = 0,
        is_last_chance: bool = False,
        reading: Reading | None = None,
        schema: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(settings, record, reading)
        self.messages = list(messages)
        self.wanted = wanted
        self.replica = replica
        self._is_last_chance = is_last_chance
        self._on_failure = settings.on_failure
        self._runaway = Runaway(settings)
        self._settings = settings
        self._schema = schema

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of its reply, for a provider that is to enforce one."""
        return self._schema or reply_schema(self._settings, self.wanted)

    @property
    def has_enough(self) -> bool:
        """Whether the reply has run away, so that its stream is to be closed.

        True once it holds `max_candidates`, or when three in a row repeat earlier ones. To be
        asked between the pieces of a stream; what came by then is kept.
        """
        if self._parser is None:
            return False
        repeats = self._record.repeats_in_a_row(self._turn)
        return self._runaway.has_begun(self._parser, repeats)

    def fail(self, error: Exception) -> None:
        """Report that the call ended in an error; the exchange decides what follows."""
        self.error = error

    def close(self) -> VerbalizedDistribution[Any]:
        """End the reply, whole or broken off.

        Returns:
            The candidates that were still open, with the call's cost and reports in the trace.
        """
        rest = super().close()
        is_answered = not isinstance(self.error, VSError)
        if self._is_last_chance and is_answered and not self._record.count:
            if self._on_failure == "whole_reply":
                rest += self._record.admit_whole_reply(self._turn)
            elif self._on_failure == "nothing":
                rest += self._record.admit_nothing()
        return rest

    def _rest(self) -> VerbalizedDistribution[Any]:
        if not self._runaway.note:
            return super()._rest()
        # It was cut off here, not by a limit of the model.
        candidates, trace = self._reading.close(truncated=True).unsettled()
        told = trace.model_copy(update={"truncated": False})
        return self._record.admit(VerbalizedDistribution.of(candidates, told), self._turn)

    def _notes(self) -> tuple[str, ...]:
        stopped = (self._runaway.note,) if self._runaway.note else ()
        return (*stopped, *super()._notes())
