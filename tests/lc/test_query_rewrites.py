"""Rewrites that are of no use to the retriever, and how much it returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.tracers.context import collect_runs

from langchain_vs import VerbalizedSamplingRetriever
from tests.every import for_every
from tests.lc.libraries import Library, annotation, ids, searching
from vs_core import HYPOTHETICAL_ANSWERS
from vs_core.retrieval.rewrites import ANSWER, COPY, REPEATED

QUERY = "How is espresso brewed?"
STATED = "Espresso is brewed by forcing hot water through finely ground coffee."
USELESS = f"1. (0.5) how is Espresso brewed\n2. (0.3) {STATED}\n3. (0.1) Rewrite: {QUERY}"
MIXED = f"1. (0.5) espresso pressure\n2. (0.3) {STATED}\n3. (0.1) Espresso: pressure!"
MORE = "1. (0.2) crema\n2. (0.1) moka pot"

Find = Callable[[VerbalizedSamplingRetriever], Any]


async def _sync(search: VerbalizedSamplingRetriever) -> list[Document]:
    return search.invoke(QUERY)


async def _async(search: VerbalizedSamplingRetriever) -> list[Document]:
    return await search.ainvoke(QUERY)


each_way = pytest.mark.parametrize("find", [_sync, _async], ids=["sync", "async"])


@each_way
async def test_only_rewrites_of_use_are_searched_for_and_the_rest_asked_for_again(
    find: Find,
) -> None:
    library = Library()
    with collect_runs() as runs:
        await find(searching(MIXED, MORE, library=library))
    assert sorted(library.asked) == sorted([QUERY, "espresso pressure", "crema", "moka pot"])
    rewriting = runs.traced_runs[0].child_runs[0]
    dropped = (rewriting.outputs or {})["output"].trace.dropped
    assert [(d.fragment, d.reason) for d in dropped] == [
        (STATED, ANSWER),
        ("Espresso: pressure!", REPEATED),
    ]


@each_way
async def test_where_no_rewrite_is_of_use_the_original_is_searched_for(
    find: Find, caplog: pytest.LogCaptureFixture
) -> None:
    library = Library()
    [document] = await find(searching(USELESS, USELESS, library=library, on_failure="raise"))
    assert document.id == QUERY
    assert library.asked == [QUERY]
    failure = f"nothing that was written could be used: {COPY} (4); {ANSWER} (2)"
    assert annotation(document)["failure"] == failure
    assert failure in caplog.text


@each_way
async def test_where_nothing_can_be_read_the_original_is_searched_for(
    find: Find, caplog: pytest.LogCaptureFixture
) -> None:
    [document] = await find(searching("", "I cannot do that."))
    assert document.id == QUERY
    assert "no candidate could be read" in annotation(document)["failure"]
    assert "I cannot do that." in caplog.text


@each_way
async def test_hypothetical_answers_are_searched_for(find: Find) -> None:
    library = Library()
    await find(searching(USELESS, library=library, instructions=HYPOTHETICAL_ANSWERS))
    assert STATED in library.asked


def shelves(**found: int) -> Library:
    """A library that finds so many documents for each query, none of them twice."""
    return Library(
        shelves={
            query: [Document(f"{query} {n}", id=f"{query} {n}") for n in range(count)]
            for query, count in {QUERY: 0, **found}.items()
        }
    )


@each_way
async def test_no_more_is_returned_than_the_retriever_finds_for_the_original(find: Find) -> None:
    library = shelves(**{QUERY: 2, "crema": 5})
    found = await find(searching("1. (0.5) crema", library=library, num_queries=2, top_k=None))
    assert ids(found) == [f"{QUERY} 0", "crema 0"]


@each_way
async def test_more_is_returned_if_it_is_asked_for(find: Find) -> None:
    library = shelves(**{QUERY: 2, "crema": 5})
    found = await find(searching("1. (0.5) crema", library=library, num_queries=2, top_k=6))
    assert len(found) == 6


@each_way
@for_every("settings", [{}, {"include_original": False}], ids=str)
async def test_where_the_original_finds_nothing_the_most_fruitful_rewrite_counts(
    find: Find, settings: dict[str, Any]
) -> None:
    library = shelves(crema=3, moka=2)
    reply = "1. (0.5) crema\n2. (0.4) moka"
    found = await find(searching(reply, library=library, num_queries=3, top_k=None, **settings))
    assert len(found) == 3
