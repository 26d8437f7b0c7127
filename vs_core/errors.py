"""Everything that can go wrong, as one tree.

```text
VSError
├── PromptError                 the input is empty, missing or of a kind no model can be asked
├── NoCandidatesError           a reply in which no candidate could be read (carries the reply)
├── RefusalError                the provider reports that the model refused (carries its words)
├── UnexpectedToolCallError     the model called a tool instead of answering (carries the calls)
├── EmptyDistributionError      best() or sample() on a distribution without candidates
├── SampleSizeError             more draws without replacement than there are candidates
├── UnsuitableModelError        the model cannot answer in the way that the settings ask for
├── ReaderClosedError           text fed to a reader after its end
├── CallFailedError             a call made by another process failed there (says how)
├── WorkerLostError             the process that made a call is gone (also a ConnectionError)
├── WorkerSetupError            what calls a model cannot be made where it is to run
├── EmbeddingsError             what embeds texts failed, or gave something else than vectors
├── ScoreError                  what a judge gave for a candidate is no score (carries it)
├── JournalError                a journal that this run cannot use: of another one, in use, or none
├── NotWrittenError             a file cannot be written, as on a full disk
└── MissingExtraError           an optional dependency is not installed (also an ImportError)
```

Bad settings are refused by pydantic at construction (`pydantic.ValidationError`), which names the
setting, the value and what is allowed.

What concerns an input or a reply (the first four) is no `ValueError`: LlamaIndex's response
synthesizers take any `ValueError` of a model for an empty answer, and go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vs_core.tool_call import ToolCall


class VSError(Exception):
    """Root of every error this project raises on its own account.

    Example:
        >>> from vs_core import NoCandidatesError, VSError
        >>> issubclass(NoCandidatesError, VSError)
        True
    """


class PromptError(VSError):
    """The input cannot be sent to a model: empty, missing, or of the wrong kind.

    Raised before any model call.

    Example:
        >>> from vs_core import PromptError
        >>> str(PromptError("the prompt is empty: pass a question"))
        'the prompt is empty: pass a question'
    """


class NoCandidatesError(VSError):
    """No candidate could be read in a model's reply.

    Attributes:
        reply: The reply as the model wrote it, so that nothing received is lost.
        mismatches: What was wrong with each response that was read and did not fit the
            `value_schema`; empty if none was read.

    Example:
        >>> from vs_core import NoCandidatesError, parse_reply
        >>> try:
        ...     parse_reply("")
        ... except NoCandidatesError as error:
        ...     print(repr(error.reply))
        ''
    """

    def __init__(self, message: str, *, reply: str = "", mismatches: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.reply = reply
        self.mismatches = mismatches

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_no_candidates, (type(self), str(self), self.reply, self.mismatches)


class RefusalError(VSError):
    """The provider reports that the model refused to answer.

    Asking again would cost another call and most likely bring another refusal, so that it ends
    the exchange, unless candidates came before.

    Attributes:
        refusal: The words of the refusal; empty if the provider gives none.
        reply: What the model wrote besides.

    Example:
        >>> from vs_core import RefusalError
        >>> str(RefusalError("I can't help with that."))
        "the model refused: I can't help with that."
    """

    def __init__(self, refusal: str = "", *, reply: str = "") -> None:
        super().__init__(f"the model refused: {refusal or reply or 'the provider gives no words'}")
        self.refusal = refusal
        self.reply = reply

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_refusal, (type(self), self.refusal, self.reply)


class UnexpectedToolCallError(VSError):
    """The model called a tool that was not offered for its answer, and gave no candidate.

    Its arguments are no answer. A model with tools bound may call them; where an agent runs them,
    give the agent the model itself.

    Attributes:
        calls: The calls, each with `name` and `arguments` (as the model wrote them).
        reply: What the model wrote besides.

    Example:
        >>> from vs_core import UnexpectedToolCallError
        >>> from vs_core.adapters import ToolCall
        >>> error = UnexpectedToolCallError([ToolCall("search", '{"query": "coffee"}')])
        >>> error.calls[0].name
        'search'
    """

    def __init__(self, calls: Sequence[ToolCall], *, reply: str = "") -> None:
        called = ", ".join(f"{call.name}({call.arguments:.200})" for call in calls)
        super().__init__(
            f"the model called a tool instead of answering: {called}. Ask a model that has no "
            "tools bound, or run the tool first and ask again with its result"
        )
        self.calls = tuple(calls)
        self.reply = reply

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_tool_call, (type(self), self.calls, self.reply)


class EmptyDistributionError(VSError, ValueError):
    """A choice was asked of a distribution that has no candidates.

    Example:
        >>> from vs_core import EmptyDistributionError, VerbalizedDistribution
        >>> try:
        ...     VerbalizedDistribution().best()
        ... except EmptyDistributionError as error:
        ...     print(error)
        best() needs at least one candidate, and this distribution is empty
    """


class SampleSizeError(VSError, ValueError):
    """More draws without replacement were asked for than candidates can be drawn.

    Example:
        >>> from vs_core import Candidate, SampleSizeError, VerbalizedDistribution
        >>> one = VerbalizedDistribution(candidates=(Candidate(value="a", stated=0.3),))
        >>> try:
        ...     one.sample_many(2)
        ... except SampleSizeError as error:
        ...     print(error)
        cannot draw 2 candidates without replacement from 1 with a probability above 0: \
