"""LangChain's inputs, messages and replies, as the core sees them. Pure: no I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
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

from vs_core import PromptError, VerbalizedDistribution
from vs_core.adapters import (
    TOOL_NAME,
    Ask,
    ReplyPiece,
    ToolCall,
    field_of,
    joined_content,
    refused,
    reported_refusal,
    token_usage,
    was_cut,
)

# Some models call a tool without saying which.
_OWN = (TOOL_NAME, "")
_MODEL_KEYS = ("model_name", "model")
_REPLICA = "verbalized_sampling_replica"
_ROLES = {"system": "system", "human": "user", "ai": "assistant"}


class LangChainDialect:
    """How LangChain writes messages (a `vs_core.adapters.Dialect`)."""

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
    if isinstance(prompt, VerbalizedDistribution):
        raise PromptError(
            "the prompt is a distribution: pick a candidate first, as in ... | SampleCandidate() | "
            "VerbalizedSamplingRunnable(...)"
        )
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
        if (text := plain_text(received)) is not None:
            return ReplyPiece(text=text)
        if not isinstance(received, BaseMessage):
            raise TypeError(
                f"the model returned {type(received).__name__}; llm must be a chat model, or a "
                "Runnable from messages to a message or a string"
            )
        metadata, told = received.response_metadata, received.additional_kwargs
        own, foreign = self._calls(received)
        refusals = [block for block in _blocks_of(received) if field_of(block, "type") == "refusal"]
        sent, got = token_usage(_usages_of(received))
        return ReplyPiece(
            text=_content_of(received),
            arguments="".join(call.arguments for call in own),
            input_tokens=sent,
            output_tokens=got,
            model=next((n for key in _MODEL_KEYS if isinstance(n := metadata.get(key), str)), None),
            truncated=was_cut((metadata, told)),
            refused=bool(refusals) or refused((metadata, told)) or _was_blocked(metadata),
            refusal=reported_refusal((told, *refusals)),
            calls=tuple(foreign),
        )

    def _calls(self, message: BaseMessage) -> tuple[list[ToolCall], list[ToolCall]]:
        """The calls of our own tool, and those of others, whole or in pieces."""
        if not isinstance(message, AIMessageChunk):
            calls = list(_written_calls(message))
            return [c for c in calls if c.name in _OWN], [c for c in calls if c.name not in _OWN]
        own: list[ToolCall] = []
        foreign: list[ToolCall] = []
        for chunk in message.tool_call_chunks:
            name, index = chunk["name"] or "", chunk["index"]
            # Only the first chunk of a call has its name.
            if name:
                known = self._foreign.discard if name in _OWN else self._foreign.add
                known(index)
            piece = ToolCall(name, chunk["args"] or "", index)
            (foreign if index in self._foreign else own).append(piece)
        return own, foreign


def with_replica(ask: Ask[BaseMessage]) -> list[BaseMessage]:
    """The messages of a call, numbered if the exchange has sent the very same before.

    The number changes the key in LangChain's cache, which would else answer independent calls
    with one reply. It stands where no provider's package looks, and so changes nothing else.

    Args:
        ask: The call.
    """
    if not ask.replica:
        return ask.messages
    *before, last = ask.messages
    metadata = {**last.response_metadata, _REPLICA: ask.replica}
    return [*before, last.model_copy(update={"response_metadata": metadata})]


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
    return _content_of(message) + "".join(call.arguments for call in _written_calls(message))


def _content_of(message: BaseMessage) -> str:
    content = message.content
    return content if isinstance(content, str) else "".join(map(_block_text, _blocks_of(message)))


def _blocks_of(message: BaseMessage) -> Sequence[str | dict[str, Any]]:
    return message.content if isinstance(message.content, list) else ()


def _block_text(block: str | dict[str, Any]) -> str:
    # Blocks of other types are reasoning, images or tool calls, and no part of the answer.
    if isinstance(block, str):
        return block
    return str(block.get("text", "")) if block.get("type") in {"text", "output_text"} else ""


def _written_calls(message: BaseMessage) -> Iterator[ToolCall]:
    if isinstance(message, AIMessage):
        for call in message.tool_calls:
            yield ToolCall(call["name"], json.dumps(call["args"], ensure_ascii=False))
        # Arguments that are no JSON, above all those cut off, are kept apart as they were written.
        for invalid in message.invalid_tool_calls:
            yield ToolCall(invalid["name"] or "", invalid["args"] or "")
        # What came before there were tool calls, and some gateways still send.
        if isinstance(older := message.additional_kwargs.get("function_call"), Mapping):
            yield ToolCall(str(older.get("name") or ""), str(older.get("arguments") or ""))


def _usages_of(message: BaseMessage) -> list[Any]:
    """Where a message may report tokens; chunks of a stream report each number once."""
    metadata = message.response_metadata
    told = [getattr(message, "usage_metadata", None), metadata.get("token_usage")]
    if not isinstance(message, AIMessageChunk):
        told += [metadata.get("usage"), metadata.get("usage_metadata"), metadata]
    return told


def _was_blocked(metadata: Mapping[str, Any]) -> bool:
    """Whether Gemini refused the prompt itself, as LangChain reads its report."""
    reason = field_of(metadata.get("prompt_feedback"), "block_reason")
    return bool(reason) and "UNSPECIFIED" not in str(reason)


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
