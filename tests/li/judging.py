"""A model that judges passages, and postprocessors that ask it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.llms.callbacks import llm_chat_callback
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers.no_text import NoText
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import Field

from llamaindex_vs import VerbalizedSamplingPostprocessor
from tests.li.embeddings import WordEmbedding
from tests.li.libraries import Crowd
from tests.li.models import ScriptedLLM

QUERY = "python"
ODDS = {"a": 0.2, "b": 0.6, "c": 0.05, "d": 0.0, "e": 0.15}

Rank = Callable[[BaseNodePostprocessor, list[NodeWithScore]], Awaitable[list[NodeWithScore]]]


async def _sync(ranker: BaseNodePostprocessor, nodes: list[NodeWithScore]) -> list[NodeWithScore]:
    return ranker.postprocess_nodes(nodes, QueryBundle(QUERY))


async def _async(ranker: BaseNodePostprocessor, nodes: list[NodeWithScore]) -> list[NodeWithScore]:
    return await ranker.apostprocess_nodes(nodes, QueryBundle(QUERY))


each_way = pytest.mark.parametrize("rank", [_sync, _async], ids=["sync", "async"])
"""Runs a test with `rank`, which postprocesses in either way."""


class JudgeLLM(ScriptedLLM):
    """States its odds for each passage that it is shown, by its text; leaves others out.

    Attributes:
        odds: What it states.
        failing: A text; a prompt that has it fails.
        mute: A text; a prompt that has it gets an answer that cannot be read.
        crowd: Counts the calls that are made at once.
    """

    script: list[Any] = Field(default_factory=list, exclude=True, repr=False)
    odds: dict[str, Any] = Field(default_factory=lambda: dict(ODDS))
    failing: str | None = None
    mute: str | None = None

    crowd: Crowd | None = Field(default=None, exclude=True, repr=False)

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        if self.crowd:
            self.crowd.work()
        return ChatResponse(message=self._next(messages, kwargs))

    @llm_chat_callback()
    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        if self.crowd:
            await self.crowd.awork()
        return ChatResponse(message=self._next(messages, kwargs))

    def _next(self, messages: Sequence[ChatMessage], kwargs: dict[str, Any]) -> ChatMessage:
        self._calls.append(list(messages))
        passages = passages_in(messages)
        if self.failing in passages.values():
            raise ConnectionError(f"no connection for {self.failing}")
        if self.mute in passages.values():
            return ChatMessage(role=MessageRole.ASSISTANT, content="I would rather not.")
        reply = stating(**{n: self.odds[text] for n, text in passages.items() if text in self.odds})
        return ChatMessage(role=MessageRole.ASSISTANT, content=reply)


def passages_in(messages: Sequence[ChatMessage]) -> dict[str, str]:
    """The passages of a prompt, by number."""
    prompt = "\n".join(message.content or "" for message in messages)
    found = re.findall(r'<passage number="(\d+)">\n(.*?)\n</passage>', prompt, re.DOTALL)
    return dict(found)


def stating(**numbers: Any) -> str:
    """A reply in the default layout; nothing at all for no number, as models do."""
    return "\n".join(
        f"<response><text>{label}</text><probability>{number}</probability></response>"
        for label, number in numbers.items()
    )


def judging(**settings: Any) -> VerbalizedSamplingPostprocessor:
    """A postprocessor that asks a `JudgeLLM`."""
    return VerbalizedSamplingPostprocessor(**{"llm": JudgeLLM(), **settings})


def nodes_of(*texts: str, score: float | None = None) -> list[NodeWithScore]:
    """Nodes whose ids are their texts in upper case."""
    return [NodeWithScore(node=TextNode(text=t, id_=t.upper()), score=score) for t in texts]


def scripted(*script: Any, **settings: Any) -> tuple[ScriptedLLM, VerbalizedSamplingPostprocessor]:
    """A scripted model, and a postprocessor that asks it about one batch at a time."""
    model = ScriptedLLM(script=list(script))
    return model, VerbalizedSamplingPostprocessor(llm=model, **{"num_workers": 1, **settings})


def engine_with(postprocessor: BaseNodePostprocessor, *texts: str) -> RetrieverQueryEngine:
    """A query engine that retrieves all the texts and returns what is left after postprocessing."""
    nodes = [TextNode(text=text, id_=text) for text in texts]
    index = VectorStoreIndex(nodes, embed_model=WordEmbedding())
    return RetrieverQueryEngine(
        index.as_retriever(similarity_top_k=len(texts)),
        response_synthesizer=NoText(llm=ScriptedLLM(script=[])),
        node_postprocessors=[postprocessor],
    )


def texts_of(nodes: Sequence[NodeWithScore]) -> str:
    """The texts in their order; those of these tests are single letters."""
    return "".join(node.node.get_content() for node in nodes)


def scores_of(nodes: Sequence[NodeWithScore]) -> dict[str, float | None]:
    return {node.node.get_content(): node.score for node in nodes}
