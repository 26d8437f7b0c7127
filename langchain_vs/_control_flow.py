"""Exceptions by which a graph is steered, and which nobody may take for an error."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TypeVar

Outcome = TypeVar("Outcome")


def let_through(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """What calls gave, values or the errors in their place.

    LangGraph pauses a graph, and hands control to a parent, by raising an `Exception`; it has to
    arrive at the graph.

    Args:
        outcomes: As `batch(..., return_exceptions=True)` returns them.

    Raises:
        langgraph.errors.GraphBubbleUp: One of the outcomes is such an exception.
    """
    found = list(outcomes)
    # Whoever raises one has loaded it; langgraph need not be installed.
    errors = sys.modules.get("langgraph.errors")
    for outcome in found:
        if errors is not None and isinstance(outcome, errors.GraphBubbleUp):
            raise outcome
    return found
