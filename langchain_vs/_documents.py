"""LangChain's documents, as the fusion in the core sees them. Pure: no I/O."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from numbers import Real
from typing import Any

from langchain_core.documents import Document

from vs_core import Finding, FusedItem, FusionMode, Ranking, WeightedQuery, fuse

ANNOTATION = "verbalized_sampling"
"""The metadata key under which a returned document says how it was found."""


def fused_documents(
    queries: Sequence[WeightedQuery],
    found: Sequence[Any],
    *,
    mode: FusionMode,
    score_key: str,
    failure: str | None = None,
) -> list[Document]:
    """What several queries found, as one ranking of annotated copies.

    Args:
        queries: The queries.
        found: For each of them what the retriever returned.
        mode: How to fuse.
        score_key: Where in its metadata a document has its score.
        failure: What went wrong with the rewriting, if anything did.

    Raises:
        TypeError: The retriever returned something that is no list of documents.
    """
    documents: dict[Hashable, Document] = {}
    rankings = []
    for query, received in zip(queries, found, strict=True):
        items = []
        for document in _documents(received):
            documents.setdefault(document_key(document), document)
            items.append((document_key(document), _score(document, score_key)))
        rankings.append(Ranking(items=tuple(items), weight=query.weight))
    return [
        _annotated(documents[item.key], item, queries, failure) for item in fuse(rankings, mode)
    ]


def document_key(document: Document) -> Hashable:
    """What makes two documents the same: their id, else their content and its source.

    Args:
        document: A retriever's document.
    """
    if document.id is not None:
        return document.id
    # A text that stands in two sources is two findings.
    return document.page_content, repr(document.metadata.get("source"))


def _documents(received: Any) -> Iterable[Document]:
    if isinstance(received, Sequence) and all(isinstance(item, Document) for item in received):
        return received
    raise TypeError(
        f"the retriever returned {received!r:.80} ({type(received).__name__}); retriever must be a "
        "Runnable from a string to a list of documents"
    )


def _score(document: Document, score_key: str) -> float | None:
    score = document.metadata.get(score_key)
    if isinstance(score, bool) or not isinstance(score, Real) or not math.isfinite(score):
        return None
    return float(score)


def _annotated(
    document: Document,
    item: FusedItem[Hashable],
    queries: Sequence[WeightedQuery],
    failure: str | None,
) -> Document:
    annotation: dict[str, Any] = {
        "queries": [_provenance(queries[finding.query], finding) for finding in item.findings],
        "fused_score": item.score,
    }
    if failure is not None:
        annotation["failure"] = failure
    return document.model_copy(update={"metadata": {**document.metadata, ANNOTATION: annotation}})


def _provenance(query: WeightedQuery, finding: Finding) -> dict[str, Any]:
    return {
        "query": query.text,
        "probability": query.probability,
        "weight": query.weight,
        "rank": finding.rank,
        "score": finding.score,
    }
