"""Events that carry what the model said, for handlers on LlamaIndex's dispatchers."""

from __future__ import annotations

from typing import Any

from llama_index.core.schema import NodeWithScore
from llama_index_instrumentation.base import BaseEvent

from vs_core import Trace, VerbalizedDistribution
from vs_core.adapters.retrieval import WeightedQuery
from vs_core.decisions import Decision


class VerbalizedSamplingEvent(BaseEvent):
    """A component has read a distribution.

    Attributes:
        component: `class_name()` of the component that asked.
        query: What was asked: the query, or the last message.
        distribution: What came back, whole.

    Example:
        >>> from llama_index.core.instrumentation import get_dispatcher
        >>> from llama_index.core.instrumentation.event_handlers import BaseEventHandler
        >>> from llamaindex_vs import SimulatedLLM, VerbalizedSampler, VerbalizedSamplingEvent
        >>> class Seen(BaseEventHandler):
        ...     found: list = []
        ...     def handle(self, event, **kwargs):
        ...         if isinstance(event, VerbalizedSamplingEvent):
        ...             self.found.append(event.distribution)
        >>> seen = Seen()
        >>> get_dispatcher().add_event_handler(seen)
        >>> distribution = VerbalizedSampler(llm=SimulatedLLM(seed=1)).run("Flip a coin.")
        >>> seen.found == [distribution]
        True
        >>> get_dispatcher().event_handlers.remove(seen)
    """

    component: str
    query: str
    # With [Any] it would be copied into a class of its own, which cannot be pickled.
    distribution: VerbalizedDistribution  # type: ignore[type-arg]

    @classmethod
    def class_name(cls) -> str:
        """The event's name in LlamaIndex."""
        return "VerbalizedSamplingEvent"


class VerbalizedSamplingRetrievalEvent(BaseEvent):
    """An expanded search has ended: who searched for what, and who found what.

    Nodes are returned as they are, since a change to their metadata would change their hash and
    what a model reads of them; so where each comes from is told here.

    Attributes:
        component: `class_name()` of the retriever.
        query: The user's query.
        distribution: The rewrites; empty if no model was asked, or in vain.
        queries: What was searched for, each with its share and with the probability that the
            model gave it.
        nodes: For each node found, best first, as plain JSON: `node_id`, `fused_score`, and
            `queries`, with `query`, `retriever` (its position, from 0), `probability`, `weight`
            (the query's share times the retriever's), `rank` and `score` for each search that
            found it. Nodes that were cut by `similarity_top_k` are among them.
        failure: Why there are no rewrites, if the rewriting failed.

    Example:
        >>> from llamaindex_vs import VerbalizedSamplingRetrievalEvent
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.retrieval import WeightedQuery
        >>> event = VerbalizedSamplingRetrievalEvent(
        ...     component="VerbalizedSamplingRetriever",
        ...     query="python",
        ...     distribution=parse_reply("1. (0.6) python snake"),
        ...     queries=[WeightedQuery("python", 0.5), WeightedQuery("python snake", 0.5, 1.0)],
        ...     nodes=[],
        ... )
        >>> [query.text for query in event.queries]
        ['python', 'python snake']
    """

    component: str
    query: str
    distribution: VerbalizedDistribution  # type: ignore[type-arg]  # as above
    queries: tuple[WeightedQuery, ...]
    nodes: list[dict[str, Any]]
    failure: str | None = None

    @classmethod
    def class_name(cls) -> str:
        """The event's name in LlamaIndex."""
        return "VerbalizedSamplingRetrievalEvent"


class UnmentionedNodesEvent(BaseEvent):
    """Nodes about which a model that ranks said nothing; they come last, or are left out.

    Attributes:
        component: `class_name()` of the component that ranks.
        query: The query.
        nodes: The nodes, as they came from the retriever and in its order.
        failure: Why, if their batch could not be judged; None if the model left them out.
        reply: What the model wrote instead, if that was the reason.

    Example:
        >>> from llamaindex_vs import UnmentionedNodesEvent
        >>> event = UnmentionedNodesEvent(component="Ranker", query="python", nodes=[])
        >>> event.failure is None
        True
    """

    component: str
    query: str
    nodes: list[NodeWithScore]
    failure: str | None = None
    reply: str | None = None

    @classmethod
    def class_name(cls) -> str:
        """The event's name in LlamaIndex."""
        return "UnmentionedNodesEvent"


class VerbalizedSelectionEvent(BaseEvent):
    """A selector has chosen among routes.

    Attributes:
        component: `class_name()` of the selector.
        query: The query.
        decision: The probability of each choice, by the name of its tool, or by its number from 1
            where the names could not stand for the choices.
        selected: The choices taken, by the same names, first the one that was taken first.
        trace: What it cost, what was left out, and what had to be worked around.

    Example:
        >>> from llamaindex_vs import VerbalizedSelectionEvent
        >>> from vs_core import Trace
        >>> from vs_core.decisions import Decision
        >>> event = VerbalizedSelectionEvent(
        ...     component="VerbalizedSelector",
        ...     query="Where is my parcel?",
        ...     decision=Decision(id="route", probabilities={"billing": 0.1, "delivery": 0.9}),
        ...     selected=("delivery",),
        ...     trace=Trace(calls=1),
        ... )
        >>> event.decision.probabilities["delivery"]
        0.9
    """

    component: str
    query: str
    decision: Decision
    selected: tuple[str, ...]
    trace: Trace

    @classmethod
    def class_name(cls) -> str:
        """The event's name in LlamaIndex."""
        return "VerbalizedSelectionEvent"
