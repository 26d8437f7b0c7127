"""LlamaIndex's queries and nodes, as the search in the core sees them. Pure: no I/O."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from llama_index.core.schema import NodeWithScore, QueryBundle

from vs_core.adapters.retrieval import (
    FusionMode,
    WeightedQuery,
    found_by_the_original,
    fuse_found,
    provenance,
    usable_score,
)


@dataclasses.dataclass(frozen=True)
class Search:
    """One query to one retriever.

    Attributes:
        query: The query; its weight is its share times the retriever's.
        retriever: The retriever's position, from 0.
        bundle: What to give to the retriever; no other search has it, as retrievers write their
            embedding into it.
    """

    query: WeightedQuery
    retriever: int
    bundle: QueryBundle


def searches(
    asked: QueryBundle, queries: Sequence[WeightedQuery], retriever_shares: Sequence[float]
) -> list[Search]:
    """Each query to each retriever.

    Args:
        asked: The user's query.
        queries: The queries to search with.
        retriever_shares: The weight of each retriever; they sum to 1.
    """
    return [
        Search(
            query=dataclasses.replace(query, weight=query.weight * share),
            retriever=retriever,
            bundle=_bundle(asked, query.text),
        )
        for query in queries
        for retriever, share in enumerate(retriever_shares)
    ]


def fused_nodes(
    made: Sequence[Search], found: Sequence[Sequence[NodeWithScore]], mode: FusionMode
) -> tuple[list[NodeWithScore], list[dict[str, Any]]]:
    """What several searches found, as one ranking with the fused scores.

    Args:
        made: The searches.
        found: For each of them what the retriever returned.
        mode: How to fuse.

    Returns:
        The nodes, best first, and for each of them how it was found.
    """
    queries = [search.query for search in made]
    fused = fuse_found(
        queries,
        found,
        mode,
        key=_key,
        score=lambda scored: usable_score(scored.score),
    )
    nodes, origins = [], []
    for scored, item in fused:
        # A copy, since retrievers may keep what they return.
        nodes.append(scored.model_copy(update={"score": item.score}))
        origin = provenance(item, queries)
        for finding, told in zip(item.findings, origin["queries"], strict=True):
            told["retriever"] = made[finding.query].retriever
        origins.append({"node_id": scored.node.node_id, **origin})
    return nodes, origins


def found_together(
    original: str, made: Sequence[Search], found: Sequence[Sequence[NodeWithScore]]
) -> int:
    """How many nodes the retrievers together found for the original query.

    Args:
        original: The user's query.
        made: The searches.
        found: For each of them what the retriever returned.
    """
    queries = [search.query for search in made]
    return found_by_the_original(original, queries, found, key=_key)


def _key(scored: NodeWithScore) -> str:
    return scored.node.hash


def _bundle(asked: QueryBundle, text: str) -> QueryBundle:
    if text != asked.query_str:
        # What was given to be embedded stands for the original query only.
        return dataclasses.replace(
            asked, query_str=text, custom_embedding_strs=None, embedding=None
        )
    strings, embedding = asked.custom_embedding_strs, asked.embedding
    return dataclasses.replace(
        asked,
        custom_embedding_strs=None if strings is None else list(strings),
        embedding=None if embedding is None else list(embedding),
    )
