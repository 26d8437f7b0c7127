"""`VerbalizedSamplingRetriever`: what each search is given, and several retrievers at once."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from llama_index.core.schema import NodeWithScore, QueryBundle

from llamaindex_vs import VerbalizedSamplingRetrievalEvent
from tests.li.libraries import QUERIES, Ask, Library, each_way, ids, listening, node, searching


@dataclass
class TaggedBundle(QueryBundle):
    """A bundle with a field of the user's own."""

    tag: str = ""


@each_way
async def test_each_search_gets_a_bundle_of_its_own(ask: Ask) -> None:
    libraries, asked = [Library(), Library()], QueryBundle("python")
    await ask(searching(library=libraries), asked)
    bundles = [bundle for library in libraries for bundle in library.bundles]
    assert len({id(bundle) for bundle in bundles}) == 8
    # Each library writes an embedding into what it is given; nobody else may find it there.
    assert {given[1:] for library in libraries for given in library.given} == {(None, None)}
    assert asked.embedding is None


@each_way
async def test_what_came_to_be_embedded_stays_with_the_original(ask: Ask) -> None:
    libraries = [Library(), Library()]
    asked = QueryBundle("python", custom_embedding_strs=["pythons"], embedding=[1.0, 2.0])
    await ask(searching(library=libraries), asked)
    for library in libraries:
        given = {query: embedded for query, *embedded in library.given}
        assert given.pop("python") == [["pythons"], [1.0, 2.0]]
        assert list(given.values()) == [[None, None]] * 3


@each_way
async def test_lists_of_the_bundle_are_not_shared_with_retrievers(ask: Ask) -> None:
    library = Library()
    asked = QueryBundle("python", custom_embedding_strs=["pythons"], embedding=[1.0])
    await ask(searching(library=library, num_queries=1), asked)
    assert library.given[0][1] is not asked.custom_embedding_strs
    assert library.given[0][2] is not asked.embedding


@each_way
async def test_an_image_and_fields_of_ones_own_go_to_every_search(ask: Ask) -> None:
    library = Library()
    await ask(searching(library=library), TaggedBundle("python", image_path="a.png", tag="mine"))
    kept = [(type(b), b.image_path, getattr(b, "tag", None)) for b in library.bundles]
    assert kept == [(TaggedBundle, "a.png", "mine")] * 4


def owned(owner: str) -> Library:
    """A library that finds three nodes of its own for each query."""
    return Library({q: [node(f"{owner} {q} {n}") for n in range(3)] for q in QUERIES})


@each_way
async def test_each_query_goes_to_each_retriever(ask: Ask) -> None:
    libraries = [owned("a"), owned("b")]
    found = await ask(searching(library=libraries), "python")
    assert [sorted(library.asked) for library in libraries] == [sorted(QUERIES)] * 2
    assert len(found) == 24


@each_way
async def test_retrievers_contribute_by_their_weights(ask: Ask) -> None:
    search = searching(
        library=[owned("a"), owned("b")], num_queries=1, retriever_weights=[1.0, 3.0]
    )
    assert ids(await ask(search, "python")) == [
        "b python 0",
        "a python 0",
        "b python 1",
        "b python 2",
        "a python 1",
        "a python 2",
    ]


def test_only_the_ratios_of_the_retrievers_weights_matter() -> None:
    def found(weights: list[float] | None) -> list[NodeWithScore]:
        search = searching(
            library=[owned("a"), owned("b")], retriever_weights=weights, mode="relative_score"
        )
        return search.retrieve("python")

    assert found(None) == found([1.0, 1.0]) == found([1e300, 1e300])


def test_a_query_counts_in_a_retriever_by_its_share_times_the_retrievers() -> None:
    with listening() as events:
        searching(library=[owned("a"), owned("b")], retriever_weights=[1, 3]).retrieve("python")
    [event] = events.of(VerbalizedSamplingRetrievalEvent)
    weights = {
        (by["query"], by["retriever"]): by["weight"] for n in event.nodes for by in n["queries"]
    }
    assert weights == pytest.approx(
        {
            (query.text, retriever): query.weight * share
            for query in event.queries
            for retriever, share in enumerate([0.25, 0.75])
        }
    )
