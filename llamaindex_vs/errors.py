"""The error LlamaIndex users catch: an `OutputParserException` that is also ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from llama_index.core.output_parsers.base import OutputParserException

from vs_core import NoCandidatesError


class VerbalizedSamplingParserError(NoCandidatesError, OutputParserException):
    """No candidate could be read in a model's reply.

    Attributes:
        reply: The reply as the model wrote it, so that nothing received is lost.
        mismatches: What was wrong with each response that did not fit the `value_schema`.

    Example:
        >>> from llamaindex_vs import VerbalizedSamplingOutputParser, VerbalizedSamplingParserError
        >>> try:
        ...     VerbalizedSamplingOutputParser().parse("I cannot help with that.")
        ... except VerbalizedSamplingParserError as error:
        ...     print(error.reply)
        I cannot help with that.
    """


@contextmanager
def as_llama_index_error() -> Iterator[None]:
    """Turn the core's error about an unreadable reply into the one LlamaIndex users catch."""
    try:
        yield
    except NoCandidatesError as error:
        raise VerbalizedSamplingParserError(
            str(error), reply=error.reply, mismatches=error.mismatches
        ) from error.__cause__
