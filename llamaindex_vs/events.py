"""Events that carry what the model said, for handlers on LlamaIndex's dispatchers."""

from __future__ import annotations

from typing import Any

from llama_index_instrumentation.base import BaseEvent

from vs_core import VerbalizedDistribution


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
    distribution: VerbalizedDistribution[Any]

    @classmethod
    def class_name(cls) -> str:
        """The event's name in LlamaIndex."""
        return "VerbalizedSamplingEvent"
