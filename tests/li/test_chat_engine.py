"""Chats whose answers are drawn, and whose searches are not: which model is asked for what."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.chat_engine.types import ChatMode
from llama_index.core.prompts import PromptTemplate
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index.core.settings import Settings

from llamaindex_vs import (
    VerbalizedSamplingChatEngine,
    VerbalizedSamplingEvent,
    VerbalizedSamplingLLM,
    VerbalizedSamplingParserError,
    VerbalizedSamplingSynthesizer,
)
from tests.every import for_every
from tests.li.chats import by_achat, by_chat, every_chat, memory
from tests.li.models import ScriptedLLM
from tests.li.synthesis import LONG, distribution_of, events, index_of, small_helper
from tests.scenarios import xml
from vs_core import PromptSettings, instruction

INSTRUCTION = instruction(PromptSettings(k=2))
FIRST, THEN = "What is {coffee}?", "And then?"
A, B = xml("a1", "a2"), xml("b1", "b2")


class Searched(BaseRetriever):
    """Finds the same texts each time, and remembers what was searched for."""

    def __init__(self, *texts: str) -> None:
        self.queries: list[str] = []
        self._nodes = [NodeWithScore(node=TextNode(text=text), score=1.0) for text in texts]
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        self.queries.append(query_bundle.query_str)
        return list(self._nodes)


class Chat:
    """A chat over a retriever, with a model that condenses and one that answers."""

    def __init__(
        self,
        condensed: list[Any],
        answers: list[Any],
        texts: tuple[str, ...] = ("Beans are roasted.",),
        settings: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        self.condenser = ScriptedLLM(script=condensed)
        self.answerer = ScriptedLLM(script=answers)
        self.retriever = Searched(*texts)
        self.engine = VerbalizedSamplingChatEngine.from_defaults(
            self.retriever,
            llm=self.condenser,
            memory=memory(),
            response_synthesizer=VerbalizedSamplingSynthesizer(
                self.answerer, **{"k": 2, "select": "best", **(settings or {})}
            ),
            **options,
        )


def content(messages: list[ChatMessage]) -> list[tuple[str, str | None]]:
    return [(message.role.value, message.content) for message in messages]


# --- who is asked for what ------------------------------------------------------------------------


@every_chat
async def test_the_question_is_condensed_by_a_plain_call_and_the_answer_is_drawn(chat: Any) -> None:
    made = Chat(["What follows coffee?"], [A, B])
    assert [await chat(made.engine, FIRST), await chat(made.engine, THEN)] == ["a1", "b1"]
    assert made.retriever.queries == [FIRST, "What follows coffee?"]
    [[condense]] = made.condenser.calls
    assert f"user: {FIRST}\nassistant: a1" in (condense.content or "")
    assert INSTRUCTION not in (condense.content or "")
    first, then = made.answerer.calls
    assert [INSTRUCTION in (call[0].content or "") for call in (first, then)] == [True, True]
    assert "Beans are roasted." in (then[0].content or "")
    assert content(then[1:]) == [("user", FIRST), ("assistant", "a1"), ("user", THEN)]


@every_chat
async def test_the_conversation_has_the_answers_that_were_drawn(chat: Any) -> None:
    made = Chat(["What follows coffee?"], [A, B])
    await chat(made.engine, FIRST)
    await chat(made.engine, THEN)
    expected = [("user", FIRST), ("assistant", "a1"), ("user", THEN), ("assistant", "b1")]
    for _ in range(100):  # LlamaIndex writes what was streamed from a thread or a task of its own
        if len(made.engine.chat_history) == len(expected):
            break
        await asyncio.sleep(0.02)
    assert content(made.engine.chat_history) == expected


@every_chat
async def test_the_event_has_the_distribution(chat: Any) -> None:
    made = Chat([], [A])
    with events(VerbalizedSamplingEvent) as sent:
        await chat(made.engine, FIRST)
    [event] = sent
    assert (event.component, event.query) == ("VerbalizedSamplingSynthesizer", FIRST)
    assert event.distribution.texts == ["a1", "a2"]


@every_chat
async def test_only_the_last_call_of_a_long_context_is_verbalized(chat: Any) -> None:
    settings = {"prompt_helper": small_helper(3000)}
    texts = tuple(" ".join([text] * 2) for text in LONG)
    made = Chat([], ["so far 1", "so far 2", A], texts, settings)
    assert await chat(made.engine, FIRST) == "a1"
    asked = [INSTRUCTION in (call[0].content or "") for call in made.answerer.calls]
    assert asked == [False, False, True]


@every_chat
async def test_a_wrapping_model_condenses_plainly_and_answers_with_its_settings(chat: Any) -> None:
    inner = ScriptedLLM(script=[A, "What follows coffee?", B])
    llm = VerbalizedSamplingLLM(llm=inner, k=2, select="best")
    retriever = Searched("Beans are roasted.")
    engine = VerbalizedSamplingChatEngine.from_defaults(retriever, llm=llm, memory=memory())
    assert [await chat(engine, FIRST), await chat(engine, THEN)] == ["a1", "b1"]
    assert retriever.queries == [FIRST, "What follows coffee?"]
    asked = [INSTRUCTION in (call[0].content or "") for call in inner.calls]
    assert asked == [True, False, True]


async def test_the_synthesizer_given_stays_as_it_is() -> None:
    synthesizer = VerbalizedSamplingSynthesizer(ScriptedLLM(script=[A, B]), k=2, select="best")
    before = synthesizer.get_prompts()
    engine = VerbalizedSamplingChatEngine.from_defaults(
        Searched("Beans."),
        llm=ScriptedLLM(script=[]),
        memory=memory(),
        response_synthesizer=synthesizer,
    )
    "".join(engine.stream_chat(FIRST).response_gen)
    assert synthesizer.get_prompts() == before
    assert synthesizer.get_response(THEN, ["Beans."]) == "b1"


async def test_conversations_at_the_same_time_stay_apart() -> None:
    made = Chat([], [A] * 8)
    engines = [
        VerbalizedSamplingChatEngine(
            made.retriever,
            made.condenser,
            memory(),
            response_synthesizer=made.engine._response_synthesizer,
        )
        for _ in range(4)
    ]
    await asyncio.gather(*(engine.achat(f"question {n}") for n, engine in enumerate(engines)))
    asked = sorted(call[-1].content or "" for call in made.answerer.calls)
    assert asked == [f"question {n}" for n in range(4)]


# --- settings -------------------------------------------------------------------------------------


async def test_the_settings_of_the_framework_s_engine_hold() -> None:
    made = Chat(
        [],
        [A, B],
        system_prompt="Be kind.",
        skip_condense=True,
        context_prompt=PromptTemplate("CONTEXT {context_str}. "),
    )
    made.engine.chat(FIRST)
    made.engine.chat(THEN)
    assert made.retriever.queries == [FIRST, THEN]
    system = made.answerer.calls[0][0].content or ""
    assert system.startswith("CONTEXT Beans are roasted.. Be kind.")


async def test_the_model_of_the_settings_condenses(monkeypatch: pytest.MonkeyPatch) -> None:
    five = xml(*"abcde")
    model = ScriptedLLM(script=[five, "What follows coffee?", five])
    monkeypatch.setattr(Settings, "_llm", model)
    retriever = Searched("Beans.")
    engine = VerbalizedSamplingChatEngine.from_defaults(retriever, memory=memory())
    engine.chat(FIRST)
    engine.chat(THEN)
    assert retriever.queries == [FIRST, "What follows coffee?"]
    assert len(model.calls) == 3


def test_an_unknown_setting_is_refused() -> None:
    class Mine(VerbalizedSamplingChatEngine): ...

    with pytest.raises(TypeError, match=r"^Mine has no setting colour, k$"):
        Mine.from_defaults(Searched(), llm=ScriptedLLM(script=[]), k=3, colour="red")


def test_a_synthesizer_that_sees_is_refused() -> None:
    class Seeing(VerbalizedSamplingSynthesizer):
        multimodal = True

    llm = ScriptedLLM(script=[])
    with pytest.raises(ValueError, match="no place for a conversation"):
        VerbalizedSamplingChatEngine(Searched(), llm, memory(), response_synthesizer=Seeing(llm))
    with pytest.raises(ValueError, match="no place for a conversation"):
        VerbalizedSamplingChatEngine.from_defaults(
            Searched(), llm=llm, memory=memory(), response_synthesizer=Seeing(llm)
        )


# LlamaIndex reads a stream in a thread or a task, which reports errors there.
@pytest.mark.parametrize("chat", [by_chat, by_achat])
async def test_an_unreadable_reply_is_an_error_that_has_it(chat: Any) -> None:
    made = Chat([], ["", "I cannot say."])
    with pytest.raises(VerbalizedSamplingParserError) as caught:
        await chat(made.engine, FIRST)
    assert caught.value.reply == "I cannot say."


# --- the framework's own engines ------------------------------------------------------------------


@every_chat
async def test_a_condensing_engine_over_a_query_engine_draws_the_answer_only(chat: Any) -> None:
    plain, answerer = ScriptedLLM(script=["What follows coffee?"]), ScriptedLLM(script=[A, B])
    engine = index_of("Beans are roasted.").as_chat_engine(
        chat_mode=ChatMode.CONDENSE_QUESTION,
        llm=plain,
        response_synthesizer=VerbalizedSamplingSynthesizer(answerer, k=2, select="best"),
        memory=memory(),
    )
    assert await chat(engine, FIRST) == "a1"
    assert await chat(engine, THEN) == "b1"
    assert [INSTRUCTION in str(call) for call in plain.calls] == [False]
    assert "Query: What follows coffee?" in (answerer.calls[1][-1].content or "")


def test_its_response_has_the_distribution_among_its_sources() -> None:
    engine = index_of("Beans are roasted.").as_chat_engine(
        chat_mode=ChatMode.CONDENSE_QUESTION,
        llm=ScriptedLLM(script=[]),
        response_synthesizer=VerbalizedSamplingSynthesizer(ScriptedLLM(script=[A]), k=2),
        memory=memory(),
    )
    [source] = engine.chat(FIRST).sources
    assert distribution_of(source.raw_output).texts == ["a1", "a2"]


@every_chat
@for_every(
    "options",
    [{"chat_mode": ChatMode.CONTEXT}, {"skip_condense": True}, {"chat_mode": ChatMode.SIMPLE}],
)
async def test_an_engine_that_condenses_nothing_asks_once_each_turn(
    chat: Any, options: dict[str, Any]
) -> None:
    inner = ScriptedLLM(script=[A, B])
    llm = VerbalizedSamplingLLM(llm=inner, k=2, select="best")
    engine = index_of("Beans are roasted.").as_chat_engine(llm=llm, memory=memory(), **options)
    assert [await chat(engine, FIRST), await chat(engine, THEN)] == ["a1", "b1"]
    assert len(inner.calls) == 2


@every_chat
async def test_the_default_engine_draws_the_question_too(chat: Any) -> None:
    inner = ScriptedLLM(script=[A, xml("What follows coffee?", "Which way?"), B])
    llm = VerbalizedSamplingLLM(llm=inner, k=2, select="best")
    engine = index_of("Beans are roasted.").as_chat_engine(llm=llm, memory=memory())
    assert [await chat(engine, FIRST), await chat(engine, THEN)] == ["a1", "b1"]
    assert [INSTRUCTION in str(call[0].content) for call in inner.calls] == [True, True, True]


def test_the_default_engine_drops_a_synthesizer() -> None:
    plain, answerer = ScriptedLLM(script=["plain"]), ScriptedLLM(script=[A])
    synthesizer = VerbalizedSamplingSynthesizer(answerer, k=2)
    engine = index_of("Beans are roasted.").as_chat_engine(
        llm=plain, response_synthesizer=synthesizer, memory=memory()
    )
    assert str(engine.chat(FIRST)) == "plain"
    assert answerer.calls == []


def test_another_kind_of_synthesizer_is_refused() -> None:
    other: Any = get_response_synthesizer(llm=ScriptedLLM(script=[]))
    with pytest.raises(TypeError, match="give a VerbalizedSamplingSynthesizer, or none"):
        VerbalizedSamplingChatEngine.from_defaults(
            Searched(), llm=ScriptedLLM(script=[]), memory=memory(), response_synthesizer=other
        )
