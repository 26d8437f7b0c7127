"""`VerbalizedSamplingRetriever`: queries, wording, fusion."""

from __future__ import annotations

import copy
from typing import Any, get_args

import pytest
from llama_index.core import Settings
from llama_index.core.prompts import PromptTemplate
from llama_index.core.schema import NodeWithScore

from llamaindex_vs import SimulatedLLM, VerbalizedSamplingRetriever
from tests.every import for_every
from tests.li.libraries import (
    QUERIES,
    READINGS,
    REPLY,
    Ask,
    Library,
    each_way,
    ids,
    node,
    readings_index,
    searching,
)
from tests.li.models import ScriptedLLM
from vs_core import HYPOTHETICAL_ANSWERS, QUERY_REWRITES
from vs_core.adapters.retrieval import FusionMode

EVERY_MODE = get_args(FusionMode)


@each_way
async def test_the_query_and_its_rewrites_are_searched_for(ask: Ask) -> None:
    library = Library()
    await ask(searching(library=library), "python")
    assert sorted(library.asked) == sorted(QUERIES)


@each_way
async def test_what_they_find_is_returned_in_turns(ask: Ask) -> None:
    # Shares: 0.25 for the original, as for the mean rewrite; 0.45, 0.225 and 0.075.
    found = await ask(searching(), "python")
    assert ids(found) == ["python snake", "python", "python language", "Monty Python"]


@each_way
async def test_the_fused_scores_are_the_scores_of_the_nodes(ask: Ask) -> None:
    found = await ask(searching(), "python")
    assert [scored.score for scored in found] == [1, 1 / 2, 1 / 3, 1 / 4]


@each_way
async def test_the_model_is_asked_for_one_rewrite_less_than_queries(ask: Ask) -> None:
    model = ScriptedLLM(script=[REPLY])
    search = VerbalizedSamplingRetriever(Library(), model, max_probability=0.1)
    await ask(search, "what is {python}?")
    [[system, user]] = model.calls
    assert user.content == "what is {python}?"
    assert str(system.content).startswith(f"{QUERY_REWRITES}\n\n")
    assert "Give 3 different search queries." in str(system.content)
    assert "less than 0.10" in str(system.content)


@pytest.mark.parametrize("wording", [HYPOTHETICAL_ANSWERS, "Translate the {query}."])
def test_the_wording_can_be_another(wording: str) -> None:
    model = ScriptedLLM(script=[REPLY])
    VerbalizedSamplingRetriever(Library(), model, instructions=wording).retrieve("a")
    assert str(model.calls[0][0].content).startswith(f"{wording}\n\nGenerate")


def test_the_wording_is_shown_among_the_prompts() -> None:
    assert searching().get_prompts()["instructions"].get_template() == QUERY_REWRITES


def test_the_wording_can_be_replaced_among_the_prompts() -> None:
    model = ScriptedLLM(script=[REPLY])
    search = VerbalizedSamplingRetriever(Library(), model)
    search.update_prompts({"instructions": PromptTemplate("Translate the {query}.")})
    search.retrieve("a")
    assert str(model.calls[0][0].content).startswith("Translate the {query}.\n\nGenerate")


def test_a_blank_wording_among_the_prompts_is_the_built_in_one() -> None:
    search = searching()
    search.update_prompts({"instructions": PromptTemplate(" ")})
    assert search.get_prompts()["instructions"].get_template() == QUERY_REWRITES


def test_other_prompts_leave_the_wording_as_it_is() -> None:
    search = searching(instructions="Translate.")
    search.update_prompts({"text_qa_template": PromptTemplate("{query_str}")})
    assert search.get_prompts()["instructions"].get_template() == "Translate."


def test_without_a_model_that_of_the_settings_at_the_time_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    search, model = VerbalizedSamplingRetriever(Library()), ScriptedLLM(script=[REPLY])
    monkeypatch.setattr(Settings, "_llm", model)
    search.retrieve("python")
    assert len(model.calls) == 1


@each_way
async def test_one_query_is_the_original_without_a_call_to_the_model(ask: Ask) -> None:
    model = ScriptedLLM(script=[])
    search = VerbalizedSamplingRetriever(Library(), model, num_queries=1)
    assert ids(await ask(search, "python")) == ["python"]
    assert model.calls == []


def test_without_the_original_all_queries_are_rewrites() -> None:
    library = Library()
    searching(library=library, num_queries=3, include_original=False).retrieve("python")
    assert sorted(library.asked) == sorted(QUERIES[1:])


def test_surplus_rewrites_are_not_searched_for() -> None:
    library = Library()
    searching(library=library, num_queries=3).retrieve("python")
    assert sorted(library.asked) == sorted(QUERIES[:3])


def test_the_original_once_more_is_not_searched_for_twice() -> None:
    library = Library()
    searching("1. (0.5)  PYTHON\n2. (0.5) snake", library=library, num_queries=3).retrieve("Python")
    assert sorted(library.asked) == ["Python", "snake"]


def test_similarity_top_k_cuts_the_fused_ranking() -> None:
    assert ids(searching(similarity_top_k=2).retrieve("python")) == ["python snake", "python"]


