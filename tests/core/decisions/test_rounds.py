"""What is asked again, which errors are raised, and what several calls amount to."""

from __future__ import annotations

import json
import pickle

import pytest

from tests.core.decisions.asked import ANGER, INTENT, URGENT, Exchange, Scripted
from tests.core.decisions.script import (
    BOTH_SAID,
    CALLED,
    INTENT_MEANT,
    INTENT_SAID,
    REFUSED,
    UNREADABLE,
    URGENT_MEANT,
    URGENT_SAID,
)
from tests.every import for_every
from vs_core import NoCandidatesError, PromptError, RefusalError
from vs_core.adapters.decisions import decisions_of, names_in_reply
from vs_core.decisions import LabelQuestion, yes_no

# --- the second question ------------------------------------------------------------------------


def test_the_second_question_names_only_what_is_open() -> None:
    exchange = Exchange([INTENT, URGENT], [INTENT_SAID, URGENT_SAID])
    exchange.run()
    roles = [role for role, _ in exchange.sent(1)]
    assert roles == ["system", "user", "assistant", "user"]
    said, turn = (text for _, text in exchange.sent(1)[2:])
    assert said == INTENT_SAID
    assert '"urgent"' in turn
    assert "intent" not in turn
    assert list(exchange.asks[1].schema["properties"]) == ["urgent"]


def test_what_the_second_reply_says_of_an_answered_question_changes_nothing() -> None:
    again = INTENT_SAID.replace("0.7", "0.1") + URGENT_SAID
    decisions = Exchange([INTENT, URGENT], [INTENT_SAID, again]).decide()
    assert decisions["intent"].probabilities == pytest.approx(INTENT_MEANT)
    assert decisions["intent"].calls == 1


def test_after_a_blank_reply_the_same_is_asked_in_a_way_that_no_cache_answers() -> None:
    exchange = Exchange([INTENT], [" ", " ", INTENT_SAID], max_reasks=2)
    exchange.run()
    assert exchange.sent(0) == exchange.sent(1) == exchange.sent(2)
    assert len({ask.replica for ask in exchange.asks}) == 3


# --- errors -------------------------------------------------------------------------------------


def test_the_error_names_the_open_question_and_has_all_that_was_answered() -> None:
    with pytest.raises(NoCandidatesError) as failure:
        Exchange([INTENT, URGENT], [INTENT_SAID, "Neither."]).run()
    assert "'urgent'" in str(failure.value)
    assert "'intent'" not in str(failure.value)
    assert failure.value.reply == f"{INTENT_SAID}\n\nNeither."
    copy = pickle.loads(pickle.dumps(failure.value))
    assert (str(copy), copy.reply) == (str(failure.value), failure.value.reply)


def test_the_error_has_the_last_reply_that_is_not_blank() -> None:
    with pytest.raises(NoCandidatesError) as failure:
        Exchange([INTENT], [UNREADABLE, ""]).run()
    assert failure.value.reply == UNREADABLE


def test_a_second_call_that_fails_hides_no_reply() -> None:
    with pytest.raises(NoCandidatesError) as failure:
        Exchange([INTENT], [UNREADABLE, TimeoutError("too slow")]).run()
    assert failure.value.reply == UNREADABLE
    assert isinstance(failure.value.__cause__, TimeoutError)


def test_questions_that_have_no_names_of_their_own_are_named_by_their_id_in_the_error() -> None:
    with pytest.raises(NoCandidatesError, match="'is it late\\?'"):
        Exchange([yes_no("is it late?", "Is it late?")], [UNREADABLE] * 2).run()


# --- several calls ------------------------------------------------------------------------------


def test_several_calls_are_asked_the_same_and_pooled() -> None:
    script = ['{"urgent": {"yes": 0.9, "no": 0.1}}', '{"urgent": {"yes": 0.5, "no": 0.5}}']
    exchange = Exchange([URGENT], [*script, '{"urgent": {"yes": 0.1, "no": 0.9}}'], n=3)
    decision = exchange.decide()["urgent"]
    assert decision.probabilities == {"yes": pytest.approx(0.5), "no": pytest.approx(0.5)}
    assert decision.spread["yes"] == pytest.approx(0.4)
    assert decision.agreement == pytest.approx(2 / 3)
    assert decision.calls == 3
    assert exchange.sent(0) == exchange.sent(1) == exchange.sent(2)
    assert len({ask.replica for ask in exchange.asks}) == 3


