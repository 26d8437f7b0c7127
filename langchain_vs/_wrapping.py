"""`WrappingChatModel`: what a chat model around another one passes on to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from langchain_core.language_models import (
    BaseChatModel,
    BaseLanguageModel,
    LangSmithParams,
    LanguageModelInput,
)
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.base import RunnableBindingBase
from langchain_core.runnables.utils import ConfigurableFieldSpec, get_unique_config_specs
from langchain_core.tools import BaseTool
from pydantic import BaseModel, Field, model_validator

from langchain_vs._model import Model
from vs_core.adapters import requests_structure


class WrappingChatModel(BaseChatModel):
    """A chat model around another: passes on tools, schemas, parameters and questions about it.

    Attributes:
        llm: Any chat model, or any Runnable or function from messages to a message or a string; or
            a name such as `openai:gpt-4o-mini`, as `init_chat_model` takes it.
        temperature: Sampling temperature for the wrapped model; None leaves its own.
        max_tokens: Length limit in tokens of each of its replies; None leaves its own.
        stop: Stop sequences for it; those of a call go first.
    """

    llm: Model
    temperature: float | None = None
    max_tokens: int | None = Field(default=None, ge=1)
    stop: list[str] | None = None

    @model_validator(mode="after")
    def _take_profile(self) -> WrappingChatModel:
        if self.profile is None and isinstance(model := self._wrapped[0], BaseChatModel):
            self.profile = model.profile
        return self

    @property
    def config_specs(self) -> list[ConfigurableFieldSpec]:
        """What can be configured at run time, the inner model's fields included."""
        return get_unique_config_specs([*super().config_specs, *self.llm.config_specs])

    def get_token_ids(self, text: str) -> list[int]:
        """As the wrapped model counts them.

        Args:
            text: The text.
        """
        model = self._wrapped[0]
        if isinstance(model, BaseLanguageModel):
            return model.get_token_ids(text)
        return super().get_token_ids(text)

    def get_num_tokens_from_messages(
        self, messages: list[BaseMessage], tools: Sequence[Any] | None = None
    ) -> int:
        """As the wrapped model counts them.

        Args:
            messages: The messages.
            tools: The tools sent with them.
        """
        model = self._wrapped[0]
        if isinstance(model, BaseLanguageModel):
            return model.get_num_tokens_from_messages(messages, tools)
        return super().get_num_tokens_from_messages(messages, tools)

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: Any = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The wrapped model with the tools bound, and the callbacks, tags and metadata given here.

        Args:
            tools: As the wrapped model takes them.
            tool_choice: Likewise.
            **kwargs: Likewise.

        Raises:
            NotImplementedError: The wrapped model binds no tools.
        """
        if tool_choice is not None:
            kwargs["tool_choice"] = tool_choice
        bound = self._method("bind_tools")(tools, **kwargs)
        return cast("Runnable[LanguageModelInput, AIMessage]", self._observed(bound))

    def with_structured_output(
        self, schema: dict[str, Any] | type, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[LanguageModelInput, dict[str, Any] | BaseModel]:
        """The wrapped model with the schema bound, and what `bind_tools` keeps.

        Args:
            schema: As the wrapped model takes it.
            include_raw: Likewise.
            **kwargs: Likewise.

        Raises:
            NotImplementedError: The wrapped model gives no structured output.
        """
        structured = self._method("with_structured_output")(
            schema, include_raw=include_raw, **kwargs
        )
        return cast(
            "Runnable[LanguageModelInput, dict[str, Any] | BaseModel]", self._observed(structured)
        )

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> LangSmithParams:
        model, bound = self._wrapped
        if not isinstance(model, BaseChatModel):
            return super()._get_ls_params(stop=stop or self.stop, **kwargs)
        request = self._request(stop, {**bound, **kwargs})
        return model._get_ls_params(**request)  # noqa: SLF001  # the model that answers tells

    @property
    def _wrapped(self) -> tuple[Runnable[Any, Any], dict[str, Any]]:
        """The model itself, out of its bindings, and the parameters bound to it."""
        model: Runnable[Any, Any] = self.llm
        bound: dict[str, Any] = {}
        while isinstance(model, RunnableBindingBase):
            bound = {**model.kwargs, **bound}
            model = model.bound
        return model, bound

    def _method(self, name: str) -> Callable[..., Any]:
        method = getattr(self.llm, name, None)
        if method is None:
            raise NotImplementedError(
                f"{type(self.llm).__name__} has no {name}(): wrap the chat model itself, and put "
                "with_retry() or with_fallbacks() around what is bound"
            )
        return cast("Callable[..., Any]", method)

    def _observed(self, model: Runnable[Any, Any]) -> Runnable[Any, Any]:
        """What answers in this model's place, with the callbacks, tags and metadata given here."""
        own = {"callbacks": self.callbacks, "tags": self.tags, "metadata": self.metadata}
        given = cast("RunnableConfig", {name: value for name, value in own.items() if value})
        return model.with_config(given) if given else model

    def _wants_structure(self, kwargs: Mapping[str, Any]) -> bool:
        """Whether a call, or what is bound to the model, asks for tools or structured output."""
        return requests_structure({**self._wrapped[1], **kwargs})

    def _request(self, stop: list[str] | None, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters for one call of the wrapped model."""
        named = {"temperature": self.temperature, "max_tokens": self.max_tokens}
        own = {name: value for name, value in named.items() if value is not None}
        # Whether the answer is streamed says nothing about how the model is to be asked.
        asked = {name: value for name, value in kwargs.items() if name != "stream"}
        return with_stop(stop or self.stop, {**own, **asked})


def with_stop(stop: list[str] | None, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a call, with its stop sequences if it has any.

    Args:
        stop: The stop sequences; a model made of a plain function need not know of them.
        kwargs: The other parameters.
    """
    return {**kwargs, "stop": stop} if stop else dict(kwargs)
