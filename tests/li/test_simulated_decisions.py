"""The simulated model of LlamaIndex chooses among routes, with the probabilities it believes in."""

from __future__ import annotations

import asyncio

import pytest
from llama_index.core.tools import ToolMetadata

from llamaindex_vs import SimulatedLLM, VerbalizedSelector
from tests.every import for_every
from vs_core.adapters.decisions import ROUTING
from vs_core.decisions import LabelQuestion
from vs_core.simulation import OVERCONFIDENCE, label_probabilities

DESKS = {
    "billing": "Charges and invoices.",
    "delivery": "Where a parcel is.",
    "technical": "A machine that does not work.",
}
CHOICES = [ToolMetadata(description, name=name) for name, description in DESKS.items()]
QUERY = "The pump of my machine leaks, what will a repair cost?"


@for_every("placement", ["system", "user"])
def test_a_selector_gets_the_square_of_what_it_believes(placement: str) -> None:
    llm = SimulatedLLM(seed=1, noise=0.0)
    selector = VerbalizedSelector(llm, placement=placement)  # type: ignore[arg-type]
    found = selector.select(CHOICES, QUERY).probabilities
    asked = LabelQuestion(
        id="route",
        instructions=ROUTING,
        labels=tuple(DESKS),
        descriptions=tuple(DESKS.values()),
    )
    believed = [p**OVERCONFIDENCE for p in label_probabilities(QUERY, asked).values()]
    assert list(found.values()) == pytest.approx([p / sum(believed) for p in believed], abs=0.01)


def test_async_gets_the_numbers_of_sync() -> None:
    first, second = (VerbalizedSelector(SimulatedLLM(seed=1), n=3) for _ in range(2))
    found = asyncio.run(first.aselect(CHOICES, QUERY))
    assert found.probabilities == second.select(CHOICES, QUERY).probabilities
    assert max(found.decision.spread.values()) > 0
