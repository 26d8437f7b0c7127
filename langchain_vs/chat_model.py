"""`ChatVerbalizedSampling`: a chat model that answers with one draw from a distribution."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from langchain_core.caches import BaseCache
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable, RunnableConfig
from pydantic import ConfigDict, Field, model_validator
from typing_extensions import Self

from langchain_vs._drawn import as_chunks, as_result, drawn_message, passed_message
from langchain_vs._following import CandidateListener, graph_writer
from langchain_vs._leading import LeadingSettings
from langchain_vs._loadable import Loadable
from langchain_vs._model import Askable
from langchain_vs._nesting import as_caller, called_by, caller_config, nested
from langchain_vs._streams import aclosed_after, closed_after
from langchain_vs._usage import UsageMeter
from langchain_vs._wrapping import WrappingChatModel, with_stop
from langchain_vs.runnable import VerbalizedSamplingRunnable
from vs_core import VerbalizedDistribution
from vs_core.adapters import DrawSettings, ExchangeSettings, exchange_options


class ChatVerbalizedSampling(
    LeadingSettings, Loadable, WrappingChatModel, ExchangeSettings, DrawSettings
):
    """A chat model around any other: it asks for a distribution and answers with one draw.

    For code that wants a chat model and nothing else. The answer is a plain `AIMessage`, with the
    reasoning that the wrapped model gave beside its reply, if one call was all it took;
    `response_metadata["verbalized_sampling"]` is the whole distribution as JSON
    (`VerbalizedDistribution.model_validate` reads it). A stream starts after the draw, because a
    draw needs the whole distribution.

    Tools: requests for tool calls or structured output go straight to the wrapped model;
    `bind_tools` and `with_structured_output` return the wrapped model's own, without the model
    parameters set here. In an agent with tools this model therefore changes nothing: use
    `VerbalizedSamplingMiddleware` there. For structured candidates see
    `VerbalizedSamplingRunnable`.

    Caching: `cache` is off here, as a draw answered from a cache would be the collapse again; the
    wrapped model keeps its cache, so a repeated question costs nothing and still draws afresh.

    Usage: this model's own run reports what a call cost, all calls of the wrapped model together,
    in `usage_metadata` of the message or of the last chunk, however it is called. The runs of the
    wrapped model are nested in it, tagged `nostream` (LangGraph's message stream leaves them out),
    and told without their usage to the handlers that this run has: whoever counts, counts once.
    Handlers of the wrapped model itself are told theirs. A request that goes to the wrapped model
    is a run of that model, with the callbacks, tags and metadata given here.

    Attributes:
        llm: Any chat model, or any Runnable or function from messages to a message or a string; or
            a name such as `openai:gpt-4o-mini`, as `init_chat_model` takes it. It may be given
            without its name. The settings of the exchange are those of
            `vs_core.adapters.ExchangeSettings`.
        select: `sample` draws in proportion to the probabilities, `best` takes the most probable.
        seed: None draws afresh on each call. A seed fixes the draw of *each call*, so that all
            inputs of a batch draw the same position. It is not sent to the wrapped model.
        uniform: Give every candidate the same chance.
        draw_temperature: Draw from p^(1/draw_temperature): below 1 sharper, above 1 flatter.
        temperature: Sampling temperature for the wrapped model; None leaves its own.
        max_tokens: Length limit in tokens of each of the wrapped model's replies, all candidates
            together; None leaves its own.
        stop: Stop sequences for the wrapped model; those of a call go first.
        stream_candidates: Inside a LangGraph graph, write each candidate to the custom stream as it
            is finished, as `{"verbalized_sampling": {"value": ..., "stated": ...}}`. The wrapped
            model is streamed for that; its cache and retries work as without, but a reply that is
            tried again may have shown some already. Outside of a graph it does nothing; in an
            asynchronous node of Python 3.10 the call must be given the node's config.
        streaming: True lets `invoke` report the answer to callbacks word by word. (What makes
            `stream` give it whole is LangChain's `disable_streaming`.)

    Raises:
        PromptError: When invoked with an empty prompt.
        VerbalizedSamplingParserError: When no reply could be read; `llm_output` has the last one.
        VerbalizedSamplingRefusalError: When the provider reports that the model refused.

    Example:
        >>> from langchain_vs import ChatVerbalizedSampling, SimulatedChatModel
        >>> model = ChatVerbalizedSampling(llm=SimulatedChatModel(seed=7), k=3)
        >>> message = model.invoke("Tell me a joke about coffee")
        >>> candidates = message.response_metadata["verbalized_sampling"]["candidates"]
        >>> message.content in [candidate["value"] for candidate in candidates]
        True
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    _leading: ClassVar[tuple[str, ...]] = ("llm",)

    if TYPE_CHECKING:

        def __init__(self, llm: Askable, **settings: Any) -> None: ...

    streaming: bool | None = None
    stream_candidates: bool = False
    cache: BaseCache | bool | None = Field(default=False, exclude=True)

    @model_validator(mode="after")
    def _settings_suit_the_model(self) -> Self:
        self._exchange()
        return self

    @property
    def _llm_type(self) -> str:
        return "verbalized-sampling"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        # Of the wrapped model only the kind: its parameters stand in its own run.
        kind = type(self._wrapped[0]).__name__
        settings = (*ExchangeSettings.model_fields, *DrawSettings.model_fields)
        names = (*settings, "temperature", "max_tokens")
        params = {"llm": kind, **{name: getattr(self, name) for name in names}}
        if self.value_schema is not None:
            params["value_schema"] = str(self.value_schema)
        return params

    def invoke(
        self,
        input: LanguageModelInput,
        config: RunnableConfig | None = None,
        *,
        stop: list[str] | None = None,
        **kwargs: Any,
    ) -> AIMessage:
        """Ask, draw, and answer with the candidate.

        Args:
            input: As for any chat model.
            config: Likewise.
            stop: Stop sequences for the wrapped model.
            **kwargs: Further parameters for the wrapped model.
        """
        if self._wants_structure(kwargs):
            return cast(
                "AIMessage",
                self._observed(self.llm).invoke(input, config, **with_stop(stop, kwargs)),
            )
        caller = as_caller(config)
        with called_by(caller):
            return super().invoke(input, caller, stop=stop, **kwargs)

    async def ainvoke(
        self,
        input: LanguageModelInput,
        config: RunnableConfig | None = None,
        *,
        stop: list[str] | None = None,
        **kwargs: Any,
    ) -> AIMessage:
        """As `invoke`, without blocking."""
        if self._wants_structure(kwargs):
            passed_on = self._observed(self.llm).ainvoke(input, config, **with_stop(stop, kwargs))
            return cast("AIMessage", await passed_on)
        caller = as_caller(config)
        with called_by(caller):
            return await super().ainvoke(input, caller, stop=stop, **kwargs)

    def stream(
        self,
        input: LanguageModelInput,
        config: RunnableConfig | None = None,
        *,
        stop: list[str] | None = None,
        **kwargs: Any,
    ) -> Iterator[AIMessageChunk]:
        """Ask, draw, and give the candidate word by word.

        Yields:
            Words; the last chunk has the distribution and the usage.
        """
        if self._wants_structure(kwargs):
            model = self._observed(self.llm)
            with closed_after(model.stream(input, config, **with_stop(stop, kwargs))) as chunks:
                yield from chunks
            return
        caller = as_caller(config)
        with closed_after(super().stream(input, caller, stop=stop, **kwargs)) as chunks:
            with called_by(caller):
                # All calls are made before the first word.
                first = next(chunks)
            yield first
            yield from chunks

    async def astream(
        self,
        input: LanguageModelInput,
        config: RunnableConfig | None = None,
        *,
        stop: list[str] | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[AIMessageChunk]:
        """As `stream`, without blocking."""
        if self._wants_structure(kwargs):
            passed_on = self._observed(self.llm).astream(input, config, **with_stop(stop, kwargs))
            async with aclosed_after(passed_on) as chunks:
                async for chunk in chunks:
                    yield chunk
            return
        caller = as_caller(config)
        async with aclosed_after(super().astream(input, caller, stop=stop, **kwargs)) as answer:
            with called_by(caller):
                first = await anext(answer)
            yield first
            async for chunk in answer:
                yield chunk

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        listener = self._listener(kwargs)
        with nested(run_manager, listener) as (config, meter):
            answer = self._asked(kwargs).invoke(messages, config, **self._request(stop, kwargs))
        return self._result(answer, meter, listener)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        listener = self._listener(kwargs)
        with nested(run_manager, listener) as (config, meter):
            request = self._request(stop, kwargs)
            answer = await self._asked(kwargs).ainvoke(messages, config, **request)
        return self._result(answer, meter, listener)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        yield from _generation_chunks(self._generate(messages, stop, run_manager, **kwargs))

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        result = await self._agenerate(messages, stop, run_manager, **kwargs)
        for chunk in _generation_chunks(result):
            yield chunk

    def _asked(self, kwargs: Mapping[str, Any]) -> Runnable[LanguageModelInput, Any]:
        return self.llm if self._wants_structure(kwargs) else self._exchange()

    def _exchange(self) -> VerbalizedSamplingRunnable:
        return VerbalizedSamplingRunnable(llm=self.llm, **exchange_options(self))

    def _listener(self, kwargs: Mapping[str, Any]) -> CandidateListener | None:
        if not self.stream_candidates or self._wants_structure(kwargs):
            return None
        write = graph_writer(caller_config())
        return None if write is None else CandidateListener(self, write)

    def _result(
        self, answer: Any, meter: UsageMeter, listener: CandidateListener | None
    ) -> ChatResult:
        if isinstance(answer, VerbalizedDistribution):
            if listener is not None:
                listener.show_rest(answer)
            drawn = drawn_message(self.draw(answer), answer, meter.usage, meter.replies)
            return as_result(drawn)
        return as_result(passed_message(answer, meter.usage))


def _generation_chunks(result: ChatResult) -> Iterator[ChatGenerationChunk]:
    for chunk in as_chunks(cast("AIMessage", result.generations[0].message)):
        yield ChatGenerationChunk(message=chunk)
