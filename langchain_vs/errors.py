"""The errors LangChain users catch: LangChain's own, which are also ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from langchain_core import exceptions
from langchain_core.exceptions import OutputParserException

from vs_core import NoCandidatesError, RefusalError

if TYPE_CHECKING:
    from langchain_core.exceptions import ModelRefusalError
else:
    # langchain-core has it from 1.7.5 on.
    ModelRefusalError = getattr(exceptions, "ModelRefusalError", exceptions.LangChainException)


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


class VerbalizedSamplingRefusalError(RefusalError, ModelRefusalError):
    """The provider reports that the model refused to answer.

    From langchain-core 1.7.5 on it is also LangChain's own `ModelRefusalError`.

    Attributes:
        refusal: The words of the refusal; empty if the provider gives none.
        reply: What the model wrote besides.
        llm_output: All that came from the model: the words, or else what it wrote.

    Example:
        >>> from langchain_core.messages import AIMessage
        >>> from langchain_core.runnables import RunnableLambda
        >>> from langchain_vs import VerbalizedSamplingRefusalError, VerbalizedSamplingRunnable
        >>> said = AIMessage("", additional_kwargs={"refusal": "I can't help with that."})
        >>> try:
        ...     VerbalizedSamplingRunnable(llm=RunnableLambda(lambda _: said)).invoke("Tell me how")
        ... except VerbalizedSamplingRefusalError as error:
        ...     print(error.refusal)
        I can't help with that.
    """

    @property
    def llm_output(self) -> str:
        """All that came from the model: the words of the refusal, or else what it wrote."""
        return self.refusal or self.reply


@contextmanager
def as_langchain_error() -> Iterator[None]:
    """Turn the core's errors about a reply into those that LangChain users catch."""
    try:
        yield
    except RefusalError as error:
        raise VerbalizedSamplingRefusalError(error.refusal, reply=error.reply) from error.__cause__
    except NoCandidatesError as error:
        raise VerbalizedSamplingParserError(
            str(error), reply=error.reply, mismatches=error.mismatches
        ) from error.__cause__


def _rebuild(
    message: str, reply: str, mismatches: tuple[str, ...]
) -> VerbalizedSamplingParserError:
    return VerbalizedSamplingParserError(message, reply=reply, mismatches=mismatches)
