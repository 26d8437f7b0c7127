"""The synthesizer inside tools, engines over engines, chats and recursive retrieval."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from llama_index.core import PromptTemplate, VectorStoreIndex
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.chat_engine import CondenseQuestionChatEngine
from llama_index.core.memory import ChatMemoryBuffer
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.prompts.mixin import PromptDictType
from llama_index.core.query_engine import RouterQueryEngine, SubQuestionQueryEngine
from llama_index.core.question_gen.types import BaseQuestionGenerator, SubQuestion
from llama_index.core.schema import IndexNode, NodeWithScore, QueryBundle
from llama_index.core.selectors import LLMSingleSelector
from llama_index.core.tools import QueryEngineTool, ToolMetadata

from llamaindex_vs import (
    AsyncTransformQueryEngine,
    VerbalizedSamplingEvent,
    VerbalizedSamplingQueryTransform,
    VerbalizedSamplingSynthesizer,
)
from tests.every import for_every
from tests.li.embeddings import WordEmbedding
from tests.li.models import ScriptedLLM
from tests.li.synthesis import (
    AnsweringLLM,
    Ask,
    by_aquery,
    by_query,
    distribution_of,
    engine_over,
    events,
    scripted,
)
from tests.scenarios import QUESTION, xml

AB = xml("a", "b")
SUB_QUESTIONS = ["Is it hot?", "Is it black?"]

at_once = pytest.mark.parametrize("ask", [by_query, by_aquery])


def tool_over(synthesizer: VerbalizedSamplingSynthesizer, name: str = "library") -> QueryEngineTool:
    return QueryEngineTool.from_defaults(engine_over(synthesizer), name=name, description="Books.")


# --- QueryEngineTool ----------------------------------------------------------------------


async def call(tool: QueryEngineTool) -> Any:
    return tool.call(QUESTION)


async def acall(tool: QueryEngineTool) -> Any:
    return await tool.acall(QUESTION)


@pytest.mark.parametrize("use", [call, acall])
async def test_a_tool_gives_the_drawn_answer(
    use: Callable[[QueryEngineTool], Awaitable[Any]],
) -> None:
    _, synthesizer = scripted(AB, select="best")
    output = await use(tool_over(synthesizer))
    assert output.content == "a"
    assert distribution_of(output.raw_output).texts == ["a", "b"]


@at_once
async def test_a_router_passes_the_response_on(ask: Ask) -> None:
    _, synthesizer = scripted(AB, select="best")
    choice = ScriptedLLM(script=['[{"choice": 1, "reason": "the only one"}]'])
    selector = LLMSingleSelector.from_defaults(llm=choice)
    router = RouterQueryEngine(selector, [tool_over(synthesizer)], llm=choice)
    response = await ask(router, QUESTION)
    assert response.response == "a"
    assert distribution_of(response).texts == ["a", "b"]


# --- SubQuestionQueryEngine ---------------------------------------------------------------


class Questions(BaseQuestionGenerator):
    """Asks the library the same sub-questions each time."""

    def generate(self, tools: Sequence[ToolMetadata], query: QueryBundle) -> list[SubQuestion]:
        return [SubQuestion(sub_question=text, tool_name="library") for text in SUB_QUESTIONS]

    async def agenerate(
        self, tools: Sequence[ToolMetadata], query: QueryBundle
    ) -> list[SubQuestion]:
        return self.generate(tools, query)

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _update_prompts(self, prompts_dict: PromptDictType) -> None:
        """It has none."""


def over_sub_questions(model: AnsweringLLM, **settings: Any) -> SubQuestionQueryEngine:
    return SubQuestionQueryEngine.from_defaults(
        [tool_over(VerbalizedSamplingSynthesizer(model, k=2, select="best"))],
        llm=model,
        question_gen=Questions(),
        response_synthesizer=VerbalizedSamplingSynthesizer(model, k=2, select="best"),
        verbose=False,
        **settings,
    )


async def by_query_in_turn(model: AnsweringLLM) -> Any:
    return over_sub_questions(model, use_async=False).query(QUESTION)


async def by_aquery_together(model: AnsweringLLM) -> Any:
    return await over_sub_questions(model).aquery(QUESTION)


both_ways = pytest.mark.parametrize("ask", [by_query_in_turn, by_aquery_together])


@both_ways
async def test_events_carry_what_sub_responses_lose(ask: Any) -> None:
    with events(VerbalizedSamplingEvent) as sent:
        await ask(AnsweringLLM())
    told = {event.query: event.distribution.texts for event in sent}
    assert told == {
        query: [f"yes to {query}", f"no to {query}"] for query in [*SUB_QUESTIONS, QUESTION]
    }


@both_ways
async def test_sub_questions_are_answered_by_draws(ask: Any) -> None:
    response = await ask(AnsweringLLM())
    answers = [source.text for source in response.source_nodes[:2]]
    assert answers == [
        f"Sub question: {query}\nResponse: yes to {query}" for query in SUB_QUESTIONS
    ]


@both_ways
async def test_the_response_has_the_distribution_of_the_question_only(ask: Any) -> None:
    response = await ask(AnsweringLLM())
    assert distribution_of(response).texts == [f"yes to {QUESTION}", f"no to {QUESTION}"]


async def test_sub_questions_within_a_loop_of_their_own_are_told_too() -> None:
    with events(VerbalizedSamplingEvent) as sent:
        over_sub_questions(AnsweringLLM(), use_async=True).query(QUESTION)
    assert sorted(event.query for event in sent) == sorted([*SUB_QUESTIONS, QUESTION])


# --- recursive retrieval ------------------------------------------------------------------


class Hidden(BaseNodePostprocessor):
    """Keeps the distribution in the metadata, and out of what the model reads."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        for found in nodes:
            found.node.excluded_llm_metadata_keys = ["verbalized_sampling", "n0", "n1"]
        return nodes


