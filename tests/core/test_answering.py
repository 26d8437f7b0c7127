"""Answering with one draw."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from vs_core import EmptyDistributionError, VerbalizedDistribution, parse_reply
from vs_core.adapters import DrawSettings, in_words, requests_structure

SKEWED = parse_reply('{"rare": 0.1, "usual": 0.4}')


def drawn(n: int, **settings: Any) -> list[str]:
    drawing = DrawSettings(**settings)
    return [drawing.draw(SKEWED).text for _ in range(n)]


def test_each_draw_is_a_fresh_one() -> None:
    assert set(drawn(150)) == {"rare", "usual"}


def test_best_takes_the_most_probable() -> None:
    assert set(drawn(30, select="best")) == {"usual"}


def test_a_seed_fixes_each_draw() -> None:
    assert len(set(drawn(30, seed=3))) == 1


def test_a_low_temperature_sharpens() -> None:
    assert set(drawn(50, draw_temperature=0.01)) == {"usual"}


def test_uniform_gives_each_the_same_chance() -> None:
    assert 100 < drawn(400, uniform=True).count("rare") < 300


def test_there_must_be_something_to_draw() -> None:
    with pytest.raises(EmptyDistributionError):
        DrawSettings().draw(VerbalizedDistribution())


@pytest.mark.parametrize("wrong", [{"select": "worst"}, {"draw_temperature": 0.0}, {"k": 3}])
def test_a_wrong_setting_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        DrawSettings(**wrong)


@pytest.mark.parametrize(
    "parameters",
    [
        {"tools": [{"type": "function"}]},
        {"functions": [{}]},
        {"response_format": {"type": "json_object"}},
        {"format": "json", "temperature": 1.0},
    ],
    ids=str,
)
def test_requests_for_structure_are_recognised(parameters: dict[str, Any]) -> None:
    assert requests_structure(parameters)


@pytest.mark.parametrize(
    "parameters", [{}, {"temperature": 1.0}, {"tools": []}, {"response_format": None}], ids=str
)
def test_other_requests_are_told_apart(parameters: dict[str, Any]) -> None:
    assert not requests_structure(parameters)


@given(st.text())
def test_words_add_up_to_the_text(text: str) -> None:
    assert "".join(in_words(text)) == text


def test_words_end_where_the_next_begins() -> None:
    assert in_words(" one  two\n") == [" one  ", "two\n"]
