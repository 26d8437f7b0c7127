"""Replies that a provider's library gives as an error, because the length limit cut them off."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessageChunk

from langchain_vs._convert import usage_of

_LENGTH = "length"


def cut_off_reply(error: BaseException, *, received: bool = False) -> AIMessageChunk | None:
    """The reply that an error carries; None if it is no error about the length limit.

    The openai package raises `LengthFinishReasonError` for a reply in an enforced shape that was
    cut off, though it has been paid for and most of it can be read.

    Args:
        error: What a model raised. It may stand behind other errors, as their cause.
        received: Whether the text has been received before, so that only the report is missing.
    """
    completion = None
    seen: BaseException | None = error
    while seen is not None and completion is None:
        completion, seen = getattr(seen, "completion", None), seen.__cause__
    choice = next(iter(getattr(completion, "choices", None) or ()), None)
    if getattr(choice, "finish_reason", None) != _LENGTH:
        return None
    usage = getattr(completion, "usage", None)
    return AIMessageChunk(
        content="" if received else _text_of(choice),
        response_metadata={
            "finish_reason": _LENGTH,
            "model_name": getattr(completion, "model", None),
        },
        usage_metadata=usage and usage_of(usage.prompt_tokens, usage.completion_tokens),
    )


def _text_of(choice: Any) -> str:
    return getattr(getattr(choice, "message", None), "content", None) or ""
