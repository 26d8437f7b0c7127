"""The model around a model inside LlamaIndex's query engines, chat engines and synthesizers."""

from __future__ import annotations

from typing import Any

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.chat_engine import ContextChatEngine, SimpleChatEngine
from llama_index.core.chat_engine.types import ChatMode
from llama_index.core.response_synthesizers import ResponseMode, get_response_synthesizer
from llama_index.core.schema import TextNode
from llama_index.core.settings import Settings

from llamaindex_vs import VerbalizedSamplingEvent, VerbalizedSamplingLLM
from tests.every import for_every
from tests.li.chats import every_chat, memory
from tests.li.embeddings import WordEmbedding
from tests.li.libraries import listening
from tests.li.models import ScriptedLLM
from tests.scenarios import QUESTION, xml

AB = xml("a", "b")
TEXTS = ["Coffee is roasted.", "A joke has a punch line."]


def around(*script: Any, **settings: Any) -> tuple[ScriptedLLM, VerbalizedSamplingLLM]:
    inner = ScriptedLLM(script=list(script))
    return inner, VerbalizedSamplingLLM(llm=inner, **{"k": 2, **settings})


def index() -> VectorStoreIndex:
    return VectorStoreIndex([TextNode(text=t) for t in TEXTS], embed_model=WordEmbedding())


# --- query engines ----------------------------------------------------------------------------


async def by_query(engine: Any) -> str:
    return str(engine.query(QUESTION))


async def by_aquery(engine: Any) -> str:
    return str(await engine.aquery(QUESTION))


both_ways = pytest.mark.parametrize("ask", [by_query, by_aquery])


@both_ways
@for_every("streaming", [False, True])
async def test_a_query_engine_answers_with_a_draw(ask: Any, streaming: bool) -> None:
    inner, llm = around(AB)
    engine = index().as_query_engine(llm=llm, streaming=streaming)
    if ask is by_aquery and streaming:
        response: Any = await engine.aquery(QUESTION)
        assert "".join([word async for word in response.response_gen]) in {"a", "b"}
    else:
        assert await ask(engine) in {"a", "b"}
    assert TEXTS[0] in str(inner.calls[0][-1].content)


@both_ways
async def test_its_answers_differ(ask: Any) -> None:
    engine = index().as_query_engine(llm=around(*[AB] * 30)[1])
    assert {await ask(engine) for _ in range(30)} == {"a", "b"}


async def test_the_event_has_the_distribution_that_the_engine_drops() -> None:
    engine = index().as_query_engine(llm=around(AB)[1])
    with listening() as events:
        engine.query(QUESTION)
    [event] = events.of(VerbalizedSamplingEvent)
    assert event.distribution.texts == ["a", "b"]


@pytest.mark.parametrize(
    "mode", [ResponseMode.COMPACT, ResponseMode.REFINE, ResponseMode.TREE_SUMMARIZE]
)
async def test_every_call_of_a_synthesizer_is_a_draw(mode: ResponseMode) -> None:
    inner, llm = around(*[AB] * 4)
    synthesizer = get_response_synthesizer(llm=llm, response_mode=mode)
    engine = index().as_query_engine(response_synthesizer=synthesizer, llm=llm)
    with listening() as events:
        assert str(engine.query(QUESTION)) in {"a", "b"}
    assert len(events.of(VerbalizedSamplingEvent)) == len(inner.calls) > 0


def test_a_long_context_leaves_room_for_the_instruction() -> None:
    class SmallLLM(ScriptedLLM):
        @property
        def metadata(self) -> Any:
            small = {"context_window": 1000, "num_output": 100}
            return super().metadata.model_copy(update=small)

    inner = SmallLLM(script=[AB] * 20)
    llm = VerbalizedSamplingLLM(llm=inner, k=2)
    nodes = [TextNode(text="coffee " * 400), TextNode(text="joke " * 400)]
    long = VectorStoreIndex(nodes, embed_model=WordEmbedding())
    long.as_query_engine(llm=llm).query(QUESTION)
    sent = ["".join(str(message.content) for message in call) for call in inner.calls]
    assert len(sent) > 1
    assert max(len(Settings.tokenizer(prompt)) for prompt in sent) <= 900


def test_as_the_settings_model_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    inner, llm = around(AB)
    monkeypatch.setattr(Settings, "_llm", None)
    Settings.llm = llm
    assert str(index().as_query_engine().query(QUESTION)) in {"a", "b"}
    assert len(inner.calls) == 1


# --- chat engines -----------------------------------------------------------------------------


@every_chat
async def test_a_simple_chat_remembers_the_answer_that_was_drawn(chat: Any) -> None:
    inner, llm = around(xml("a", "a2"), xml("b", "b2"), select="best")
    engine = SimpleChatEngine.from_defaults(llm=llm, memory=memory())
    assert [await chat(engine, "Hello"), await chat(engine, "Again")] == ["a", "b"]
    assert [(m.role.value, m.content) for m in inner.calls[1][1:]] == [
        ("user", "Hello"),
        ("assistant", "a"),
        ("user", "Again"),
    ]


@every_chat
async def test_a_chat_with_context_answers_with_a_draw(chat: Any) -> None:
    inner, llm = around(AB)
    engine = index().as_chat_engine(chat_mode=ChatMode.CONTEXT, llm=llm, memory=memory())
    assert isinstance(engine, ContextChatEngine)
    assert await chat(engine, QUESTION) in {"a", "b"}
    assert TEXTS[0] in str(inner.calls[0][0].content)


@every_chat
async def test_a_chat_that_condenses_and_retrieves_runs_with_it(chat: Any) -> None:
    inner, llm = around(*[AB] * 3)
    mode = ChatMode.CONDENSE_PLUS_CONTEXT
    engine = index().as_chat_engine(chat_mode=mode, llm=llm, memory=memory())
    assert await chat(engine, QUESTION) in {"a", "b"}
    assert await chat(engine, "And now?") in {"a", "b"}
    assert len(inner.calls) == 3
