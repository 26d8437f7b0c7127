"""The response that a drawn candidate becomes. Pure: no I/O."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseAsyncGen,
    ChatResponseGen,
    MessageRole,
)

from vs_core import Candidate, Trace, VerbalizedDistribution
from vs_core.adapters import in_words

DISTRIBUTION = "verbalized_sampling"
"""Where in a response's `raw` the distribution is."""


def drawn_response(
    drawn: Candidate[Any], distribution: VerbalizedDistribution[Any]
) -> ChatResponse:
    """One candidate as a response, with the whole distribution as JSON in its `raw`.

    Not in the message: integrations send a message's `additional_kwargs` back to the provider
    with the next question.

    Args:
        drawn: The candidate.
        distribution: What it was drawn from.
    """
    raw: dict[str, Any] = {DISTRIBUTION: distribution.model_dump(mode="json")}
    if distribution.trace.model:
        raw["model"] = distribution.trace.model
    if usage := _usage(distribution.trace):
        raw["usage"] = usage
    return ChatResponse(message=_message(drawn.text), raw=raw)


def as_stream(response: ChatResponse) -> ChatResponseGen:
    """A response word by word.

    Args:
        response: The whole response.

    Yields:
        What was said so far; the last item is the whole response.
    """
    *before, last = in_words(response.message.content or "") or [""]
    said = ""
    for word in before:
        said += word
        yield ChatResponse(message=_message(said), delta=word)
    yield response.model_copy(update={"delta": last})


async def as_async_stream(response: ChatResponse) -> ChatResponseAsyncGen:
    """As `as_stream`.

    Args:
        response: The whole response.
    """
    for item in as_stream(response):
        yield item


def _message(text: str) -> ChatMessage:
    return ChatMessage(role=MessageRole.ASSISTANT, content=text)


def _usage(trace: Trace) -> dict[str, int] | None:
    if trace.input_tokens is None and trace.output_tokens is None:
        return None
    sent, received = trace.input_tokens or 0, trace.output_tokens or 0
    return {
        "prompt_tokens": sent,
        "completion_tokens": received,
        "total_tokens": sent + received,
    }
