"""LlamaIndex's inputs, messages and replies, as the core sees them. Pure: no I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ContentBlock,
    MessageRole,
    TextBlock,
    ToolCallBlock,
)
from llama_index.core.schema import QueryBundle

from vs_core import PromptError, ReplyPiece, joined_content

_LENGTH_LIMIT = frozenset({"length", "max_tokens", "model_length"})
_FINISH_KEYS = ("finish_reason", "stop_reason", "done_reason")
_INPUT_KEYS = ("prompt_tokens", "input_tokens", "prompt_token_count", "prompt_eval_count")
_OUTPUT_KEYS = ("completion_tokens", "output_tokens", "candidates_token_count", "eval_count")
_ROLES = {MessageRole.DEVELOPER: "system", MessageRole.CHATBOT: "assistant"}


class LlamaIndexDialect:
    """How LlamaIndex writes messages (a `vs_core.Dialect`)."""

    def role(self, message: ChatMessage) -> str:
        """The message's role in the core's words."""
        return _ROLES.get(message.role, message.role.value)

    def system(self, text: str) -> ChatMessage:
        """A new system message."""
        return ChatMessage(role=MessageRole.SYSTEM, content=text)

    def user(self, text: str) -> ChatMessage:
        """A new user message."""
        return ChatMessage(role=MessageRole.USER, content=text)

    def assistant(self, text: str) -> ChatMessage:
        """A new message of the model."""
        return ChatMessage(role=MessageRole.ASSISTANT, content=text)

    def joined(self, message: ChatMessage, *, before: str = "", after: str = "") -> ChatMessage:
        """A copy with text around the content; blocks such as images stay."""
        blocks: list[ContentBlock] = message.blocks
        if all(isinstance(block, TextBlock) for block in blocks) and len(blocks) <= 1:
            text = joined_content(message.content, before, after)
            return message.model_copy(update={"blocks": [TextBlock(text=text)]})
        return message.model_copy(
            update={"blocks": [*_text_blocks(before), *blocks, *_text_blocks(after)]}
        )


def to_messages(prompt: Any) -> list[ChatMessage]:
    """The messages of a prompt.

    Args:
        prompt: A string, a query bundle, a message, or a list of messages.

    Raises:
        PromptError: The input is empty, None, or of a kind no model takes.
    """
    if isinstance(prompt, QueryBundle):
        prompt = prompt.query_str
    if isinstance(prompt, str):
        messages = [ChatMessage(role=MessageRole.USER, content=prompt)]
    elif isinstance(prompt, ChatMessage):
        messages = [prompt]
    elif isinstance(prompt, Sequence) and all(isinstance(m, ChatMessage) for m in prompt):
        messages = list(prompt)
    else:
        raise PromptError(
            f"the prompt is {prompt!r:.80} ({type(prompt).__name__}): pass a string, a query "
            "bundle, or a list of ChatMessage"
        )
    if not any(_says_something(message) for message in messages):
        raise PromptError(f"the prompt is empty ({prompt!r:.80}): pass a question for the model")
    return messages


def text_of(message: ChatMessage) -> str:
    """What a message says: its text, or the arguments of its tool calls if it has none.

    Args:
        message: A message, whole or in the making.
    """
    # Blocks of other types are reasoning, images or tool calls, and no part of the answer.
    text = "".join(block.text for block in message.blocks if isinstance(block, TextBlock))
    return text or "".join(_tool_arguments(message))


def read_response(response: ChatResponse) -> ReplyPiece:
    """A whole reply as the core reads it, with what it reports about itself.

    Args:
        response: What `LLM.chat` returned.
    """
    return _reported(response, text_of(response.message))


class DeltaReader:
    """Reads the parts of one streamed reply.

    What the parts report grows from one to the next, so it is told once, at the end.

    Example:
        >>> from llama_index.core.llms import ChatMessage, ChatResponse
        >>> from llamaindex_vs._convert import DeltaReader
        >>> reader = DeltaReader()
        >>> reader.read(ChatResponse(message=ChatMessage(content="Hi"), delta="Hi")).text
        'Hi'
    """

    def __init__(self) -> None:
        self._received = ""
        self._report = ReplyPiece()
        self._last: ChatResponse | None = None

    def read(self, response: ChatResponse) -> ReplyPiece:
        """What this part adds.

        Args:
            response: One item of `LLM.stream_chat`.
        """
        self._last, self._report = response, _newer(self._report, _reported(response, ""))
        return self._grown(response.delta or self._growth("".join(_written_arguments(response))))

    def end(self) -> ReplyPiece:
        """What is only known once the stream has ended."""
        # Some models give deltas for text only, or the message as a whole.
        rest = "" if self._last is None else self._growth(text_of(self._last.message))
        piece = self._grown(rest)
        return ReplyPiece(
            text=piece.text,
            input_tokens=self._report.input_tokens,
            output_tokens=self._report.output_tokens,
            model=self._report.model,
            truncated=self._report.truncated,
        )

    def _growth(self, text: str) -> str:
        return text[len(self._received) :] if text.startswith(self._received) else ""

    def _grown(self, text: str) -> ReplyPiece:
        self._received += text
        return ReplyPiece(text=text)


def _text_blocks(text: str) -> list[TextBlock]:
    return [TextBlock(text=text.strip("\n"))] if text else []


def _says_something(message: ChatMessage) -> bool:
    return any(not isinstance(b, TextBlock) or b.text.strip() for b in message.blocks)


def _tool_arguments(message: ChatMessage) -> Iterable[str]:
    calls = [block for block in message.blocks if isinstance(block, ToolCallBlock)]
    for arguments in (call.tool_kwargs for call in calls):
        yield arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    if not calls:
        # Where integrations put them before there were blocks for tool calls.
        for call in message.additional_kwargs.get("tool_calls") or ():
            arguments = _get(_get(call, "function"), "arguments")
            yield arguments if isinstance(arguments, str) else json.dumps(arguments)


def _written_arguments(response: ChatResponse) -> Iterable[str]:
    """Arguments as the model is writing them; those already parsed do not grow by appending."""
    for block in response.message.blocks:
        if isinstance(block, ToolCallBlock) and isinstance(block.tool_kwargs, str):
            yield block.tool_kwargs


def _reported(response: ChatResponse, text: str) -> ReplyPiece:
    raw = response.raw
    usages = (response.additional_kwargs, _get(raw, "usage"), _get(raw, "usage_metadata"), raw)
    model = _get(raw, "model")
    finish_places = (*(_get(raw, "choices") or ()), raw, response.additional_kwargs)
    reasons = [str(_get(place, key)).lower() for place in finish_places for key in _FINISH_KEYS]
    return ReplyPiece(
        text=text,
        input_tokens=_first_count(usages, _INPUT_KEYS),
        output_tokens=_first_count(usages, _OUTPUT_KEYS),
        model=model if isinstance(model, str) else None,
        truncated=any(reason in _LENGTH_LIMIT for reason in reasons),
    )


def _newer(known: ReplyPiece, told: ReplyPiece) -> ReplyPiece:
    if told == ReplyPiece():
        return known
    return ReplyPiece(
        input_tokens=known.input_tokens if told.input_tokens is None else told.input_tokens,
        output_tokens=known.output_tokens if told.output_tokens is None else told.output_tokens,
        model=told.model or known.model,
        truncated=told.truncated or known.truncated,
    )


def _first_count(places: Iterable[Any], keys: Iterable[str]) -> int | None:
    counts = (_get(place, key) for place in places for key in keys)
    return next((n for n in counts if isinstance(n, int) and not isinstance(n, bool)), None)


def _get(place: Any, key: str) -> Any:
    """A key of a mapping, or an attribute: clients give their raw replies as either."""
    return place.get(key) if isinstance(place, Mapping) else getattr(place, key, None)
