"""A chat model that answers from a script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

INPUT_TOKENS, OUTPUT_TOKENS = 7, 3


class ScriptedChatModel(BaseChatModel):
    """Gives the scripted replies in order, streams them in small pieces, and records its calls.

    Attributes:
        script: Replies; an exception is raised in place of one.
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

    def _next(self, messages: list[BaseMessage], settings: dict[str, Any]) -> str:
        with self._lock:
            turn = len(self._calls)
            self._calls.append(messages)
            self._settings.append(settings)
        if turn >= len(self.script):
            raise AssertionError(f"call {turn + 1} was not scripted: {messages[-1].content!r}")
        reply = self.script[turn]
        if isinstance(reply, Exception):
            raise reply
        return str(reply)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = AIMessage(
            content=self._next(messages, {"stop": stop, **kwargs}),
            response_metadata={"model_name": "scripted"},
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
            reply = self._next(messages, {"stop": stop, **kwargs})
            for start in range(0, len(reply), self.piece):
                piece = reply[start : start + self.piece]
                yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
            yield ChatGenerationChunk(
                message=AIMessageChunk(
                    content="",
                    response_metadata={"model_name": "scripted"},
                    usage_metadata=_usage(),
                    chunk_position="last",
                )
            )
        finally:
            self._closed += 1


def _usage() -> Any:
    return {
        "input_tokens": INPUT_TOKENS,
        "output_tokens": OUTPUT_TOKENS,
        "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS,
    }
