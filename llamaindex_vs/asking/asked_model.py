"""Which model a component asks, and how it is asked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import aclosing, closing
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import LLM
from llama_index.core.settings import Settings

from llamaindex_vs.asking.replies import DeltaReader, read_response
from llamaindex_vs.asking.shaping import Request, request_of, require_shapeable, settled
from llamaindex_vs.identity.around_llm import LLMAroundAnother
from vs_core.adapters import Ask, ExchangeSettings, ReplyPiece


def resolve_llm(llm: LLM | None) -> LLM:
    """The model to ask: the one given, else `Settings.llm`; never one that samples by itself.

    A verbalized-sampling model is unwrapped, so that its draws are no input of another draw.

    Args:
        llm: The model, or None.
    """
    model: LLM = Settings.llm if llm is None else llm
    while isinstance(model, LLMAroundAnother):
        model = model.llm
    return model


def with_system_prompt(llm: LLM, messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """The messages behind the model's own system prompt, as `LLM.predict` sends them.

    Args:
        llm: The model.
        messages: The messages.
    """
    if not llm.system_prompt:
        return list(messages)
    return [ChatMessage(role=MessageRole.SYSTEM, content=llm.system_prompt), *messages]


class AskedModel:
    """A model, and what it is to write: plain text, the arguments of a tool, or a JSON schema's.

    Args:
        llm: The model; see `resolve_llm`.
        settings: What is asked.
        parameters: Passed on to the model with each call.

    Attributes:
        llm: The model.
        settings: What is asked, decided for this model.

    Raises:
        UnsuitableModelError: The model cannot answer as the settings say.
    """

    def __init__(self, llm: LLM, settings: ExchangeSettings, parameters: dict[str, Any]) -> None:
        self.settings = settled(settings, llm)
        require_shapeable(llm, self.settings)
        self.llm = llm
        self._parameters = parameters

    def ask(self, ask: Ask[ChatMessage]) -> ReplyPiece:
        """The whole reply."""
        request, parameters = self._request(ask)
        if request.tools:
            return read_response(
                self._caller.chat_with_tools(request.tools, chat_history=ask.messages, **parameters)
            )
        return read_response(self.llm.chat(ask.messages, **parameters))

    async def aask(self, ask: Ask[ChatMessage]) -> ReplyPiece:
        """The whole reply, without blocking."""
        request, parameters = self._request(ask)
        if request.tools:
            called = self._caller.achat_with_tools(
                request.tools, chat_history=ask.messages, **parameters
            )
            return read_response(await called)
        return read_response(await self.llm.achat(ask.messages, **parameters))

    def stream(self, ask: Ask[ChatMessage]) -> Generator[ReplyPiece, None, None]:
        """The reply as it arrives."""
        reader = DeltaReader()
        request, parameters = self._request(ask)
        chunks = (
            self._caller.stream_chat_with_tools(
                request.tools, chat_history=ask.messages, **parameters
            )
            if request.tools
            else self.llm.stream_chat(ask.messages, **parameters)
        )
        with closing(chunks):
            yield from map(reader.read, chunks)
        yield reader.end()

    async def astream(self, ask: Ask[ChatMessage]) -> AsyncGenerator[ReplyPiece, None]:
        """As `stream`, without blocking."""
        reader = DeltaReader()
        request, parameters = self._request(ask)
        chunks = await (
            self._caller.astream_chat_with_tools(
                request.tools, chat_history=ask.messages, **parameters
            )
            if request.tools
            else self.llm.astream_chat(ask.messages, **parameters)
        )
        async with aclosing(chunks):
            async for chunk in chunks:
                yield reader.read(chunk)
        yield reader.end()

    def _request(self, ask: Ask[ChatMessage]) -> tuple[Request, dict[str, Any]]:
        request = request_of(self.llm, self.settings, ask)
        parameters = {**request.parameters, **self._parameters}
        if "tool_required" in self._parameters:
            parameters.pop("tool_choice", None)
        return request, parameters

    @property
    def _caller(self) -> FunctionCallingLLM:
        assert isinstance(self.llm, FunctionCallingLLM)  # noqa: S101  # seen to at construction
        return self.llm
