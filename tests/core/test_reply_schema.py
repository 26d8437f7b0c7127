"""The schema of a reply whose shape the provider enforces."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import BaseModel

from vs_core import PromptSettings
from vs_core.adapters import reply_schema


class Coin(BaseModel):
    side: Literal["heads"] = "heads"
    flips: int | None


def of_one_response(**settings: Any) -> dict[str, Any]:
    fields = reply_schema(PromptSettings(**settings))["properties"]["responses"]["items"]
    return dict(fields["properties"])


@pytest.mark.parametrize(
    ("value_schema", "written"),
    [
        (Literal["a", "b"], {"enum": ["a", "b"], "type": "string"}),
        (Literal["a", 1], {"enum": ["a", 1], "type": ["string", "integer"]}),
        (int | None, {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
    ],
    ids=str,
)
def test_a_choice_of_values_has_the_type_of_the_values(
    value_schema: Any, written: dict[str, Any]
) -> None:
    assert of_one_response(value_schema=value_schema)["text"] == written


def test_a_field_with_a_default_is_asked_for_all_the_same() -> None:
    coin = of_one_response(value_schema=Coin)["text"]
    assert coin["required"] == ["side", "flips"]
    assert coin["properties"]["side"] == {"const": "heads", "title": "Side", "type": "string"}
    assert coin["additionalProperties"] is False


def test_a_probability_lies_between_0_and_1_or_below_its_bound() -> None:
    full, tail = (of_one_response(max_probability=bound)["probability"] for bound in (None, 0.1))
    assert (full["minimum"], full["maximum"], full.get("exclusiveMaximum")) == (0, 1, None)
    assert (tail["minimum"], tail["maximum"], tail["exclusiveMaximum"]) == (0, 0.1, 0.1)