@for_every("failed", [ConnectionError("down"), REFUSED, CALLED])
def test_a_call_that_fails_is_survived_if_another_answers(failed: Scripted) -> None:
    exchange = Exchange([INTENT], [failed, INTENT_SAID], n=2)
    found = exchange.run()
    decision = decisions_of(found, exchange.questions)["intent"]
    assert decision.probabilities == pytest.approx(INTENT_MEANT)
    assert decision.calls == 1
    assert len(exchange.asks) == 2
    assert any("down" in n or "refused" in n or "tool" in n for n in found.trace.notes)


def test_each_question_needs_one_call_that_answers_it() -> None:
    exchange = Exchange([INTENT, URGENT], [INTENT_SAID, URGENT_SAID, UNREADABLE, UNREADABLE], n=2)
    decisions = exchange.decide()
    assert [decision.calls for decision in decisions.values()] == [1, 1]
    assert len(exchange.asks) == 4


def test_each_call_asks_again_in_its_own_conversation() -> None:
    exchange = Exchange([INTENT], ["One.", "Two.", INTENT_SAID, INTENT_SAID], n=2)
    assert exchange.decide()["intent"].calls == 2
    assert [exchange.sent(call)[2][1] for call in (2, 3)] == ["One.", "Two."]


def test_calls_that_all_fail_raise_the_first_error() -> None:
    with pytest.raises(ConnectionError, match="first"):
        Exchange([INTENT], [ConnectionError("first"), ConnectionError("second")], n=2).run()


def test_a_refusal_is_told_rather_than_that_nothing_was_read() -> None:
    with pytest.raises(RefusalError):
        Exchange([INTENT], [UNREADABLE, REFUSED, UNREADABLE], n=2).run()


def test_an_error_beside_replies_that_leave_a_question_open_is_their_cause() -> None:
    with pytest.raises(NoCandidatesError) as failure:
        Exchange([INTENT], [ConnectionError("down"), UNREADABLE, UNREADABLE], n=2).run()
    assert isinstance(failure.value.__cause__, ConnectionError)


# --- the trace ----------------------------------------------------------------------------------


def test_the_trace_has_what_was_left_out() -> None:
    reply = '{"intent": {"billing": 0.6, "praise": 0.4}}'
    trace = Exchange([INTENT], [reply], keep_replies=True).run().trace
    assert [(d.fragment, d.reason) for d in trace.dropped] == [
        ("praise: 0.4", "none of the labels of 'intent'")
    ]
    assert "'intent': 2 of 3 labels were left out, and count as 0" in trace.notes
    assert trace.replies == (reply,)
    assert (trace.calls, trace.layout) == (1, "json")


def test_two_runs_share_nothing() -> None:
    for _ in range(2):
        decisions = Exchange(
            [INTENT, URGENT, ANGER],
            [BOTH_SAID, json.dumps({"anger": {"0": 0.5, "1": 0.5, "2": 0}})],
        ).decide()
        assert decisions["anger"].expected_level == 0.5


# --- questions ----------------------------------------------------------------------------------


@for_every("questions", [[], [yes_no("late", "Late?"), yes_no("late", "Really late?")]])
def test_questions_that_cannot_be_told_apart_are_refused(questions: list[LabelQuestion]) -> None:
    with pytest.raises(PromptError):
        names_in_reply(questions)


@for_every(
    "ids, names",
    [
        (["late", "is-rude.2"], ["late", "is-rude.2"]),
        (["late", "is it rude?"], ["question_1", "question_2"]),
        (["late", "Late"], ["question_1", "question_2"]),
        (["a_b", "a.b"], ["question_1", "question_2"]),
        (["sp\u00e4t"], ["question_1"]),
        ([""], ["question_1"]),
        (["a" * 65], ["question_1"]),
    ],
)
def test_a_question_is_called_by_its_id_where_that_is_a_plain_name(
    ids: list[str], names: list[str]
) -> None:
    assert list(names_in_reply([yes_no(id_, "Is it so?") for id_ in ids])) == names


@for_every("id_", ["late", "is it late?", "", "label", "{}", "</state>"])
def test_decisions_have_the_ids_of_their_questions(id_: str) -> None:
    question = yes_no(id_, "Is it late?")
    [name] = names_in_reply([question])
    decisions = Exchange([question], [json.dumps({name: {"yes": 0.9, "no": 0.1}})]).decide()
    assert decisions[id_].id == id_
    assert decisions[id_].probabilities == URGENT_MEANT
