"""`WrappingLLM`: what a model around another one passes on to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseAsyncGen,
    ChatResponseGen,
)
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import ToolSelection
from llama_index.core.tools import BaseTool
from llama_index.core.types import PydanticProgramMode
from pydantic import model_validator

from llamaindex_vs.identity.around_llm import LLMAroundAnother
from llamaindex_vs.pydantic_internals import PickledWhole
from vs_core import UnsuitableModelError
from vs_core.adapters import requests_structure

_OF_THE_WRAPPED = frozenset(
    {
        "callback_manager",
        "completion_to_prompt",
        "messages_to_prompt",
        "output_parser",
        "pydantic_program_mode",
        "query_wrapper_prompt",
        "rate_limiter",
        "system_prompt",
    }
)
"""Attributes of every LlamaIndex model that are, around another model, the other one's."""


class WrappingLLM(PickledWhole, LLMAroundAnother):
    """A model around another: passes on tools, structured predictions, and LlamaIndex's settings.

    What LlamaIndex sets on a model (`system_prompt`, `output_parser`, `callback_manager`, ...) is
    read from the wrapped one, and an assignment goes to it.
    """

    @model_validator(mode="before")
    @classmethod
    def _the_wrapped_model_has_its_own_settings(cls, settings: Any) -> Any:
        given = settings if isinstance(settings, Mapping) else {}
        for name in sorted(_OF_THE_WRAPPED & given.keys()):
            if given[name] not in (None, PydanticProgramMode.DEFAULT):
                raise ValueError(f"{name} is the wrapped model's: set it there")
        return settings

    if not TYPE_CHECKING:  # else any attribute would pass the type checker

        def __getattribute__(self, name: str) -> Any:
            if name in _OF_THE_WRAPPED and (wrapped := self.__dict__.get("llm")) is not None:
                return getattr(wrapped, name)
            return super().__getattribute__(name)

        def __setattr__(self, name: str, value: Any) -> None:
            if name in _OF_THE_WRAPPED:
                setattr(self.llm, name, value)
            else:
                super().__setattr__(name, value)

    def chat_with_tools(self, tools: Sequence[BaseTool], *args: Any, **kwargs: Any) -> ChatResponse:
        """As the wrapped model; without a tool it is a plain `chat`."""
        if not tools:
            return super().chat_with_tools(tools, *args, **kwargs)
        return self._caller.chat_with_tools(tools, *args, **kwargs)

    async def achat_with_tools(
        self, tools: Sequence[BaseTool], *args: Any, **kwargs: Any
    ) -> ChatResponse:
        """As the wrapped model; without a tool it is a plain `achat`."""
        if not tools:
            return await super().achat_with_tools(tools, *args, **kwargs)
        return await self._caller.achat_with_tools(tools, *args, **kwargs)

    def stream_chat_with_tools(
        self, tools: Sequence[BaseTool], *args: Any, **kwargs: Any
    ) -> ChatResponseGen:
        """As the wrapped model; without a tool it is a plain `stream_chat`."""
        if not tools:
            return super().stream_chat_with_tools(tools, *args, **kwargs)
        return self._caller.stream_chat_with_tools(tools, *args, **kwargs)

    async def astream_chat_with_tools(
        self, tools: Sequence[BaseTool], *args: Any, **kwargs: Any
    ) -> ChatResponseAsyncGen:
        """As the wrapped model; without a tool it is a plain `astream_chat`."""
        if not tools:
            return await super().astream_chat_with_tools(tools, *args, **kwargs)
        return await self._caller.astream_chat_with_tools(tools, *args, **kwargs)

    def get_tool_calls_from_response(
        self, response: ChatResponse, *args: Any, **kwargs: Any
    ) -> list[ToolSelection]:
        """As the wrapped model."""
        return self._caller.get_tool_calls_from_response(response, *args, **kwargs)

    def predict_and_call(self, *args: Any, **kwargs: Any) -> Any:
        """As the wrapped model."""
        return self.llm.predict_and_call(*args, **kwargs)

    async def apredict_and_call(self, *args: Any, **kwargs: Any) -> Any:
        """As the wrapped model."""
        return await self.llm.apredict_and_call(*args, **kwargs)

    def structured_predict(self, *args: Any, **kwargs: Any) -> Any:
        """As the wrapped model."""
        return self.llm.structured_predict(*args, **kwargs)

    async def astructured_predict(self, *args: Any, **kwargs: Any) -> Any:
        """As the wrapped model."""
        return await self.llm.astructured_predict(*args, **kwargs)

    def stream_structured_predict(self, *args: Any, **kwargs: Any) -> Any:
        """As the wrapped model."""
        return self.llm.stream_structured_predict(*args, **kwargs)

    async def astream_structured_predict(self, *args: Any, **kwargs: Any) -> Any:
        """As the wrapped model."""
        return await self.llm.astream_structured_predict(*args, **kwargs)

    def as_structured_llm(self, *args: Any, **kwargs: Any) -> Any:
        """As the wrapped model."""
        return self.llm.as_structured_llm(*args, **kwargs)

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
        return self._caller._prepare_chat_with_tools_compat(  # noqa: SLF001  # it takes the tools
            tools,
            user_msg=user_msg,
            chat_history=chat_history,
            verbose=verbose,
            allow_parallel_tool_calls=allow_parallel_tool_calls,
            tool_required=tool_required,
            **kwargs,
        )

    @property
    def _caller(self) -> FunctionCallingLLM:
        if not isinstance(self.llm, FunctionCallingLLM):
            raise UnsuitableModelError(
                f"{self.llm.class_name()} calls no functions: wrap a model that does"
            )
        return self.llm

    def _wants_structure(self, parameters: Mapping[str, Any]) -> bool:
        """Whether a call, or the wrapped model's own settings, ask for more than text."""
        own = getattr(self.llm, "additional_kwargs", None)
        return requests_structure({**(own or {}), **parameters})
