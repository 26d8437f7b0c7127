"""Which answer of a reply counts, and what becomes of one that was cut off."""

from __future__ import annotations

from typing import Any

from tests.core.decisions.asked import (
    INTENT,
    URGENT,
    asked_form,
    choice,
    numbers,
    read,
    reasons,
)
from tests.every import for_every


def test_of_a_reply_that_was_cut_off_a_question_without_all_its_labels_is_open() -> None:
    whole = '{"urgent": {"yes": 0.9, "no": 0.1}, "intent": {"billing": 0.7, "technical": 0.2'
    for truncated in (True, None):
        stated = read(whole, INTENT, URGENT, truncated=truncated)
        assert stated.numbers == {"urgent": {"yes": 0.9, "no": 0.1}}
        assert list(reasons(stated).values()) == [
            "cut off before every label of 'intent' had its number"
        ]


def test_half_a_number_is_none() -> None:
    assert read("billing: 0.7\ntechnical: 0.2\nother: 0.1", INTENT, truncated=True).numbers == {}
    assert read("billing: 70%\ntechnical: 20%\nother: 10%", INTENT, truncated=True).numbers == {
        "intent": {"billing": 0.7, "technical": 0.2, "other": 0.1}
    }


# --- drafts --------------------------------------------------------------------------------------

DRAFT = {"billing": 0.4, "technical": 0.4, "other": 0.2}
FINAL = {"billing": 0.7, "technical": 0.2, "other": 0.1}


def as_lines(said: dict[str, float]) -> str:
    return "\n".join(f"- {label}: {number}" for label, number in said.items())


def test_two_answers_with_different_labels_are_not_one() -> None:
    draft, final = {"a": 0.5, "b": 0.5}, {"c": 0.6, "d": 0.4}
    reply = f"{asked_form(draft)}\n\nNo, rather:\n{asked_form(final)}"
    assert numbers(reply, choice("a", "b", "c", "d")) == {"intent": final}


@for_every("written", [asked_form, as_lines], ids=["json", "lines"])
def test_of_several_answers_the_last_that_has_most_labels_counts(written: Any) -> None:
    zeros = dict.fromkeys(FINAL, 0.0)
    for order in (
        [DRAFT, FINAL],
        [DRAFT, FINAL, {"billing": 0.9}],
        [{"billing": 0.9}, FINAL],
        [zeros, FINAL],
        [FINAL, zeros],
    ):
        reply = "\n\nIntent:\n".join(map(written, order))
        assert numbers(reply, INTENT, URGENT) == {"intent": FINAL} or written is asked_form
        assert numbers(f"Intent:\n{reply}", INTENT, URGENT) == {"intent": FINAL}
