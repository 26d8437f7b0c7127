"""`Unread`: what the replies were like in which no answer could be read."""

from __future__ import annotations

from collections.abc import Iterator

from vs_cli.figures import counted
from vs_core.adapters import SMALL_MODELS_PAGE, visible
from vs_core.generation import CallRecord, GenerationSettings

_SHOWN_CHARACTERS = 200
_WHOLE_REPLY = "no candidate could be read in it"
_REFUSED = "the model refused"
"""So begins what is said of a refusal, whichever package asked."""


class Unread:
    """Looks at what came of calls, and keeps of it what explains that there is no answer.

    Args:
        settings: How answers are asked for.

    Attributes:
        calls: How many were answered by what could not be read.

    Example:
        >>> from vs_cli.generate.unread import Unread
        >>> from vs_core import Trace, VerbalizedDistribution
        >>> from vs_core.adapters.generation import Generation
        >>> from vs_core.generation import CallRecord, GenerationSettings
        >>> call = Generation("Flip a coin.", GenerationSettings(n=2)).next_step()
        >>> unread = Unread(GenerationSettings(n=2))
        >>> cut_off = VerbalizedDistribution(candidates=(), trace=Trace(truncated=True))
        >>> unread.note(CallRecord.of(call, cut_off))
        >>> unread.calls, "--reply-tokens" in unread.explained()
        (1, True)
    """

    def __init__(self, settings: GenerationSettings) -> None:
        self._has_notation = settings.method != "direct"
        self._is_shaped = settings.exchange_settings(1).shaping is not None
        self.calls = 0
        self._cut_off = 0
        self._refused = 0
        self._begins = ""
        self._reason = ""

    def note(self, record: CallRecord) -> None:
        """Look at a call.

        Args:
            record: What came of it.
        """
        if record.error is not None:
            self._refused += _REFUSED in record.error
        elif not record.answers:
            self.calls += 1
            self._cut_off += record.truncated
            if not self._begins:
                self._look_into(record)

    def explained(self) -> str:
        """The beginning of a reply and what it lacks, and on a line of its own what to do.

        Nothing where all calls failed for other reasons, which tell themselves.
        """
        return "".join(self._parts())

    def _look_into(self, record: CallRecord) -> None:
        dropped = () if record.distribution is None else record.distribution.trace.dropped
        whole = [one for one in dropped if one.reason == _WHOLE_REPLY] or dropped
        self._begins = _on_one_line(whole[-1].fragment) if whole else ""
        reasons = (one.reason for one in dropped if one.reason != _WHOLE_REPLY)
        self._reason = _on_one_line(next(reasons, ""))

    def _parts(self) -> Iterator[str]:
        if self.calls and not self._begins:
            yield ", as the replies are empty"
        elif self.calls:
            yield f", such as in the reply that begins: {self._begins}"
            if self._reason:
                yield f" ({self._reason})"
        if advice := self._advice():
            yield f"\n{advice}"

    def _advice(self) -> str | None:
        if self._cut_off:
            return (
                f"the replies to {counted(self._cut_off, 'call')} were cut off: allow longer ones "
                "by --reply-tokens, or ask for fewer answers at once by a smaller -k"
            )
        if self._refused:
            return "the model refused: word the prompt in another way, or ask another --model"
        if self._reason:
            return "the answers are not as asked for: look at --schema, or ask another --model"
        if self.calls:
            return f"{self._other_ways()}. More is told in {SMALL_MODELS_PAGE}"
        return None

    def _other_ways(self) -> str:
        if not self._has_notation or self._is_shaped:
            return "ask another --model"
        return (
            "ask with --structured-output json_schema, where the server enforces a shape; or in "
            "another --layout, such as lines; or another --model"
        )


def _on_one_line(text: str) -> str:
    return " ".join(visible(text[:_SHOWN_CHARACTERS]).split())[:_SHOWN_CHARACTERS]
