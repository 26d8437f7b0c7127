"""What went wrong with a call, as data: the error itself may not exist in another process.

Those of most clients hold the response that they are about, and do not unpickle.
"""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from vs_core.errors import CallFailedError, NoCandidatesError, RefusalError, VSError
from vs_core.generation.running.failures import Meaning, meaning_of, retry_after, status_of


class CallFailure(BaseModel):
    """How a call of a model failed: what is decided by, and what is told.

    Attributes:
        kind: The error's type, with its module.
        message: What it says.
        meaning: What it means for the calls that follow, as it was seen where it was raised.
        status_code: The HTTP status that the provider gave; None if there was none.
        retry_after: Seconds to wait, as the provider said; None if it said nothing.
        refusal: The words of a refusal; None if the model did not refuse.
        unread: The reply in which no candidate could be read; None if it failed otherwise.
        reply: What a model that refused wrote besides.
        mismatches: What did not fit the `value_schema`, of a reply that could not be read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    message: str = ""
    meaning: Meaning = "final"
    status_code: int | None = None
    retry_after: float | None = None
    refusal: str | None = None
    unread: str | None = None
    reply: str = ""
    mismatches: tuple[str, ...] = ()

    @classmethod
    def of(cls, error: Exception, hide: Callable[[str], str] = str) -> CallFailure:
        """Describe an error of any client, or of this project.

        Args:
            error: The error. What led to it is looked into as well.
            hide: Takes out of a text what is not to be told.

        Example:
            >>> from vs_core.generation.ray.call_failure import CallFailure
            >>> CallFailure.of(TimeoutError("no answer in 60 s")).meaning
            'passing'
        """
        if isinstance(error, RefusalError):
            return cls(kind=_name_of(error), refusal=hide(error.refusal), reply=hide(error.reply))
        if isinstance(error, NoCandidatesError):
            return cls(
                kind=_name_of(error),
                message=hide(str(error)),
                unread=hide(error.reply),
                mismatches=tuple(map(hide, error.mismatches)),
            )
        return cls(
            kind=_name_of(error),
            message=hide(str(error)),
            meaning=meaning_of(error),
            status_code=status_of(error),
            retry_after=retry_after(error),
        )

    def error(self) -> VSError:
        """An error to raise for it, in a process that knows nothing of the client."""
        if self.refusal is not None:
            return RefusalError(self.refusal, reply=self.reply)
        if self.unread is not None:
            return NoCandidatesError(self.message, reply=self.unread, mismatches=self.mismatches)
        return CallFailedError(
            self.message,
            kind=self.kind,
            meaning=self.meaning,
            status_code=self.status_code,
            retry_after=self.retry_after,
        )


def _name_of(error: Exception) -> str:
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
