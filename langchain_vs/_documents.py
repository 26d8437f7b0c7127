"""LangChain's documents, as the fusion in the core sees them. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from langchain_core.documents import Document

from vs_core.adapters.retrieval import (
    FusedItem,
    FusionMode,
    WeightedQuery,
    fuse,
    provenance,
    usable_score,
)

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
    fused = fuse(
        [_documents(received) for received in found],
        mode,
        weights=[query.weight for query in queries],
        key=document_key,
        score=lambda document: usable_score(document.metadata.get(score_key)),
    )
    return [_annotated(item, queries, failure) for item in fused]


def document_key(document: Document) -> Hashable:
    """What makes two documents the same: their id, else their content and its source.

    Args:
        document: A retriever's document.
    """
    if document.id is not None:
        return document.id
    # A text that stands in two sources is two findings.
    return document.page_content, repr(document.metadata.get("source"))


def _documents(received: Any) -> Sequence[Document]:
    if isinstance(received, Sequence) and all(isinstance(item, Document) for item in received):
        return received
    raise TypeError(
        f"the retriever returned {received!r:.80} ({type(received).__name__}); retriever must be a "
        "Runnable from a string to a list of documents"
    )


def _annotated(
    item: FusedItem[Document],
    queries: Sequence[WeightedQuery],
    failure: str | None,
) -> Document:
    document, annotation = item.item, provenance(item, queries)
    if failure is not None:
        annotation["failure"] = failure
    return document.model_copy(update={"metadata": {**document.metadata, ANNOTATION: annotation}})
