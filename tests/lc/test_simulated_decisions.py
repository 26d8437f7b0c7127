"""The simulated chat model answers decisions in whatever shape they are asked for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from langchain_vs import SimulatedChatModel
from tests.every import for_every

pytest.importorskip("langchain_core.decisions", reason="langchain-core 1.8 has decision models")

from langchain_core.decisions import Choice, Noul, Score

from langchain_vs import VerbalizedDecisionModel, VerbalizedDecisionResponse

REQUEST: Any = {
    "state": "My parcel is late, I need it today!",
    "questions": {
        "responses": Choice(
            instructions="Which team?",
            criteria={"billing": "Charges, invoices.", "delivery": "Where a parcel is."},
        ),
        "urgent": Noul(instructions="Is it urgent?"),
        "anger": Score(instructions="How angry is it?", criteria=["calm", "annoyed", "furious"]),
    },
}
SHAPES = [None, "json_schema", "function_calling"]


def decision_model(**settings: Any) -> VerbalizedDecisionModel:
    return VerbalizedDecisionModel(SimulatedChatModel(seed=1, noise=0.0), **settings)


@for_every("shape", SHAPES)
@for_every("placement", ["system", "user"])
def test_every_shape_gets_the_same_numbers(shape: str | None, placement: str) -> None:
    response = decision_model(structured_output=shape, placement=placement).invoke(REQUEST)
    assert response.answers == decision_model().invoke(REQUEST).answers
    assert response.choices["responses"].choice == "delivery"
    assert response.nouls["urgent"].noul > 0.5


@for_every("shape", SHAPES)
def test_async_gets_the_numbers_of_sync(shape: str | None) -> None:
    noisy = {"structured_output": shape, "n": 3}
    first = VerbalizedDecisionModel(SimulatedChatModel(seed=1), **noisy)
    second = VerbalizedDecisionModel(SimulatedChatModel(seed=1), **noisy)
    response = asyncio.run(first.ainvoke(REQUEST))
    assert response.answers == second.invoke(REQUEST).answers
    assert isinstance(response, VerbalizedDecisionResponse)
    assert max(response.decisions["anger"].spread.values()) > 0
