"""Which model a component asks, and how it is asked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import aclosing, closing
from copy import deepcopy
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import LLM
from llama_index.core.llms.structured_llm import StructuredLLM
from llama_index.core.settings import Settings
from llama_index.core.tools import BaseTool, FunctionTool, ToolMetadata
from pydantic import BaseModel

from llamaindex_vs._convert import DeltaReader, read_response
from llamaindex_vs._wrapping import WrappingLLM
from vs_core import PromptSettings, ReplyPiece, UnsuitableModelError, reply_schema


def resolve_llm(llm: LLM | None) -> LLM:
    """The model to ask: the one given, else `Settings.llm`; never one that samples by itself.

    A verbalized-sampling model is unwrapped, so that its draws are no input of another draw.

    Args:
        llm: The model, or None.
    """
    model: LLM = Settings.llm if llm is None else llm
    while isinstance(model, WrappingLLM):
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


def require_shapeable(llm: LLM | None, settings: PromptSettings) -> None:
    """Refuse settings that the model, or LlamaIndex, cannot follow.

    Args:
        llm: The model, if it is known yet.
        settings: What is asked.

    Raises:
        UnsuitableModelError: The message says what is missing.
    """
    if isinstance(llm, StructuredLLM):
        raise UnsuitableModelError(
            f"the model writes one {llm.output_cls.__name__} and nothing else: give the model that "
            f"it wraps, and value_schema={llm.output_cls.__name__}"
        )
    if settings.structured_output == "json_schema":
        raise UnsuitableModelError(
            "structured_output='json_schema' has no common interface in LlamaIndex: take "
            "'function_calling', or leave it None and set layout='json'"
        )
    if settings.structured_output and llm is not None and not _calls_functions(llm):
        raise UnsuitableModelError(
            f"structured_output={settings.structured_output!r} needs a model that calls functions, "
            f"and {llm.class_name()} does not: give one that does, or leave it None"
        )


class AskedModel:
    """A model, and whether it is to write plain text or the arguments of a tool.

    Args:
        llm: The model; see `resolve_llm`.
        settings: What is asked.
        parameters: Passed on to the model with each call.

    Raises:
        UnsuitableModelError: The model cannot answer as the settings say.
    """

    def __init__(self, llm: LLM, settings: PromptSettings, parameters: dict[str, Any]) -> None:
        require_shapeable(llm, settings)
        self._llm = llm
        self._parameters = parameters
        self._tools: list[BaseTool] = []
        if settings.structured_output:
            self._tools = [_reply_tool(reply_schema(settings))]
            self._parameters = {"tool_required": True, **parameters}

    def ask(self, messages: Sequence[ChatMessage]) -> ReplyPiece:
        """The whole reply."""
        if self._tools:
            return read_response(
                self._caller.chat_with_tools(
                    self._tools, chat_history=list(messages), **self._parameters
                )
            )
        return read_response(self._llm.chat(messages, **self._parameters))

    async def aask(self, messages: Sequence[ChatMessage]) -> ReplyPiece:
        """The whole reply, without blocking."""
        if self._tools:
            called = self._caller.achat_with_tools(
                self._tools, chat_history=list(messages), **self._parameters
            )
            return read_response(await called)
        return read_response(await self._llm.achat(messages, **self._parameters))

    def stream(self, messages: Sequence[ChatMessage]) -> Generator[ReplyPiece, None, None]:
        """The reply as it arrives."""
        reader = DeltaReader()
        chunks = (
            self._caller.stream_chat_with_tools(
                self._tools, chat_history=list(messages), **self._parameters
            )
            if self._tools
            else self._llm.stream_chat(messages, **self._parameters)
        )
        with closing(chunks):
            yield from map(reader.read, chunks)
        yield reader.end()

    async def astream(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[ReplyPiece, None]:
        """As `stream`, without blocking."""
        reader = DeltaReader()
        chunks = await (
            self._caller.astream_chat_with_tools(
                self._tools, chat_history=list(messages), **self._parameters
            )
            if self._tools
            else self._llm.astream_chat(messages, **self._parameters)
        )
        async with aclosing(chunks):
            async for chunk in chunks:
                yield reader.read(chunk)
        yield reader.end()

    @property
    def _caller(self) -> FunctionCallingLLM:
        assert isinstance(self._llm, FunctionCallingLLM)  # noqa: S101  # seen to at construction
        return self._llm


def _calls_functions(llm: LLM) -> bool:
    return isinstance(llm, FunctionCallingLLM) and llm.metadata.is_function_calling_model


def _reply_tool(schema: dict[str, Any]) -> BaseTool:
    class Arguments(BaseModel):
        """Stands for the schema wherever LlamaIndex wants a model of it."""

        @classmethod
        def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
            return deepcopy(schema)

    metadata = ToolMetadata(
        name=schema["title"], description=schema["description"], fn_schema=Arguments
    )
    return FunctionTool(fn=_never_called, metadata=metadata)


def _never_called(**arguments: Any) -> None:
    """The model's arguments are the reply; nothing is to be run."""
