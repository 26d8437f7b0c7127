"""What a model did not answer is never an empty answer of an engine, nor an earlier one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.evaluation import FaithfulnessEvaluator, RelevancyEvaluator
from llama_index.core.schema import TextNode

from llamaindex_vs import VerbalizedSamplingLLM, VerbalizedSamplingParserError
from tests.every import for_every
from tests.li.chats import memory
from tests.li.embeddings import WordEmbedding
from tests.li.models import ScriptedLLM
from tests.scenarios import QUESTION, Said, xml
from vs_core import RefusalError, UnexpectedToolCallError
from vs_core.adapters import ToolCall

PLAIN = "Yes, espresso is brewed under pressure."
UNANSWERED: dict[str, tuple[Any, type[Exception]]] = {
    "unreadable": (PLAIN, VerbalizedSamplingParserError),
    "refused": (Said(refusal="I can't help with that."), RefusalError),
    "a tool call": (Said(calls=(ToolCall("search", "{}"),)), UnexpectedToolCallError),
}
MODES = ["compact", "refine", "tree_summarize", "simple_summarize", "accumulate"]
CHAT_MODES = ["context", "condense_plus_context", "simple"]

Ask = Callable[[VerbalizedSamplingLLM, str], str]


def engine_of(llm: VerbalizedSamplingLLM, mode: str, **settings: Any) -> Any:
    texts = ["Espresso is brewed under pressure.", "A joke has a punch line."]
    index = VectorStoreIndex([TextNode(text=t) for t in texts], embed_model=WordEmbedding())
    return index.as_query_engine(llm=llm, response_mode=mode, **settings)


def query(llm: VerbalizedSamplingLLM, mode: str) -> str:
    return str(engine_of(llm, mode).query(QUESTION))


def aquery(llm: VerbalizedSamplingLLM, mode: str) -> str:
    return str(asyncio.run(engine_of(llm, mode).aquery(QUESTION)))


def query_async_inside(llm: VerbalizedSamplingLLM, mode: str) -> str:
    return str(asyncio.run(engine_of(llm, mode, use_async=True).aquery(QUESTION)))


def stream(llm: VerbalizedSamplingLLM, mode: str) -> str:
    return "".join(engine_of(llm, mode, streaming=True).query(QUESTION).response_gen)


def chat_engine_of(llm: VerbalizedSamplingLLM, mode: Any) -> Any:
    index = VectorStoreIndex([TextNode(text="Espresso.")], embed_model=WordEmbedding())
    return index.as_chat_engine(chat_mode=mode, llm=llm, memory=memory())


def chat(llm: VerbalizedSamplingLLM, mode: str) -> str:
    return str(chat_engine_of(llm, mode).chat(QUESTION))


def achat(llm: VerbalizedSamplingLLM, mode: str) -> str:
    return str(asyncio.run(chat_engine_of(llm, mode).achat(QUESTION)))


def stream_chat(llm: VerbalizedSamplingLLM, mode: str) -> str:
    return "".join(chat_engine_of(llm, mode).stream_chat(QUESTION).response_gen)


EVALUATORS: dict[str, Any] = {
    "faithfulness": FaithfulnessEvaluator,
    "relevancy": RelevancyEvaluator,
}
EVALUATED: dict[str, Any] = {
    "query": QUESTION,
    "response": "Espresso.",
    "contexts": ["Espresso."],
}


def evaluate(llm: VerbalizedSamplingLLM, mode: str) -> str:
    return str(EVALUATORS[mode](llm=llm).evaluate(**EVALUATED).feedback)


def aevaluate(llm: VerbalizedSamplingLLM, mode: str) -> str:
    return str(asyncio.run(EVALUATORS[mode](llm=llm).aevaluate(**EVALUATED)).feedback)


USES: list[tuple[Ask, str]] = [
    *((ask, mode) for ask in (query, aquery) for mode in MODES),
    *((query_async_inside, mode) for mode in ("tree_summarize", "accumulate")),
    *((stream, mode) for mode in ("compact", "refine", "tree_summarize", "simple_summarize")),
    *((ask, mode) for ask in (chat, achat, stream_chat) for mode in CHAT_MODES),
    *((ask, name) for ask in (evaluate, aevaluate) for name in EVALUATORS),
]
each_use = for_every("ask, mode", USES)


# A chat engine that streams raises it where it is read, and in the thread that writes it down too.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("reply", UNANSWERED)
@each_use
def test_what_is_no_answer_is_an_error_that_gets_through(ask: Ask, mode: str, reply: str) -> None:
    said, kind = UNANSWERED[reply]
    from_the_model = said if isinstance(said, Said) else Said(said)
    model = ScriptedLLM(script=[from_the_model] * 4)
    with pytest.raises(kind):
        ask(VerbalizedSamplingLLM(llm=model, k=2), mode)


@each_use
def test_the_whole_reply_is_the_answer_where_that_is_set(ask: Ask, mode: str) -> None:
    model = ScriptedLLM(script=[PLAIN] * 12)
    llm = VerbalizedSamplingLLM(llm=model, k=2, on_failure="whole_reply")
    assert PLAIN in ask(llm, mode)


@for_every("ask", [query, aquery])
def test_an_earlier_answer_is_not_kept_in_silence(ask: Ask) -> None:
    model = ScriptedLLM(script=[xml("a", "b"), PLAIN, PLAIN])
    with pytest.raises(VerbalizedSamplingParserError):
        ask(VerbalizedSamplingLLM(llm=model, k=2), "refine")
    assert len(model.calls) == 3
