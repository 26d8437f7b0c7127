"""`IncomingReply`: the reader of one reply, with what the provider says besides."""

from __future__ import annotations

import logging
from typing import Any, Protocol

from vs_core.errors import RefusalError, UnexpectedToolCallError, VSError
from vs_core.exchange.piece import ReplyPiece
from vs_core.exchange.record import NOTHING, Record
from vs_core.parsing.reply import ReplyParser
from vs_core.prompts.settings import PromptSettings
from vs_core.tool_call import ToolCall, joined_calls
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.trace import EMPTY_TRACE, Trace

_log = logging.getLogger(__name__)

BROKEN_OFF = "the call broke off in the middle of the answer"
REFUSED = "said beside a refusal"
BESIDE_CALL = "said beside a call of another tool"
_ONE_CALL = Trace(calls=1)


class Reading(Protocol):
    """An incremental reader of one reply."""

    def feed(self, chunk: str) -> VerbalizedDistribution[Any]:
        """The candidates that this part completes."""
        ...

    def close(self, *, truncated: bool | None = None) -> VerbalizedDistribution[Any]:
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
        """The reply without surrounding white space; if it was blank, whether it was cut off."""
        text = "".join(self._chunks).strip()
        if text:
            return VerbalizedDistribution.of([Candidate(value=text)])
        return VerbalizedDistribution(trace=Trace(truncated=True)) if truncated else NOTHING


class IncomingReply:
    """A reply that is being received: text goes in, labelled candidates come out.

    Attributes:
        error: The error that ended the call, or that its reply amounts to: a refusal, or a call
            of another tool in place of an answer.

    Example:
        >>> from vs_core import PromptSettings
        >>> from vs_core.adapters import ReplyPiece, expect_reply
        >>> reply = expect_reply(PromptSettings())
        >>> reply.feed(ReplyPiece(text="<response><text>Hi</text><probability>0.2")).texts
        []
        >>> reply.feed(ReplyPiece(text="</probability></response>")).texts
        ['Hi']
        >>> reply.close().trace.calls
        1
    """

    def __init__(
        self, settings: PromptSettings, record: Record, reading: Reading | None = None
    ) -> None:
        self.error: Exception | None = None
        is_read_otherwise = reading is not None or settings.method == "direct"
        self._parser = None if is_read_otherwise else ReplyParser(asked=settings)
        self._reading: Reading = reading or self._parser or WholeReply()
        self._record = record
        self._turn = record.begin_turn()
        self._cost = EMPTY_TRACE
        self._texts: list[str] = []
        self._refused = False
        self._refusal = ""
        self._calls: tuple[ToolCall, ...] = ()
        self._wants_call = settings.shaping == "function_calling"
        self._has_called = False
        self._beside: list[str] = []

    @property
    def text(self) -> str:
        """What came in so far."""
        return "".join(self._texts)

    @property
    def has_candidates(self) -> bool:
        """Whether any candidate of this reply was admitted, be it a repeat of an earlier one."""
        return self._record.count_of(self._turn) > 0

    def feed(self, piece: ReplyPiece) -> VerbalizedDistribution[str]:
        """Take a part of the reply.

        Args:
            piece: The part.

        Returns:
            The candidates that it completes; falsy if there are none.
        """
        self._cost += piece.cost
        self._refused = self._refused or piece.refused or bool(piece.refusal)
        self._refusal += piece.refusal
        self._calls += piece.calls
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
        is_broken = self.error is not None
        self._record.note_reply(self.text, refusal=self._refusal, broken=is_broken)
        found += self._rest() + self._record.end_turn(self._turn)
        self.error = self.error or self._told_error()
        notes = self._notes()
        _log.debug(
            "call %d: %d candidates%s",
            self._turn + 1,
            self._record.count_of(self._turn),
            f" ({type(self.error).__name__})" if self.error else "",
        )
        told = Trace(notes=notes) if notes else EMPTY_TRACE
        return found + self._record.report(self._cost + _ONE_CALL + told)

    def require_candidates(self) -> None:
        """Refuse to go on without any.

        Raises:
            NoCandidatesError: Nothing has been read in this reply or an earlier one.
            RefusalError: The provider reports that the model refused.
            UnexpectedToolCallError: The model called another tool instead.
        """
        if not self._record.count:
            raise self.error or self._record.failure()

    def _rest(self) -> VerbalizedDistribution[Any]:
        """What the end of the reply completes."""
        if isinstance(self._reading, WholeReply) and (
            self.error is not None or self._calls or self._refused
        ):
            # Half an answer, or what is said before a tool is run, would pass for a whole one.
            reason = BESIDE_CALL if self._calls else REFUSED if self._refused else BROKEN_OFF
            self._record.drop(self.text.strip(), reason)
            return NOTHING
        # Most models report an ending only where it is a cut.
        is_cut = self._cost.truncated or self.error is not None
        return self._record.admit(self._reading.close(truncated=is_cut or None), self._turn)

    def _told_error(self) -> VSError | None:
        """The error that the reply amounts to, by what the provider says of it."""
        if self._refused:
            return RefusalError(self._refusal, reply=self.text)
        if self._calls and not self.has_candidates:
            return UnexpectedToolCallError(joined_calls(self._calls), reply=self.text)
        return None

    def _notes(self) -> tuple[str, ...]:
        if self._refused and not self._refusal and self.has_candidates:
            return ("the provider says that the model refused to go on",)
        if isinstance(self.error, VSError):
            return (str(self.error),)
        if self.error is not None:
            return (f"a model call failed: {type(self.error).__name__}: {self.error}",)
        if self._calls:
            names = ", ".join(dict.fromkeys(call.name for call in joined_calls(self._calls)))
            return (f"the model also called {names}, which is no part of the answer",)
        return ()


def expect_reply(settings: PromptSettings, *, keep_replies: bool = False) -> IncomingReply:
    """A reader for the reply to one prompt made with these settings.

    Args:
        settings: What was asked.
        keep_replies: Keep the raw text in `trace.replies`.

    Example:
        >>> from vs_core import PromptSettings
        >>> from vs_core.adapters import ReplyPiece, expect_reply
        >>> reply = expect_reply(PromptSettings(method="direct"))
        >>> (reply.feed(ReplyPiece(text="heads")) + reply.close()).texts
        ['heads']
    """
    return IncomingReply(settings, Record(settings, keeps_replies=keep_replies))
