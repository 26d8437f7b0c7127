"""What a re-ranking reports: LlamaIndex's own events and callbacks, and events of this package."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llama_index.core.callbacks.base import CallbackManager
from llama_index.core.callbacks.schema import CBEventType, EventPayload
from llama_index.core.instrumentation.events.rerank import ReRankEndEvent, ReRankStartEvent
from llama_index.core.schema import NodeWithScore, QueryBundle
from llama_index_instrumentation import get_dispatcher

from llamaindex_vs.events import UnmentionedNodesEvent, VerbalizedSamplingEvent
from llamaindex_vs.reranking.judging import Judgement
from vs_core import NoCandidatesError, VerbalizedDistribution
from vs_core.adapters.retrieval import failure_of

Nodes = list[NodeWithScore]

_dispatcher = get_dispatcher(__name__)
_log = logging.getLogger(__name__)


@contextmanager
def reranking(
    nodes: Nodes,
    query: QueryBundle,
    *,
    top_n: int,
    model_name: str,
    callbacks: CallbackManager,
) -> Iterator[Callable[[Nodes], Nodes]]:
    """Report a re-ranking, from its start to its end.

    Args:
        nodes: What is re-ranked.
        query: The query.
        top_n: Most nodes to return.
        model_name: Who ranks.
        callbacks: Whom to tell besides the dispatcher.

    Yields:
        A function to be called with the result, which it returns.
    """
    _dispatcher.event(
        ReRankStartEvent(query=query, nodes=nodes, top_n=top_n, model_name=model_name)
    )
    started: dict[str, Any] = {
        EventPayload.NODES: nodes,
        EventPayload.MODEL_NAME: model_name,
        EventPayload.QUERY_STR: query.query_str,
        EventPayload.TOP_K: top_n,
    }
    with callbacks.event(CBEventType.RERANKING, payload=started) as event:

        def ended(reranked: Nodes) -> Nodes:
            event.on_end(payload={EventPayload.NODES: reranked})
            _dispatcher.event(ReRankEndEvent(nodes=reranked))
            return reranked

        yield ended


def tell_judged(component: str, query: str, distribution: VerbalizedDistribution[str]) -> None:
    """Tell what a model said of which nodes.

    Args:
        component: `class_name()` of the component that ranks.
        query: The query.
        distribution: Node ids, each with the number as stated.
    """
    _dispatcher.event(
        VerbalizedSamplingEvent(component=component, query=query, distribution=distribution)
    )


def tell_unmentioned(component: str, query: str, judgements: Sequence[Judgement]) -> None:
    """Tell which nodes a model did not mention; the log has a warning where it failed.

    Args:
        component: `class_name()` of the component that ranks.
        query: The query.
        judgements: Of all batches.
    """
    for judgement in judgements:
        nodes, error = judgement.unmentioned, judgement.error
        if error is not None:
            _log.warning(
                "%s could not judge %d nodes, which stay in the retriever's order: %s",
                component,
                len(nodes),
                failure_of(error),
            )
        if nodes:
            _dispatcher.event(
                UnmentionedNodesEvent(
                    component=component,
                    query=query,
                    nodes=nodes,
                    failure=error and failure_of(error),
                    reply=error.reply if isinstance(error, NoCandidatesError) else None,
                )
            )