def over_an_engine(outer: ScriptedLLM, **settings: Any) -> BaseQueryEngine:
    _, inner = scripted(AB, select="best")
    node = IndexNode(text="Jokes about coffee.", index_id="jokes", obj=engine_over(inner))
    index = VectorStoreIndex(objects=[node], embed_model=WordEmbedding())
    synthesizer = VerbalizedSamplingSynthesizer(
        outer, k=2, text_qa_template=PromptTemplate("{context_str}")
    )
    return index.as_query_engine(llm=outer, response_synthesizer=synthesizer, **settings)


async def test_recursive_retrieval_shows_the_distribution_to_the_outer_model() -> None:
    outer = ScriptedLLM(script=[AB])
    # Earlier versions of LlamaIndex copy metadata in synchronous queries only.
    response = await by_query(over_an_engine(outer))
    seen = outer.calls[0][-1].content or ""
    assert "verbalized_sampling: {'candidates':" in seen
    assert seen.endswith("\n\na")
    [source] = response.source_nodes
    assert distribution_of(source).texts == ["a", "b"]


async def test_excluded_metadata_keep_it_from_the_outer_model() -> None:
    outer = ScriptedLLM(script=[AB])
    response = await by_query(over_an_engine(outer, node_postprocessors=[Hidden()]))
    assert outer.calls[0][-1].content == "a"
    assert distribution_of(response.source_nodes[0]).texts == ["a", "b"]


# --- behind a query transform -------------------------------------------------------------


@at_once
@for_every("streaming", [False, True])
async def test_answers_and_rewrites_are_told_apart(ask: Ask, streaming: bool) -> None:
    _, synthesizer = scripted(AB, streaming=streaming)
    rewriter = ScriptedLLM(script=[xml("coffee", "mugs")])
    transform = VerbalizedSamplingQueryTransform(rewriter, "rewrite", k=2)
    response = await ask(AsyncTransformQueryEngine(engine_over(synthesizer), transform), QUESTION)
    assert distribution_of(response).texts == ["a", "b"]
    assert (response.metadata or {})["verbalized_sampling_query"]["candidates"][0]["value"] == (
        "coffee"
    )


# --- in a chat ----------------------------------------------------------------------------


def chat_over(*script: Any) -> CondenseQuestionChatEngine:
    _, synthesizer = scripted(*script, select="best")
    return CondenseQuestionChatEngine.from_defaults(
        engine_over(synthesizer),
        llm=ScriptedLLM(script=[]),
        memory=ChatMemoryBuffer(token_limit=99),
    )


async def test_a_chat_engine_answers_by_draws() -> None:
    assert chat_over(AB).chat(QUESTION).response == "a"
    assert (await chat_over(AB).achat(QUESTION)).response == "a"


async def test_a_chat_engine_streams_the_drawn_answer() -> None:
    reply = xml("one two", "three")
    assert list(chat_over(reply).stream_chat(QUESTION).response_gen) == ["one ", "two"]
    response = await chat_over(reply).astream_chat(QUESTION)
    assert [word async for word in response.async_response_gen()] == ["one ", "two"]
