"""Which numbers labels have, however they are written."""

from __future__ import annotations

import json
from typing import Any

from tests.core.decisions.asked import (
    INTENT,
    URGENT,
    asked_form,
    numbers,
    read,
    reasons,
)
from tests.every import for_every

NUMBERS = [
    ("0.70", 0.7),
    (".7", 0.7),
    ("0,7", 0.7),
    ("70%", 0.7),
    ("70 %", 0.7),
    ("7/10", 0.7),
    ("7 in 10", 0.7),
    ("about 70%", 0.7),
    ("70% (very likely)", 0.7),
    ("seventy percent", 0.7),
    ("0.6-0.8", 0.7),
    ("\uff10.\uff17", 0.7),
    ("1", 1.0),
    ("0", 0.0),
]
UNUSABLE = ["high", "", "-0.7", "NaN", "150", "likely", "The customer names 2 invoices.", "?"]


@for_every("written, value", NUMBERS)
def test_a_number_is_read_however_it_is_written(written: str, value: float) -> None:
    said = {"billing": written, "other": "0.5"}
    expected = {"intent": {"billing": value, "other": 0.5}}
    for reply in (asked_form(said), json.dumps({"intent": said})):
        assert numbers(reply, INTENT) == expected


@for_every("written", [*UNUSABLE, None, True, [], {}])
def test_what_is_no_number_is_left_out_and_reported(written: Any) -> None:
    for reply in (asked_form({"billing": written, "other": 0.5}),):
        stated = read(reply, INTENT)
        assert stated.numbers == {"intent": {"other": 0.5}}
        assert "no number that can be read" in reasons(stated).values()


@for_every("written", ["NaN", "Infinity", "-Infinity", "1e999", "-0.2", "1e-400", "1" * 5000])
def test_no_number_of_json_fails(written: str) -> None:
    found = numbers(f'{{"intent": {{"billing": {written}, "other": 0.5}}}}', INTENT)
    assert found["intent"]["other"] in (0.5, 0.005)


@for_every(
    "said, stated",
    [
        ({"billing": 70, "technical": 20, "other": 10}, (0.7, 0.2, 0.1)),
        ({"billing": 7, "technical": 2, "other": 1}, (0.07, 0.02, 0.01)),
        ({"billing": 1.5, "technical": 1.0, "other": 0.5}, (0.015, 0.01, 0.005)),
        ({"billing": 1.0, "technical": 1.0, "other": 1.0}, (1.0, 1.0, 1.0)),
        ({"billing": 0.002, "technical": 0.001, "other": 0.0}, (0.002, 0.001, 0.0)),
    ],
)
def test_numbers_that_do_not_sum_to_one_are_kept_as_stated(
    said: dict[str, float], stated: tuple[float, ...]
) -> None:
    assert tuple(numbers(asked_form(said), INTENT)["intent"].values()) == stated


# --- yes and no ----------------------------------------------------------------------------------


@for_every("said", [{"yes": 0}, {"no": 0}, {"yes": 0, "no": 0}, {"yes": "low"}, {}, 0, True, "yes"])
def test_a_question_of_yes_or_no_is_never_answered_by_a_lone_zero(said: Any) -> None:
    assert numbers(json.dumps({"urgent": said}), URGENT) == {}


@for_every(
    "said, yes",
    [({"yes": 0.9}, 0.9), ({"no": 0.9}, 0.1), ({"yes": 0, "no": 1}, 0.0), (0.9, 0.9), ("90%", 0.9)],
)
def test_what_one_of_yes_and_no_lacks_the_other_has(said: Any, yes: float) -> None:
    found = numbers(json.dumps({"urgent": said}), URGENT)["urgent"]
    assert (found["yes"], found["no"]) == (yes, round(1 - yes, 12))
