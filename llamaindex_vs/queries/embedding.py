"""What is to be embedded for an expanded query, and how it becomes one vector. Pure: no I/O."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import QueryBundle

from vs_core import PromptError
from vs_core.adapters.retrieval import WeightedQuery

Vector = Sequence[float]
Kind = Literal["query", "document"]


@dataclass(frozen=True)
class MeanVector:
    """The weighted mean of some vectors, of which all but one may still have to be computed.

    Queries and documents have embeddings of their own in many models.

    Attributes:
        model: What embeds them.
        queries: What to embed as queries; all weights together sum to 1.
        documents: What to embed as documents.
        known: The vector of the original query, if it came with one, and its share.
    """

    model: BaseEmbedding
    queries: tuple[WeightedQuery, ...]
    documents: tuple[WeightedQuery, ...] = ()
    known: tuple[Vector, float] | None = None

    @property
    def query_texts(self) -> list[str]:
        """The texts to embed as queries."""
        return [query.text for query in self.queries]

    @property
    def document_texts(self) -> list[str]:
        """The texts to embed as documents."""
        return [document.text for document in self.documents]

    def of(self, queries: Sequence[Vector], documents: Sequence[Vector]) -> list[float]:
        """The mean, once the texts have been embedded.

        Args:
            queries: A vector for each of `query_texts`.
            documents: A vector for each of `document_texts`.

        Raises:
            PromptError: The known vector is none of the model that embedded the texts.
        """
        vectors = [*queries, *documents]
        weights = [part.weight for part in (*self.queries, *self.documents)]
        if self.known is not None:
            vector, weight = self.known
            _require_same_length(vector, vectors)
            vectors, weights = [*vectors, vector], [*weights, weight]
        return [
            math.fsum(x * weight for x, weight in zip(column, weights, strict=True))
            for column in zip(*vectors, strict=True)
        ]


def strings_to_embed(asked: QueryBundle, queries: Sequence[WeightedQuery]) -> list[str]:
    """The strings of an expanded query, each once, for components that embed them alike.

    Args:
        asked: The query as it came; the strings it has for embedding stand for the original.
        queries: What to search with.
    """
    strings = (string for query in queries for string in _strings_of(asked, query))
    return list(dict.fromkeys(strings))


def mean_vector(
    model: BaseEmbedding,
    asked: QueryBundle,
    queries: Sequence[WeightedQuery],
    kind: Kind = "query",
) -> MeanVector:
    """The vector of an expanded query.

    Args:
        model: What embeds it.
        asked: The query as it came; the embedding it has, or else its strings for embedding,
            stand for the original.
        queries: What to search with.
        kind: What all but the original are.
    """
    own = [query for query in queries if query.text == asked.query_str]
    written = tuple(query for query in queries if query.text != asked.query_str)
    known = None
    if own and asked.embedding is not None:
        known = (asked.embedding, own[0].weight)
        own = []
    parts = tuple(part for query in own for part in _parts(asked, query))
    if kind == "document":
        return MeanVector(model, parts, written, known)
    return MeanVector(model, (*parts, *written), known=known)


def _parts(asked: QueryBundle, query: WeightedQuery) -> list[WeightedQuery]:
    strings = _strings_of(asked, query)
    return [WeightedQuery(string, query.weight / len(strings)) for string in strings]


def _strings_of(asked: QueryBundle, query: WeightedQuery) -> list[str]:
    if query.text != asked.query_str:
        return [query.text]
    return asked.embedding_strs or [query.text]


def _require_same_length(known: Vector, vectors: Sequence[Vector]) -> None:
    lengths = {len(vector) for vector in vectors} - {len(known)}
    if lengths:
        raise PromptError(
            f"the query bundle's embedding has {len(known)} dimensions and those of embed_model "
            f"have {lengths.pop()}: take the embed_model that made it, or leave embedding None"
        )
