"""Retrievers whose searches are recorded, and a search over them by a scripted model."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field, PrivateAttr

from langchain_vs import VerbalizedSamplingRetriever
from tests.lc.models import ScriptedChatModel

REPLY = "1. (0.6) python snake\n2. (0.3) python language\n3. (0.1) Monty Python"
QUERIES = ["python", "python snake", "python language", "Monty Python"]


class Library(BaseRetriever):
    """Finds what its shelves have for a query, and records what it was asked.

    Attributes:
        shelves: Documents by query; for others there is one document that names the query.
        failing: A query that fails.
    """

    shelves: dict[str, list[Document]] = Field(default_factory=dict)
    failing: str | None = None

    _asked: list[str] = PrivateAttr(default_factory=list)
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @property
    def asked(self) -> list[str]:
        """The queries so far, in no certain order."""
        return self._asked

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        with self._lock:
            self._asked.append(query)
        if query == self.failing:
            raise ConnectionError(f"no connection for {query}")
        if query in self.shelves:
            return self.shelves[query]
        return [Document(f"about {query}", id=query)]


class SlowLibrary(Library):
    """Answers in coroutines only, and counts how many are at work at once."""

    _at_work: int = PrivateAttr(default=0)
    _most: int = PrivateAttr(default=0)

    @property
    def most(self) -> int:
        """The most searches that ran at once."""
        return self._most

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        raise AssertionError("called in a thread")

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        self._at_work += 1
        self._most = max(self._most, self._at_work)
        await asyncio.sleep(0.01)
        self._at_work -= 1
        return [Document(f"about {query}", id=query)]


def searching(
    *script: Any, library: Library | None = None, **settings: Any
) -> VerbalizedSamplingRetriever:
    """A retriever over a library, whose model answers from a script."""
    return VerbalizedSamplingRetriever(
        retriever=library or Library(),
        llm=ScriptedChatModel(script=list(script or [REPLY])),
        **{"top_k": 100, **settings},
    )


def annotation(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = document.metadata["verbalized_sampling"]
    return found


def ids(documents: list[Document]) -> list[str | None]:
    return [document.id for document in documents]
