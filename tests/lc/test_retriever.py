"""`VerbalizedSamplingRetriever`: a search with several readings of the query."""

from __future__ import annotations

import copy
import json
from fractions import Fraction
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda
from pydantic import ValidationError

from langchain_vs import SimulatedChatModel, VerbalizedSamplingRetriever
from tests.every import for_every
from tests.lc.libraries import QUERIES, REPLY, Library, annotation, ids, searching
from tests.lc.models import ScriptedChatModel
from vs_core import HYPOTHETICAL_ANSWERS, QUERY_REWRITES


def test_the_query_and_its_rewrites_are_searched_for() -> None:
    library = Library()
    searching(library=library).invoke("python")
    assert sorted(library.asked) == sorted(QUERIES)


def test_what_they_find_is_returned_in_turns() -> None:
    # Shares: 0.25 for the original, as for the mean rewrite; 0.45, 0.225 and 0.075.
    assert ids(searching().invoke("python")) == [
        "python snake",
        "python",
        "python language",
        "Monty Python",
    ]


def test_the_model_is_asked_for_one_rewrite_less_than_queries() -> None:
    model = ScriptedChatModel(script=[REPLY])
    search = VerbalizedSamplingRetriever(retriever=Library(), llm=model, max_probability=0.1)
    search.invoke("what is {python}?")
    [[system, user]] = model.calls
    assert user.content == "what is {python}?"
    assert str(system.content).startswith(f"{QUERY_REWRITES}\n\n")
    assert "Give 3 different search queries." in str(system.content)
    assert "less than 0.10" in str(system.content)


def test_the_papers_prompt_can_be_sent() -> None:
    model = ScriptedChatModel(script=[REPLY])
    VerbalizedSamplingRetriever(retriever=Library(), llm=model, wording="simple").invoke("a")
    assert "generate a set of three possible responses" in str(model.calls[0][0].content)


@pytest.mark.parametrize("wording", [HYPOTHETICAL_ANSWERS, "Translate the query."])
def test_the_wording_can_be_another(wording: str) -> None:
    model = ScriptedChatModel(script=[REPLY])
    VerbalizedSamplingRetriever(retriever=Library(), llm=model, instructions=wording).invoke("a")
    assert str(model.calls[0][0].content).startswith(f"{wording}\n\nGenerate")


def test_one_query_is_the_original_without_a_call_to_the_model() -> None:
    model = ScriptedChatModel(script=[])
    search = VerbalizedSamplingRetriever(retriever=Library(), llm=model, num_queries=1)
    assert ids(search.invoke("python")) == ["python"]
    assert model.calls == []


def test_without_the_original_all_queries_are_rewrites() -> None:
    library = Library()
    searching(library=library, num_queries=3, include_original=False).invoke("python")
    assert sorted(library.asked) == sorted(QUERIES[1:])


def test_surplus_rewrites_are_not_searched_for() -> None:
    library = Library()
    searching(library=library, num_queries=3).invoke("python")
    assert sorted(library.asked) == sorted(QUERIES[:3])


def test_the_original_once_more_is_not_searched_for_twice() -> None:
    library = Library()
    searching("1. (0.5)  PYTHON\n2. (0.5) snake", library=library, num_queries=3).invoke("Python")
    assert sorted(library.asked) == ["Python", "snake"]


def test_a_document_says_which_queries_found_it_and_how_well() -> None:
    shelves = {
        "python": [Document("x", id="x", metadata={"score": Fraction(1, 2)})],
        "snake": [
            Document("y", id="y", metadata={"score": "high"}),
            Document("x", id="x", metadata={"score": float("nan")}),
        ],
    }
    search = searching("1. (0.4) snake", library=Library(shelves=shelves), num_queries=2)
    first, _ = search.invoke("python")
    assert annotation(first) == {
        "queries": [
            {"query": "python", "probability": None, "weight": 0.5, "rank": 1, "score": 0.5},
            {"query": "snake", "probability": 1.0, "weight": 0.5, "rank": 2, "score": None},
        ],
        "fused_score": 1.0,
    }


def test_the_annotation_is_plain_json() -> None:
    for document in searching().invoke("python"):
        assert json.loads(json.dumps(annotation(document), allow_nan=False)) == annotation(document)


