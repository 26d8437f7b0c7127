"""`VerbalizedSamplingRunnable`: one exchange with any model, as a step of a chain."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, cast

from langchain_core.callbacks import (
    AsyncCallbackManagerForChainRun,
    CallbackManagerForChainRun,
)
from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import BaseMessage
from langchain_core.runnables import RunnableConfig, RunnableSerializable
from langchain_core.runnables.utils import ConfigurableFieldSpec, get_unique_config_specs
from pydantic import ConfigDict, model_validator
from typing_extensions import Self, Unpack

from langchain_vs._asked_model import AskedModel
from langchain_vs._composing import GivesDistributions
from langchain_vs._convert import LangChainDialect
from langchain_vs._leading import LeadingSettings
from langchain_vs._loadable import Loadable
from langchain_vs._model import Askable, Model
from langchain_vs._runs import arun_around, run_around
from langchain_vs._shaping import require_shapeable, settled
from langchain_vs._streams import aclosed_after
from vs_core import Preset, VerbalizedDistribution
from vs_core.adapters import ExchangeOptions, ExchangeSettings, Rounds, exchange

Distribution = VerbalizedDistribution[Any]


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
            The other settings are those of `vs_core.adapters.ExchangeSettings`.

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

    @classmethod
    def from_preset(
        cls, preset: Preset | str | PathLike[str], llm: Askable, **settings: Unpack[RunnableOptions]
    ) -> Self:
        """A runnable with the settings of a preset.

        Args:
            preset: A `vs_core.Preset`, or the path of its file. Its model is not looked at.
            llm: As for the class.
            **settings: Further ones. They win over those of the preset.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is no preset, or its settings and the further ones do not agree.

        Example:
            >>> from langchain_vs import SimulatedChatModel, VerbalizedSamplingRunnable
            >>> from vs_core import Preset
            >>> preset = Preset(settings={"method": "cot", "k": 10})
            >>> vs = VerbalizedSamplingRunnable.from_preset(preset, SimulatedChatModel(), k=3)
            >>> vs.method, vs.k
            ('cot', 3)
        """
        options: dict[str, Any] = {**Preset.of(preset).settings, **settings}
        return cls(llm=llm, **options)

    @model_validator(mode="after")
    def _model_can_shape_replies(self) -> Self:
        require_shapeable(self.llm, self)
        return self

    @property
    def OutputType(self) -> type[Distribution]:  # noqa: N802  # LangChain's name
        """A distribution, of the `value_schema` if that is a type."""
        if self.value_schema is None or isinstance(self.value_schema, Mapping):
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
        return run_around(partial(self._collect, **kwargs), input, config, name=self.get_name())

    async def ainvoke(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Distribution:
        """Ask without blocking; otherwise as `invoke`."""
        collect = partial(self._acollect, **kwargs)
        return await arun_around(collect, input, config, name=self.get_name())

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
        self, prompt: LanguageModelInput, config: RunnableConfig, /, **kwargs: Any
    ) -> Distribution:
        model = self._asked_model(config, kwargs)
        return model.run(self._rounds(prompt, model.opening(prompt), model.settings))

    async def _acollect(
        self, prompt: LanguageModelInput, config: RunnableConfig, /, **kwargs: Any
    ) -> Distribution:
        model = self._asked_model(config, kwargs)
        return await model.arun(self._rounds(prompt, await model.aopening(prompt), model.settings))

    def _stream_candidates(
        self,
        prompts: Iterator[LanguageModelInput],
        run_manager: CallbackManagerForChainRun,
        config: RunnableConfig,
        **kwargs: Any,
    ) -> Iterator[Distribution]:
        model, prompt = self._asked_model(config, kwargs), next(prompts)
        yield from model.stream(self._rounds(prompt, model.opening(prompt), model.settings))

    async def _astream_candidates(
        self,
        prompts: AsyncIterator[LanguageModelInput],
        run_manager: AsyncCallbackManagerForChainRun,
        config: RunnableConfig,
        **kwargs: Any,
    ) -> AsyncIterator[Distribution]:
        model, prompt = self._asked_model(config, kwargs), await anext(prompts)
        messages = await model.aopening(prompt)
        chunks = model.astream(self._rounds(prompt, messages, model.settings))
        async with aclosed_after(chunks) as found:
            async for chunk in found:
                yield chunk

    def _rounds(
        self,
        prompt: LanguageModelInput,  # for whoever asks for something of it
        messages: Sequence[BaseMessage],
        settings: ExchangeSettings,
    ) -> Rounds[BaseMessage]:
        """The calls to make; what is asked for may be less than all that a model writes."""
        return exchange(messages, settings, LangChainDialect())

    def _asked_model(self, config: RunnableConfig, parameters: Mapping[str, Any]) -> AskedModel:
        asked = {"vs_method": self.method, "vs_k": self.k}
        labelled: RunnableConfig = {**config, "metadata": {**config.get("metadata", {}), **asked}}
        settings = settled(self, self.llm, labelled)
        return AskedModel(self.llm, settings, labelled, parameters)


async def _alone(prompt: LanguageModelInput) -> AsyncIterator[LanguageModelInput]:
    yield prompt
