"""Small deterministic embedding models."""

from __future__ import annotations

import re
import zlib

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import Field, PrivateAttr

Vector = list[float]


class WordEmbedding(BaseEmbedding):
    """A bag of words: one dimension for each word, by a hash that never changes.

    Texts that share words are near each other; texts that share none are at right angles. Vectors
    are counts, so their lengths differ. Case and punctuation do not matter.
    """

    dimensions: int = Field(default=1024, ge=1)

    @classmethod
    def class_name(cls) -> str:
        return "WordEmbedding"

    def _get_query_embedding(self, query: str) -> Vector:
        return self._vector(query)

    async def _aget_query_embedding(self, query: str) -> Vector:
        return self._vector(query)

    def _get_text_embedding(self, text: str) -> Vector:
        return self._vector(text)

    async def _aget_text_embedding(self, text: str) -> Vector:
        return self._vector(text)

    def _vector(self, text: str) -> Vector:
        counts = [0.0] * self.dimensions
        for word in re.findall(r"\w+", text.casefold()):
            counts[zlib.crc32(word.encode()) % self.dimensions] += 1.0
        return counts


class TableEmbedding(BaseEmbedding):
    """The vectors it was given, for texts and for queries; it keeps what it was asked, in order.

    Attributes:
        texts: The vector of each text.
        queries: The vector of each query.
    """

    texts: dict[str, Vector] = Field(default_factory=dict)
    queries: dict[str, Vector] = Field(default_factory=dict)

    _calls: list[tuple[str, tuple[str, ...]]] = PrivateAttr(default_factory=list)

    @classmethod
    def class_name(cls) -> str:
        return "TableEmbedding"

    @property
    def calls(self) -> list[tuple[str, tuple[str, ...]]]:
        """Each call: "query", "texts", "aquery" or "atexts", and what it was for."""
        return self._calls

    def _get_query_embedding(self, query: str) -> Vector:
        self._calls.append(("query", (query,)))
        return self.queries[query]

    async def _aget_query_embedding(self, query: str) -> Vector:
        self._calls.append(("aquery", (query,)))
        return self.queries[query]

    def _get_text_embedding(self, text: str) -> Vector:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[Vector]:
        self._calls.append(("texts", tuple(texts)))
        return [self.texts[text] for text in texts]

    async def _aget_text_embeddings(self, texts: list[str]) -> list[Vector]:
        self._calls.append(("atexts", tuple(texts)))
        return [self.texts[text] for text in texts]
