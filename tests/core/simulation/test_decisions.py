"""Questions with labels: the simulated model believes something of each, and states too much."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.every import for_every
from vs_core.adapters import DictDialect, ReplyPiece, place_instruction, read_reply, run_rounds
from vs_core.adapters.decisions import (
    DecisionSettings,
    decision_instruction,
    decision_re_ask,
    decision_rounds,
    decisions_of,
    names_in_reply,
    state_prompt,
)
from vs_core.calibration import calibrate
from vs_core.decisions import Decision, LabelQuestion, yes_no
from vs_core.simulation import OVERCONFIDENCE, SimulatedModel, label_probabilities

MAIL = "I was charged twice for my last order, please pay the second one back."
TEAMS = LabelQuestion(
    id="team",
    instructions="Which team\nis this mail for?",
    labels=("billing", "delivery", "technical"),
    descriptions=("Charges, invoices.", None, "A machine that does not work:\n- leaks\n- noise"),
)
URGENT = yes_no("urgent", "Is it urgent?", yes="It cannot wait.")
ANGER = LabelQuestion(
    id="anger",
    instructions="How angry is the customer?",
    labels=("0", "1", "2"),
    descriptions=("calm", "annoyed", "furious"),
    kind="score",
)
QUESTIONS = (TEAMS, URGENT, ANGER)
Roles = list[tuple[str, str]]


def conversation(
    state: str, questions: tuple[LabelQuestion, ...], placement: Any = "system", shaping: Any = None
) -> Roles:
    told = decision_instruction(names_in_reply(questions), shaping, "You work at a coffee shop.")
    prompt = [{"role": "user", "content": state_prompt(state)}]
    messages = place_instruction(prompt, told, placement, DictDialect())
    return [(message["role"], message["content"]) for message in messages]


def stated_in(reply: str) -> dict[str, dict[str, float]]:
    return {
        name: {one["label"]: one["probability"] for one in labels}
        for name, labels in json.loads(reply).items()
    }


def overconfident(believed: dict[str, float]) -> dict[str, float]:
    total = sum(p**OVERCONFIDENCE for p in believed.values())
    return {label: p**OVERCONFIDENCE / total for label, p in believed.items()}


def decided(model: SimulatedModel, state: str, *questions: LabelQuestion, n: int = 1) -> Any:
    named, dialect = names_in_reply(questions), DictDialect()
    settings = DecisionSettings(structured_output=None).exchange()
    rounds = decision_rounds([dialect.user(state_prompt(state))], named, settings, dialect, n)

    def call(ask: Any) -> ReplyPiece:
        return ReplyPiece(text=model.reply([(m["role"], m["content"]) for m in ask.messages]))

    return decisions_of(run_rounds(rounds, call, read_reply), named)


@for_every("placement", ["system", "user"])
@for_every("shaping", [None, "json_schema", "function_calling"])
def test_it_states_the_square_of_what_it_believes(placement: str, shaping: str | None) -> None:
    asked = conversation(MAIL, QUESTIONS, placement, shaping)
    stated = stated_in(SimulatedModel(seed=1, noise=0.0).reply(asked))
    assert list(stated) == ["team", "urgent", "anger"]
    for question in QUESTIONS:
        expected = overconfident(label_probabilities(MAIL, question))
        assert stated[question.id] == pytest.approx(expected, abs=0.0051)


def test_the_most_probable_label_comes_first() -> None:
    for labels in stated_in(SimulatedModel(seed=1).reply(conversation(MAIL, QUESTIONS))).values():
        assert list(labels.values()) == sorted(labels.values(), reverse=True)


def test_calls_differ_a_little_and_without_noise_not_at_all() -> None:
    mail = "The machine that came today leaks. Is it under warranty, and what will it cost?"
    noisy = decided(SimulatedModel(seed=1), mail, *QUESTIONS, n=6)
    assert all(0 < max(decision.spread.values()) < 0.1 for decision in noisy.values())
    plain = decided(SimulatedModel(seed=1, noise=0.0), mail, *QUESTIONS, n=6)
    assert not any(spread for decision in plain.values() for spread in decision.spread.values())


def test_a_seed_gives_the_same_numbers_again() -> None:
    asked = conversation(MAIL, QUESTIONS)
    first, second = SimulatedModel(seed=4), SimulatedModel(seed=4)
    assert [first.reply(asked) for _ in range(3)] == [second.reply(asked) for _ in range(3)]
    assert SimulatedModel(seed=4).reply(asked) != SimulatedModel(seed=5).reply(asked)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
labels = st.lists(texts.filter(str.strip), min_size=1, max_size=5, unique=True)


@st.composite
def any_question(draw: st.DrawFn) -> LabelQuestion:
    names = draw(labels)
    meanings = draw(st.lists(st.none() | texts, min_size=len(names), max_size=len(names)))
    return LabelQuestion(
        id=draw(texts),
        instructions=draw(texts),
        labels=tuple(names),
        descriptions=tuple(meanings),
        kind=draw(st.sampled_from(["choice", "score"])),
    )


@given(state=texts, question=any_question())
def test_of_any_question_it_believes_probabilities(state: str, question: LabelQuestion) -> None:
    believed = label_probabilities(state, question)
    assert list(believed) == list(question.labels)
    assert sum(believed.values()) == pytest.approx(1.0)
    assert all(p > 0 for p in believed.values())


@given(
    state=texts.filter(str.strip),
    questions=st.lists(any_question(), min_size=1, max_size=3, unique_by=lambda q: q.id),
)
def test_any_question_is_answered_for_each_of_its_labels(
    state: str, questions: list[LabelQuestion]
) -> None:
    named = names_in_reply(questions)
    stated = stated_in(SimulatedModel(seed=1).reply(conversation(state, tuple(named.values()))))
    assert {name: set(found) for name, found in stated.items()} == {
        name: set(question.labels) for name, question in named.items()
    }


def test_a_state_that_asks_in_the_same_words_is_no_instruction() -> None:
    hostile = "\n\n".join(text for _, text in conversation("Say no.", (yes_no("ok", "All well?"),)))
    for placement in ("system", "user"):
        asked = conversation(hostile, QUESTIONS, placement)
        assert list(stated_in(SimulatedModel(seed=1).reply(asked))) == ["team", "urgent", "anger"]


def test_asked_again_it_answers_what_is_still_open() -> None:
    asked = conversation(MAIL, QUESTIONS)
    turn = decision_re_ask({"anger": ANGER}, None)
    again = [*asked, ("assistant", "I would rather not say."), ("user", turn)]
    assert list(stated_in(SimulatedModel(seed=1).reply(again))) == ["anger"]


def test_of_very_many_labels_one_is_above_zero() -> None:
    question = LabelQuestion(id="n", instructions="Which?", labels=tuple(map(str, range(400))))
    stated = stated_in(SimulatedModel(seed=1).reply(conversation("none of them", (question,))))
    assert max(stated["n"].values()) > 0
    assert len(stated["n"]) == 400


def test_a_conversation_about_something_else_is_answered_as_before() -> None:
    assert SimulatedModel(seed=1).reply([("user", "Roll a die. <state>\nnow\n</state>")]) == "4"


def believes(state: str, question: LabelQuestion) -> Decision:
    return Decision(id="it", probabilities=label_probabilities(state, question))


@for_every(
    ("mail", "team"),
    [
        ("There are two charges on my card.", "billing"),
        ("The courier left the parcel in the rain, and tracking says nothing.", "delivery"),
        ("The pump leaks and the display shows an error.", "technical"),
    ],
)
def test_words_of_a_label_or_of_its_matter_speak_for_it(mail: str, team: str) -> None:
    assert believes(mail, TEAMS).label == team


RISKY = yes_no("risky", "Would this call be risky? Destructive actions and credentials are risky.")


@for_every(
    ("tool", "label"),
    [("delete_file", "yes"), ("transfer_money", "yes"), ("read_file", "no"), ("get_time", "no")],
)
def test_a_tool_that_deletes_is_risky_and_one_that_reads_is_not(tool: str, label: str) -> None:
    call = json.dumps({"tool_call": {"name": tool, "args": {"path": "notes.txt"}}})
    assert believes(call, RISKY).label == label


def test_hurry_and_anger_are_seen() -> None:
    loud = "WHERE IS MY PARCEL?! This is ridiculous, I need it today!"
    mild = "Thanks for the lovely kettle. Whenever you have time, please send the invoice."
    for question, level in ((URGENT, lambda d: d.probabilities["yes"]), (ANGER, expected)):
        assert level(believes(loud, question)) > 0.3 + level(believes(mild, question))


def expected(decision: Decision) -> float:
    return decision.expected_level / (len(decision.probabilities) - 1)


def test_a_calibration_finds_the_overconfidence_where_it_is_right_as_often_as_it_believes() -> None:
    openings = ("Hello,", "Excuse me:", "Again", "Good day.", "Dear team,")
    matters = ("charged", "the parcel", "a leak", "the card", "late", "too loud", "odd", "a gift")
    mails = [" ".join(parts) for parts in itertools.product(openings, matters, matters, matters)]
    model, rng = SimulatedModel(seed=1), random.Random(1)
    decisions, truth = [], []
    for mail in mails:
        decisions.append(decided(model, mail, TEAMS)["team"])
        believed = label_probabilities(mail, TEAMS)
        truth += rng.choices(list(believed), list(believed.values()))
    calibration = calibrate(decisions, truth, method="temperature", seed=1)
    assert calibration.temperature == pytest.approx(OVERCONFIDENCE, abs=0.25)
    assert calibration.before.ece.value > 0.1
    assert calibration.after.ece.value < 0.05
