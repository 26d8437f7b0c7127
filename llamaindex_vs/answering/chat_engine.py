"""`VerbalizedSamplingChatEngine`: a chat whose answers are drawn, and whose searches are not."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.chat_engine import CondensePlusContextChatEngine
from llama_index.core.llms.llm import LLM
from llama_index.core.memory import BaseMemory
from llama_index.core.retrievers import BaseRetriever

from llamaindex_vs.answering.synthesizer import VerbalizedSamplingSynthesizer, for_chat
from llamaindex_vs.asking.asked_model import resolve_llm
from llamaindex_vs.model.llm import VerbalizedSamplingLLM
from vs_core.adapters import DrawSettings, exchange_options

_OPTIONS = frozenset(
    {
        "chat_history",
        "condense_prompt",
        "context_prompt",
        "context_refine_prompt",
        "memory",
        "node_postprocessors",
        "skip_condense",
        "system_prompt",
        "verbose",
    }
)
"""What `CondensePlusContextChatEngine.from_defaults` takes; all else it drops."""


class VerbalizedSamplingChatEngine(CondensePlusContextChatEngine):
    """Chats about what a retriever finds; each answer is one of several, drawn.

    LlamaIndex's `CondensePlusContextChatEngine`, which `index.as_chat_engine()` gives, has one
    model for two things: it condenses a follow-up question and the conversation to a question
    that can be searched for, and it answers. With a `VerbalizedSamplingLLM` both are drawn, the
    search too. Here they are apart: `llm` condenses, by a plain call, and `response_synthesizer`
    answers. The answer drawn is what the conversation goes on from.

    Each turn is one plain call, once there is something to condense, and one for the answer. A
    context longer than one prompt is refined as usual, by plain calls. LlamaIndex keeps the text
    of a response only; `VerbalizedSamplingEvent` carries the distribution.

    Args:
        retriever: What to search with.
        llm: Condenses the question. A `VerbalizedSamplingLLM` is unwrapped.
        memory: The conversation.
        *args: As for `CondensePlusContextChatEngine`.
        response_synthesizer: Answers, with templates that have the conversation in place of its
            own. None makes one around `llm`, with the settings of a `VerbalizedSamplingLLM` if it
            is one. One with `multimodal` is refused, as LlamaIndex's templates for messages have
            no place for a conversation.
        **kwargs: As for `CondensePlusContextChatEngine`.

    Raises:
        TypeError: When given another kind of synthesizer.
        ValueError: When given one with `multimodal`.

    Example:
        >>> from llama_index.core import Document, MockEmbedding, VectorStoreIndex
        >>> from llama_index.core.memory import ChatMemoryBuffer
        >>> from llamaindex_vs import (
        ...     SimulatedLLM, VerbalizedSamplingChatEngine, VerbalizedSamplingSynthesizer
        ... )
        >>> index = VectorStoreIndex.from_documents(
        ...     [Document(text="Beans are roasted.")], embed_model=MockEmbedding(8)
        ... )
        >>> llm = SimulatedLLM(seed=7)
        >>> engine = VerbalizedSamplingChatEngine.from_defaults(
        ...     index.as_retriever(),
        ...     llm=llm,
        ...     memory=ChatMemoryBuffer.from_defaults(token_limit=3000),
        ...     response_synthesizer=VerbalizedSamplingSynthesizer(llm, k=3),
        ... )
        >>> answer = str(engine.chat("Tell me a joke about coffee"))
        >>> [message.role.value for message in engine.chat_history]
        ['user', 'assistant']
    """

    def __init__(
        self,
        retriever: BaseRetriever,
        llm: LLM,
        memory: BaseMemory,
        *args: Any,
        response_synthesizer: VerbalizedSamplingSynthesizer | None = None,
        **kwargs: Any,
    ) -> None:
        self._response_synthesizer = _suitable(response_synthesizer or _synthesizer_of(llm))
        super().__init__(retriever, resolve_llm(llm), memory, *args, **kwargs)

    @classmethod
    def from_defaults(  # type: ignore[override]  # with settings of its own, and none dropped
        cls,
        retriever: BaseRetriever,
        llm: LLM | None = None,
        *,
        response_synthesizer: VerbalizedSamplingSynthesizer | None = None,
        **kwargs: Any,
    ) -> VerbalizedSamplingChatEngine:
        """Make one with LlamaIndex's defaults, its memory above all.

        Args:
            retriever: What to search with.
            llm: Condenses the question; None takes `Settings.llm` as it is now.
            response_synthesizer: Answers; see above.
            **kwargs: As for `CondensePlusContextChatEngine.from_defaults`.

        Raises:
            TypeError: When given something that it does not take.
        """
        if unknown := kwargs.keys() - _OPTIONS:
            raise TypeError(f"{cls.__name__} has no setting {', '.join(sorted(unknown))}")
        engine = super().from_defaults(retriever, llm, **kwargs)
        assert isinstance(engine, cls)  # noqa: S101  # which is what the base class calls
        if response_synthesizer is not None:
            engine._response_synthesizer = _suitable(response_synthesizer)  # noqa: SLF001  # its own
        return engine

    def _get_response_synthesizer(  # type: ignore[override]  # a synthesizer, if not a refining one
        self, chat_history: list[ChatMessage], streaming: bool = False
    ) -> VerbalizedSamplingSynthesizer:
        theirs = super()._get_response_synthesizer(chat_history, streaming)
        return for_chat(self._response_synthesizer, theirs.get_prompts(), streaming)


def _synthesizer_of(llm: LLM) -> VerbalizedSamplingSynthesizer:
    if not isinstance(llm, VerbalizedSamplingLLM):
        return VerbalizedSamplingSynthesizer(llm)
    drawing = {name: getattr(llm, name) for name in DrawSettings.model_fields}
    return VerbalizedSamplingSynthesizer(llm, **drawing, **exchange_options(llm))


def _suitable(synthesizer: Any) -> VerbalizedSamplingSynthesizer:
    if not isinstance(synthesizer, VerbalizedSamplingSynthesizer):
        raise TypeError(
            f"response_synthesizer is a {type(synthesizer).__name__}: give a "
            "VerbalizedSamplingSynthesizer, or none"
        )
    if synthesizer.multimodal:
        raise ValueError(
            "the response_synthesizer has multimodal=True, and LlamaIndex's templates for messages "
            "have no place for a conversation: give one without, or use its multi-modal chat engine"
        )
    return synthesizer
