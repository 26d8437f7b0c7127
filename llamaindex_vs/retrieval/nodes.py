"""LlamaIndex's queries and nodes, as the search in the core sees them. Pure: no I/O."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from llama_index.core.schema import NodeWithScore, QueryBundle

from vs_core.adapters.retrieval import (
    FusedItem,
    FusionMode,
    WeightedQuery,
    found_by_the_original,
    fuse,
    provenance,
    usable_score,
)

Search = tuple[WeightedQuery, int]
"""A query, weighing its share times the retriever's, and the position of the retriever, from 0."""


def searches(queries: Sequence[WeightedQuery], retriever_shares: Sequence[float]) -> list[Search]:
    """Each query to each retriever.

    Args:
        queries: The queries to search with.
        retriever_shares: The weight of each retriever; they sum to 1.
    """
    return [
        (dataclasses.replace(query, weight=query.weight * share), retriever)
        for query in queries
        for retriever, share in enumerate(retriever_shares)
    ]


def bundle_for(query: WeightedQuery, asked: QueryBundle) -> QueryBundle:
    """What to give to a retriever; no other search has it, as they write their embedding into it.

    Args:
        query: What to search for.
        asked: The user's query; an image and fields of the user's own go to all searches.
    """
    if query.text != asked.query_str:
        # What was given to be embedded stands for the original query only.
        return dataclasses.replace(
            asked, query_str=query.text, custom_embedding_strs=None, embedding=None
        )
    strings, embedding = asked.custom_embedding_strs, asked.embedding
    return dataclasses.replace(
        asked,
        custom_embedding_strs=None if strings is None else list(strings),
        embedding=None if embedding is None else list(embedding),
    )


def fused_nodes(
    made: Sequence[Search], found: Sequence[Sequence[NodeWithScore]], mode: FusionMode
) -> list[FusedItem[NodeWithScore]]:
    """What several searches found, as one ranking.

    Args:
        made: The searches.
        found: For each of them what the retriever returned.
        mode: How to fuse.
    """
    return fuse(
        found,
        mode,
        weights=[query.weight for query, _ in made],
        key=_key,
        score=lambda scored: usable_score(scored.score),
    )


def with_fused_score(fused: FusedItem[NodeWithScore]) -> NodeWithScore:
    """The node with its fused score: a copy, since retrievers may keep what they return.

    Args:
        fused: An item of the fused ranking.
    """
    return fused.item.model_copy(update={"score": fused.score})


def origin(fused: FusedItem[NodeWithScore], made: Sequence[Search]) -> dict[str, Any]:
    """How a node was found, as plain JSON.

    Args:
        fused: An item of the fused ranking.
        made: The searches.
    """
    told = provenance(fused, [query for query, _ in made])
    for finding, by in zip(fused.findings, told["queries"], strict=True):
        by["retriever"] = made[finding.query][1]
    return {"node_id": fused.item.node.node_id, **told}


def found_together(
    original: str, made: Sequence[Search], found: Sequence[Sequence[NodeWithScore]]
) -> int:
    """How many nodes the retrievers together found for the original query.

    Args:
        original: The user's query.
        made: The searches.
        found: For each of them what the retriever returned.
    """
    return found_by_the_original(original, [query for query, _ in made], found, key=_key)


def _key(scored: NodeWithScore) -> str:
    return scored.node.hash
