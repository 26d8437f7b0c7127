"""Candidates that the asker has no use for: left out, reported, and asked for again."""

from __future__ import annotations

from typing import Any

import pytest

from vs_core import NoCandidatesError, VerbalizedDistribution
from vs_core.adapters import DictDialect, ExchangeSettings, ReplyPiece, exchange, opening

Distribution = VerbalizedDistribution[str]


def odd(text: str) -> str | None:
    return "an odd number" if int(text) % 2 else None


def asked(*replies: str, **settings: Any) -> tuple[Distribution, list[str]]:
    """What comes of an exchange in which odd numbers are refused, and what was said in it last."""
    dialect, options = DictDialect(), ExchangeSettings(**{"k": 2, "layout": "lines", **settings})
    messages = opening([dialect.user("Even numbers?")], options, dialect)
    found: Distribution = VerbalizedDistribution()
    turns = []
    waiting = list(replies)
    for asks in exchange(messages, options, dialect, objection=odd):
        for ask in asks:
            turns.append(str(ask.messages[-1]["content"]))
            found += ask.feed(ReplyPiece(text=waiting.pop(0))) + ask.close()
    assert not waiting
    return found, turns


def test_what_is_refused_is_left_out_and_reported() -> None:
    found, _ = asked("1. (0.5) 2\n2. (0.3) 4\n3. (0.2) 5")
    assert found.values == ["2", "4"]
    assert [(d.fragment, d.reason) for d in found.trace.dropped] == [("5", "an odd number")]


def test_what_is_left_out_is_reported_where_replies_are_kept_too() -> None:
    replies = ('[{"text": "1", "probability": 0.5}]', '[{"text": "2", "probability": 0.5}]')
    found, _ = asked(*replies, k=1, layout="json", keep_replies=True)
    assert [dropped.fragment for dropped in found.trace.dropped] == ["1"]
    assert found.trace.replies == replies


def test_what_is_refused_is_missing_and_the_next_turn_says_why() -> None:
    found, turns = asked("1. (0.5) 2\n2. (0.3) 3", "1. (0.3) 6")
    assert found.values == ["2", "6"]
    assert turns[1].startswith("That was 1 of 2. 1 did not match: an odd number. Sample 1")


def test_where_all_are_refused_the_question_is_put_again() -> None:
    found, turns = asked("1. (0.5) 1\n2. (0.3) 3", "1. (0.3) 4\n2. (0.2) 6")
    assert found.values == ["4", "6"]
    assert turns[1].startswith("2 did not match: an odd number. ")


def test_where_nothing_else_comes_the_exchange_ends_without_an_error() -> None:
    found, _ = asked("1. (0.5) 1\n2. (0.3) 3", "1. (0.3) 5")
    assert not found
    assert [dropped.fragment for dropped in found.trace.dropped] == ["1", "3", "5"]
    assert found.trace.calls == 2


def test_of_parallel_calls_too_the_missing_are_asked_for_again() -> None:
    found, _ = asked(
        "1. (0.5) 1", "1. (0.4) 2", "1. (0.3) 6", split="parallel", per_call=1, max_reasks=0
    )
    assert found.values == ["2", "6"]


def test_parallel_calls_that_give_nothing_else_end_without_an_error() -> None:
    found, _ = asked("1. (0.5) 1", "1. (0.4) 3", split="parallel", per_call=1, max_reasks=0)
    assert not found


def test_a_reply_that_cannot_be_read_is_an_error_still() -> None:
    with pytest.raises(NoCandidatesError):
        asked("Two and four.", max_reasks=0)
