"""LlamaIndex's inputs, messages and replies, as the core sees them. Pure: no I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum
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

from vs_core import TOOL_NAME, PromptError, ReplyPiece, joined_content

_INCOMPLETE = frozenset({"length", "max_tokens", "model_length", "incomplete", "content_filter"})
_FINISH_KEYS = ("finish_reason", "stop_reason", "stopReason", "done_reason", "status")
# Some models call a tool without saying which.
_OWN = (TOOL_NAME, "", None)
_ARGUMENT_KEYS = ("arguments", "args", "input")
_INPUT_KEYS = ("prompt_tokens", "input_tokens", "prompt_token_count", "prompt_eval_count")
_OUTPUT_KEYS = ("completion_tokens", "output_tokens", "candidates_token_count", "eval_count")
_ROLES = {
    MessageRole.DEVELOPER: "system",
    MessageRole.CHATBOT: "assistant",
    MessageRole.MODEL: "assistant",
}


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
        has_text = any(isinstance(block, TextBlock) for block in blocks)
        if len(blocks) <= has_text:
            text = joined_content(message.content, before, after)
            return message.model_copy(update={"blocks": [TextBlock(text=text)]})
        if not has_text:
            before, after = before.strip("\n"), after.strip("\n")
        # Line breaks stay: some clients put the texts of a message together with none between.
        added = [[TextBlock(text=text)] if text else [] for text in (before, after)]
        return message.model_copy(update={"blocks": [*added[0], *blocks, *added[1]]})


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
    """What a message says: its text, and the arguments of its calls of our own tool.

    Args:
        message: A message, whole or in the making.
    """
    return _text(message) + _arguments(message)


def read_response(response: ChatResponse) -> ReplyPiece:
    """A whole reply as the core reads it, with what it reports about itself.

    Args:
        response: What `LLM.chat` returned.
    """
    message = response.message
    return replace(_reported(response), text=_text(message), arguments=_arguments(message))


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
        self._text = _Growth()
        self._arguments = _Growth()
        self._report = ReplyPiece()
        self._last: ChatResponse | None = None

    def read(self, response: ChatResponse) -> ReplyPiece:
        """What this part adds.

        Args:
            response: One item of `LLM.stream_chat`.
        """
        self._last, self._report = response, _newer(self._report, _reported(response))
        # Arguments as the model writes them grow; those already parsed are read at the end.
        written = (a for a in _tool_arguments(response.message) if isinstance(a, str))
        return ReplyPiece(
            text=self._added_text(response), arguments=self._arguments.up_to("".join(written))
        )

    def end(self) -> ReplyPiece:
        """What is only known once the stream has ended."""
        if self._last is None:
            return self._report
        message = self._last.message
        # Some models give empty deltas, and the message as a whole.
        return replace(
            self._report,
            text=self._text.up_to(_text(message)),
            arguments=self._arguments.up_to(_arguments(message)),
        )

    def _added_text(self, response: ChatResponse) -> str:
        if response.delta is None:
            return self._text.up_to(_text(response.message))
        self._text.add(response.delta)
        return response.delta


class _Growth:
    """A text that is shown again and again, each time with more at its end."""

    def __init__(self) -> None:
        self._seen = ""

    def add(self, text: str) -> None:
        """Note what is new."""
        self._seen += text

    def up_to(self, whole: str) -> str:
        """What is new; nothing if it is not the same text any more."""
        if not whole.startswith(self._seen):
            return ""
        new, self._seen = whole[len(self._seen) :], whole
        return new


def _says_something(message: ChatMessage) -> bool:
    return any(not isinstance(b, TextBlock) or b.text.strip() for b in message.blocks)


def _text(message: ChatMessage) -> str:
    # Blocks of other types are reasoning, images or tool calls, and no part of the answer.
    return "".join(block.text for block in message.blocks if isinstance(block, TextBlock))


def _arguments(message: ChatMessage) -> str:
    return "".join(map(_as_json, _tool_arguments(message)))


def _tool_arguments(message: ChatMessage) -> list[Any]:
    """Of each call of our tool: the JSON that the model wrote, or what a client made of it."""
    calls = [block for block in message.blocks if isinstance(block, ToolCallBlock)]
    if calls:
        return [call.tool_kwargs for call in calls if call.tool_name in _OWN]
    # Where integrations put them before there were blocks for tool calls.
    older = message.additional_kwargs.get("tool_calls") or ()
    own = [c for c in older if (_get(_get(c, "function"), "name") or _get(c, "name")) in _OWN]
    places = [place for call in own for place in (_get(call, "function"), call)]
    found = [_get(place, key) for place in places for key in _ARGUMENT_KEYS]
    return [arguments for arguments in found if arguments]


def _as_json(arguments: Any) -> str:
    if isinstance(arguments, str):
        return arguments
    return json.dumps(arguments, ensure_ascii=False, default=str)


def _reported(response: ChatResponse) -> ReplyPiece:
    raw = response.raw
    told = (response.additional_kwargs, response.message.additional_kwargs)
    usages = (*told, _get(raw, "usage"), _get(raw, "usage_metadata"), raw)
    model = _get(raw, "model")
    choices = tuple(_get(raw, "choices") or ())
    finish_places = (*choices, raw, _get(raw, "response"), *told)
    reasons = [_get(place, key) for place in finish_places for key in _FINISH_KEYS]
    return ReplyPiece(
        input_tokens=_first_count(usages, _INPUT_KEYS),
        output_tokens=_first_count(usages, _OUTPUT_KEYS),
        model=model if isinstance(model, str) else None,
        truncated=any(_name(reason) in _INCOMPLETE for reason in reasons),
        refusal=_refusal_in((*told, *(_get(choice, "message") for choice in choices))),
    )


def _refusal_in(places: Iterable[Any]) -> str:
    return next((said for place in places if (said := _get(place, "refusal"))), "")


def _newer(known: ReplyPiece, told: ReplyPiece) -> ReplyPiece:
    if told == ReplyPiece():
        return known
    return ReplyPiece(
        input_tokens=known.input_tokens if told.input_tokens is None else told.input_tokens,
        output_tokens=known.output_tokens if told.output_tokens is None else told.output_tokens,
        model=told.model or known.model,
        truncated=told.truncated or known.truncated,
        refusal=told.refusal or known.refusal,
    )


def _first_count(places: Iterable[Any], keys: Iterable[str]) -> int | None:
    counts = (_get(place, key) for place in places for key in keys)
    return next((n for n in counts if isinstance(n, int) and not isinstance(n, bool)), None)


def _name(reason: Any) -> str:
    return str(reason.value if isinstance(reason, Enum) else reason).lower()


def _get(place: Any, key: str) -> Any:
    """A key of a mapping, or an attribute: clients give their raw replies as either."""
    return place.get(key) if isinstance(place, Mapping) else getattr(place, key, None)
