"""What is to be embedded for an expanded query, and how it becomes one vector. Pure: no I/O."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import QueryBundle

from vs_core import PromptError
from vs_core.adapters.retrieval import WeightedQuery

Vector = Sequence[float]
Kind = Literal["query", "document"]


@dataclass(frozen=True)
class Term:
    """A text that has a share in the vector of an expanded query.

    Attributes:
        text: The text.
        weight: Its share; the shares sum to 1.
        kind: Queries and documents have embeddings of their own in many models.
    """

    text: str
    weight: float
    kind: Kind = "query"


@dataclass(frozen=True)
class MeanVector:
    """The weighted mean of some vectors, of which all but one may still have to be computed.

    Attributes:
        model: What embeds them.
        terms: The texts to embed.
        known: The vector of the original query, if it came with one, and its share.
    """

    model: BaseEmbedding
    terms: tuple[Term, ...]
    known: tuple[Vector, float] | None = None

    @property
    def queries(self) -> list[str]:
        """The texts to embed as queries."""
        return [term.text for term in self.terms if term.kind == "query"]

    @property
    def documents(self) -> list[str]:
        """The texts to embed as documents."""
        return [term.text for term in self.terms if term.kind == "document"]

    def of(self, queries: Iterable[Vector], documents: Iterable[Vector]) -> list[float]:
        """The mean, once the texts have been embedded.

        Args:
            queries: A vector for each of `queries`.
            documents: A vector for each of `documents`.

        Raises:
            PromptError: The known vector is none of the model that embedded the texts.
        """
        vectors = {"query": iter(queries), "document": iter(documents)}
        weighed = [(next(vectors[term.kind]), term.weight) for term in self.terms]
        if self.known is not None:
            _require_same_length(self.known[0], weighed)
            weighed.append(self.known)
        columns = zip(*(vector for vector, _ in weighed), strict=True)
        weights = [weight for _, weight in weighed]
        return [
            math.fsum(x * weight for x, weight in zip(column, weights, strict=True))
            for column in columns
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
    terms: list[Term] = []
    known = None
    for query in queries:
        if query.text != asked.query_str:
            terms.append(Term(query.text, query.weight, kind))
        elif asked.embedding is not None:
            known = (asked.embedding, query.weight)
        else:
            strings = _strings_of(asked, query)
            terms += [Term(string, query.weight / len(strings)) for string in strings]
    return MeanVector(model, tuple(terms), known)


def _strings_of(asked: QueryBundle, query: WeightedQuery) -> list[str]:
    if query.text != asked.query_str:
        return [query.text]
    return asked.embedding_strs or [query.text]


def _require_same_length(known: Vector, weighed: Sequence[tuple[Vector, float]]) -> None:
    lengths = {len(vector) for vector, _ in weighed} - {len(known)}
    if lengths:
        raise PromptError(
            f"the query bundle's embedding has {len(known)} dimensions and those of embed_model "
            f"have {lengths.pop()}: take the embed_model that made it, or leave embedding None"
        )
