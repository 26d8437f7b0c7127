"""The JSON of OpenAI's chat completions, streamed and whole, and its token counts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from tests.wire.script import Fault, Message, Reply, ToolCall

Json: TypeAlias = dict[str, Any]

CREATED = 1_700_000_000
"""The time stamp (seconds since 1970) of every object, fixed so that payloads are reproducible."""


def prompt_tokens(messages: Sequence[Message]) -> int:
    """Whitespace-separated words in the text of all messages; roles and tools count nothing."""
    return sum(len(_text_of(message.get("content")).split()) for message in messages)


def completion_tokens(reply: Reply) -> int:
    """Whitespace-separated words in the text, and in each tool call's name and arguments."""
    texts = [reply.text, *(f"{call.name} {call.arguments}" for call in reply.tool_calls)]
    return sum(len(text.split()) for text in texts)


def usage(messages: Sequence[Message], reply: Reply) -> Json:
    """The `usage` object of one exchange."""
    prompt, completion = prompt_tokens(messages), completion_tokens(reply)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


def _text_of(content: str | list[Json] | None) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    return " ".join(block.get("text", "") for block in content)


def error(fault: Fault) -> Json:
    """The body of an error response."""
    return {"error": {"message": fault.message, "type": fault.type, "param": None, "code": None}}


def models() -> Json:
    """The list of models: one, called "test" (a request may name any other)."""
    entry = {"id": "test", "object": "model", "created": CREATED, "owned_by": "tests"}
    return {"object": "list", "data": [entry]}


def response(model: str, reply: Reply) -> Json:
    """The body of OpenAI's Responses API, which has no error for a reply that was cut off."""
    cut = reply.finish_reason == "length"
    status = "incomplete" if cut else "completed"
    text: Json = {"type": "output_text", "text": reply.text, "annotations": []}
    if reply.refusal:
        text = {"type": "refusal", "refusal": reply.refusal}
    message = {"type": "message", "id": "msg_1", "role": "assistant", "status": status}
    tokens = completion_tokens(reply)
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": CREATED,
        "status": status,
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "model": model,
        "output": [{**message, "content": [text]}],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "error": None,
        "instructions": None,
        "metadata": {},
        "temperature": 1,
        "top_p": 1,
        "usage": {
            "input_tokens": 1,
            "output_tokens": tokens,
            "total_tokens": 1 + tokens,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    }


@dataclass(frozen=True)
class Completion:
    """A reply to one request, ready to be written whole or in chunks."""

    id: str
    model: str
    messages: Sequence[Message]
    reply: Reply

    def whole(self) -> Json:
        """The body of an unstreamed response."""
        refusal = self.reply.refusal
        content = None if refusal and not self.reply.text else self.reply.text
        message: Json = {"role": "assistant", "content": content, "refusal": refusal}
        if self.reply.tool_calls:
            message["content"] = self.reply.text or None
            message["tool_calls"] = [_tool_call(call) for call in self.reply.tool_calls]
        choice = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": self._finish_reason,
        }
        return {
            **self._head("chat.completion"),
            "choices": [choice],
            "usage": usage(self.messages, self.reply),
        }

    def opening(self) -> Json:
        """The first chunk of a stream: the role, no text yet."""
        return self._chunk({"role": "assistant", "content": "", "refusal": None})

    def text_chunk(self, text: str) -> Json:
        """A chunk with a piece of the text."""
        return self._chunk({"content": text})

    def refusal_chunks(self) -> Iterator[Json]:
        """A refusal in pieces."""
        for piece in pieces(self.reply.refusal or "", self.reply.chunk_size):
            yield self._chunk({"refusal": piece})

    def tool_chunks(self) -> Iterator[Json]:
        """For each tool call a chunk with its name, then its arguments in pieces."""
        for index, call in enumerate(self.reply.tool_calls):
            start = {"index": index, **_tool_call(ToolCall(call.name, "", call.id))}
            yield self._chunk({"tool_calls": [start]})
            for piece in pieces(call.arguments, self.reply.chunk_size):
                fragment = {"index": index, "function": {"arguments": piece}}
                yield self._chunk({"tool_calls": [fragment]})

    def closing(self, *, include_usage: bool) -> Iterator[Json]:
        """The last chunks: the finish reason and, if asked for, the usage without choices."""
        yield self._chunk({}, finish_reason=self._finish_reason)
        if include_usage:
            head = self._head("chat.completion.chunk")
            yield {**head, "choices": [], "usage": usage(self.messages, self.reply)}

    @property
    def _finish_reason(self) -> str:
        called = self.reply.tool_calls and self.reply.finish_reason == "stop"
        return "tool_calls" if called else self.reply.finish_reason

    def _head(self, kind: str) -> Json:
        return {"id": self.id, "object": kind, "created": CREATED, "model": self.model}

    def _chunk(self, delta: Json, finish_reason: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}


def _tool_call(call: ToolCall) -> Json:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function}


def pieces(text: str, size: int, cut: int = 0) -> Iterator[str]:
    """Cut `text` into pieces of at most `size` characters, with a bound at `cut` too."""
    bounds = sorted({*range(0, len(text), size), min(cut, len(text)), len(text)})
    for start, end in pairwise(bounds):
        yield text[start:end]


def event(payload: Json) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(payload).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"
"""The event that ends a stream."""
