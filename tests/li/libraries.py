"""Retrievers whose searches are recorded, and a search over them by a scripted model."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.base import BaseEvent
from llama_index_instrumentation.event_handlers import BaseEventHandler

from llamaindex_vs import VerbalizedSamplingRetriever
from tests.li.embeddings import WordEmbedding
from tests.li.models import ScriptedLLM

REPLY = "1. (0.6) python snake\n2. (0.3) python language\n3. (0.1) Monty Python"
QUERIES = ["python", "python snake", "python language", "Monty Python"]
READINGS = ["python snake skin", "python language", "flying circus of Monty Python"]

Ask = Callable[[BaseRetriever, Any], Awaitable[list[NodeWithScore]]]


async def _sync(retriever: BaseRetriever, query: Any) -> list[NodeWithScore]:
    return retriever.retrieve(query)  # in a running event loop, as in a notebook


async def _async(retriever: BaseRetriever, query: Any) -> list[NodeWithScore]:
    return await retriever.aretrieve(query)


each_way = pytest.mark.parametrize("ask", [_sync, _async], ids=["sync", "async"])
"""Runs a test with `ask`, which retrieves in either way."""


class Library(BaseRetriever):
    """Finds what its shelves have for a query, and records the bundles it was given.

    As some retrievers do, it writes an embedding into the bundle.

    Args:
        shelves: Nodes by query; for others there is one node that names the query.
        failing: A query that fails.
    """

    def __init__(
        self, shelves: dict[str, list[NodeWithScore]] | None = None, failing: str | None = None
    ) -> None:
        super().__init__()
        self.shelves = shelves or {}
        self.failing = failing
        self.bundles: list[QueryBundle] = []
        self.given: list[tuple[str, Any, Any]] = []
        self._lock = threading.Lock()

    @property
    def asked(self) -> list[str]:
        """The queries so far, in no certain order."""
        return [bundle.query_str for bundle in self.bundles]

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        query = query_bundle.query_str
        with self._lock:
            self.bundles.append(query_bundle)
            self.given.append((query, query_bundle.custom_embedding_strs, query_bundle.embedding))
        query_bundle.embedding = [float(len(query))]
        if query == self.failing:
            raise ConnectionError(f"no connection for {query}")
        return self.shelves.get(query, [node(query)])


class Crowd:
    """Counts how many are at work at once; each stays until so many have been.

    Args:
        expected: How many; nobody waits for them longer than two seconds.
    """

    def __init__(self, expected: int = 1) -> None:
        self.expected = expected
        self.most = 0
        self._at_work = 0
        self._lock = threading.Lock()

    def work(self) -> None:
        with self._counted():
            for _ in range(200):
                time.sleep(0.01)
                if self.most >= self.expected:
                    return

    async def awork(self) -> None:
        with self._counted():
            for _ in range(200):
                await asyncio.sleep(0.01)
                if self.most >= self.expected:
                    return

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._at_work += 1
            self.most = max(self.most, self._at_work)
        yield
        with self._lock:
            self._at_work -= 1


class SlowLibrary(Library):
    """Takes its time, and knows in which threads and how many at once its searches ran."""

    def __init__(self, expected: int = 1) -> None:
        super().__init__()
        self.crowd = Crowd(expected)
        self.threads: set[int] = set()
        self.begun = asyncio.Event()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        self.threads.add(threading.get_ident())
        self.crowd.work()
        return super()._retrieve(query_bundle)

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        self.threads.add(threading.get_ident())
        self.begun.set()
        await self.crowd.awork()
        return super()._retrieve(query_bundle)


class Events(BaseEventHandler):
    """Keeps the events that go out."""

    seen: list[BaseEvent] = []  # noqa: RUF012  # a pydantic field

    @classmethod
    def class_name(cls) -> str:
        return "Events"

    def handle(self, event: BaseEvent, **kwargs: Any) -> None:
        self.seen.append(event)

    def of(self, kind: type[BaseEvent]) -> list[Any]:
        """Those of one kind, in order."""
        return [event for event in self.seen if isinstance(event, kind)]


@contextmanager
def listening() -> Iterator[Events]:
    events, dispatcher = Events(), get_dispatcher()
    dispatcher.add_event_handler(events)
    try:
        yield events
    finally:
        dispatcher.event_handlers.remove(events)


def node(name: str, score: float | None = None, **about: Any) -> NodeWithScore:
    """A node whose text is about something, with that as its id unless another is given."""
    return NodeWithScore(
        node=TextNode(**{"text": f"about {name}", "id_": name, **about}), score=score
    )


def readings_index() -> VectorStoreIndex:
    """An index in which each query of the scripted model finds another text first."""
    texts = [*READINGS, "snake, snake and snake", "bugs in a program"]
    nodes = [TextNode(text=text, id_=text) for text in texts]
    return VectorStoreIndex(nodes, embed_model=WordEmbedding())


def searching(
    *script: Any, library: BaseRetriever | Sequence[BaseRetriever] | None = None, **settings: Any
) -> VerbalizedSamplingRetriever:
    """A retriever over one library or several, whose model answers from a script."""
    return VerbalizedSamplingRetriever(
        library or Library(),
        ScriptedLLM(script=list(script or [REPLY])),
        **{"similarity_top_k": 100, **settings},
    )


def ids(nodes: list[NodeWithScore]) -> list[str]:
    return [scored.node.node_id for scored in nodes]
