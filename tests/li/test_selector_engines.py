"""`VerbalizedSelector` in LlamaIndex's own routers, over real engines and retrievers."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from llama_index.core.query_engine import CustomQueryEngine, RouterQueryEngine
from llama_index.core.response_synthesizers import TreeSummarize
from llama_index.core.retrievers import RouterRetriever
from llama_index.core.tools import QueryEngineTool, RetrieverTool, ToolMetadata

from llamaindex_vs import (
    VerbalizedSamplingParserError,
    VerbalizedSelectionEvent,
    VerbalizedSelector,
    VerbalizedSelectorResult,
)
from tests.li.libraries import Library, ids, listening, node
from tests.li.models import ScriptedLLM
from tests.li.routing import QUERY, TEAMS, of_teams, scripted, stating
from tests.li.test_spans_and_events import Watch
from tests.li.test_spans_and_events import watch as watch  # noqa: PLC0414  # a fixture
from tests.scenarios import ModelDownError, Said
from vs_core import RefusalError
from vs_core.adapters.decisions import ROUTING

Ask = Callable[[Any], Awaitable[Any]]


async def _query(router: RouterQueryEngine) -> Any:
    return router.query(QUERY)


async def _aquery(router: RouterQueryEngine) -> Any:
    return await router.aquery(QUERY)


async def _retrieve(router: RouterRetriever) -> Any:
    return router.retrieve(QUERY)


async def _aretrieve(router: RouterRetriever) -> Any:
    return await router.aretrieve(QUERY)


each_query = pytest.mark.parametrize("ask", [_query, _aquery], ids=["sync", "async"])
each_search = pytest.mark.parametrize("ask", [_retrieve, _aretrieve], ids=["sync", "async"])


class Desk(CustomQueryEngine):
    """Answers in the name of a team."""

    team: str

    def custom_query(self, query_str: str) -> str:
        return f"{self.team} answers {query_str}"


def router(selector: VerbalizedSelector, **settings: Any) -> RouterQueryEngine:
    tools = [QueryEngineTool(Desk(team=str(team.name)), team) for team in TEAMS]
    return RouterQueryEngine.from_defaults(
        tools, llm=ScriptedLLM(script=[]), selector=selector, **settings
    )


def router_retriever(selector: VerbalizedSelector) -> RouterRetriever:
    shelves = [Library({QUERY: [node(str(team.name))]}) for team in TEAMS]
    tools = [RetrieverTool(shelf, team) for shelf, team in zip(shelves, TEAMS, strict=True)]
    return RouterRetriever.from_defaults(tools, llm=ScriptedLLM(script=[]), selector=selector)


@each_query
async def test_a_query_goes_to_the_most_probable_engine(ask: Ask) -> None:
    _, selector = scripted(of_teams(0.2, 0.7, 0.1))
    response = await ask(router(selector))
    assert str(response) == f"delivery answers {QUERY}"


@each_query
async def test_the_response_has_the_probabilities(ask: Ask) -> None:
    _, selector = scripted(of_teams(0.2, 0.7, 0.1))
    result = (await ask(router(selector))).metadata["selector_result"]
    assert isinstance(result, VerbalizedSelectorResult)
    assert result.probabilities == pytest.approx({0: 0.2, 1: 0.7, 2: 0.1})
    assert result.model_dump()["selections"][0]["probability"] == pytest.approx(0.7)


@each_query
async def test_answers_of_several_engines_are_put_together(ask: Ask) -> None:
    _, selector = scripted(of_teams(0.5, 0.4, 0.1), multi=True)
    seen: list[str] = []

    def together(messages: Any) -> str:
        seen.append(str(messages[-1].content))
        return "both"

    summarizer = TreeSummarize(llm=ScriptedLLM(script=[], responder=together))
    response = await ask(router(selector, summarizer=summarizer))
    assert str(response) == "both"
    assert f"billing answers {QUERY}" in seen[0]
    assert f"delivery answers {QUERY}" in seen[0]
    assert "sales answers" not in seen[0]
    assert response.metadata["selector_result"].inds == [0, 1]


@each_query
async def test_a_lone_choice_that_reaches_the_threshold_is_not_summed_up(ask: Ask) -> None:
    _, selector = scripted(of_teams(0.1, 0.8, 0.1), multi=True, threshold=0.3)
    assert str(await ask(router(selector))) == f"delivery answers {QUERY}"


@each_query
async def test_the_router_logs_the_reason(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    _, selector = scripted(of_teams(0.2, 0.7, 0.1))
    with caplog.at_level(logging.INFO, "llama_index.core.query_engine.router_query_engine"):
        await ask(router(selector))
    said = (
        "Selecting query engine 1: delivery has a probability of 0.70 (as stated, not calibrated)."
    )
    assert said in caplog.messages


@each_query
@pytest.mark.parametrize(
    ("script", "error"),
    [
        (["?", "??"], VerbalizedSamplingParserError),
        ([Said(refusal="No.")], RefusalError),
        ([ModelDownError("overloaded")], ModelDownError),
    ],
)
async def test_a_router_lets_errors_through(
    ask: Ask, script: list[Any], error: type[Exception]
) -> None:
    _, selector = scripted(*script)
    with pytest.raises(error):
        await ask(router(selector))


@each_query
async def test_engines_with_llama_indexs_default_name_are_known_by_number(ask: Ask) -> None:
    model, selector = scripted(stating({"1": 0.2, "2": 0.8}))
    tools = [
        QueryEngineTool.from_defaults(Desk(team="left"), description="Left things."),
        QueryEngineTool.from_defaults(Desk(team="right"), description="Right things."),
    ]
    engine = RouterQueryEngine.from_defaults(tools, llm=model, selector=selector)
    assert str(await ask(engine)) == f"right answers {QUERY}"


def test_the_routers_prompt_access_reaches_the_instructions() -> None:
    _, selector = scripted()
    prompts = router(selector).get_prompts()
    assert prompts["selector:instructions"].get_template() == ROUTING


@each_search
async def test_a_search_goes_to_the_most_probable_retriever(ask: Ask) -> None:
    _, selector = scripted(of_teams(0.2, 0.7, 0.1))
    assert ids(await ask(router_retriever(selector))) == ["delivery"]


@each_search
async def test_several_retrievers_search(ask: Ask) -> None:
    _, selector = scripted(of_teams(0.5, 0.1, 0.4), multi=True)
    with listening() as events:
        assert sorted(ids(await ask(router_retriever(selector)))) == ["billing", "sales"]
    [event] = events.of(VerbalizedSelectionEvent)
    assert event.selected == ("billing", "sales")


@each_query
async def test_a_selection_is_a_span_above_the_models(ask: Ask, watch: Watch) -> None:
    _, selector = scripted(of_teams(0.2, 0.7, 0.1))
    await ask(router(selector))
    method, called = ("_select", "chat") if ask is _query else ("_aselect", "achat")
    [span] = watch.of(f"VerbalizedSelector.{method}")
    [call] = watch.of(f"ScriptedLLM.{called}")
    assert watch.opened[call]["parent"] == span
    assert watch.closed.count(span) == 1


@each_query
async def test_an_error_drops_the_span(ask: Ask, watch: Watch) -> None:
    _, selector = scripted(ModelDownError("overloaded"))
    with pytest.raises(ModelDownError):
        await ask(router(selector))
    [span] = [span for span in watch.opened if span.startswith("VerbalizedSelector.")]
    assert isinstance(watch.dropped[span], ModelDownError)


def test_a_selector_serves_several_routers_at_a_time() -> None:
    _, selector = scripted(of_teams(1, 0, 0), stating({"a": 0.1, "b": 0.9}))
    assert str(router(selector).query(QUERY)).startswith("billing")
    choices = [ToolMetadata("First.", "a"), ToolMetadata("Second.", "b")]
    assert selector.select(choices, QUERY).ind == 1
