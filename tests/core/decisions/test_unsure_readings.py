"""Replies of which a part could pass for the whole: read whole, or the question stays open."""

from __future__ import annotations

import json

from tests.core.decisions.asked import ANGER, INTENT, URGENT, choice, numbers, read, reasons
from tests.every import for_every
from vs_core.decisions import LabelQuestion

MOOD = LabelQuestion(
    id="mood",
    instructions="How angry is it?",
    labels=("0", "1", "2"),
    descriptions=("Calm.", "Annoyed.", "Furious."),
    kind="score",
)


@for_every(
    "reply",
    [
        '{"urgent": 9}',
        '{"urgent": {"yes": 9}}',
        "urgent: yes 9",
        '{"urgent": {"yes": -0.9, "no": 0.1}}',
        '{"urgent": {"yes": 150, "no": 90}}',
        '{"urgent": {"yes": NaN, "no": 0.9}}',
        "urgent: no more than 0.1",
    ],
)
def test_yes_and_no_stay_open_where_one_number_does_not_give_the_other(reply: str) -> None:
    assert numbers(reply, URGENT) == {}


@for_every("written, yes", [("90", 0.9), ("9%", 0.09), ("0.09", 0.09), ("9/10", 0.9), ("1", 1.0)])
def test_one_number_whose_scale_is_certain_gives_the_other(written: str, yes: float) -> None:
    found = numbers(json.dumps({"urgent": {"yes": written}}), URGENT)
    assert found == {"urgent": {"yes": yes, "no": round(1 - yes, 12)}}


def test_a_number_belongs_to_the_label_before_the_comma() -> None:
    found = numbers("yes, I think, 0.9, no, I think, 0.1", URGENT)
    assert found in ({}, {"urgent": {"yes": 0.9, "no": 0.1}})


@for_every("reply", ["0.9, yes; 0.1, no", "90% yes, 10% no", "0.9,yes\n0.1,no"])
def test_numbers_may_lead(reply: str) -> None:
    assert numbers(reply, URGENT) == {"urgent": {"yes": 0.9, "no": 0.1}}


RUN_TOGETHER = """{"intent": [{"label": "billing", "probability": 0.7,
"label": "technical", "probability": 0.2, "label": "other", "probability": 0.1}]}"""


@for_every(
    "reply",
    [
        "billing 0.7 technical 0.2 other 0.1",
        "I would say billing 0.7, technical 0.2, other 0.1",
        '{"intent": {"billing": [0.7], "technical": 0.2, "other": 0.1}}',
        RUN_TOGETHER,
    ],
)
def test_every_label_of_a_series_is_read(reply: str) -> None:
    expected = {"billing": 0.7, "technical": 0.2, "other": 0.1}
    assert numbers(reply, INTENT) == {"intent": expected}


@for_every(
    "reply",
    [
        "billing rated 0.7, technical 0.2, other 0.1",
        '{"intent": {"billing": "very likely", "technical": 0.2}}',
        '{"intent": {"billing": null, "technical": 0.2}}',
    ],
)
def test_a_question_stays_open_where_most_is_stated_of_what_cannot_be_read(reply: str) -> None:
    stated = read(reply, INTENT)
    assert stated.numbers == {}
    open_ = "most of the probability of 'intent' belongs to what could not be read"
    assert open_ in reasons(stated).values()


def test_what_is_no_label_is_left_out_of_a_choice_and_leaves_yes_and_no_open() -> None:
    chosen = read('{"intent": {"returned": 0.7, "technical": 0.2}}', INTENT)
    assert chosen.numbers == {"intent": {"technical": 0.2}}
    assert "returned: 0.7" in reasons(chosen)
    assert numbers('{"urgent": {"unsure": 0.8, "yes": 0.1}}', URGENT) == {}
    assert numbers('{"urgent": {"unsure": 0.1, "yes": 0.8}}', URGENT)["urgent"]["yes"] == 0.8


TAGS = """\
<answer question="urgent">
<response><text>yes</text><probability>0.9</probability></response></answer>
<answer question="mood"><response><text>Level 2</text><probability>0.3</probability></response>
<response><text>Annoyed</text><probability>0.1</probability></response>
<response><text>Calm</text><probability>0.6</probability></response></answer>"""


@for_every(
    "reply",
    [
        TAGS,
        TAGS.replace("\n", ""),
        "urgent: yes 0.9\nmood: Furious 0.3, annoyed 0.1, calm 0.6",
        "urgent: yes 0.9\nmood:\n2 (Furious): 0.3\n1 (Annoyed): 0.1\n0 (Calm): 0.6",
    ],
)
def test_descriptions_stand_for_labels_beside_other_questions_too(reply: str) -> None:
    assert numbers(reply, URGENT, MOOD)["mood"] == {"0": 0.6, "1": 0.1, "2": 0.3}


def test_levels_are_told_from_their_numbers() -> None:
    side_by_side = '{"labels": [0, 1, 2], "probabilities": [0.1, 0.3, 0.6]}'
    assert numbers(side_by_side, ANGER) == {"anger": {"0": 0.1, "1": 0.3, "2": 0.6}}
    assert numbers('{"anger": [2, 1, 0]}', ANGER) == {}


@for_every("beside", [[], [INTENT]])
def test_yes_and_no_may_be_booleans(beside: list[LabelQuestion]) -> None:
    rows = [{"label": True, "probability": 0.9}, {"label": False, "probability": 0.1}]
    reply = json.dumps({"urgent": rows, "intent": {"billing": 1.0}})
    assert numbers(reply, URGENT, *beside)["urgent"] == {"yes": 0.9, "no": 0.1}


def test_a_label_that_ends_like_a_question_is_no_question() -> None:
    question = choice("urgent", "not urgent")
    reply = "intent:\n- urgent: 0.2\n- not urgent: 0.8\nurgent: yes 0.3, no 0.7"
    assert numbers(reply, question, URGENT) == {
        "intent": {"urgent": 0.2, "not urgent": 0.8},
        "urgent": {"yes": 0.3, "no": 0.7},
    }
