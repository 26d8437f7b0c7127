"""LangChain's inputs, messages and replies, as the core sees them. Pure: no I/O."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
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

from vs_core import TOOL_NAME, PromptError, ReplyPiece, joined_content

_INCOMPLETE = frozenset({"length", "max_tokens", "model_length", "incomplete", "content_filter"})
_FINISH_KEYS = ("finish_reason", "stop_reason", "stopReason", "done_reason", "status")
# Some models call a tool without saying which.
_OWN = (TOOL_NAME, "", None)
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
        received: What the model sent; None is returned for whatever else there is to read.
    """
    if type(received) is AIMessageChunk:
        content = received.content
        if (
            type(content) is not str
            or received.usage_metadata
            or received.response_metadata
            or received.additional_kwargs
            or received.tool_call_chunks
        ):
            return None
        return content
    return received if isinstance(received, str) else None


class PieceReader:
    """Reads a model's message, the chunks of one, or plain strings, as the core reads them.

    Of tool calls only those of our own tool are read: the arguments of another are no answer.

    Example:
        >>> from langchain_core.messages import AIMessageChunk
        >>> from langchain_vs._convert import PieceReader
        >>> PieceReader().read(AIMessageChunk(content="Hi")).text
        'Hi'
    """

    def __init__(self) -> None:
        self._foreign: set[int | str | None] = set()

    def read(self, received: Any) -> ReplyPiece:
        """What the model sent, or the next chunk of it.

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
        sent, got = _tokens_of(received)
        return ReplyPiece(
            text=_content_of(received),
            arguments="".join(self._arguments(received)),
            input_tokens=sent,
            output_tokens=got,
            model=metadata.get("model_name") or metadata.get("model"),
            truncated=any(str(metadata.get(key)).lower() in _INCOMPLETE for key in _FINISH_KEYS),
            refusal=_refusal_in(received),
        )

    def _arguments(self, message: BaseMessage) -> Iterable[str]:
        if not isinstance(message, AIMessageChunk):
            return _written_arguments(message, lambda name: name in _OWN)
        for chunk in message.tool_call_chunks:
            # Only the first chunk of a call has its name.
            if chunk["name"]:
                known = self._foreign.discard if chunk["name"] in _OWN else self._foreign.add
                known(chunk["index"])
        own = (c for c in message.tool_call_chunks if c["index"] not in self._foreign)
        return (chunk["args"] or "" for chunk in own)


def with_calls_of_own_tool(message: BaseMessage) -> BaseMessage:
    """A message whose tool calls count as calls of our own tool.

    Args:
        message: A message, or a chunk of one.
    """
    if isinstance(message, AIMessageChunk):
        return message.model_copy(update={"tool_call_chunks": _named(message.tool_call_chunks)})
    if isinstance(message, AIMessage):
        calls = {
            "tool_calls": _named(message.tool_calls),
            "invalid_tool_calls": _named(message.invalid_tool_calls),
        }
        return message.model_copy(update=calls)
    return message


def _named(calls: Iterable[Any]) -> list[Any]:
    return [{**call, "name": call["name"] and TOOL_NAME} for call in calls]


def text_of(message: BaseMessage) -> str:
    """What a message says: its text, and the arguments of its tool calls.

    Args:
        message: A whole message.
    """
    return _content_of(message) + "".join(_written_arguments(message, lambda _: True))


def _content_of(message: BaseMessage) -> str:
    content = message.content
    return content if isinstance(content, str) else "".join(map(_block_text, content))


def _block_text(block: str | dict[str, Any]) -> str:
    # Blocks of other types are reasoning, images or tool calls, and no part of the answer.
    if isinstance(block, str):
        return block
    return str(block.get("text", "")) if block.get("type") in {"text", "output_text"} else ""


def _written_arguments(message: BaseMessage, counts: Callable[[str | None], bool]) -> Iterable[str]:
    if isinstance(message, AIMessage):
        for call in message.tool_calls:
            if counts(call["name"]):
                yield json.dumps(call["args"], ensure_ascii=False)
        # Arguments that are no JSON, above all those cut off, are kept apart as they were written.
        for invalid in message.invalid_tool_calls:
            if counts(invalid["name"]):
                yield invalid["args"] or ""


def _tokens_of(message: BaseMessage) -> tuple[int | None, int | None]:
    """Tokens of the prompt and of the reply, as far as the message tells."""
    usage = message.usage_metadata if isinstance(message, AIMessage) else None
    if usage:
        return usage["input_tokens"], usage["output_tokens"]
    # Where a stream in an enforced shape reports them.
    told = message.response_metadata.get("token_usage") or {}
    return told.get("prompt_tokens"), told.get("completion_tokens")


def _refusal_in(message: BaseMessage) -> str:
    content = message.content if isinstance(message.content, list) else ()
    blocks = [block for block in content if isinstance(block, dict)]
    said = [block.get("refusal") for block in blocks if block.get("type") == "refusal"]
    return "".join(map(str, filter(None, [*said, message.additional_kwargs.get("refusal")])))


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