def test_the_documents_of_the_retriever_stay_as_they_were() -> None:
    shelves = {"python": [Document("x", id="x", metadata={"source": "a"})]}
    before = copy.deepcopy(shelves)
    [document, *_] = searching(library=Library(shelves=shelves), num_queries=1).invoke("python")
    assert shelves == before
    assert document.metadata["source"] == "a"


@for_every(
    ("one", "other", "expected"),
    [
        (Document("x", id="1"), Document("x", id="1"), 1),
        (Document("x", id="1"), Document("changed", id="1"), 1),
        (Document("x", id="1"), Document("x", id="2"), 2),
        (Document("x"), Document("x"), 1),
        (Document("x"), Document("y"), 2),
        (Document("x", metadata={"source": "a"}), Document("x", metadata={"source": "a"}), 1),
        (Document("x", metadata={"source": ["a"]}), Document("x", metadata={"source": ["b"]}), 2),
        (Document("x", metadata={"page": 1}), Document("x", metadata={"page": 2}), 1),
    ],
)
def test_documents_are_merged_by_id_else_by_content_and_source(
    one: Document, other: Document, expected: int
) -> None:
    library = Library(shelves={"python": [one], "snake": [other]})
    found = searching("1. (0.4) snake", library=library, num_queries=2).invoke("python")
    assert len(found) == expected
    assert found[0].page_content == one.page_content


def test_top_k_cuts_the_fused_ranking() -> None:
    assert ids(searching(top_k=2).invoke("python")) == ["python snake", "python"]


def test_top_k_can_be_given_with_the_query() -> None:
    assert len(searching(top_k=2).invoke("python", top_k=3)) == 3


async def test_top_k_can_be_given_with_an_async_query() -> None:
    assert len(await searching().ainvoke("python", top_k=1)) == 1


def test_an_impossible_top_k_is_refused_with_the_query_too() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        searching().invoke("python", top_k=0)


def test_another_argument_with_the_query_is_refused() -> None:
    with pytest.raises(TypeError, match="top_n"):
        searching().invoke("python", top_n=3)


def graded(name: str, grade: int) -> Document:
    return Document(name, id=name, metadata={"grade": grade})


def test_relative_scores_are_read_where_the_setting_says() -> None:
    shelves = {
        "python": [graded("a", 9), graded("b", 1)],
        "snake": [graded("b", 8), graded("a", 7)],
    }
    search = searching(
        "1. (0.4) snake",
        library=Library(shelves=shelves),
        num_queries=2,
        mode="relative_score",
        original_weight=3.0,
        score_key="grade",
    )
    found = search.invoke("python")
    assert [(d.id, annotation(d)["fused_score"]) for d in found] == [("a", 0.75), ("b", 0.25)]
    assert [query["score"] for query in annotation(found[0])["queries"]] == [9.0, 7.0]


def test_reciprocal_ranks_do_not_look_at_probabilities() -> None:
    found = searching(mode="reciprocal_rerank").invoke("python")
    assert [annotation(document)["fused_score"] for document in found] == [1 / 61] * 4


def test_reciprocal_ranks_look_at_probabilities_if_asked() -> None:
    found = searching(mode="reciprocal_rerank", weighting="probability").invoke("python")
    assert ids(found) == ["python snake", "python", "python language", "Monty Python"]


def test_turns_can_be_equal() -> None:
    assert ids(searching(weighting="equal").invoke("python")) == QUERIES


def test_any_runnable_can_be_searched() -> None:
    search = VerbalizedSamplingRetriever(
        retriever=RunnableLambda(str.upper) | (lambda query: [Document(query)]),
        llm=ScriptedChatModel(script=[REPLY]),
        top_k=1,
    )
    assert search.invoke("python")[0].page_content == "PYTHON SNAKE"


@for_every("method", ["standard", "cot", "multi", "sequence", "direct"])
def test_the_simulated_model_writes_rewrites_by_any_method(method: Any) -> None:
    library = Library()
    search = VerbalizedSamplingRetriever(
        retriever=library, llm=SimulatedChatModel(seed=3), method=method, max_topups=2
    )
    search.invoke("Tell me a joke about coffee")
    assert 1 < len(library.asked) <= 4
