"""`VerbalizedSamplingRetriever`: bad settings, bad queries, and calls that fail."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.tracers.context import collect_runs
from pydantic import ValidationError

from langchain_vs import (
    SimulatedChatModel,
    VerbalizedSamplingParserError,
    VerbalizedSamplingRetriever,
)
from tests.every import for_every
from tests.lc.libraries import QUERIES, Library, annotation, ids, searching
from tests.lc.models import ScriptedChatModel
from vs_core import PromptError


@pytest.mark.parametrize("error", [ConnectionError("no model"), TimeoutError()])
async def test_a_failing_model_fails_the_search(error: Exception) -> None:
    with pytest.raises(type(error)):
        searching(error).invoke("python")
    with pytest.raises(type(error)):
        await searching(error).ainvoke("python")


def test_an_unreadable_reply_can_fail_the_search_and_is_in_the_error() -> None:
    with pytest.raises(VerbalizedSamplingParserError) as caught:
        searching("", "I cannot do that.", on_failure="raise").invoke("python")
    assert caught.value.llm_output == "I cannot do that."


async def test_the_original_alone_can_stand_in_for_a_failing_model() -> None:
    def search() -> VerbalizedSamplingRetriever:
        return searching(ConnectionError("no model"), on_failure="original_only")

    [document] = search().invoke("python")
    assert document.id == "python"
    assert annotation(document)["failure"] == "ConnectionError: no model"
    assert await search().ainvoke("python") == [document]


def test_the_original_stands_in_even_where_it_is_not_included() -> None:
    search = searching(
        ConnectionError("no model"), on_failure="original_only", include_original=False
    )
    assert ids(search.invoke("python")) == ["python"]


def test_the_error_of_a_rewriting_that_was_done_without_is_in_the_run_tree() -> None:
    search = searching(ConnectionError("no model"), on_failure="original_only")
    with collect_runs() as runs:
        search.invoke("python")
    [root] = runs.traced_runs
    assert "no model" in str(root.child_runs[0].error)
    assert root.error is None


@for_every("failing", QUERIES)
async def test_one_failing_search_fails_the_whole(failing: str) -> None:
    with pytest.raises(ConnectionError, match=failing):
        searching(library=Library(failing=failing)).invoke("python")
    with pytest.raises(ConnectionError, match=failing):
        await searching(library=Library(failing=failing)).ainvoke("python")


def test_in_a_batch_one_failing_query_does_not_take_down_the_others() -> None:
    search = searching(library=Library(failing="b"), num_queries=1)
    first, second = search.batch(["a", "b"], return_exceptions=True)
    assert ids(first) == ["a"]
    assert isinstance(second, ConnectionError)


@for_every("query", ["", "  \n", None, {"question": "python"}])
async def test_what_cannot_be_searched_for_is_refused_before_any_call(query: Any) -> None:
    model, library = ScriptedChatModel(script=[]), Library()
    search = VerbalizedSamplingRetriever(retriever=library, llm=model)
    with pytest.raises(PromptError, match="the query is"):
        search.invoke(query)
    with pytest.raises(PromptError, match="the query is"):
        await search.ainvoke(query)
    assert (model.calls, library.asked) == ([], [])


@for_every(
    "setting",
    [
        {"num_queries": 0},
        {"top_k": 0},
        {"original_weight": -1.0},
        {"mode": "best"},
        {"weighting": "quotas"},
        {"on_failure": "whole_reply"},
        {"max_probability": 2.0},
        {"max_topups": -1},
        {"method": "guess"},
        {"instructions": " "},
        {"retriever": 3},
        {"k": 3},
    ],
    ids=str,
)
def test_a_setting_that_cannot_be_is_refused(setting: dict[str, Any]) -> None:
    settings: dict[str, Any] = {"retriever": Library(), "llm": SimulatedChatModel(), **setting}
    with pytest.raises(ValidationError, match=next(iter(setting))):
        VerbalizedSamplingRetriever(**settings)


@pytest.mark.parametrize("returned", ["a text", ["a text"], None])
def test_a_retriever_that_gives_no_documents_is_reported(returned: Any) -> None:
    search = VerbalizedSamplingRetriever(
        retriever=lambda _: returned, llm=SimulatedChatModel(), num_queries=1
    )
    with pytest.raises(TypeError, match="a list of documents"):
        search.invoke("python")
