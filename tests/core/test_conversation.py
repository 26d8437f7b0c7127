"""Where the instruction goes, for messages of any type."""

from __future__ import annotations

from typing import Any

import pytest

from vs_core.adapters import DictDialect, Placement, place_instruction

SYSTEM = {"role": "system", "content": "s"}
USER = {"role": "user", "content": "u"}
ASSISTANT = {"role": "assistant", "content": "a"}
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.org/cup.png"}}


def place(placement: Placement, *messages: dict[str, Any]) -> list[dict[str, Any]]:
    return place_instruction(messages, "I", placement, DictDialect())


def test_a_system_message_is_added_where_there_is_none() -> None:
    assert place("system", USER) == [{"role": "system", "content": "I"}, USER]


def test_an_existing_system_message_keeps_its_text_first() -> None:
    assert place("system", SYSTEM, USER) == [{"role": "system", "content": "s\n\nI"}, USER]


def test_the_instruction_can_stand_before_the_last_user_message() -> None:
    placed = place("user", SYSTEM, USER, ASSISTANT, USER)
    assert placed == [SYSTEM, USER, ASSISTANT, {"role": "user", "content": "I\n\nu"}]


def test_without_a_user_message_one_is_added() -> None:
    assert place("user", SYSTEM) == [SYSTEM, {"role": "user", "content": "I"}]


@pytest.mark.parametrize("placement", ["system", "user"])
def test_the_users_messages_are_left_alone(placement: Placement) -> None:
    messages = [SYSTEM, USER]
    place_instruction(messages, "I", placement, DictDialect())
    assert messages == [SYSTEM, USER]


def test_images_stay_beside_the_instruction() -> None:
    picture = {"role": "user", "content": [IMAGE]}
    [placed] = place("user", picture)
    assert placed["content"] == [{"type": "text", "text": "I"}, IMAGE]


def test_a_blank_system_message_leaves_no_gap() -> None:
    [placed] = place("system", {"role": "system", "content": ""})
    assert placed["content"] == "I"
