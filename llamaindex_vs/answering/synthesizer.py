"""`VerbalizedSamplingSynthesizer`: several answers from one retrieval, and one of them drawn."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.base.response.schema import RESPONSE_TYPE
from llama_index.core.callbacks.base import CallbackManager
from llama_index.core.indices.prompt_helper import PromptHelper
from llama_index.core.llms import MockLLM
from llama_index.core.llms.llm import LLM
from llama_index.core.prompts import BasePromptTemplate
from llama_index.core.prompts.default_prompt_selectors import (
    DEFAULT_REFINE_PROMPT_SEL,
    DEFAULT_TEXT_QA_PROMPT_SEL,
)
from llama_index.core.prompts.mixin import PromptDictType
from llama_index.core.response_synthesizers import BaseSynthesizer
from llama_index.core.schema import NodeWithScore
from llama_index.core.types import RESPONSE_TEXT_TYPE
from llama_index_instrumentation import get_dispatcher
from pydantic import BaseModel
from typing_extensions import Unpack

from llamaindex_vs.answering.answer import Answer, remembering
from llamaindex_vs.answering.answer_sampler import AnswerSampler
from llamaindex_vs.answering.context_prompts import ContextPrompts, Question
from llamaindex_vs.answering.core_version import require_core
from llamaindex_vs.answering.multimodal import message_templates, require_chat
from llamaindex_vs.answering.refinement import Refinement
from llamaindex_vs.asking.asked_model import resolve_llm
from llamaindex_vs.asking.sampler import sampler_for
from llamaindex_vs.asking.stream_span import StreamSpan
from llamaindex_vs.pydantic_internals import settings_of
from vs_core.adapters import DrawSettings, ExchangeOptions

if TYPE_CHECKING:
    from llama_index.core.indices.prompt_helper import ChatPromptHelper

_dispatcher = get_dispatcher(__name__)


class VerbalizedSamplingSynthesizer(BaseSynthesizer):
    """Asks for several answers from what was retrieved, and responds with one of them.

    `response.metadata["verbalized_sampling"]` is the whole distribution as JSON
    (`VerbalizedDistribution.model_validate` reads it), beside the metadata of the nodes; all its
    answers share `response.source_nodes`. A context longer than one prompt is refined as usual,
    by plain calls, and only the last call asks for a distribution.

    Streaming: nothing is asked until the stream is read. It starts after the draw, which needs
    the whole distribution, and gives the answer word by word; the metadata is there when it ends.

    Images: without `multimodal`, only the text of the nodes is sent, and their images are left
    out. With it, the nodes go to the model as messages, with all that LlamaIndex takes them to
    contain (`get_content_blocks`: of an `ImageNode` its metadata and its image).

    Typed answers: with a pydantic model as `value_schema` the response is a `PydanticResponse`;
    with any other type, or streaming, its text is JSON.

    Where LlamaIndex drops the metadata of responses (`SubQuestionQueryEngine`), each
    `VerbalizedSamplingEvent` still has a sub-question and its distribution. Where it copies them
    (a query engine as the object of an `IndexNode`: recursive retrieval), the distribution ends
    up in the metadata of a node, and thus in the text that the outer model reads: a node
    postprocessor can add "verbalized_sampling" to the node's `excluded_llm_metadata_keys`.

    Args:
        llm: Any LlamaIndex model; None asks `Settings.llm` as it is at each call. A
            `VerbalizedSamplingLLM` is unwrapped.
        select: `sample` draws in proportion to the probabilities, `best` takes the most probable.
        seed: None draws afresh for each query. A seed fixes the draw of *each* query.
        uniform: Give every answer the same chance.
        draw_temperature: Draw from p^(1/draw_temperature): below 1 sharper, above 1 flatter.
        text_qa_template: Has `context_str` and `query_str`; None takes LlamaIndex's.
        refine_template: Has `context_msg`, `query_str` and `existing_answer`; likewise.
        prompt_helper: Says how much fits into one prompt; room for the instruction is kept
            besides. Several answers are longer than one: mind its `num_output`.
        callback_manager: For LlamaIndex's callbacks.
        streaming: Respond with a stream.
        empty_response: The response if nothing was retrieved, in place of "Empty Response"; no
            model is asked then (llama-index-core 0.14.13 or newer).
        multimodal: Send images too, to a chat model that takes them. This and the following need
            llama-index-core 0.14.22 or newer.
        chat_prompt_helper: Says how much fits into one prompt with `multimodal`, in place of
            `prompt_helper`.
        chat_content_qa_template: With `multimodal`; has `context_messages` and `query_str`. None
            takes LlamaIndex's.
        chat_content_refine_template: With `multimodal`; has `context_messages`, `query_str` and
            `existing_answer`; likewise.
        **options: The settings of the exchange, as for `VerbalizedSampler`.

    Raises:
        PromptError: When asked an empty query.
        MissingExtraError: When given a setting that the installed llama-index-core does not have.
        UnsuitableModelError: When asked with a `Settings.llm` that cannot do what the settings ask,
            or with a context window that has no room for the instruction; when `multimodal` is
            asked of a model for completion.
        VerbalizedSamplingParserError: When no reply could be read; `reply` has the last one.

    Example:
        >>> from llama_index.core import Document, SummaryIndex
        >>> from llamaindex_vs import SimulatedLLM, VerbalizedSamplingSynthesizer
        >>> index = SummaryIndex.from_documents([Document(text="Beans are roasted, then ground.")])
        >>> synthesizer = VerbalizedSamplingSynthesizer(llm=SimulatedLLM(seed=7), k=3)
        >>> engine = index.as_query_engine(llm=SimulatedLLM(), response_synthesizer=synthesizer)
        >>> response = engine.query("Tell me a joke about coffee")
        >>> candidates = response.metadata["verbalized_sampling"]["candidates"]
        >>> str(response) in [candidate["value"] for candidate in candidates]
        True
    """

    def __init__(
        self,
        llm: LLM | None = None,
        *,
        select: Literal["sample", "best"] = "sample",
        seed: int | None = None,
        uniform: bool = False,
        draw_temperature: float = 1.0,
        text_qa_template: BasePromptTemplate | None = None,
        refine_template: BasePromptTemplate | None = None,
        prompt_helper: PromptHelper | None = None,
        callback_manager: CallbackManager | None = None,
        streaming: bool = False,
        empty_response: str | None = None,
        multimodal: bool = False,
        chat_prompt_helper: ChatPromptHelper | None = None,
        chat_content_qa_template: BasePromptTemplate | None = None,
        chat_content_refine_template: BasePromptTemplate | None = None,
        **options: Unpack[ExchangeOptions],
    ) -> None:
        with settings_of(self):
            self._answers = AnswerSampler(
                self.class_name(),
                sampler_for(self.class_name(), llm, **options),
                DrawSettings(
                    select=select, seed=seed, uniform=uniform, draw_temperature=draw_temperature
                ),
            )
        require_core(
            type(self).__name__,
            empty_response=empty_response,
            multimodal=multimodal,
            chat_prompt_helper=chat_prompt_helper,
            chat_content_qa_template=chat_content_qa_template,
            chat_content_refine_template=chat_content_refine_template,
        )
        self._prompts = ContextPrompts(
            text_qa_template=text_qa_template or DEFAULT_TEXT_QA_PROMPT_SEL,
            refine_template=refine_template or DEFAULT_REFINE_PROMPT_SEL,
            prompt_helper=prompt_helper,
            chat_prompt_helper=chat_prompt_helper,
        )
        newer: dict[str, Any] = {}
        if empty_response is not None:
            newer["empty_response"] = empty_response
        if multimodal:
            newer["multimodal"] = True
            templates = message_templates(chat_content_qa_template, chat_content_refine_template)
            self._prompts = replace(self._prompts, message_templates=templates)
            if llm is not None:
                require_chat(resolve_llm(llm))
        super().__init__(
            # The base class would take `Settings.llm` as it is now; the mock is never asked.
            llm=_mock(multimodal) if llm is None else resolve_llm(llm),
            callback_manager=callback_manager,
            prompt_helper=prompt_helper,
            streaming=streaming,
            output_cls=_pydantic_model(self._answers.sampler.value_schema),
            **newer,
        )

    @classmethod
    def class_name(cls) -> str:
        """The component's name in LlamaIndex."""
        return "VerbalizedSamplingSynthesizer"

    @property
    def multimodal(self) -> bool:
        """Whether the images of nodes are sent too."""
        return bool(self._prompts.message_templates)

    def get_response(
        self,
        query_str: str,
        text_chunks: Sequence[str],
        prev_response: str | None = None,
        **response_kwargs: Any,
    ) -> RESPONSE_TEXT_TYPE:
        """Answer from texts.

        Args:
            query_str: The question.
            text_chunks: The context.
            prev_response: An answer to refine.
            **response_kwargs: Further variables of the templates.

        Returns:
            The answer drawn; a generator of its words if `streaming`.
        """
        question = Question(query_str, prev_response, response_kwargs)
        refinement = self._refinement(question, text_chunks)
        return self._responded("get_response", query_str, text_chunks, refinement)

    async def aget_response(
        self,
        query_str: str,
        text_chunks: Sequence[str],
        prev_response: str | None = None,
        **response_kwargs: Any,
    ) -> RESPONSE_TEXT_TYPE:
        """As `get_response`, without blocking."""
        question = Question(query_str, prev_response, response_kwargs)
        refinement = self._refinement(question, text_chunks)
        return await self._aresponded("aget_response", query_str, text_chunks, refinement)

    @_dispatcher.span
    def get_response_from_messages(
        self,
        query_str: str,
        message_chunks: Sequence[ChatMessage],
        prev_response: str | None = None,
        **response_kwargs: Any,
    ) -> RESPONSE_TEXT_TYPE:
        """As `get_response`, from messages, which may have images in them."""
        question = Question(query_str, prev_response, response_kwargs)
        refinement = self._message_refinement(question, message_chunks)
        method = "get_response_from_messages"
        return self._responded(method, query_str, message_chunks, refinement)

    @_dispatcher.span
    async def aget_response_from_messages(
        self,
        query_str: str,
        message_chunks: Sequence[ChatMessage],
        prev_response: str | None = None,
        **response_kwargs: Any,
    ) -> RESPONSE_TEXT_TYPE:
        """As `get_response_from_messages`, without blocking."""
        question = Question(query_str, prev_response, response_kwargs)
        refinement = self._message_refinement(question, message_chunks)
        method = "aget_response_from_messages"
        return await self._aresponded(method, query_str, message_chunks, refinement)

    def _refinement(self, question: Question, chunks: Sequence[str]) -> Refinement:
        return self._prompts.of_texts(question, chunks, self._answers.llm(), self._answers.sampler)

    def _message_refinement(self, question: Question, chunks: Sequence[ChatMessage]) -> Refinement:
        llm, settings = self._answers.llm(), self._answers.sampler
        return self._prompts.of_messages(question, chunks, llm, settings)

    def _responded(
        self, method: str, query: str, chunks: Sequence[Any], refinement: Refinement
    ) -> RESPONSE_TEXT_TYPE:
        if not self._streaming:
            return self._answers.answer(query, refinement)
        span = StreamSpan(_dispatcher, self, method, query, chunks)
        return span.over(self._answers.stream(query, refinement))

    async def _aresponded(
        self, method: str, query: str, chunks: Sequence[Any], refinement: Refinement
    ) -> RESPONSE_TEXT_TYPE:
        if not self._streaming:
            return await self._answers.aanswer(query, refinement)
        span = StreamSpan(_dispatcher, self, method, query, chunks)
        return span.aover(self._answers.astream(query, refinement))

    def _prepare_response_output(
        self, response_str: RESPONSE_TEXT_TYPE | None, source_nodes: list[NodeWithScore]
    ) -> RESPONSE_TYPE:
        plain = response_str.plain if isinstance(response_str, Answer) else response_str
        response = super()._prepare_response_output(plain, source_nodes)
        return remembering(response, response_str)

    def _get_prompts(self) -> PromptDictType:
        return {**self._prompts.shown(), **self._answers.sampler.get_prompts()}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        self._prompts = self._prompts.updated(prompts)
        self._answers.sampler.update_prompts(prompts)


def _pydantic_model(schema: Any) -> type[BaseModel] | None:
    return schema if isinstance(schema, type) and issubclass(schema, BaseModel) else None


def _mock(multimodal: bool) -> MockLLM:
    return MockLLM(is_chat_model=True) if multimodal else MockLLM()


def for_chat(
    synthesizer: VerbalizedSamplingSynthesizer, prompts: PromptDictType, streaming: bool
) -> VerbalizedSamplingSynthesizer:
    """A copy that answers one turn of a conversation.

    Args:
        synthesizer: It stays as it is.
        prompts: Templates that have the conversation.
        streaming: Whether this turn is streamed.
    """
    answering = copy(synthesizer)
    answering.update_prompts(prompts)
    answering._streaming = streaming  # noqa: SLF001  # of this module
    return answering
