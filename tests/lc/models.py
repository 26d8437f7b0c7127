"""A chat model that answers from a script."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from tests.scenarios import Said

INPUT_TOKENS, OUTPUT_TOKENS = 7, 3


class ScriptedChatModel(BaseChatModel):
    """Gives the scripted replies in order, streams them in small pieces, and records its calls.

    Attributes:
        script: Replies, each a text or a `Said`; an exception is raised in place of one.
        piece: Characters in each streamed piece.
    """

    script: list[Any]
    piece: int = 4

    _calls: list[list[BaseMessage]] = PrivateAttr(default_factory=list)
    _settings: list[dict[str, Any]] = PrivateAttr(default_factory=list)
    _closed: int = PrivateAttr(default=0)
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @property
    def calls(self) -> list[list[BaseMessage]]:
        """The messages of each call so far."""
        return self._calls

    @property
    def settings(self) -> list[dict[str, Any]]:
        """The keyword arguments of each call so far."""
        return self._settings

    @property
    def closed(self) -> int:
        """Streams that were ended, by the model or by their reader."""
        return self._closed

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _next(self, messages: list[BaseMessage], settings: dict[str, Any]) -> Said:
        with self._lock:
            turn = len(self._calls)
            self._calls.append(messages)
            self._settings.append(settings)
        if turn >= len(self.script):
            raise AssertionError(f"call {turn + 1} was not scripted: {messages[-1].content!r}")
        reply = self.script[turn]
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, Said) else Said(str(reply))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        said = self._next(messages, {"stop": stop, **kwargs})
        if said.breaks:
            raise said.breaks
        message = AIMessage(
            content=said.text,
            additional_kwargs=_refusal(said),
            response_metadata={"model_name": "scripted", "finish_reason": said.ending},
            tool_calls=[
                {"name": call.name, "args": json.loads(call.arguments), "id": call.name}
                for call in said.calls
            ],
            usage_metadata=_usage(),
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        try:
            said = self._next(messages, {"stop": stop, **kwargs})
            for start in range(0, len(said.text), self.piece):
                piece = said.text[start : start + self.piece]
                yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
            for part in _parts_of_calls(said, self.piece):
                yield ChatGenerationChunk(message=part)
            if said.breaks:
                raise said.breaks
            yield ChatGenerationChunk(
                message=AIMessageChunk(
                    content="",
                    additional_kwargs=_refusal(said),
                    response_metadata={"model_name": "scripted", "finish_reason": said.ending},
                    usage_metadata=_usage(),
                    chunk_position="last",
                )
            )
        finally:
            self._closed += 1


def _refusal(said: Said) -> dict[str, Any]:
    return {"refusal": said.refusal} if said.refusal else {}


def _parts_of_calls(said: Said, size: int) -> Iterator[AIMessageChunk]:
    """The calls as providers stream them: the name first, then the arguments in pieces."""
    for index, call in enumerate(said.calls):
        pieces = [call.arguments[n : n + size] for n in range(0, len(call.arguments), size)]
        for piece, name in zip(["", *pieces], [call.name, *([None] * len(pieces))], strict=True):
            chunk = tool_call_chunk(name=name, args=piece, id=name, index=index)
            yield AIMessageChunk(content="", tool_call_chunks=[chunk])


def _usage() -> Any:
    return {
        "input_tokens": INPUT_TOKENS,
        "output_tokens": OUTPUT_TOKENS,
        "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS,
    }
