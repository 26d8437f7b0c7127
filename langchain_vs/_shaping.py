"""Models whose provider shapes the reply, with all that is bound around them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, TypeVar, cast

from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableConfig, RunnableWithFallbacks
from langchain_core.runnables.base import RunnableBindingBase
from langchain_core.runnables.config import merge_configs
from langchain_core.runnables.configurable import DynamicRunnable

from langchain_vs._convert import with_calls_of_own_tool
from langchain_vs._length_limit import cut_off_reply
from langchain_vs._streams import aclosed_after, closed_after
from langchain_vs._telling import RAW, Model, Shape, Told, told
from vs_core import PromptSettings
from vs_core.adapters import Ask, reply_schema

S = TypeVar("S", bound=PromptSettings)


def shaped_by_provider(llm: Model, settings: PromptSettings, ask: Ask[BaseMessage]) -> Model:
    """The model, told to shape its reply as the settings say; itself if they say nothing.

    What is bound, retried or fallen back to stays: each model inside is told by itself, and what
    tells it comes before all that is bound.

    Args:
        llm: The model.
        settings: What is asked.
        ask: The call, which knows the shape.
    """
    if settings.shaping is None:
        return llm
    return _around_models(llm, Shape(settings.shaping, ask.schema))


def require_shapeable(llm: Model, settings: PromptSettings) -> None:
    """Refuse a model that has no way to shape its reply as the settings say.

    Raises:
        UnsuitableModelError: The message says what is missing.
    """
    if settings.shaping is not None:
        shape = Shape(settings.shaping, reply_schema(settings))
        for model in models_in(llm, RunnableConfig()):
            told(model, shape)


def settled(settings: S, llm: Model, config: RunnableConfig) -> S:
    """The settings with `structured_output="auto"` decided by what the profiles of the models say.

    Args:
        settings: What is asked.
        llm: The model.
        config: What it will be called with.
    """
    if settings.structured_output != "auto":
        return settings
    models = list(models_in(llm, config)) if settings.method != "direct" else []
    able = bool(models) and all(map(_enforces_schemas, models))
    return settings.model_copy(update={"structured_output": "json_schema" if able else None})


def _enforces_schemas(model: Model) -> bool:
    profile = model.profile if isinstance(model, BaseChatModel) else None
    return bool(profile and profile.get("structured_output"))


def models_in(llm: Model, config: RunnableConfig) -> Iterator[Model]:
    """The models that a call with this config may reach, as far as that is known."""
    if _is_made_by_init_chat_model(llm):
        try:
            model = _configured(llm, config)
        except (TypeError, ValueError, ImportError):
            return  # which model it will be is only told when it is called
        yield from models_in(model, config)
    elif isinstance(llm, RunnableBindingBase):
        yield from models_in(llm.bound, merge_configs(llm.config, config))
    elif isinstance(llm, RunnableWithFallbacks):
        for runnable in llm.runnables:
            yield from models_in(runnable, config)
    elif isinstance(llm, DynamicRunnable):
        yield from models_in(*llm.prepare(config))
    else:
        yield llm


def _around_models(llm: Model, shape: Shape) -> Model:
    """The same bindings, retries and fallbacks, around models that are told the shape."""
    if _is_made_by_init_chat_model(llm):
        return _ShapedModel(llm, shape)
    if isinstance(llm, RunnableBindingBase):
        return llm.model_copy(update={"bound": _around_models(llm.bound, shape)})
    if isinstance(llm, RunnableWithFallbacks):
        fallbacks = [_around_models(fallback, shape) for fallback in llm.fallbacks]
        update = {"runnable": _around_models(llm.runnable, shape), "fallbacks": fallbacks}
        return llm.model_copy(update=update)
    return _ShapedModel(llm, shape)


class _ShapedModel(Runnable[LanguageModelInput, Any]):
    """A model that is told the shape in each call, or whatever becomes one at run time.

    A reply that its library gives as an error about the length limit is a reply, so that no retry
    or fallback around it pays for it again.
    """

    def __init__(self, model: Model, shape: Shape) -> None:
        self._model = model
        self._shape = shape

    def invoke(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Any:
        called, config = self._called(config)
        try:
            reply = called.model.invoke(input, config, **{**kwargs, **called.parameters})
        except Exception as error:
            if (cut := cut_off_reply(error)) is None:
                raise
            return cut
        return _raw(reply, called)

    async def ainvoke(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Any:
        called, config = self._called(config)
        try:
            reply = await called.model.ainvoke(input, config, **{**kwargs, **called.parameters})
        except Exception as error:
            if (cut := cut_off_reply(error)) is None:
                raise
            return cut
        return _raw(reply, called)

    def stream(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[Any]:
        called, config = self._called(config)
        if called.structures:
            yield self.invoke(input, config, **kwargs)
            return
        chunks = called.model.stream(input, config, **{**kwargs, **called.parameters})
        received = False
        try:
            with closed_after(chunks):
                for chunk in chunks:
                    received = True
                    yield _raw(chunk, called)
        except Exception as error:
            if (cut := cut_off_reply(error, received=received)) is None:
                raise
            yield cut

    async def astream(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[Any]:
        called, config = self._called(config)
        if called.structures:
            yield await self.ainvoke(input, config, **kwargs)
            return
        chunks = called.model.astream(input, config, **{**kwargs, **called.parameters})
        received = False
        try:
            async with aclosed_after(chunks) as found:
                async for chunk in found:
                    received = True
                    yield _raw(chunk, called)
        except Exception as error:
            if (cut := cut_off_reply(error, received=received)) is None:
                raise
            yield cut

    def _called(self, config: RunnableConfig | None) -> tuple[Told, RunnableConfig | None]:
        model = self._model
        if _is_made_by_init_chat_model(model):
            model = _configured(model, config)
        elif isinstance(model, DynamicRunnable):
            model, config = model.prepare(config)
        if model is self._model:
            return told(model, self._shape), config
        return Told(_around_models(model, self._shape), {}), config


def _raw(reply: Any, called: Told) -> Any:
    if called.structures and isinstance(reply, Mapping):
        reply = reply.get(RAW, reply)
    # Where nothing shows which tool was offered, whatever the model calls is ours.
    if isinstance(reply, BaseMessage) and called.offers_unseen:
        return with_calls_of_own_tool(reply)
    return reply


def _is_made_by_init_chat_model(llm: Model) -> bool:
    # Asked first of all, since earlier versions of it make the model for any other question.
    return type(llm).__name__ == "_ConfigurableModel"


def _configured(llm: Model, config: RunnableConfig | None) -> Model:
    """The model that langchain's `init_chat_model(configurable_fields=...)` gives for a config.

    It has no public way to it, and its queue of methods would lose what is bound around it.
    """
    return cast("Model", llm._model(config))  # type: ignore[attr-defined]  # noqa: SLF001