ask for at most 1, or pass replace=True
    """


class UnsuitableModelError(VSError, ValueError):
    """The model cannot answer in the way that the settings ask for.

    Raised at construction (within pydantic's `ValidationError`), or when asked, for a model that
    is not known before.

    Example:
        >>> from vs_core import UnsuitableModelError
        >>> str(UnsuitableModelError("the model calls no functions: leave structured_output None"))
        'the model calls no functions: leave structured_output None'
    """


class ReaderClosedError(VSError, RuntimeError):
    """Text was fed to a `ReplyParser` that has been closed: use a new one for each reply.

    Example:
        >>> from vs_core import ReaderClosedError, ReplyParser
        >>> parser = ReplyParser()
        >>> _ = parser.close()
        >>> try:
        ...     parser.feed("more")
        ... except ReaderClosedError:
        ...     print("closed")
        closed
    """


class CallFailedError(VSError):
    """A call of a model that another process made failed there.

    It stands for the error of the model's client, which may not exist in this process, and has
    what can be decided by: whether to wait, to try again, or to give up.

    Attributes:
        kind: The error's type, with its module, such as `openai.RateLimitError`.
        status_code: The HTTP status that the provider gave; None if there was none.
        retry_after: Seconds to wait, as the provider said; None if it said nothing.
        meaning: What it means for the calls that follow, as it was seen there: `limited` (too
            many calls at present), `passing` (worth another try), `hopeless` (every call would
            fail so) or `final` (this call is lost).

    Example:
        >>> from vs_core import CallFailedError
        >>> error = CallFailedError("slow down", kind="openai.RateLimitError", meaning="limited")
        >>> str(error), error.meaning
        ('openai.RateLimitError: slow down', 'limited')
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str,
        meaning: Literal["limited", "passing", "hopeless", "final"] = "final",
        status_code: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{kind}: {message}" if message else kind)
        self.message = message
        self.kind = kind
        self.meaning = meaning
        self.status_code = status_code
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[object, ...]:
        told = {
            "kind": self.kind,
            "meaning": self.meaning,
            "status_code": self.status_code,
            "retry_after": self.retry_after,
        }
        return _rebuild_call_failed, (type(self), self.message, told)


class WorkerLostError(VSError, ConnectionError):
    """The process that made a call is gone, or there is none that could make it.

    It was killed, or the node that it ran on. Whether the provider has answered, and charges for
    it, is not known; other calls are not concerned. To be taken as any failure of transport.

    Example:
        >>> from vs_core import WorkerLostError
        >>> issubclass(WorkerLostError, ConnectionError)
        True
    """


class WorkerSetupError(VSError):
    """What calls a model cannot be made in the processes where it is to run.

    A module is not installed there, or a key is not in their environment. Raised before any call.

    Example:
        >>> from vs_core import WorkerSetupError
        >>> str(WorkerSetupError("shop.models:make failed: no key"))
        'shop.models:make failed: no key'
    """


class EmbeddingsError(VSError):
    """What embeds texts failed, or gave something else than a vector for each.

    Example:
        >>> from vs_core import EmbeddingsError
        >>> str(EmbeddingsError("3 answers could not be embedded: TimeoutError: 60 s"))
        '3 answers could not be embedded: TimeoutError: 60 s'
    """


class ScoreError(VSError, ValueError):
    """What a judge gave for a candidate is no score.

    Attributes:
        result: What it gave, in full.

    Example:
        >>> from vs_core.adapters import read_scores
        >>> [error] = read_scores(["no idea"], ["Decaf? I'm out."])
        >>> error.result
        'no idea'
    """

    def __init__(self, message: str, *, result: object) -> None:
        super().__init__(message)
        self.result = result

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_score, (str(self), self.result)


class JournalError(VSError):
    """The journal of an earlier run cannot be used for this one; the message says what to do.

    It was written with another model or other settings, another run is writing to it, it is no
    journal, or it cannot be opened. Raised before any model call.

    Example:
        >>> from vs_core import JournalError
        >>> str(JournalError("data/journal.jsonl is no journal; use another folder"))
        'data/journal.jsonl is no journal; use another folder'
    """


class NotWrittenError(VSError):
    """A file cannot be written, or not to its end; what was written before is kept.

    Example:
        >>> import errno, os
        >>> from pathlib import Path
        >>> from vs_core import NotWrittenError
        >>> full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        >>> print(NotWrittenError.of(Path("journal.jsonl"), full))
        journal.jsonl: No space left on device
    """

    @classmethod
    def of(cls, path: Path, error: OSError) -> NotWrittenError:
        """Build the error for one file.

        Args:
            path: The file. What the system says when a disk is full does not name it.
            error: What the system said.
        """
        return cls(f"{path}: {error.strerror or error}")


class MissingExtraError(VSError, ImportError):
    """A package that an optional part needs is not installed; the message has the pip line.

    Example:
        >>> from vs_core import MissingExtraError
        >>> print(MissingExtraError.for_extra("langchain_vs", "langchain", "langchain-core"))
        langchain_vs needs langchain-core, which is not installed. Run:
            pip install 'verbalized-sampling-integrations[langchain]'
    """

    @classmethod
    def for_extra(cls, feature: str, extra: str, package: str) -> MissingExtraError:
        """Build the error for one feature.

        Args:
            feature: What the user asked for.
            extra: The extra of this distribution that brings the package.
            package: The distribution that is missing.
        """
        return cls(
            f"{feature} needs {package}, which is not installed. Run:\n"
            f"    pip install 'verbalized-sampling-integrations[{extra}]'"
        )


def _rebuild_no_candidates(
    kind: type[NoCandidatesError], message: str, reply: str, mismatches: tuple[str, ...]
) -> NoCandidatesError:
    return kind(message, reply=reply, mismatches=mismatches)


def _rebuild_refusal(kind: type[RefusalError], refusal: str, reply: str) -> RefusalError:
    return kind(refusal, reply=reply)


def _rebuild_tool_call(
    kind: type[UnexpectedToolCallError], calls: tuple[ToolCall, ...], reply: str
) -> UnexpectedToolCallError:
    return kind(calls, reply=reply)


def _rebuild_call_failed(
    kind: type[CallFailedError], message: str, told: dict[str, Any]
) -> CallFailedError:
    return kind(message, **told)


def _rebuild_score(message: str, result: object) -> ScoreError:
    return ScoreError(message, result=result)
