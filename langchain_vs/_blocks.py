"""The text of a message exchanged for another, with all else in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from langchain_core.messages import AIMessage

_TEXT = {"text", "output_text"}
_THOUGHTS = {"reasoning", "thinking", "redacted_thinking", "reasoning_content"}
_FORMAT = ("output_version", "model_provider")


def with_text(message: AIMessage, text: str, metadata: dict[str, Any]) -> AIMessage:
    """The message with another text: what else is in its content keeps its place.

    Args:
        message: A message, or a chunk of one.
        text: What it is to say. It stands in the first of the blocks of text, and the others go.
        metadata: What is added to its `response_metadata`.
    """
    content = message.content
    new = text if isinstance(content, str) else [*_exchanged(content, text)]
    return message.model_copy(
        update={"content": new, "response_metadata": {**message.response_metadata, **metadata}}
    )


def thoughtful(message: AIMessage, reply: AIMessage) -> AIMessage:
    """A text message with the reasoning of the reply that it was taken from.

    Args:
        message: What is said.
        reply: The reply; its blocks of other kinds, such as tool calls, are no part of the message.
    """
    added: dict[str, Any] = {}
    if reasoning := reply.additional_kwargs.get("reasoning_content"):
        added["additional_kwargs"] = {"reasoning_content": reasoning}
    blocks = reply.content if isinstance(reply.content, list) else []
    kinds = {kind for block in blocks if (kind := _kind(block)) in _THOUGHTS}
    if kinds:
        kept = [block for block in blocks if _kind(block) in kinds | _TEXT]
        added["content"] = [*_exchanged(kept, message.text)]
        # Which provider's blocks they are.
        known = {key: reply.response_metadata.get(key) for key in _FORMAT}
        named = {key: value for key, value in known.items() if value}
        added["response_metadata"] = {**message.response_metadata, **named}
    return message.model_copy(update=added)


def _kind(block: str | dict[str, Any]) -> str:
    return "text" if isinstance(block, str) else str(block.get("type"))


def _exchanged(blocks: Iterable[str | dict[str, Any]], text: str) -> Iterator[str | dict[str, Any]]:
    is_said = False
    for block in blocks:
        if isinstance(block, dict) and _kind(block) not in _TEXT:
            yield block
        elif not is_said:
            is_said = True
            yield text if isinstance(block, str) else {**_without_places(block), "text": text}
    if not is_said:
        yield {"type": "text", "text": text}


def _without_places(block: dict[str, Any]) -> dict[str, Any]:
    """A block without what points to places in its old text."""
    kept = {key: value for key, value in block.items() if key != "citations"}
    return kept | {"annotations": []} if "annotations" in kept else kept
