"""The error LangChain users catch: an `OutputParserException` that is also ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from langchain_core.exceptions import OutputParserException

from vs_core import NoCandidatesError


class VerbalizedSamplingParserError(OutputParserException, NoCandidatesError):
    """No candidate could be read in a model's reply.

    Attributes:
        llm_output: The reply, as LangChain names it.
        reply: The same.
        mismatches: What was wrong with each response that did not fit the `value_schema`.

    Example:
        >>> from langchain_vs import VerbalizedSamplingOutputParser, VerbalizedSamplingParserError
        >>> try:
        ...     VerbalizedSamplingOutputParser().parse("I cannot help with that.")
        ... except VerbalizedSamplingParserError as error:
        ...     print(error.llm_output)
        I cannot help with that.
    """

    def __init__(self, message: str, *, reply: str, mismatches: tuple[str, ...] = ()) -> None:
        super().__init__(message, llm_output=reply)
        self.reply = reply
        self.mismatches = mismatches
        self._message = message

    def __reduce__(self) -> tuple[object, ...]:
        # LangChain's constructor appends advice to its message; rebuilding from the finished
        # text would append it once more at every unpickling.
        return _rebuild, (self._message, self.reply, self.mismatches)


@contextmanager
def as_langchain_error() -> Iterator[None]:
    """Turn the core's error about an unreadable reply into the one LangChain users catch."""
    try:
        yield
    except NoCandidatesError as error:
        raise VerbalizedSamplingParserError(
            str(error), reply=error.reply, mismatches=error.mismatches
        ) from error.__cause__


def _rebuild(
    message: str, reply: str, mismatches: tuple[str, ...]
) -> VerbalizedSamplingParserError:
    return VerbalizedSamplingParserError(message, reply=reply, mismatches=mismatches)
