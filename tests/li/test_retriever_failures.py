"""`VerbalizedSamplingRetriever`: bad settings, bad queries, and calls that fail."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from llama_index.core.schema import NodeWithScore, QueryBundle
from pydantic import ValidationError

from llamaindex_vs import (
    SimulatedLLM,
    VerbalizedSamplingParserError,
    VerbalizedSamplingRetrievalEvent,
    VerbalizedSamplingRetriever,
)
from tests.every import for_every
from tests.li.libraries import (
    QUERIES,
    Ask,
    Library,
    SlowLibrary,
    each_way,
    ids,
    listening,
    node,
    searching,
)
from tests.li.models import ScriptedLLM
from vs_core import PromptError


@each_way
@for_every("error", [ConnectionError("no model"), TimeoutError()])
async def test_a_failing_model_fails_the_search(error: Exception, ask: Ask) -> None:
    with pytest.raises(type(error)):
        await ask(searching(error, error), "python")


@each_way
async def test_an_unreadable_reply_can_fail_the_search_and_is_in_the_error(ask: Ask) -> None:
    with pytest.raises(VerbalizedSamplingParserError) as caught:
        await ask(searching("", "I cannot do that.", on_failure="raise"), "python")
    assert caught.value.reply == "I cannot do that."


@each_way
async def test_the_original_alone_can_stand_in_for_a_failing_model(ask: Ask) -> None:
    library, error = Library(), ConnectionError("no model")
    search = searching(error, error, library=library, on_failure="original_only")
    assert ids(await ask(search, "python")) == ["python"]
    assert library.asked == ["python"]


@each_way
async def test_a_failure_that_was_done_without_is_told_by_the_event(ask: Ask) -> None:
    error = ConnectionError("no model")
    with listening() as events:
        await ask(searching(error, error, on_failure="original_only"), "python")
    [event] = events.of(VerbalizedSamplingRetrievalEvent)
    assert event.failure == "ConnectionError: no model"
    assert not event.distribution
    assert [query.text for query in event.queries] == ["python"]


def test_the_original_stands_in_even_where_it_is_not_included() -> None:
    error = ConnectionError("no model")
    search = searching(error, error, on_failure="original_only", include_original=False)
    assert ids(search.retrieve("python")) == ["python"]


@each_way
@for_every("failing", QUERIES)
@for_every("workers", [1, 4])
async def test_one_failing_search_fails_the_whole(failing: str, workers: int, ask: Ask) -> None:
    search = searching(library=Library(failing=failing), num_workers=workers)
    with pytest.raises(ConnectionError, match=failing):
        await ask(search, "python")


@each_way
async def test_after_a_failure_no_more_searches_are_begun(ask: Ask) -> None:
    library = SlowLibrary()
    search = searching(library=[Library(failing="python"), library], num_workers=2)
    with pytest.raises(ConnectionError):
        await ask(search, "python")
    begun = len(library.asked)
    await asyncio.sleep(0.1)
    assert len(library.asked) == begun < len(QUERIES)


async def test_a_cancelled_search_cancels_its_searches() -> None:
    library = SlowLibrary()
    task = asyncio.create_task(searching(library=library).aretrieve("python"))
    await library.begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0.05)
    assert library.asked == []


@each_way
@for_every("query", ["", "  \n"])
async def test_a_blank_query_is_refused_before_any_call(query: str, ask: Ask) -> None:
    model, library = ScriptedLLM(script=[]), Library()
    search = VerbalizedSamplingRetriever(library, model)
    with pytest.raises(PromptError, match="the query is empty"):
        await ask(search, QueryBundle(query, embedding=[1.0]))
    assert (model.calls, library.asked) == ([], [])


@each_way
async def test_retrievers_that_find_nothing_give_no_nodes(ask: Ask) -> None:
    assert await ask(searching(library=Library({query: [] for query in QUERIES})), "python") == []


@each_way
async def test_of_nodes_with_one_id_the_first_comes_first_and_the_event_has_all(ask: Ask) -> None:
    old, new = node("python 2", id_="python"), node("python 3", id_="python")
    libraries = [Library({"python": [old]}), Library({"python": [new]})]
    with listening() as events:
        found = await ask(searching(library=libraries, num_queries=1), "python")
    # Some versions of LlamaIndex then leave out the second.
    assert found[0].text == "about python 2"
    [event] = events.of(VerbalizedSamplingRetrievalEvent)
    assert [
        (told["node_id"], by["retriever"]) for told in event.nodes for by in told["queries"]
    ] == [("python", 0), ("python", 1)]


@each_way
async def test_a_score_that_is_no_number_counts_as_unknown(ask: Ask) -> None:
    found: list[NodeWithScore] = [node("a", float("inf")), node("b", float("nan")), node("c", 1.0)]
    search = searching(library=Library({"python": found}), num_queries=1, mode="relative_score")
    assert [scored.score for scored in await ask(search, "python")] == [1.0, 0.5, 0.0]


@for_every(
    "setting",
    [
        {"num_queries": 0},
        {"similarity_top_k": 0},
        {"original_weight": -1.0},
        {"mode": "best"},
        {"weighting": "quotas"},
        {"on_failure": "whole_reply"},
        {"max_probability": 2.0},
        {"max_topups": -1},
        {"method": "guess"},
        {"instructions": " "},
        {"num_workers": 0},
        {"retrievers": []},
        {"retrievers": "a text"},
        {"retrievers": [Library(), "a text"]},
        {"retriever_weights": [1.0, 2.0]},
        {"retriever_weights": [0.0]},
        {"retriever_weights": [-1.0]},
        {"retriever_weights": [float("inf")]},
    ],
)
def test_a_setting_that_cannot_be_is_refused(setting: dict[str, Any]) -> None:
    settings: dict[str, Any] = {"retrievers": Library(), "llm": SimulatedLLM(), **setting}
    with pytest.raises(ValidationError, match=next(iter(setting))):
        VerbalizedSamplingRetriever(**settings)


@pytest.mark.parametrize("setting", ["k", "value_schema", "top_k"])
def test_a_setting_that_is_not_there_is_refused(setting: str) -> None:
    settings: dict[str, Any] = {setting: 3}
    with pytest.raises(
        TypeError, match=re.escape(f"VerbalizedSamplingRetriever has no setting {setting}")
    ):
        VerbalizedSamplingRetriever(Library(), SimulatedLLM(), **settings)
