"""LlamaIndex's replies, whole or in parts, as the core reads them. Pure: no I/O."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    TextBlock,
    ToolCallBlock,
)

from vs_core.adapters import (
    TOOL_NAME,
    ReplyPiece,
    ToolCall,
    field_of,
    refused,
    reported_refusal,
    token_usage,
    was_cut,
)

# Some models call a tool without saying which.
_OWN = (TOOL_NAME, "", None)
_ARGUMENT_KEYS = ("arguments", "args", "input")
_USAGE_KEYS = ("usage", "usage_metadata")


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
    return replace(
        _reported(response),
        text=_text(message),
        arguments=_arguments(message),
        calls=_foreign_calls(message),
    )


class DeltaReader:
    """Reads the parts of one streamed reply.

    What the parts report grows from one to the next, so it is told once, at the end.

    Example:
        >>> from llama_index.core.llms import ChatMessage, ChatResponse
        >>> from llamaindex_vs.asking.replies import DeltaReader
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
            calls=_foreign_calls(message),
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


def _text(message: ChatMessage) -> str:
    # Blocks of other types are reasoning, images or tool calls, and no part of the answer.
    return "".join(block.text for block in message.blocks if isinstance(block, TextBlock))


def _arguments(message: ChatMessage) -> str:
    return "".join(map(_as_json, _tool_arguments(message)))


def _tool_arguments(message: ChatMessage) -> list[Any]:
    """Of each call of our tool: the JSON that the model wrote, or what a client made of it."""
    return [arguments for name, arguments in _calls(message) if name in _OWN and arguments]


def _foreign_calls(message: ChatMessage) -> tuple[ToolCall, ...]:
    return tuple(
        ToolCall(name, "" if arguments is None else _as_json(arguments))
        for name, arguments in _calls(message)
        if name and name not in _OWN
    )


def _calls(message: ChatMessage) -> list[tuple[str | None, Any]]:
    """The name and the arguments of each call."""
    blocks = [block for block in message.blocks if isinstance(block, ToolCallBlock)]
    if blocks:
        return [(block.tool_name, block.tool_kwargs) for block in blocks]
    # Where integrations put them before there were blocks for tool calls.
    return [
        (
            field_of(place, "name") or field_of(call, "name"),
            _first_arguments(place, call),
        )
        for call in message.additional_kwargs.get("tool_calls") or ()
        for place in (field_of(call, "function"),)
    ]


def _first_arguments(*places: Any) -> Any:
    found = (field_of(place, key) for place in places for key in _ARGUMENT_KEYS)
    return next((arguments for arguments in found if arguments), None)


def _as_json(arguments: Any) -> str:
    if isinstance(arguments, str):
        return arguments
    return json.dumps(arguments, ensure_ascii=False, default=str)


def _reported(response: ChatResponse) -> ReplyPiece:
    raw = response.raw
    told = (response.additional_kwargs, response.message.additional_kwargs)
    # The events of a stream hold the response that they belong to.
    whole = field_of(raw, "response")
    usages = (field_of(place, key) for place in (raw, whole) for key in _USAGE_KEYS)
    sent, got = token_usage((*told, *usages, raw))
    model = field_of(raw, "model")
    choices = tuple(field_of(raw, "choices") or ())
    endings = (*choices, raw, whole, *told)
    said = [field_of(choice, key) for choice in choices for key in ("message", "delta")]
    return ReplyPiece(
        input_tokens=sent,
        output_tokens=got,
        model=model if isinstance(model, str) else None,
        truncated=was_cut(endings),
        refused=refused(endings),
        refusal=reported_refusal((*told, *said, *_output_parts(raw), *_output_parts(whole))),
    )


def _output_parts(raw: Any) -> Iterator[Any]:
    """The parts of the messages in a reply of OpenAI's Responses."""
    output = field_of(raw, "output")
    for item in output if isinstance(output, list) else ():
        content = field_of(item, "content")
        yield from content if isinstance(content, list) else ()


def _newer(known: ReplyPiece, told: ReplyPiece) -> ReplyPiece:
    if told == ReplyPiece():
        return known
    return ReplyPiece(
        input_tokens=known.input_tokens if told.input_tokens is None else told.input_tokens,
        output_tokens=known.output_tokens if told.output_tokens is None else told.output_tokens,
        model=told.model or known.model,
        truncated=told.truncated or known.truncated,
        refused=told.refused or known.refused,
        refusal=_grown(known.refusal, told.refusal),
    )


def _grown(known: str, told: str) -> str:
    """The words of a refusal, which some clients give whole and others piece by piece."""
    return told if told.startswith(known) and told else known + told
