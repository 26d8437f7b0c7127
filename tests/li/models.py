"""A model that answers from a script."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from llama_index.core.base.llms.generic_utils import (
    achat_to_completion_decorator,
    astream_chat_to_completion_decorator,
    chat_to_completion_decorator,
    stream_chat_to_completion_decorator,
)
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseAsyncGen,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseAsyncGen,
    CompletionResponseGen,
    LLMMetadata,
    MessageRole,
    TextBlock,
    ToolCallBlock,
)
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import ToolSelection
from llama_index.core.llms.utils import parse_partial_json
from llama_index.core.tools import BaseTool
from pydantic import Field, PrivateAttr

from tests.scenarios import Said

INPUT_TOKENS, OUTPUT_TOKENS = 7, 3
# One for all, since a lock of its own would keep a model from being copied.
_LOCK = threading.Lock()


class SaidMessage(ChatMessage):
    """A message that knows what its provider says of it."""

    said: Any = Field(exclude=True)

    @classmethod
    def of(cls, said: Said) -> SaidMessage:
        """The message of a reply."""
        calls = [ToolCallBlock(tool_name=c.name, tool_kwargs=c.arguments) for c in said.calls]
        blocks = [TextBlock(text=said.text), *calls]
        return cls(role=MessageRole.ASSISTANT, blocks=blocks, said=said)


class ScriptedLLM(FunctionCallingLLM):
    """Gives the scripted replies in order, streams them in small pieces, and records its calls.

    Attributes:
        script: Replies, each a text, a `Said`, or a `ChatMessage`; an exception is raised in
            place of one.
        responder: Gives the replies behind those of the script, from the messages.
        piece: Characters in each streamed piece, of text or of a tool call's arguments.
    """

    script: list[Any] = Field(exclude=True, repr=False)
    responder: Callable[[Sequence[ChatMessage]], Any] | None = Field(
        default=None, exclude=True, repr=False
    )
    piece: int = 4
    is_chat_model: bool = True
    is_function_calling_model: bool = True

    _calls: list[list[ChatMessage]] = PrivateAttr(default_factory=list)
    _kwargs: list[dict[str, Any]] = PrivateAttr(default_factory=list)
    _closed: int = PrivateAttr(default=0)

    @classmethod
    def class_name(cls) -> str:
        return "ScriptedLLM"

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(
            model_name="scripted",
            is_chat_model=self.is_chat_model,
            is_function_calling_model=self.is_function_calling_model,
        )

    @property
    def calls(self) -> list[list[ChatMessage]]:
        """The messages of each call so far."""
        return self._calls

    @property
    def kwargs(self) -> list[dict[str, Any]]:
        """The keyword arguments of each call so far."""
        return self._kwargs

    @property
    def closed(self) -> int:
        """Streams that were ended, by the model or by their reader."""
        return self._closed

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        return self._whole(messages, kwargs)

    @llm_chat_callback()
    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        return self._whole(messages, kwargs)

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        return self._responses(messages, kwargs)

    @llm_chat_callback()
    async def astream_chat(
        self, messages: Sequence[ChatMessage], **kwargs: Any
    ) -> ChatResponseAsyncGen:
        async def responses() -> ChatResponseAsyncGen:
            for response in self._responses(messages, kwargs):
                yield response

        return responses()

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return chat_to_completion_decorator(self.chat)(prompt, **kwargs)

    @llm_completion_callback()
    async def acomplete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponse:
        return await achat_to_completion_decorator(self.achat)(prompt, **kwargs)

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        return stream_chat_to_completion_decorator(self.stream_chat)(prompt, **kwargs)

    @llm_completion_callback()
    async def astream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseAsyncGen:
        return await astream_chat_to_completion_decorator(self.astream_chat)(prompt, **kwargs)

    def get_tool_calls_from_response(
        self, response: ChatResponse, error_on_no_tool_call: bool = True, **kwargs: Any
    ) -> list[ToolSelection]:
        calls = [block for block in response.message.blocks if isinstance(block, ToolCallBlock)]
        if error_on_no_tool_call and not calls:
            raise ValueError("no tool was called")
        return [_selection(call) for call in calls]

    def _prepare_chat_with_tools(
        self,
        tools: Sequence[BaseTool],
        user_msg: str | ChatMessage | None = None,
        chat_history: list[ChatMessage] | None = None,
        verbose: bool = False,
        allow_parallel_tool_calls: bool = False,
        tool_required: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        messages = list(chat_history or ())
        if user_msg is not None:
            messages.append(_user(user_msg))
        specs = [tool.metadata.to_openai_tool(skip_length_check=True) for tool in tools]
        return {"messages": messages, "tools": specs, "tool_required": tool_required, **kwargs}

    def _whole(self, messages: Sequence[ChatMessage], kwargs: dict[str, Any]) -> ChatResponse:
        message = self._next(messages, kwargs)
        said = _said(message)
        if said.breaks:
            raise said.breaks
        return _response(message, raw=_report(said))

    def _next(self, messages: Sequence[ChatMessage], kwargs: dict[str, Any]) -> ChatMessage:
        with _LOCK:
            turn = len(self._calls)
            self._calls.append(list(messages))
            self._kwargs.append(kwargs)
        if turn < len(self.script):
            reply = self.script[turn]
        elif self.responder:
            reply = self.responder(messages)
        else:
            raise AssertionError(f"call {turn + 1} was not scripted: {messages[-1].content!r}")
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, ChatMessage):
            return reply
        return SaidMessage.of(reply if isinstance(reply, Said) else Said(str(reply)))

    def _responses(
        self, messages: Sequence[ChatMessage], kwargs: dict[str, Any]
    ) -> ChatResponseGen:
        try:
            message = self._next(messages, kwargs)
            said = _said(message)
            for growing, piece in _growing(message, self.piece):
                yield _response(growing, delta=piece)
            if said.breaks:
                raise said.breaks
            yield _response(message, delta="", raw=_report(said))
        finally:
            self._closed += 1


def _growing(message: ChatMessage, size: int) -> Iterator[tuple[ChatMessage, str]]:
    """The message as clients build it up: one that grows, with what each part added to its text."""
    done: list[Any] = []
    for block in message.blocks:
        for part, delta in _parts(block, size):
            yield message.model_copy(update={"blocks": [*done, part]}), delta
        done.append(block)


def _parts(block: Any, size: int) -> Iterator[tuple[Any, str]]:
    if isinstance(block, TextBlock):
        for end in range(size, len(block.text) + size, size):
            yield TextBlock(text=block.text[:end]), block.text[end - size : end]
    elif isinstance(block, ToolCallBlock) and isinstance(block.tool_kwargs, str):
        for end in range(size, len(block.tool_kwargs) + size, size):
            yield block.model_copy(update={"tool_kwargs": block.tool_kwargs[:end]}), ""
    else:
        yield block, ""


def _response(
    message: ChatMessage, *, delta: str | None = None, raw: dict[str, Any] | None = None
) -> ChatResponse:
    return ChatResponse(message=message, delta=delta, raw=raw)


def _said(message: ChatMessage) -> Said:
    return message.said if isinstance(message, SaidMessage) else Said()


def _report(said: Said) -> dict[str, Any]:
    """What OpenAI's client gives as the raw reply."""
    usage = {"prompt_tokens": INPUT_TOKENS, "completion_tokens": OUTPUT_TOKENS}
    choice = {"finish_reason": said.ending, "message": {"refusal": said.refusal or None}}
    return {"model": "scripted", "usage": usage, "choices": [choice]}


def _selection(call: ToolCallBlock) -> ToolSelection:
    arguments = call.tool_kwargs
    if isinstance(arguments, str):
        arguments = parse_partial_json(arguments)
    return ToolSelection(
        tool_id=call.tool_call_id or "", tool_name=call.tool_name, tool_kwargs=dict(arguments)
    )


def _user(message: str | ChatMessage) -> ChatMessage:
    if isinstance(message, ChatMessage):
        return message
    return ChatMessage(role=MessageRole.USER, content=message)
