"""Which question an answer belongs to, whatever it is called."""

from __future__ import annotations

import json

from tests.core.decisions.asked import (
    ANGER,
    INTENT,
    URGENT,
    asked_form,
    choice,
    numbers,
)
from tests.every import for_every
from vs_core.decisions import yes_no


@for_every("name", ["label", "answers", "probability", "question", "id", "name", "billing", "text"])
def test_a_question_may_be_called_like_a_part_of_the_form(name: str) -> None:
    asked = choice("billing", "other", id=name)
    said = {"billing": 0.7, "other": 0.3}
    turned = dict(reversed(said.items()))
    for stated in (said, turned):
        bare = json.dumps(json.loads(asked_form(stated))["intent"])
        for reply in (asked_form(stated, name), json.dumps({name: stated}), bare):
            assert numbers(reply, asked) == {name: said}


@for_every("name", ["label", "answers", "probability", "question", "id", "name", "text"])
def test_so_may_one_of_several(name: str) -> None:
    asked = [yes_no(name, "Is it so?"), INTENT]
    form = json.loads(asked_form({"billing": 0.7, "other": 0.3}))
    form |= json.loads(asked_form({"no": 0.8, "yes": 0.2}, name))
    mapping = {"intent": {"billing": 0.7, "other": 0.3}, name: {"no": 0.8, "yes": 0.2}}
    for reply in (form, mapping, dict(reversed(form.items())), {"answers": mapping}):
        found = numbers(json.dumps(reply), *asked)
        assert found == {
            "intent": {"billing": 0.7, "other": 0.3},
            name: {"yes": 0.2, "no": 0.8},
        }


@for_every("name", ["yes", "no"])
def test_a_question_may_be_called_like_its_own_labels(name: str) -> None:
    for reply in ('{"yes": 0.9, "no": 0.1}', '{"no": 0.1, "yes": 0.9}'):
        assert numbers(reply, yes_no(name, "Is it so?")) == {name: {"yes": 0.9, "no": 0.1}}


def test_the_number_of_a_label_is_no_answer_to_a_question_that_is_called_so() -> None:
    said = [{"id": "intent", "label": "billing", "probability": 0.7}]
    asked = [INTENT, yes_no("probability", "Is it probable?")]
    assert numbers(json.dumps(said), *asked) == {"intent": {"billing": 0.7}}


def test_a_question_called_like_a_label_of_another_is_not_answered_by_it() -> None:
    refund = yes_no("refund", "Is a refund asked for?")
    topic = choice("refund", "delay", id="topic")
    for reply in (
        asked_form({"refund": 0.7, "delay": 0.3}, "topic"),
        '{"topic": {"refund": 0.7, "delay": 0.3}}',
        "topic:\n- refund: 0.7\n- delay: 0.3",
    ):
        assert numbers(reply, topic, refund) == {"topic": {"refund": 0.7, "delay": 0.3}}


@for_every(
    "written", ["question_2", "Question 2", "is it rude?", "Is the mail rude?", "QUESTION 2"]
)
def test_a_question_that_has_a_number_is_known_by_it_its_id_and_its_wording(written: str) -> None:
    asked = [yes_no("is it late?", "Is it late?"), yes_no("is it rude?", "Is the mail rude?")]
    said = {"no": 0.8, "yes": 0.2}
    for reply in (json.dumps({written: said}), f"{written}\n- no: 0.8\n- yes: 0.2"):
        assert numbers(reply, *asked) == {"question_2": {"yes": 0.2, "no": 0.8}}


def test_a_question_that_is_left_out_has_no_number() -> None:
    assert numbers(asked_form({"billing": 0.7, "other": 0.3}), INTENT, URGENT, ANGER) == {
        "intent": {"billing": 0.7, "other": 0.3}
    }


def test_levels_are_read_by_their_order_if_there_is_a_number_for_each() -> None:
    assert numbers('{"anger": [0.1, 0.6, 0.3]}', ANGER) == {"anger": {"0": 0.1, "1": 0.6, "2": 0.3}}
    assert numbers('{"anger": [0.1, 0.9]}', ANGER) == {}
