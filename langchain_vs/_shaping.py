"""Models whose provider shapes the reply: by a tool's arguments, or by a JSON schema."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from langchain_core.language_models import LanguageModelInput
from langchain_core.runnables import Runnable, RunnableLambda

from vs_core import PromptSettings, reply_schema

_METHODS = {"function_calling": "bind_tools", "json_schema": "with_structured_output"}


def shaped_by_provider(
    llm: Runnable[LanguageModelInput, Any], settings: PromptSettings
) -> Runnable[LanguageModelInput, Any]:
    """The model, told to shape its reply as the settings say; itself if they say nothing.

    Args:
        llm: The model.
        settings: What is asked.
    """
    if settings.structured_output is None:
        return llm
    schema = reply_schema(settings)
    method: Any = getattr(llm, _METHODS[settings.structured_output])
    if settings.structured_output == "function_calling":
        tooled: Runnable[LanguageModelInput, Any] = method([schema], tool_choice=schema["title"])
        return tooled
    structured = method(schema, method="json_schema", include_raw=True)
    raw: Runnable[LanguageModelInput, Any] = structured | RunnableLambda(itemgetter("raw"))
    return raw


def require_shapeable(llm: Runnable[LanguageModelInput, Any], settings: PromptSettings) -> None:
    """Refuse a model that has no way to shape its reply as the settings say.

    Raises:
        ValueError: The message says what is missing.
    """
    try:
        shaped_by_provider(llm, settings)
    except (AttributeError, NotImplementedError, TypeError) as error:
        needed = _METHODS[str(settings.structured_output)]
        raise ValueError(
            f"structured_output={settings.structured_output!r} needs a model with {needed}(), and "
            f"{type(llm).__name__} has none: give the chat model itself, or leave it None"
        ) from error
