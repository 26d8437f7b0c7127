"""What cannot stand behind a component that gives distributions."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import BaseLanguageModel
from langchain_core.output_parsers import BaseLLMOutputParser
from langchain_core.prompts import BasePromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableSerializable

_UNFIT: tuple[tuple[type[Runnable[Any, Any] | BaseLLMOutputParser[Any]], str], ...] = (
    (BaseLLMOutputParser, "reads a reply: leave it out, or pick a text for it"),
    (BaseLanguageModel, "takes a prompt: pick an answer to put into one"),
    (BasePromptTemplate, "takes values for its variables: pick an answer for them"),
    (BaseRetriever, "takes a query: pick one"),
)


class GivesDistributions:
    """A component that says, when it is put before another, what will not work."""

    def __or__(self, other: Any) -> RunnableSerializable[Any, Any]:
        _require_fit(self, other)
        composed: RunnableSerializable[Any, Any] = super().__or__(other)  # type: ignore[misc]
        return composed

    def pipe(self, *others: Any, name: str | None = None) -> RunnableSerializable[Any, Any]:
        """Put others behind this.

        Args:
            *others: As for any Runnable.
            name: Likewise.

        Raises:
            TypeError: The first of them takes no distribution.
        """
        _require_fit(self, *others[:1])
        composed: RunnableSerializable[Any, Any] = super().pipe(*others, name=name)  # type: ignore[misc]
        return composed


def _require_fit(step: GivesDistributions, *others: Any) -> None:
    for other in others:
        why = next((why for kind, why in _UNFIT if isinstance(other, kind)), None)
        if why is not None:
            name = type(step).__name__
            raise TypeError(
                f"{name} gives a distribution, and {type(other).__name__} {why}, as in "
                f"{name}(...) | SampleCandidate() | ..."
            )
