"""`Ask`: one call to make, and the reader of its reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol

from vs_core.conversation import M
from vs_core.exchange.record import NOTHING, Record
from vs_core.parsing import ReplyParser
from vs_core.prompts.settings import PromptSettings
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.trace import EMPTY_TRACE, Trace

_ONE_CALL = Trace(calls=1)


@dataclass(frozen=True)
class ReplyPiece:
    """A part of a reply (or all of it), as an adapter received it.

    Attributes:
        text: What the model wrote in it.
        arguments: What it wrote as arguments of our own tool.
        input_tokens: Tokens reported for the prompt, if this part reports any.
        output_tokens: Tokens reported for the reply, likewise.
        model: Name of the model, if told.
        truncated: True if the provider says that the reply is incomplete.
        refusal: The words in which the provider reports that the model refused; no part of the
            text.

    Example:
        >>> from vs_core import ReplyPiece
        >>> ReplyPiece(text="<response>").truncated
        False
    """

    text: str = ""
    arguments: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    model: str | None = None
    truncated: bool = False
    refusal: str = ""

    @property
    def cost(self) -> Trace:
        """What this part reports, as a trace."""
        # Most pieces of a stream are text and nothing else.
        if self == ReplyPiece(text=self.text, arguments=self.arguments):
            return EMPTY_TRACE
        return Trace(
            model=self.model,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            truncated=self.truncated,
        )


class Reading(Protocol):
    """An incremental reader of one reply."""

    def feed(self, chunk: str) -> VerbalizedDistribution[str]:
        """The candidates that this part completes."""
        ...

    def close(self, *, truncated: bool | None = None) -> VerbalizedDistribution[str]:
        """The candidates still open at the end."""
        ...


class WholeReply:
    """Reads a reply to a direct prompt: all of it is the one candidate."""

    def __init__(self) -> None:
        self._chunks: list[str] = []

    def feed(self, chunk: str) -> VerbalizedDistribution[str]:
        """Collect; nothing is complete before the end."""
        self._chunks.append(chunk)
        return NOTHING

    def close(self, *, truncated: bool | None = None) -> VerbalizedDistribution[str]:
        """The reply without surrounding white space; nothing if it was blank."""
        text = "".join(self._chunks).strip()
        return VerbalizedDistribution.of([Candidate(value=text)]) if text else NOTHING


class IncomingReply:
    """A reply that is being received: text goes in, labelled candidates come out.

    Example:
        >>> from vs_core import PromptSettings, ReplyPiece, expect_reply
        >>> reply = expect_reply(PromptSettings())
        >>> reply.feed(ReplyPiece(text="<response><text>Hi</text><probability>0.2")).texts
        []
        >>> reply.feed(ReplyPiece(text="</probability></response>")).texts
        ['Hi']
        >>> reply.close().trace.calls
        1
    """

    def __init__(self, settings: PromptSettings, record: Record) -> None:
        self._reading = _reading_of(settings)
        self._record = record
        self._turn = record.begin_turn()
        self._cost = EMPTY_TRACE
        self._texts: list[str] = []
        self._refusal = ""
        self._wants_call = settings.shaping == "function_calling"
        self._has_called = False
        self._beside: list[str] = []

    @property
    def text(self) -> str:
        """What came in so far."""
        return "".join(self._texts)

    def feed(self, piece: ReplyPiece) -> VerbalizedDistribution[str]:
        """Take a part of the reply.

        Args:
            piece: The part.

        Returns:
            The candidates that it completes; falsy if there are none.
        """
        self._cost += piece.cost
        self._refusal += piece.refusal
        self._has_called = self._has_called or bool(piece.arguments)
        text = piece.text + piece.arguments
        if self._wants_call:
            # What is said beside the call is no answer, unless there is no call.
            self._beside.append(piece.text)
            text = piece.arguments
        return self.feed_text(text) if text else NOTHING

    def feed_text(self, text: str) -> VerbalizedDistribution[str]:
        """Take a part of the reply that is text and reports nothing.

        Args:
            text: What the model wrote.

        Returns:
            The candidates that it completes; falsy if there are none.
        """
        self._texts.append(text)
        found = self._reading.feed(text)
        return self._record.admit(found, self._turn) if found else NOTHING

    def close(self) -> VerbalizedDistribution[str]:
        """End the reply.

        Returns:
            The candidates that were still open, with the call's cost and reports in the trace.
        """
        said = "".join(self._beside)
        found = self.feed_text(said) if said and not self._has_called else NOTHING
        self._record.unread = self.text.strip() or self._refusal or self._record.unread
        # Most models report an ending only where it is a cut.
        truncated = True if self._cost.truncated else None
        rest = self._record.admit(self._reading.close(truncated=truncated), self._turn)
        return found + rest + self._record.report(self._cost + _ONE_CALL)

    def require_candidates(self) -> None:
        """Refuse to go on without any.

        Raises:
            NoCandidatesError: Nothing has been read in this reply or an earlier one.
        """
        if not self._record.count:
            raise self._record.failure()


class Ask(IncomingReply, Generic[M]):
    """One call to make: the messages to send, and the reply to feed.

    Attributes:
        messages: What to send.
        wanted: How many candidates it asks for.
        error: The error that ended the call, if one did.

    Example:
        >>> from vs_core import DictDialect, ExchangeSettings, ReplyPiece, exchange, opening
        >>> dialect, settings = DictDialect(), ExchangeSettings(k=1)
        >>> messages = opening([dialect.user("Flip a coin.")], settings, dialect)
        >>> (ask,) = next(exchange(messages, settings, dialect))
        >>> ask.feed(ReplyPiece(text="1. (0.5) heads")) + ask.close()
        VerbalizedDistribution(candidates=(Candidate(value='heads', ...
    """

    def __init__(
        self,
        messages: Sequence[M],
        settings: PromptSettings,
        record: Record,
        wanted: int,
        *,
        accepts_whole_reply: bool = False,
    ) -> None:
        super().__init__(settings, record)
        self.messages = list(messages)
        self.wanted = wanted
        self.error: Exception | None = None
        self._accepts_whole_reply = accepts_whole_reply

    def fail(self, error: Exception) -> None:
        """Report that the call ended in an error; the exchange decides what follows."""
        self.error = error

    def close(self) -> VerbalizedDistribution[str]:
        """End the reply, whole or broken off.

        Returns:
            The candidates that were still open, with the call's cost and reports in the trace.
        """
        rest = super().close()
        if self.error is not None:
            rest += self._record.report(Trace(notes=(_failure(self.error),)))
        if self._accepts_whole_reply and not self._record.count:
            rest += self._record.admit_whole_reply(self._turn)
        return rest


def expect_reply(settings: PromptSettings) -> IncomingReply:
    """A reader for the reply to one prompt made with these settings.

    Args:
        settings: What was asked.

    Example:
        >>> from vs_core import PromptSettings, ReplyPiece, expect_reply
        >>> reply = expect_reply(PromptSettings(method="direct"))
        >>> (reply.feed(ReplyPiece(text="heads")) + reply.close()).texts
        ['heads']
    """
    return IncomingReply(settings, Record(settings))


def _reading_of(settings: PromptSettings) -> Reading:
    if settings.method == "direct":
        return WholeReply()
    return ReplyParser(asked=settings)


def _failure(error: Exception) -> str:
    return f"a model call failed: {type(error).__name__}: {error}"
