"""The retrievers of both frameworks: the same rewrites and rankings are fused in the same order."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.documents import Document
from llama_index.core.schema import NodeWithScore, TextNode

import langchain_vs
import llamaindex_vs
from tests.lc.libraries import Library as Documents
from tests.lc.libraries import annotation
from tests.lc.models import ScriptedChatModel
from tests.li.libraries import Library as Nodes
from tests.li.libraries import listening
from tests.li.models import ScriptedLLM
from vs_core.adapters.retrieval import FusionMode

QUERIES = ["python", "snake", "language", "circus"]
Shelves = dict[str, list[tuple[str, float | None]]]

each_mode = pytest.mark.parametrize("mode", get_args(FusionMode))


def by_langchain(reply: str, shelves: Shelves, settings: dict[str, Any]) -> list[Document]:
    documents = {
        query: [
            Document(name, id=name, metadata={} if score is None else {"score": score})
            for name, score in items
        ]
        for query, items in shelves.items()
    }
    return langchain_vs.VerbalizedSamplingRetriever(
        retriever=Documents(shelves=documents), llm=ScriptedChatModel(script=[reply]), **settings
    ).invoke("python")


def by_llama_index(reply: str, shelves: Shelves, settings: dict[str, Any]) -> list[NodeWithScore]:
    nodes = {
        query: [
            NodeWithScore(node=TextNode(text=name, id_=name), score=score) for name, score in items
        ]
        for query, items in shelves.items()
    }
    return llamaindex_vs.VerbalizedSamplingRetriever(
        Nodes(nodes), ScriptedLLM(script=[reply]), **settings
    ).retrieve("python")


@each_mode
@given(
    numbers=st.lists(st.integers(1, 99), min_size=3, max_size=3),
    found=st.lists(
        st.lists(
            st.tuples(st.sampled_from("abcdefgh"), st.none() | st.floats(0.01, 1.0)),
            max_size=6,
            unique_by=lambda item: item[0],  # LlamaIndex merges what one retriever repeats itself
        ),
        min_size=4,
        max_size=4,
    ),
    settings=st.fixed_dictionaries(
        {
            "num_queries": st.integers(2, 4),
            "include_original": st.booleans(),
            "original_weight": st.floats(0.1, 4.0),
            "weighting": st.sampled_from([None, "probability", "equal"]),
        }
    ),
)
def test_both_fuse_alike(
    mode: FusionMode,
    numbers: list[int],
    found: list[list[tuple[str, float | None]]],
    settings: dict[str, Any],
) -> None:
    reply = "\n".join(
        f"{place}. ({number / 100}) {query}"
        for place, (number, query) in enumerate(zip(numbers, QUERIES[1:], strict=True), start=1)
    )
    shelves = dict(zip(QUERIES, found, strict=True))
    given_settings = {"mode": mode, **settings}
    documents = by_langchain(reply, shelves, given_settings)
    nodes = by_llama_index(reply, shelves, given_settings)
    assert [(d.page_content, annotation(d)["fused_score"]) for d in documents] == [
        (n.text, n.score) for n in nodes
    ]


@each_mode
def test_both_tell_alike_which_queries_found_what(mode: FusionMode) -> None:
    shelves: Shelves = {"python": [("a", 0.9), ("b", 0.5)], "snake": [("b", 0.8), ("a", None)]}
    reply, settings = "1. (0.4) snake", {"mode": mode, "num_queries": 2}
    documents = by_langchain(reply, shelves, settings)
    with listening() as events:
        by_llama_index(reply, shelves, settings)
    [event] = events.of(llamaindex_vs.VerbalizedSamplingRetrievalEvent)
    told = [
        {
            "queries": [
                {key: value for key, value in by.items() if key != "retriever"}
                for by in node["queries"]
            ],
            "fused_score": node["fused_score"],
        }
        for node in event.nodes
    ]
    assert told == [annotation(document) for document in documents]
