"""LangChain's inputs, messages and replies, as the core sees them. Pure: no I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    convert_to_messages,
)
from langchain_core.messages.ai import UsageMetadata
from langchain_core.prompt_values import PromptValue

from vs_core import PromptError, ReplyPiece, joined_content

_LENGTH_LIMIT = frozenset({"length", "max_tokens", "model_length"})
_FINISH_KEYS = ("finish_reason", "stop_reason", "done_reason")
_ROLES = {"system": "system", "human": "user", "ai": "assistant"}


class LangChainDialect:
    """How LangChain writes messages (a `vs_core.Dialect`)."""

    def role(self, message: BaseMessage) -> str:
        """The message's role in the core's words."""
        return _ROLES.get(message.type, message.type)

    def system(self, text: str) -> BaseMessage:
        """A new system message."""
        return SystemMessage(content=text)

    def user(self, text: str) -> BaseMessage:
        """A new user message."""
        return HumanMessage(content=text)

    def assistant(self, text: str) -> BaseMessage:
        """A new message of the model."""
        return AIMessage(content=text)

    def joined(self, message: BaseMessage, *, before: str = "", after: str = "") -> BaseMessage:
        """A copy with text around the content; content blocks such as images stay."""
        return message.model_copy(
            update={"content": joined_content(message.content, before, after)}
        )


def to_messages(prompt: Any) -> list[BaseMessage]:
    """The messages of a LangChain model input.

    Args:
        prompt: A string, a prompt value, a message, or a list of what LangChain takes for
            messages.

    Raises:
        PromptError: The input is empty, None, or of a kind no model takes.
    """
    if isinstance(prompt, Mapping):
        raise PromptError(_mapping_advice(prompt))
    if isinstance(prompt, str):
        messages: list[BaseMessage] = [HumanMessage(content=prompt)]
    elif isinstance(prompt, PromptValue):
        messages = prompt.to_messages()
    elif isinstance(prompt, BaseMessage):
        messages = [prompt]
    elif isinstance(prompt, Sequence):
        messages = convert_to_messages(prompt)
    else:
        raise PromptError(
            f"the prompt is {prompt!r:.80} ({type(prompt).__name__}): pass a string, a list of "
            "messages, or the output of a prompt template"
        )
    if not any(_says_something(message) for message in messages):
        raise PromptError(f"the prompt is empty ({prompt!r:.80}): pass a question for the model")
    return messages


def plain_text(received: Any) -> str | None:
    """The text of a chunk that is text and reports nothing, as most chunks of a stream are.

    Args:
        received: What the model sent; None is returned for whatever else `read_piece` has to read.
    """
    if type(received) is AIMessageChunk:
        content = received.content
        if (
            type(content) is not str
            or received.usage_metadata
            or received.response_metadata
            or received.tool_call_chunks
        ):
            return None
        return content
    return received if isinstance(received, str) else None


def read_piece(received: Any) -> ReplyPiece:
    """A model's message, a chunk of one, or a plain string, as the core reads it.

    Args:
        received: What the model returned.

    Raises:
        TypeError: The model returned something that is no message.
    """
    if isinstance(received, str):
        return ReplyPiece(text=received)
    if not isinstance(received, BaseMessage):
        raise TypeError(
            f"the model returned {type(received).__name__}; llm must be a chat model, or a "
            "Runnable from messages to a message or a string"
        )
    metadata = received.response_metadata
    usage = received.usage_metadata if isinstance(received, AIMessage) else None
    return ReplyPiece(
        text=text_of(received),
        input_tokens=usage["input_tokens"] if usage else None,
        output_tokens=usage["output_tokens"] if usage else None,
        model=metadata.get("model_name") or metadata.get("model"),
        truncated=any(str(metadata.get(key)).lower() in _LENGTH_LIMIT for key in _FINISH_KEYS),
    )


def text_of(message: BaseMessage) -> str:
    """What a message says: its text, and the arguments of its tool calls.

    Args:
        message: A message, or a chunk of one.
    """
    content = message.content
    text = content if isinstance(content, str) else "".join(map(_block_text, content))
    return text + "".join(_tool_arguments(message))


def _block_text(block: str | dict[str, Any]) -> str:
    # Blocks of other types are reasoning, images or tool calls, and no part of the answer.
    if isinstance(block, str):
        return block
    return str(block.get("text", "")) if block.get("type") in {"text", "output_text"} else ""


def _tool_arguments(message: BaseMessage) -> Iterable[str]:
    if isinstance(message, AIMessageChunk):
        return (chunk["args"] or "" for chunk in message.tool_call_chunks)
    if isinstance(message, AIMessage):
        written = (json.dumps(call["args"], ensure_ascii=False) for call in message.tool_calls)
        # Arguments that are no JSON, above all those cut off, are kept apart as they were written.
        return (*written, *(call["args"] or "" for call in message.invalid_tool_calls))
    return ()


def _says_something(message: BaseMessage) -> bool:
    content = message.content
    return bool(content.strip() if isinstance(content, str) else content)


def _mapping_advice(prompt: Mapping[Any, Any]) -> str:
    keys = list(prompt)
    key = keys[0] if keys else "question"
    return (
        f"the prompt is a dict with the keys {keys!r:.80}: put a prompt template in front, or pick "
        f"the text out of it with itemgetter({key!r}) | VerbalizedSamplingRunnable(...)"
    )


def usage_of(sent: int, received: int) -> UsageMetadata:
    """What a call cost, as LangChain reports it.

    Args:
        sent: Tokens of the prompt.
        received: Tokens of the reply.
    """
    usage = {"input_tokens": sent, "output_tokens": received, "total_tokens": sent + received}
    # Type checkers do not all see that the details are optional keys.
    return cast("UsageMetadata", usage)
