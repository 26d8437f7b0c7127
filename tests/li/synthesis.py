"""What the tests of the synthesizer share: query engines over it, and ways to ask them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llama_index.core import PromptTemplate, VectorStoreIndex
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.base.response.schema import (
    RESPONSE_TYPE,
    AsyncStreamingResponse,
    PydanticResponse,
    Response,
    StreamingResponse,
)
from llama_index.core.indices.prompt_helper import PromptHelper
from llama_index.core.llms.callbacks import llm_chat_callback
from llama_index.core.schema import TextNode
from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.base import BaseEvent
from llama_index_instrumentation.event_handlers import BaseEventHandler
from pydantic import Field, PrivateAttr

from llamaindex_vs import VerbalizedSamplingSynthesizer
from tests.li.embeddings import WordEmbedding
from tests.li.models import ScriptedLLM
from tests.scenarios import QUESTION, xml
from vs_core import VerbalizedDistribution

TEXTS = ("Coffee is roasted.", "A joke has a punch line.")
LONG = [" ".join(f"{topic}{n}" for n in range(300)) for topic in ("ale", "bun", "cod", "dip")]
QA = PromptTemplate("CONTEXT {context_str} QUERY {query_str}")
REFINE = PromptTemplate("MORE {context_msg} QUERY {query_str} SO FAR {existing_answer}")
LIKELY = (
    "<response><text>one two  three</text><probability>0.9</probability></response>"
    "<response><text>never</text><probability>0.0</probability></response>"
)

Ask = Callable[[BaseQueryEngine, str], Awaitable[Response | PydanticResponse]]


def index_of(*texts: str) -> VectorStoreIndex:
    """An index whose nodes are named n0, n1, and so on, with their number as metadata."""
    nodes = [
        TextNode(
            id_=f"n{number}",
            text=text,
            metadata={"number": number},
            excluded_llm_metadata_keys=["number"],
        )
        for number, text in enumerate(texts)
    ]
    return VectorStoreIndex(nodes, embed_model=WordEmbedding())


def engine_over(synthesizer: VerbalizedSamplingSynthesizer, *texts: str) -> BaseQueryEngine:
    """A query engine that answers from all the texts."""
    texts = texts or TEXTS
    return index_of(*texts).as_query_engine(
        llm=ScriptedLLM(script=[]),  # never asked
        response_synthesizer=synthesizer,
        similarity_top_k=len(texts),
    )


def scripted(*script: Any, **settings: Any) -> tuple[ScriptedLLM, VerbalizedSamplingSynthesizer]:
    """A scripted model, and a synthesizer that asks it for two answers."""
    model = ScriptedLLM(script=list(script))
    return model, VerbalizedSamplingSynthesizer(model, **{"k": 2, **settings})


def small_helper(window: int = 1600) -> PromptHelper:
    """A context window so small that LONG takes three prompts."""
    return PromptHelper(context_window=window, num_output=50, chunk_overlap_ratio=0.0)


def refining(*script: Any, **settings: Any) -> tuple[ScriptedLLM, VerbalizedSamplingSynthesizer]:
    """As `scripted`, with short templates and a small context window."""
    defaults = {
        "text_qa_template": QA,
        "refine_template": REFINE,
        "prompt_helper": small_helper(),
    }
    return scripted(*script, **{**defaults, **settings})


async def by_query(engine: BaseQueryEngine, query: str = QUESTION) -> Response | PydanticResponse:
    return await read(engine.query(query))


async def by_aquery(engine: BaseQueryEngine, query: str = QUESTION) -> Response | PydanticResponse:
    return await read(await engine.aquery(query))


async def by_stream(engine: BaseQueryEngine, query: str = QUESTION) -> Response | PydanticResponse:
    with _streaming(engine):
        response = engine.query(query)
    assert isinstance(response, StreamingResponse)
    return await read(response)


async def by_astream(engine: BaseQueryEngine, query: str = QUESTION) -> Response | PydanticResponse:
    with _streaming(engine):
        response = await engine.aquery(query)
    assert isinstance(response, AsyncStreamingResponse)
    return await read(response)


@contextmanager
def _streaming(engine: Any) -> Iterator[None]:
    # As LlamaIndex's chat engines switch it on.
    engine._response_synthesizer._streaming = True
    yield
    engine._response_synthesizer._streaming = False


async def read(response: RESPONSE_TYPE) -> Response | PydanticResponse:
    """The whole response, if need be by reading its stream."""
    if isinstance(response, StreamingResponse):
        return response.get_response()
    if isinstance(response, AsyncStreamingResponse):
        return await response.get_response()
    return response


def distribution_of(response: Any) -> VerbalizedDistribution[Any]:
    return VerbalizedDistribution.model_validate(response.metadata["verbalized_sampling"])


class AnsweringLLM(ScriptedLLM):
    """Answers each query with two texts that name it, once so many calls are waiting.

    Attributes:
        together: Asynchronous calls that are answered together.
    """

    script: list[Any] = Field(default_factory=list, exclude=True, repr=False)
    together: int = 1

    _awaited: int = PrivateAttr(default=0)
    _all_here: asyncio.Event = PrivateAttr(default_factory=asyncio.Event)

    @property
    def awaited(self) -> int:
        """How many of the calls were asynchronous."""
        return self._awaited

    @llm_chat_callback()
    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        self._awaited += 1
        if self._awaited >= self.together:
            self._all_here.set()
        await asyncio.wait_for(self._all_here.wait(), timeout=5)
        return ChatResponse(message=self._next(messages, kwargs))

    def _next(self, messages: Sequence[ChatMessage], kwargs: dict[str, Any]) -> ChatMessage:
        self._calls.append(list(messages))
        found = re.search(r"^Query: (.*)$", messages[-1].content or "", re.MULTILINE)
        assert found is not None
        reply = xml(f"yes to {found[1]}", f"no to {found[1]}")
        return ChatMessage(role=MessageRole.ASSISTANT, content=reply)


@contextmanager
def events(*kinds: type[BaseEvent]) -> Iterator[list[Any]]:
    """The events of these kinds that are sent within the block."""
    sent: list[Any] = []

    class Recorder(BaseEventHandler):
        def handle(self, event: BaseEvent, **kwargs: Any) -> None:
            if isinstance(event, kinds):
                sent.append(event)

    handlers, recorder = get_dispatcher().event_handlers, Recorder()
    handlers.append(recorder)
    try:
        yield sent
    finally:
        handlers.remove(recorder)
