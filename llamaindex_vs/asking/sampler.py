"""`VerbalizedSampler`: one exchange with any LlamaIndex model."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import aclosing, closing
from os import PathLike
from typing import Any

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.llms.llm import LLM
from llama_index.core.prompts.mixin import PromptDictType, PromptMixin, PromptMixinType
from llama_index.core.schema import BaseComponent, QueryBundle
from llama_index_instrumentation import get_dispatcher
from pydantic import ConfigDict, Field, PrivateAttr, model_validator
from typing_extensions import Self, Unpack

from llamaindex_vs.asking.asked_model import AskedModel, resolve_llm, with_system_prompt
from llamaindex_vs.asking.exchange import (
    arun_exchange,
    astream_exchange,
    run_exchange,
    stream_exchange,
)
from llamaindex_vs.asking.instruction_template import INSTRUCTIONS, as_template, text_of_template
from llamaindex_vs.asking.messages import to_messages
from llamaindex_vs.asking.replies import text_of
from llamaindex_vs.asking.shaping import require_shapeable
from llamaindex_vs.asking.stream_span import StreamSpan
from llamaindex_vs.events import VerbalizedSamplingEvent
from llamaindex_vs.identity.identified_llm import IdentifiedLLM
from llamaindex_vs.pydantic_internals import PickledWhole
from vs_core import Preset, VerbalizedDistribution
from vs_core.adapters import ExchangeOptions, ExchangeSettings
from vs_core.adapters.retrieval import Objection, objections_to_rewrites

Distribution = VerbalizedDistribution[Any]
Prompt = str | QueryBundle | ChatMessage | Sequence[ChatMessage]

_dispatcher = get_dispatcher(__name__)


class SamplerOptions(ExchangeOptions, total=False):
    """What `VerbalizedSampler` takes besides the model."""

    num_workers: int


class VerbalizedSampler(PickledWhole, PromptMixin, BaseComponent, ExchangeSettings):
    """Asks a model for several answers with their probabilities: a distribution.

    Whatever the model writes is read: tags, JSON, lists; too few candidates are topped up, an
    unreadable reply is asked for once more. Streaming gives each candidate as it is finished; the
    chunks add up to what `run` returns. The whole distribution also goes out as a
    `VerbalizedSamplingEvent`.

    A dump (`to_dict`, `to_json`) tells which model is asked, and has neither the model nor its
    key: `VerbalizedSampler.from_dict(dump, llm=...)`.

    The settings are those of `vs_core.adapters.ExchangeSettings`. `structured_output` can be
    `function_calling`, for models that call functions, and `json_schema`, for chat models with
    OpenAI's interface.

    Attributes:
        llm: Any LlamaIndex model, for chat or for completion; None asks `Settings.llm` as it is
            at each call. A `VerbalizedSamplingLLM` is unwrapped.
        num_workers: Most calls at a time, where calls do not depend on each other (`direct`, and
            `split="parallel"`).

    Raises:
        PromptError: When run with an empty prompt, None, or something that is no prompt.
        UnsuitableModelError: When run with a `Settings.llm` that cannot do what the settings ask.
        VerbalizedSamplingParserError: When no reply could be read; `reply` has the last one.

    Example:
        >>> from llamaindex_vs import SimulatedLLM, VerbalizedSampler
        >>> sampler = VerbalizedSampler(llm=SimulatedLLM(seed=7), k=3)
        >>> distribution = sampler.run("Tell me a joke about coffee")
        >>> len(distribution), round(sum(distribution.probabilities), 6)
        (3, 1.0)
        >>> joke = distribution.sample().text
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    llm: IdentifiedLLM | None = Field(default=None, repr=False)
    num_workers: int = Field(default=4, ge=1)

    _asker: str | None = PrivateAttr(default=None)
    _rewrites: bool = PrivateAttr(default=False)

    @classmethod
    def from_preset(
        cls,
        preset: Preset | str | PathLike[str],
        llm: LLM | None = None,
        **settings: Unpack[SamplerOptions],
    ) -> Self:
        """A sampler with the settings of a preset.

        Args:
            preset: A `vs_core.Preset`, or the path of its file. Its model is not looked at.
            llm: As for the class.
            **settings: Further ones. They win over those of the preset.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is no preset, or its settings and the further ones do not agree.

        Example:
            >>> from llamaindex_vs import SimulatedLLM, VerbalizedSampler
            >>> from vs_core import Preset
            >>> preset = Preset(settings={"method": "cot", "k": 10})
            >>> sampler = VerbalizedSampler.from_preset(preset, SimulatedLLM(), k=3)
            >>> sampler.method, sampler.k
            ('cot', 3)
        """
        options: dict[str, Any] = {**Preset.of(preset).settings, **settings}
        return cls(llm=llm, **options)

    @model_validator(mode="after")
    def _model_can_shape_replies(self) -> Self:
        require_shapeable(self.llm and resolve_llm(self.llm), self)
        return self

    @classmethod
    def class_name(cls) -> str:
        """The component's name in LlamaIndex."""
        return "VerbalizedSampler"

    @_dispatcher.span
    def run(self, prompt: Prompt, **kwargs: Any) -> Distribution:
        """Ask, and return the distribution.

        Args:
            prompt: A string, a query bundle, a message, or messages.
            **kwargs: Passed on to the model.
        """
        model, messages = self._asked(prompt, kwargs)
        objection = self._objections_to(prompt)
        return self._told(prompt, run_exchange(model, messages, self.num_workers, objection))

    @_dispatcher.span
    async def arun(self, prompt: Prompt, **kwargs: Any) -> Distribution:
        """Ask without blocking; otherwise as `run`."""
        model, messages = self._asked(prompt, kwargs)
        objection = self._objections_to(prompt)
        return self._told(prompt, await arun_exchange(model, messages, self.num_workers, objection))

    def stream(self, prompt: Prompt, **kwargs: Any) -> Generator[Distribution, None, None]:
        """Ask, and give each candidate as it is finished.

        Args:
            prompt: A string, a query bundle, a message, or messages.
            **kwargs: Passed on to the model.

        Yields:
            Distributions of the candidates just finished. They add up to what `run` returns; the
            last of each reply carries its cost and may have no candidate.

        LlamaIndex's models report the cost of a stream only if their server is asked to; with
        OpenAI's that is `additional_kwargs={"stream_options": {"include_usage": True}}`. A stream
        left early closes the model's; the connection behind it may stay open until Python
        collects it, since those models leave that to the garbage collector.
        """
        span = StreamSpan(_dispatcher, self, "stream", prompt, **kwargs)
        return span.over(self._stream(prompt, kwargs))

    def astream(self, prompt: Prompt, **kwargs: Any) -> AsyncGenerator[Distribution, None]:
        """As `stream`, without blocking."""
        span = StreamSpan(_dispatcher, self, "astream", prompt, **kwargs)
        return span.aover(self._astream(prompt, kwargs))

    def _stream(
        self, prompt: Prompt, parameters: dict[str, Any]
    ) -> Generator[Distribution, None, None]:
        model, messages = self._asked(prompt, parameters)
        collected: Distribution = VerbalizedDistribution()
        with closing(stream_exchange(model, messages, self.num_workers)) as chunks:
            for chunk in chunks:
                collected += chunk
                yield chunk
        self._told(prompt, collected)

    async def _astream(
        self, prompt: Prompt, parameters: dict[str, Any]
    ) -> AsyncGenerator[Distribution, None]:
        model, messages = self._asked(prompt, parameters)
        collected: Distribution = VerbalizedDistribution()
        async with aclosing(astream_exchange(model, messages, self.num_workers)) as chunks:
            async for chunk in chunks:
                collected += chunk
                yield chunk
        self._told(prompt, collected)

    def _asked(
        self, prompt: Prompt, parameters: dict[str, Any]
    ) -> tuple[AskedModel, list[ChatMessage]]:
        messages, llm = to_messages(prompt), resolve_llm(self.llm)
        return AskedModel(llm, self, parameters), with_system_prompt(llm, messages)

    def _objections_to(self, prompt: Prompt) -> Objection | None:
        if not self._rewrites:
            return None
        return objections_to_rewrites(text_of(to_messages(prompt)[-1]), self)

    def _told(self, prompt: Prompt, distribution: Distribution) -> Distribution:
        _dispatcher.event(
            VerbalizedSamplingEvent(
                component=self._asker or self.class_name(),
                query=text_of(to_messages(prompt)[-1]),
                distribution=distribution,
            )
        )
        return distribution

    def _get_prompts(self) -> PromptDictType:
        return {INSTRUCTIONS: as_template(self.instructions or "")}

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _update_prompts(self, prompts_dict: PromptDictType) -> None:
        if INSTRUCTIONS in prompts_dict:
            self.instructions = text_of_template(prompts_dict[INSTRUCTIONS])


def sampler_for(
    component: str, llm: LLM | None, *, rewrites: bool = False, **options: Unpack[ExchangeOptions]
) -> VerbalizedSampler:
    """A sampler that asks on behalf of another component, whose name its events carry.

    Args:
        component: `class_name()` of the other component.
        llm: The model; see `VerbalizedSampler`.
        rewrites: Whether it is asked for rewrites of a query, of which some may be of no use.
        **options: The settings of the exchange.
    """
    sampler = VerbalizedSampler(llm=llm, **options)
    sampler._asker, sampler._rewrites = component, rewrites  # noqa: SLF001  # of this module
    return sampler
