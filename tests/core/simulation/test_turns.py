"""Follow-up turns: their own number of responses, and none that was given before."""

from __future__ import annotations

from typing import get_args

import pytest

from tests.core.simulation.replies import (
    COFFEE,
    Conversation,
    conversation,
    json_stated,
    line_pairs,
    xml_pairs,
)
from vs_core import Layout, PromptSettings, instruction, parse_reply
from vs_core.prompts.instruction import re_ask
from vs_core.simulation import SimulatedModel, find_space

JOKES = find_space(COFFEE).answers
MORE = "Sample {} alternative responses to the original input prompt."


def continued(model: SimulatedModel, messages: Conversation, turn: str) -> Conversation:
    return [*messages, ("assistant", model.reply(messages)), ("user", turn)]


def texts(reply: str) -> set[str]:
    return {text for text, _ in xml_pairs(reply)}


def test_a_follow_up_turn_has_its_own_count() -> None:
    model = SimulatedModel(seed=1)
    for asked, given in {"2": 2, "two": 2, "7": 7}.items():
        turn = continued(model, conversation(COFFEE), MORE.format(asked))
        assert len(texts(model.reply(turn))) == given


def test_follow_up_turns_give_new_answers_until_the_space_is_told() -> None:
    model = SimulatedModel(seed=1)
    messages = conversation(COFFEE)
    told: list[set[str]] = []
    for _ in range(5):
        told.append(texts(model.reply(messages)))
        messages = continued(model, messages, MORE.format(5))
    earlier = [text for role, reply in messages if role == "assistant" for text in texts(reply)]
    assert len(earlier) == len(set(earlier)) == 25


def test_a_space_that_is_told_starts_again() -> None:
    model = SimulatedModel(seed=1)
    turn = continued(model, conversation("Roll a die", k="six"), MORE.format(3))
    assert len(texts(model.reply(turn))) == 3


def test_what_is_left_of_a_space_is_all_that_is_given() -> None:
    model = SimulatedModel(seed=1)
    turn = continued(model, conversation("Roll a die"), MORE.format(4))
    assert len(texts(model.reply(turn))) == 1


def test_short_answers_inside_numbers_do_not_count_as_given() -> None:
    messages = [
        ("user", "Give 2 die rolls with their probabilities"),
        ("assistant", "1. (0.23) 5\n2. (0.14) 6"),
        ("user", "Give 4 more responses, please"),
    ]
    reply = SimulatedModel(seed=1).reply(messages)
    assert {text for text, _ in line_pairs(reply)} == {"1", "2", "3", "4"}


def test_a_follow_up_may_change_the_layout() -> None:
    model = SimulatedModel(seed=1)
    change = MORE.format(3) + ' Return JSON with the key "responses", "text" and "probability".'
    reply = model.reply(continued(model, conversation(COFFEE), change))
    assert len(json_stated(reply)) == 3


def test_a_second_attempt_after_an_unreadable_reply_keeps_the_question() -> None:
    messages = [
        *conversation(COFFEE),
        ("assistant", "Sorry?"),
        ("user", "Generate different responses to the input prompt.\nGive 3 different responses."),
    ]
    reply = SimulatedModel(seed=1).reply(messages)
    assert len(texts(reply) & set(JOKES)) == 3


def test_a_request_once_more_asks_the_same_question_in_every_layout() -> None:
    for layout in get_args(Layout):
        asked = PromptSettings(k=3, layout=layout)
        system, again = instruction(asked), re_ask(asked, 3)
        messages = [("system", system), ("user", COFFEE), ("assistant", "Sorry?"), ("user", again)]
        reply = SimulatedModel(seed=1).reply(messages)
        assert len(set(parse_reply(reply, asked=asked).texts) & set(JOKES)) == 3


def test_the_first_turn_of_several_gives_its_share_of_the_total() -> None:
    system = (
        "You will generate a total of 5 responses to the input prompt. First, sample 2 responses, "
        "each within a <response> tag, with a <text> and a <confidence>."
    )
    reply = SimulatedModel(seed=1).reply([("system", system), ("user", COFFEE)])
    assert len(texts(reply)) == 2


@pytest.mark.parametrize(
    "turn", ["Another one!", "Generate an alternative response to the original input prompt."]
)
def test_another_direct_answer_is_a_new_one(turn: str) -> None:
    messages = [("user", COFFEE), ("assistant", JOKES[0]), ("user", turn)]
    reply = SimulatedModel(seed=1).reply(messages)
    assert reply in JOKES[1:]


def test_a_later_question_replaces_the_first() -> None:
    messages = [*conversation(COFFEE), ("assistant", "..."), ("user", "Name a US state.")]
    reply = SimulatedModel(seed=1).reply(messages)
    assert texts(reply) <= set(find_space("Name a US state").answers)


def test_a_question_repeated_in_a_chat_may_be_answered_alike() -> None:
    messages = [("user", COFFEE), ("assistant", JOKES[0]), ("user", COFFEE)]
    model = SimulatedModel(seed=1)
    assert JOKES[0] in {model.reply(messages) for _ in range(20)}
