"""`VerbalizedSamplingLLM`: a model that answers with one draw from a distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.llms.generic_utils import (
    astream_chat_response_to_completion_response,
    chat_response_to_completion_response,
    prompt_to_messages,
    stream_chat_response_to_completion_response,
)
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseAsyncGen,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseAsyncGen,
    CompletionResponseGen,
    LLMMetadata,
)
from llama_index_instrumentation import get_dispatcher
from pydantic import ConfigDict, Field, model_validator
from typing_extensions import Self

from llamaindex_vs.asking.asked_model import AskedModel
from llamaindex_vs.asking.exchange import arun_exchange, run_exchange
from llamaindex_vs.asking.instruction_tokens import instruction_tokens
from llamaindex_vs.asking.messages import to_messages
from llamaindex_vs.asking.replies import text_of
from llamaindex_vs.asking.shaping import require_shapeable
from llamaindex_vs.events import VerbalizedSamplingEvent
from llamaindex_vs.model.drawn import as_async_stream, as_stream, drawn_response
from llamaindex_vs.model.wrapping import WrappingLLM
from llamaindex_vs.output_parser import VerbalizedSamplingOutputParser
from vs_core import VerbalizedDistribution
from vs_core.adapters import DrawSettings, ExchangeSettings

_dispatcher = get_dispatcher(__name__)


class VerbalizedSamplingLLM(WrappingLLM, ExchangeSettings, DrawSettings):
    """A model around any other: it asks for a distribution and answers with one draw.

    For code that wants a model and nothing else, response synthesizers above all:
    `index.as_query_engine(llm=VerbalizedSamplingLLM(llm=...))` answers the same question
    differently each time. Mind that it randomises *whatever* uses it: as `Settings.llm` it would
    also write the queries, judge the nodes and extract the titles by chance, and as the model of
    `index.as_chat_engine()` it would condense follow-up questions by chance, so that each search
    is a draw too (`VerbalizedSamplingChatEngine` keeps the two apart). `VerbalizedSampler` and
    the other components of this package unwrap it and ask the model itself.

    The answer is a plain message of the assistant; `response.raw["verbalized_sampling"]` is the
    whole distribution as JSON (`VerbalizedDistribution.model_validate` reads it). Where LlamaIndex
    drops the response and keeps its text, the `VerbalizedSamplingEvent` still carries it. A
    stream starts after the draw, because a draw needs the whole distribution; its last item has
    `raw`.

    Tools: calls with tools or with a response format, and structured predictions, go to the
    wrapped model untouched. In a `FunctionAgent` with tools this model therefore changes nothing.
    A `ReActAgent` describes its tools in the prompt, so that each of its steps (a thought with a
    tool call, or with the answer) is a draw from several; `select="best"` takes the most probable
    step. The model must then keep to two notations at once: where it does not, give the agent the
    model itself.

    LlamaIndex's own settings of a model (`system_prompt`, `output_parser`, `callback_manager`,
    ...) are those of the wrapped one, and each is applied once. So are its `metadata`, less the
    room that the instruction takes, and except that this one always takes messages: a model for
    completion gets them through its `messages_to_prompt`, the prompt of a `complete` call too.

    Usage: the wrapped model's calls are reported to callbacks and as events, by the wrapped model.
    A call of this model is no further call of a model and reports none, so that nothing is counted
    twice; the response returned has the sum in `raw["usage"]`.

    A dump (`to_dict`, `to_json`) tells which model is wrapped: its class, its name, its sampling
    settings and a digest of its other fields, never a key. So the cache of an `IngestionPipeline`
    keeps models apart, and knows one that is made anew. What a function or another object in a
    field does counts as far as it can be read off. The model itself does not come back from a
    dump: `VerbalizedSamplingLLM.from_dict(dump, llm=...)`.

    Attributes:
        llm: The model to ask, for chat or for completion. It must be given: `Settings.llm` may be
            this model itself. Another `VerbalizedSamplingLLM` is unwrapped. The settings of the
            exchange are those of `vs_core.adapters.ExchangeSettings`.
        select: `sample` draws in proportion to the probabilities, `best` takes the most probable.
        seed: None draws afresh on each call; a seed fixes the draw of *each call*. It is not sent
            to the wrapped model.
        uniform: Give every candidate the same chance.
        draw_temperature: Draw from p^(1/draw_temperature): below 1 sharper, above 1 flatter.
        num_workers: Most calls at a time, where calls do not depend on each other (`direct`, and
            `split="parallel"`).

    Raises:
        PromptError: When called with an empty prompt.
        VerbalizedSamplingParserError: When no reply could be read; `reply` has the last one.
        UnsuitableModelError: When called with tools, and the wrapped model calls no functions.

    Example:
        >>> from llamaindex_vs import SimulatedLLM, VerbalizedSamplingLLM
        >>> llm = VerbalizedSamplingLLM(llm=SimulatedLLM(seed=7), k=3)
        >>> response = llm.complete("Tell me a joke about coffee")
        >>> candidates = response.raw["verbalized_sampling"]["candidates"]
        >>> response.text in [candidate["value"] for candidate in candidates]
        True
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    num_workers: int = Field(default=4, ge=1)

    @model_validator(mode="after")
    def _settings_suit_the_model(self) -> Self:
        require_shapeable(self.llm, self)
        if isinstance(self.output_parser, VerbalizedSamplingOutputParser):
            raise ValueError(  # noqa: TRY004  # pydantic turns a ValueError into its own
                "the wrapped model has a VerbalizedSamplingOutputParser, so that a distribution "
                "would be asked for within each candidate: remove its output_parser"
            )
        return self

    @classmethod
    def class_name(cls) -> str:
        """The model's name in LlamaIndex."""
        return "VerbalizedSamplingLLM"

    @property
    def metadata(self) -> LLMMetadata:
        """The wrapped model's, less the room that the instruction takes.

        Whatever the wrapped model takes, this one takes messages.
        """
        wrapped = self.llm.metadata
        room = wrapped.context_window - instruction_tokens(self)
        return wrapped.model_copy(update={"is_chat_model": True, "context_window": room})

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """Ask, draw, and answer with the candidate.

        Args:
            messages: As for any model.
            **kwargs: Passed on to the wrapped model.
        """
        if self._wants_structure(kwargs):
            return self.llm.chat(messages, **kwargs)
        return self._answer(messages, kwargs)

    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """As `chat`, without blocking."""
        if self._wants_structure(kwargs):
            return await self.llm.achat(messages, **kwargs)
        return await self._aanswer(messages, kwargs)

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """Ask and draw, then give the candidate word by word; the last item has `raw`.

        Args:
            messages: As for any model.
            **kwargs: Passed on to the wrapped model.
        """
        if self._wants_structure(kwargs):
            return self.llm.stream_chat(messages, **kwargs)
        return as_stream(self._answer(messages, kwargs))

    async def astream_chat(
        self, messages: Sequence[ChatMessage], **kwargs: Any
    ) -> ChatResponseAsyncGen:
        """As `stream_chat`, without blocking."""
        if self._wants_structure(kwargs):
            return await self.llm.astream_chat(messages, **kwargs)
        return as_async_stream(await self._aanswer(messages, kwargs))

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """As `chat` with one user message.

        Args:
            prompt: The message.
            formatted: Only passed on, with requests for structured output.
            **kwargs: Passed on to the wrapped model.
        """
        if self._wants_structure(kwargs):
            return self.llm.complete(prompt, formatted=formatted, **kwargs)
        return chat_response_to_completion_response(
            self._answer(prompt_to_messages(prompt), kwargs)
        )

    async def acomplete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponse:
        """As `complete`, without blocking."""
        if self._wants_structure(kwargs):
            return await self.llm.acomplete(prompt, formatted=formatted, **kwargs)
        return chat_response_to_completion_response(
            await self._aanswer(prompt_to_messages(prompt), kwargs)
        )

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        """As `stream_chat` with one user message.

        Args:
            prompt: The message.
            formatted: Only passed on, with requests for structured output.
            **kwargs: Passed on to the wrapped model.
        """
        if self._wants_structure(kwargs):
            return self.llm.stream_complete(prompt, formatted=formatted, **kwargs)
        return stream_chat_response_to_completion_response(
            as_stream(self._answer(prompt_to_messages(prompt), kwargs))
        )

    async def astream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseAsyncGen:
        """As `stream_complete`, without blocking."""
        if self._wants_structure(kwargs):
            return await self.llm.astream_complete(prompt, formatted=formatted, **kwargs)
        return astream_chat_response_to_completion_response(
            as_async_stream(await self._aanswer(prompt_to_messages(prompt), kwargs))
        )

    def _answer(self, messages: Sequence[ChatMessage], parameters: dict[str, Any]) -> ChatResponse:
        prompt = to_messages(messages)
        model = AskedModel(self.llm, self, parameters)
        return self._drawn(prompt, run_exchange(model, prompt, self.num_workers))

    async def _aanswer(
        self, messages: Sequence[ChatMessage], parameters: dict[str, Any]
    ) -> ChatResponse:
        prompt = to_messages(messages)
        model = AskedModel(self.llm, self, parameters)
        return self._drawn(prompt, await arun_exchange(model, prompt, self.num_workers))

    def _drawn(
        self, prompt: Sequence[ChatMessage], distribution: VerbalizedDistribution[Any]
    ) -> ChatResponse:
        _dispatcher.event(
            VerbalizedSamplingEvent(
                component=self.class_name(),
                query=text_of(prompt[-1]),
                distribution=distribution,
            )
        )
        return drawn_response(self.draw(distribution), distribution)
