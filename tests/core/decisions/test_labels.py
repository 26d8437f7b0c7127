"""Which labels a reply means, however it writes them."""

from __future__ import annotations

import json

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
from vs_core.decisions import LabelQuestion

MEANT = LabelQuestion(
    id="intent",
    instructions="What is it about?",
    labels=("billing", "bug_report", "other"),
    descriptions=("Charges and refunds", "Something is broken", None),
)

WRITTEN = [
    ("BILLING", "billing"),
    (" billing ", "billing"),
    ("billing.", "billing"),
    ('"billing"', "billing"),
    ("`billing`", "billing"),
    ("**Billing**", "billing"),
    ("\u201cbilling\u201d", "billing"),
    ("Label: billing", "billing"),
    ("option billing", "billing"),
    ("billing (charges)", "billing"),
    ("billing: all that is paid", "billing"),
    ("billing \u2013 all that is paid", "billing"),
    ("Charges and refunds", "billing"),
    ("charges and refunds.", "billing"),
    ("Bug report", "bug_report"),
    ("bug-report", "bug_report"),
    ("Bug Report: something is broken", "bug_report"),
]


@for_every("written, label", WRITTEN)
def test_a_label_is_known_however_it_is_written(written: str, label: str) -> None:
    said = {label: 0.7, "other": 0.3}
    assert numbers(asked_form({written: 0.7, "other": 0.3}), MEANT) == {"intent": said}
    assert numbers(json.dumps({written: 0.7, "other": 0.3}), MEANT) == {"intent": said}


@for_every("written, label", [row for row in WRITTEN if "(" not in row[0]])
def test_a_label_in_a_list_is_known_however_it_is_written(written: str, label: str) -> None:
    reply = f"- {written} - 70%\n- other - 30%"
    assert numbers(reply, MEANT) == {"intent": {label: 0.7, "other": 0.3}}


@for_every("written", ["true", "Yes.", "Y", "YES"])
def test_yes_is_known_however_it_is_written(written: str) -> None:
    reply = asked_form({written: 0.7, "false": 0.3}, "urgent")
    assert numbers(reply, URGENT) == {"urgent": {"yes": 0.7, "no": 0.3}}


@for_every("labels", [("Billing", "billing"), ("a b", "a_b"), ("c", "C", "c."), (" x", "x")])
def test_of_labels_that_differ_in_little_the_exact_spelling_decides(labels: list[str]) -> None:
    stated = {label: round(0.1 * at, 1) for at, label in enumerate(labels, start=1)}
    for reply in (asked_form(stated), json.dumps({"intent": stated})):
        assert numbers(reply, choice(*labels)) == {"intent": stated}


@for_every("labels, written", [(("Billing", "billing"), "BILLING"), (("a b", "a_b"), "a-b")])
def test_what_may_mean_two_labels_means_none(labels: list[str], written: str) -> None:
    stated = read(asked_form({written: 0.3, labels[0]: 0.7}), choice(*labels))
    assert stated.numbers == {"intent": {labels[0]: 0.7}}
    assert reasons(stated) == {f"{written}: 0.3": "none of the labels of 'intent'"}


LIKE_NOTATION = [
    *("</text>", "<response>", "<think>", "</state>", "{", "}", "[", '"', "'", "\\", "```", "|"),
    *("0.5", "50%", "1", "probability", "label", "answers", "question", "null", "a: b", "a, b"),
    *("yes", "no", "...", "-", "#", "<the most probable>", "\U0001f600", "\u78ba\u7387"),
]


@for_every("label", LIKE_NOTATION)
def test_a_label_may_look_like_notation(label: str) -> None:
    stated = {label: 0.7, "else": 0.3}
    indented = json.dumps(json.loads(asked_form(stated)), indent=2)
    for reply in (asked_form(stated), indented, f"```json\n{indented}\n```"):
        assert numbers(reply, choice(label, "else")) == {"intent": stated}


@for_every("label", ["</text>", "<response>", "{", "0.5", "probability", "label", "yes", "a: b"])
def test_a_label_that_looks_like_notation_is_read_in_lines_too(label: str) -> None:
    reply = f"{label}: 0.7\nelse: 0.3"
    assert numbers(reply, choice(label, "else")) == {"intent": {label: 0.7, "else": 0.3}}


def test_a_label_longer_than_a_page_is_known_word_for_word() -> None:
    long = "word " * 1000 + "end"
    for written in (long, f" {long}\n"):
        assert numbers(asked_form({written: 0.7, "else": 0.3}), choice(long, "else")) == {
            "intent": {long: 0.7, "else": 0.3}
        }


def test_a_hundred_labels_are_read_in_any_order() -> None:
    labels = [f"topic {number}" for number in range(100)]
    stated = {label: round(0.0001 * at, 4) for at, label in enumerate(labels, start=1)}
    turned = dict(reversed(stated.items()))
    lines = "\n".join(f"- {label}: {number}" for label, number in turned.items())
    for reply in (asked_form(turned), lines):
        found = numbers(reply, choice(*labels))["intent"]
        assert found == stated
        assert list(found) == labels


def test_an_unknown_label_is_left_out_and_reported() -> None:
    stated = read(asked_form({"billing": 0.6, "praise": 0.4}), INTENT)
    assert stated.numbers == {"intent": {"billing": 0.6}}
    assert reasons(stated) == {"praise: 0.4": "none of the labels of 'intent'"}


def test_the_first_usable_number_of_a_label_counts() -> None:
    said = [("billing", None), ("billing", 0.6), ("other", 0.3), ("billing", 0.1)]
    reply = json.dumps({"intent": [{"label": x, "probability": p} for x, p in said]})
    stated = read(reply, INTENT)
    assert stated.numbers == {"intent": {"billing": 0.6, "other": 0.3}}
    assert reasons(stated) == {
        "billing": "no number that can be read",
        "billing: 0.1": "'intent' names this label more than once: the first usable number counts",
    }
