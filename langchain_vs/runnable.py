"""`VerbalizedSamplingRunnable`: one exchange with any model, as a step of a chain."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from langchain_core.callbacks import (
    AsyncCallbackManagerForChainRun,
    CallbackManagerForChainRun,
)
from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableConfig, RunnableSerializable
from langchain_core.runnables.utils import ConfigurableFieldSpec, get_unique_config_specs
from pydantic import ConfigDict, model_validator
from typing_extensions import Self, Unpack

from langchain_vs._composing import GivesDistributions
from langchain_vs._convert import LangChainDialect, with_replica
from langchain_vs._leading import LeadingSettings
from langchain_vs._loadable import Loadable
from langchain_vs._model import Askable, Model
from langchain_vs._reading import ReplyReading
from langchain_vs._shaping import require_shapeable, settled, shaped_by_provider
from langchain_vs._streams import AUntilEnough, aclosed_after, closed_after, until_enough
from langchain_vs.errors import as_langchain_error
from langchain_vs.prompt import VerbalizedSamplingPrompt
from vs_core import PromptSettings, VerbalizedDistribution
from vs_core.adapters import (
    Ask,
    AsyncStream,
    Delivery,
    ExchangeOptions,
    ExchangeSettings,
    aside_by_side,
    exchange,
    side_by_side,
)

Distribution = VerbalizedDistribution[Any]
Round = tuple[Ask[BaseMessage], ...]
Rounds = Iterator[Round]


class RunnableOptions(ExchangeOptions, total=False):
    """What `VerbalizedSamplingRunnable` takes besides the model."""

    name: str | None


class VerbalizedSamplingRunnable(
    GivesDistributions,
    LeadingSettings,
    Loadable,
    RunnableSerializable[LanguageModelInput, Distribution],
    ExchangeSettings,
):
    """Asks a model for several answers with their probabilities: a distribution.

    Drops into a chain with `|` where the model would stand. Whatever the model writes is read:
    tags, JSON, lists; too few candidates are topped up, an unreadable reply is asked for once
    more. Streaming gives each candidate as it is finished; the chunks add up to what `invoke`
    returns.

    Attributes:
        llm: Any chat model, or any Runnable or function from messages to a message or a string, so
            that `.bind(...)`, `.with_retry()` and `.with_fallbacks([...])` work; or a name such as
            `openai:gpt-4o-mini`, as `init_chat_model` takes it. It may be given without its name.
            The other settings are those of `vs_core.ExchangeSettings`.

    Raises:
        PromptError: When invoked with an empty prompt, None, or a dict.
        VerbalizedSamplingParserError: When no reply could be read; `llm_output` has the last one.
        VerbalizedSamplingRefusalError: When the provider reports that the model refused.
        UnexpectedToolCallError: When the model called a tool that is bound to it.

    Example:
        >>> from langchain_vs import SampleCandidate, SimulatedChatModel, VerbalizedSamplingRunnable
        >>> vs = VerbalizedSamplingRunnable(llm=SimulatedChatModel(seed=7), k=3)
        >>> distribution = vs.invoke("Tell me a joke about coffee")
        >>> len(distribution), round(sum(distribution.probabilities), 6)
        (3, 1.0)
        >>> joke = (vs | SampleCandidate()).invoke("Tell me a joke about coffee")
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    _leading: ClassVar[tuple[str, ...]] = ("llm",)

    llm: Model

    if TYPE_CHECKING:

        def __init__(self, llm: Askable, **settings: Unpack[RunnableOptions]) -> None: ...

    @model_validator(mode="after")
    def _model_can_shape_replies(self) -> Self:
        require_shapeable(self.llm, self)
        return self

    @property
    def OutputType(self) -> type[Distribution]:  # noqa: N802  # LangChain's name
        """A distribution, of the `value_schema` if there is one."""
        if self.value_schema is None:
            return VerbalizedDistribution
        return cast(
            "type[Distribution]", VerbalizedDistribution.__class_getitem__(self.value_schema)
        )

    @property
    def config_specs(self) -> list[ConfigurableFieldSpec]:
        """What can be configured at run time, the inner model's fields included."""
        return get_unique_config_specs([*super().config_specs, *self.llm.config_specs])

    def invoke(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Distribution:
        """Ask, and return the distribution.

        Args:
            input: A string, messages, or a prompt value.
            config: As for any Runnable.
            **kwargs: Passed on to the model.
        """
        return self._call_with_config(self._collect, input, config, **kwargs)

    async def ainvoke(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Distribution:
        """Ask without blocking; otherwise as `invoke`."""
        return await self._acall_with_config(self._acollect, input, config, **kwargs)

    def stream(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[Distribution]:
        """Ask, and give each candidate as it is finished.

        Yields:
            Distributions of the candidates just finished. They add up to what `invoke` returns;
            the last of each reply carries its cost and may have no candidate.
        """
        yield from self._transform_stream_with_config(
            iter([input]), self._stream_candidates, config, **kwargs
        )

    async def astream(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[Distribution]:
        """As `stream`, without blocking."""
        chunks = self._atransform_stream_with_config(
            _alone(input), self._astream_candidates, config, **kwargs
        )
        async with aclosed_after(chunks) as found:
            async for chunk in found:
                yield chunk

    def _collect(
        self,
        prompt: LanguageModelInput,
        run_manager: CallbackManagerForChainRun,
        config: RunnableConfig,
        **kwargs: Any,
    ) -> Distribution:
        collected: Distribution = VerbalizedDistribution()
        config, settings = self._labelled(config), settled(self, self.llm, config)
        messages = _prompt(settings).invoke(prompt, config).to_messages()
        with as_langchain_error():
            for asks in self._rounds(prompt, messages, settings):
                model = shaped_by_provider(self.llm, settings, asks[0].wanted)
                replies = _replies(model, asks, config, **kwargs)
                for ask, reply in zip(asks, replies, strict=True):
                    collected += ReplyReading(ask).invoke(reply, config)
        return collected

    async def _acollect(
        self,
        prompt: LanguageModelInput,
        run_manager: AsyncCallbackManagerForChainRun,
        config: RunnableConfig,
        **kwargs: Any,
    ) -> Distribution:
        collected: Distribution = VerbalizedDistribution()
        config, settings = self._labelled(config), settled(self, self.llm, config)
        messages = (await _prompt(settings).ainvoke(prompt, config)).to_messages()
        with as_langchain_error():
            for asks in self._rounds(prompt, messages, settings):
                model = shaped_by_provider(self.llm, settings, asks[0].wanted)
                replies = await _areplies(model, asks, config, **kwargs)
                for ask, reply in zip(asks, replies, strict=True):
                    collected += await ReplyReading(ask).ainvoke(reply, config)
        return collected

    def _stream_candidates(
        self,
        prompts: Iterator[LanguageModelInput],
        run_manager: CallbackManagerForChainRun,
        config: RunnableConfig,
        **kwargs: Any,
    ) -> Iterator[Distribution]:
        config, settings = self._labelled(config), settled(self, self.llm, config)
        prompt = next(prompts)
        messages = _prompt(settings).invoke(prompt, config).to_messages()
        delivery, workers = Delivery(), config.get("max_concurrency")
        with as_langchain_error():
            for asks in self._rounds(prompt, messages, settings):
                model = shaped_by_provider(self.llm, settings, asks[0].wanted)
                openers = [partial(model.stream, i, config, **kwargs) for i in _inputs(asks)]
                with side_by_side(openers, workers) as streams:
                    for ask, stream in zip(asks, streams, strict=True):
                        with closed_after(stream):
                            chunks = until_enough(stream, ask)
                            for found in ReplyReading(ask).transform(chunks, config):
                                yield from delivery.of(found)

    async def _astream_candidates(
        self,
        prompts: AsyncIterator[LanguageModelInput],
        run_manager: AsyncCallbackManagerForChainRun,
        config: RunnableConfig,
        **kwargs: Any,
    ) -> AsyncIterator[Distribution]:
        config, settings = self._labelled(config), settled(self, self.llm, config)
        prompt = await anext(prompts)
        messages = (await _prompt(settings).ainvoke(prompt, config)).to_messages()
        delivery, workers = Delivery(), config.get("max_concurrency")
        with as_langchain_error():
            for asks in self._rounds(prompt, messages, settings):
                model = shaped_by_provider(self.llm, settings, asks[0].wanted)
                openers = [partial(model.astream, i, config, **kwargs) for i in _inputs(asks)]
                async with aside_by_side(openers, workers) as streams:
                    for ask, stream in zip(asks, streams, strict=True):
                        async for found in _aread(ask, stream, config):
                            for chunk in delivery.of(found):
                                yield chunk

    def _rounds(
        self,
        prompt: LanguageModelInput,  # for whoever asks for something of it
        messages: Sequence[BaseMessage],
        settings: ExchangeSettings,
    ) -> Rounds:
        """The calls to make; what is asked for may be less than all that a model writes."""
        return exchange(messages, settings, LangChainDialect())

    def _labelled(self, config: RunnableConfig) -> RunnableConfig:
        asked = {"vs_method": self.method, "vs_k": self.k}
        return {**config, "metadata": {**config.get("metadata", {}), **asked}}


def _prompt(settings: PromptSettings) -> VerbalizedSamplingPrompt:
    return VerbalizedSamplingPrompt(
        **{name: getattr(settings, name) for name in PromptSettings.model_fields}
    )


async def _aread(
    ask: Ask[BaseMessage], stream: AsyncStream[Any], config: RunnableConfig
) -> AsyncIterator[Distribution]:
    async with (
        aclosed_after(stream) as lent,
        aclosed_after(ReplyReading(ask).atransform(AUntilEnough(lent, ask), config)) as found,
    ):
        async for candidates in found:
            yield candidates


def _replies(
    model: Runnable[LanguageModelInput, Any],
    asks: Round,
    config: RunnableConfig,
    /,  # a call may set `model` itself
    **kwargs: Any,
) -> list[Any]:
    if len(asks) > 1:
        return model.batch(_inputs(asks), config, return_exceptions=True, **kwargs)
    try:
        return [model.invoke(_inputs(asks)[0], config, **kwargs)]
    except Exception as error:  # noqa: BLE001  # the exchange decides what follows
        return [error]


async def _areplies(
    model: Runnable[LanguageModelInput, Any],
    asks: Round,
    config: RunnableConfig,
    /,  # a call may set `model` itself
    **kwargs: Any,
) -> list[Any]:
    if len(asks) > 1:
        return await model.abatch(_inputs(asks), config, return_exceptions=True, **kwargs)
    try:
        return [await model.ainvoke(_inputs(asks)[0], config, **kwargs)]
    except Exception as error:  # noqa: BLE001  # the exchange decides what follows
        return [error]


def _inputs(asks: Round) -> list[LanguageModelInput]:
    return [with_replica(ask) for ask in asks]


async def _alone(prompt: LanguageModelInput) -> AsyncIterator[LanguageModelInput]:
    yield prompt