@each_way
@for_every("mode", EVERY_MODE)
async def test_each_mode_finds_every_reading_in_an_index(mode: FusionMode, ask: Ask) -> None:
    retriever = readings_index().as_retriever(similarity_top_k=1)
    found = await ask(searching(library=retriever, mode=mode), "python")
    assert {scored.text for scored in found} == set(READINGS)


def shelves(*found: tuple[str, int]) -> Library:
    """A library that finds so many nodes for each query, none of them twice."""
    return Library({query: [node(f"{query} {n}") for n in range(count)] for query, count in found})


@each_way
async def test_no_more_is_returned_than_the_retriever_finds_for_the_original(ask: Ask) -> None:
    library = shelves(("python", 2), ("snake", 5))
    search = searching("1. (0.5) snake", library=library, num_queries=2, similarity_top_k=None)
    assert ids(await ask(search, "python")) == ["python 0", "snake 0"]


@each_way
async def test_of_several_retrievers_it_is_what_they_find_together(ask: Ask) -> None:
    libraries = [shelves(("python", 2), ("snake", 5)), shelves(("python", 3), ("snake", 5))]
    search = searching("1. (0.5) snake", library=libraries, num_queries=2, similarity_top_k=None)
    # `python 0` and `python 1` are in both.
    assert len(await ask(search, "python")) == 3


@each_way
@for_every("include_original", [True, False])
async def test_where_the_original_finds_nothing_the_most_fruitful_rewrite_counts(
    include_original: bool,
    ask: Ask,
) -> None:
    library = shelves(("python", 0), ("snake", 3), ("code", 2))
    search = searching(
        "1. (0.5) snake\n2. (0.4) code",
        library=library,
        num_queries=3,
        include_original=include_original,
        similarity_top_k=None,
    )
    assert len(await ask(search, "python")) == 3


def test_an_index_gives_as_many_nodes_as_its_own_retriever() -> None:
    inner = readings_index().as_retriever(similarity_top_k=2)
    assert len(searching(library=inner, similarity_top_k=None).retrieve("python")) == 2


def test_relative_scores_add_up_by_weight() -> None:
    shelves = {
        "python": [node("a", 0.9), node("b", 0.1)],
        "snake": [node("b", 8.0), node("a", 7.0)],
    }
    search = searching(
        "1. (0.4) snake",
        library=Library(shelves),
        num_queries=2,
        mode="relative_score",
        original_weight=3.0,
    )
    found = search.retrieve("python")
    assert [(scored.node_id, scored.score) for scored in found] == [("a", 0.75), ("b", 0.25)]


def test_ranks_stand_in_for_scores_that_are_none() -> None:
    shelves = {"python": [node("a"), node("b", 3.0), node("c")]}
    search = searching(library=Library(shelves), num_queries=1, mode="relative_score")
    found = search.retrieve("python")
    assert [(scored.node_id, scored.score) for scored in found] == [("a", 1), ("b", 0.5), ("c", 0)]


def test_negative_scores_are_scores() -> None:
    shelves = {"python": [node("a", -1.0), node("b", -1.5), node("c", -3.0)]}
    search = searching(library=Library(shelves), num_queries=1, mode="relative_score")
    assert [scored.score for scored in search.retrieve("python")] == [1.0, 0.75, 0.0]


def test_reciprocal_ranks_do_not_look_at_probabilities() -> None:
    found = searching(mode="reciprocal_rerank").retrieve("python")
    assert [scored.score for scored in found] == [1 / 61] * 4


def test_reciprocal_ranks_look_at_probabilities_if_asked() -> None:
    found = searching(mode="reciprocal_rerank", weighting="probability").retrieve("python")
    assert ids(found) == ["python snake", "python", "python language", "Monty Python"]


def test_turns_can_be_equal() -> None:
    assert ids(searching(weighting="equal").retrieve("python")) == QUERIES


@each_way
@for_every(
    ("one", "other", "expected"),
    [
        (node("x"), node("x"), 1),
        (node("x"), node("x", id_="y"), 1),
        (node("x"), node("y"), 2),
        (node("x", metadata={"page": 1}), node("x", id_="y", metadata={"page": 2}), 2),
        (node("x", metadata={"page": 1}), node("x", id_="y", metadata={"page": 1}), 1),
    ],
)
async def test_nodes_are_merged_by_their_hash(
    one: NodeWithScore, other: NodeWithScore, expected: int, ask: Ask
) -> None:
    library = Library({"python": [one], "snake": [other]})
    found = await ask(searching("1. (0.4) snake", library=library, num_queries=2), "python")
    assert len(found) == expected
    assert found[0].node is one.node


def test_nodes_of_a_retriever_stay_as_they_were() -> None:
    shelves = {query: [node("x", 0.9, metadata={"page": 1})] for query in QUERIES}
    before = copy.deepcopy(shelves)
    [found] = searching(library=Library(shelves)).retrieve("python")
    assert shelves == before
    assert found.node.metadata == {"page": 1}
    assert found.score == 1.0


@each_way
@for_every("method", ["standard", "cot", "multi", "sequence", "direct"])
async def test_the_simulated_model_writes_rewrites_by_any_method(method: Any, ask: Ask) -> None:
    library = Library()
    search = VerbalizedSamplingRetriever(library, SimulatedLLM(seed=3), method=method, max_topups=2)
    await ask(search, "Tell me a joke about coffee")
    assert 1 < len(library.asked) <= 4
