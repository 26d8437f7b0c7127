"""Replies as models write them, in every notation, with what they are to be read as.

A line of `replies.jsonl` has the `questions` with their labels (as an object: with what each means;
yes and no make a question of yes or no, a label that is low or a digit makes levels), the `reply`,
and what is to be `read`: for each question that is answered the fractions of its labels.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.every import for_every
from vs_core.decisions import LabelQuestion, yes_no
from vs_core.parsing.decisions.reading import read_labels

REPLIES = [
    json.loads(line)
    for line in (Path(__file__).parent / "replies.jsonl").read_text("utf-8").splitlines()
]
LEVELS = ("low", "1")


def question(id_: str, labels: Any) -> LabelQuestion:
    names = tuple(labels)
    if names == ("yes", "no"):
        return yes_no(id_, "Is it so?")
    return LabelQuestion(
        id=id_,
        instructions="Which one is it?",
        labels=names,
        descriptions=tuple(labels.values()) if isinstance(labels, dict) else (),
        kind="score" if names[0] in LEVELS else "choice",
    )


def questions_of(row: dict[str, Any]) -> dict[str, LabelQuestion]:
    return {id_: question(id_, labels) for id_, labels in row["questions"].items()}


@for_every("row", REPLIES, ids=[row["name"] for row in REPLIES])
def test_a_reply_is_read_as_it_was_meant(row: dict[str, Any]) -> None:
    stated = read_labels(row["reply"], questions_of(row), truncated=row.get("truncated"))
    assert stated.numbers == row["read"]


@for_every("row", REPLIES, ids=[row["name"] for row in REPLIES])
def test_of_the_beginning_of_a_reply_no_question_is_answered_in_part(row: dict[str, Any]) -> None:
    questions = questions_of(row)
    for end in range(0, len(row["reply"]), 23):
        found = read_labels(row["reply"][:end], questions, truncated=True).numbers
        for name, numbers in found.items():
            assert list(numbers) == list(questions[name].labels)
            assert any(numbers.values())


@for_every("row", REPLIES, ids=[row["name"] for row in REPLIES])
def test_the_order_of_the_questions_does_not_matter(row: dict[str, Any]) -> None:
    turned = dict(reversed(questions_of(row).items()))
    stated = read_labels(row["reply"], turned, truncated=row.get("truncated"))
    assert stated.numbers == row["read"]
