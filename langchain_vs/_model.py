"""What may be given as the model to ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from langchain_core.language_models import LanguageModelInput
from langchain_core.runnables import Runnable
from langchain_core.runnables.base import coerce_to_runnable
from pydantic import BeforeValidator

from vs_core import MissingExtraError

Askable = str | Runnable[LanguageModelInput, Any] | Callable[[Any], Any]
"""A chat model or any other Runnable, `provider:model`, or a function."""


def as_model(llm: Any) -> Runnable[LanguageModelInput, Any]:
    """The model to ask.

    Args:
        llm: A chat model or any other Runnable from messages to a message or a string; a function
            of that kind; or a string, as `init_chat_model` takes it.

    Raises:
        ValueError: It is none of these.
        MissingExtraError: It is a string, and `langchain` is not installed.
    """
    if isinstance(llm, str):
        return _named(llm)
    if isinstance(llm, Runnable):
        return llm
    if isinstance(llm, type) or not callable(llm):
        what = f"the class {llm.__name__}" if isinstance(llm, type) else f"a {type(llm).__name__}"
        raise ValueError(  # noqa: TRY004  # pydantic turns a ValueError into its own
            f"llm is {what}: pass a chat model (an instance), a name such as 'openai:gpt-4o-mini', "
            "or a function from messages to a message"
        )
    model: Runnable[LanguageModelInput, Any] = coerce_to_runnable(llm)
    return model


def _named(name: str) -> Runnable[LanguageModelInput, Any]:
    try:
        from langchain.chat_models import init_chat_model  # noqa: PLC0415  # only for names
    except ImportError as error:
        raise MissingExtraError.for_extra(f"llm={name!r}", "agents", "langchain") from error
    return init_chat_model(name)


Model = Annotated[Runnable[LanguageModelInput, Any], BeforeValidator(as_model)]
"""A setting that takes whatever can be asked."""
