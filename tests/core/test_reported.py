"""What providers report about a reply, each in its own words."""

from __future__ import annotations

from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest

from vs_core.adapters import refused, reported_refusal, token_usage, was_cut


class FinishReason(Enum):
    """As an SDK has it."""

    MAX_TOKENS = "MAX_TOKENS"
    STOP = "STOP"


CUT: list[Any] = [
    {"finish_reason": "length"},
    {"stop_reason": "max_tokens"},
    {"stopReason": "max_tokens"},
    {"done_reason": "length"},
    {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
    {"finish_reason": "content_filter"},
    {"finish_reason": FinishReason.MAX_TOKENS},
    {"finish_reason": "FinishReason.MAX_TOKENS"},
    SimpleNamespace(finish_reason="length"),
]
WHOLE: list[Any] = [
    {"finish_reason": "stop"},
    {"stop_reason": "end_turn"},
    {"status": "completed"},
    {"finish_reason": FinishReason.STOP},
    {"finish_reason": None},
    {"finish_reason": 3},
    {},
    None,
    "length",
]


@pytest.mark.parametrize("place", CUT, ids=str)
def test_an_ending_by_a_limit_is_known(place: Any) -> None:
    assert was_cut([None, place])


@pytest.mark.parametrize("place", WHOLE, ids=str)
def test_any_other_ending_is_none(place: Any) -> None:
    assert not was_cut([place])
    assert not refused([place])


@pytest.mark.parametrize("place", [{"stop_reason": "refusal"}, {"finish_reason": "SAFETY"}])
def test_an_ending_by_a_refusal_is_known(place: Any) -> None:
    assert refused([place])


def test_the_words_of_a_refusal_are_found() -> None:
    places = [None, {"refusal": None}, {"refusal": True}, SimpleNamespace(refusal="No.")]
    assert reported_refusal(places) == "No."
    assert reported_refusal(places[:3]) == ""


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([{"input_tokens": 3, "output_tokens": 4}], (3, 4)),
        ([{"prompt_tokens": 3, "completion_tokens": 4}], (3, 4)),
        ([SimpleNamespace(prompt_token_count=3, candidates_token_count=4)], (3, 4)),
        ([{"total_cost": 0}], (None, None)),
        ([{"input_tokens": 3}, {"output_tokens": 4}], (3, 4)),
        ([{"input_tokens": None, "output_tokens": 4.0}], (None, 4)),
        ([{"input_tokens": "3", "output_tokens": True}], (None, None)),
        ([{"input_tokens": -1, "output_tokens": float("nan")}], (None, None)),
        ([{"input_tokens": float("inf"), "output_tokens": 2.5}], (None, None)),
        ([[1, 2], "3", None, 7], (None, None)),
    ],
    ids=str,
)
def test_usage_is_read_in_part_in_any_shape_or_not_at_all(places: Any, expected: Any) -> None:
    assert token_usage(places) == expected
