"""Selectors that ask a scripted model, and what is routed by them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from llama_index.core.tools import ToolMetadata

from llamaindex_vs import VerbalizedSelector, VerbalizedSelectorResult
from tests.li.models import ScriptedLLM

QUERY = "Where is my parcel?"
TEAMS = [
    ToolMetadata(name="billing", description="Charges and invoices."),
    ToolMetadata(name="delivery", description="Where a parcel is."),
    ToolMetadata(name="sales", description="Prices and offers."),
]
FRUIT = ["apple", "pear", "peach"]

Choose = Callable[..., Awaitable[VerbalizedSelectorResult]]


async def _sync(
    selector: VerbalizedSelector, choices: Sequence[Any] = TEAMS, query: Any = QUERY
) -> Any:
    return selector.select(choices, query)


async def _async(
    selector: VerbalizedSelector, choices: Sequence[Any] = TEAMS, query: Any = QUERY
) -> Any:
    return await selector.aselect(choices, query)


each_way = pytest.mark.parametrize("choose", [_sync, _async], ids=["sync", "async"])
"""Runs a test with `choose`, which selects in either way."""


def stating(numbers: dict[str, Any]) -> str:
    """A reply in the form that is asked for."""
    said = [{"label": label, "probability": number} for label, number in numbers.items()]
    return json.dumps({"route": said})


def of_teams(billing: Any, delivery: Any, sales: Any) -> str:
    """A reply about the three teams."""
    return stating({"billing": billing, "delivery": delivery, "sales": sales})


def scripted(*script: Any, **settings: Any) -> tuple[ScriptedLLM, VerbalizedSelector]:
    """A scripted model, and a selector that asks it."""
    model = ScriptedLLM(script=list(script))
    return model, VerbalizedSelector(model, **settings)


def asked(model: ScriptedLLM, call: int = 0) -> str:
    """The instruction of a call."""
    return str(model.calls[call][0].content)
