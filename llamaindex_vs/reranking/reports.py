"""LlamaIndex's own reports of a re-ranking: dispatcher events and callbacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from llama_index.core.callbacks.base import CallbackManager
from llama_index.core.callbacks.schema import CBEventType, EventPayload
from llama_index.core.instrumentation.events.rerank import ReRankEndEvent, ReRankStartEvent
from llama_index.core.schema import NodeWithScore, QueryBundle
from llama_index_instrumentation.dispatcher import Dispatcher

Nodes = list[NodeWithScore]


@contextmanager
def reranking(
    nodes: Nodes,
    query: QueryBundle,
    *,
    top_n: int,
    model_name: str,
    dispatcher: Dispatcher,
    callbacks: CallbackManager,
) -> Iterator[Callable[[Nodes], Nodes]]:
    """Report a re-ranking, from its start to its end.

    Args:
        nodes: What is re-ranked.
        query: The query.
        top_n: Most nodes to return.
        model_name: Who ranks.
        dispatcher: Whom to send the events.
        callbacks: Whom to tell besides.

    Yields:
        A function to be called with the result, which it returns.
    """
    dispatcher.event(ReRankStartEvent(query=query, nodes=nodes, top_n=top_n, model_name=model_name))
    started: dict[str, Any] = {
        EventPayload.NODES: nodes,
        EventPayload.MODEL_NAME: model_name,
        EventPayload.QUERY_STR: query.query_str,
        EventPayload.TOP_K: top_n,
    }
    with callbacks.event(CBEventType.RERANKING, payload=started) as event:

        def ended(reranked: Nodes) -> Nodes:
            event.on_end(payload={EventPayload.NODES: reranked})
            dispatcher.event(ReRankEndEvent(nodes=reranked))
            return reranked

        yield ended
