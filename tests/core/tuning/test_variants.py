"""Variants: what they change, how they are written, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.every import for_every
from vs_core.tuning import Variant


def test_a_mapping_of_changes_is_a_variant() -> None:
    assert Variant.model_validate({"k": 10}) == Variant(changes={"k": 10})


def test_without_changes_it_is_the_default() -> None:
    assert Variant().name == "default"


@for_every(
    ("written", "changes"),
    [
        ("k=10", {"k": 10}),
        (" k = 10 , layout=json ", {"k": 10, "layout": "json"}),
        ("max_probability=0.1", {"max_probability": 0.1}),
        ("max_probability=1e-2", {"max_probability": 0.01}),
        (
            "max_probability=none,enforce_bound=true",
            {"max_probability": None, "enforce_bound": True},
        ),
    ],
)
def test_one_is_read_as_people_write_it(written: str, changes: dict[str, Any]) -> None:
    assert Variant.read(written).changes == changes


@for_every(
    ("written", "complaint"),
    [
        ("", "write name=value"),
        ("k", "write name=value"),
        ("k=", "write name=value"),
        ("k=10,", "write name=value"),
        ("k=10,k=3", "says k twice"),
        ("temperature=1", "'temperature' is nothing that can be tried: "),
        ("value_schema=int", "nothing that can be tried"),
        ("on_failure=raise", "nothing that can be tried"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_can(written: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Variant.read(written)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="half of a surrogate pair"):
        Variant(changes={"instructions": "cut \ud83d"})


@given(
    st.dictionaries(
        st.sampled_from(["k", "words", "method", "layout", "enforce_bound", "max_probability"]),
        st.one_of(st.integers(-99, 99), st.booleans(), st.none(), st.sampled_from(["json", "cot"])),
        min_size=1,
    )
)
def test_a_name_can_be_read_again(changes: dict[str, Any]) -> None:
    assert Variant.read(Variant(changes=changes).name.replace("None", "none")).changes == changes
