"""What an exchange and the reader decide is told at DEBUG, under the names of the package."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from vs_core import NoCandidatesError
from vs_core.adapters import (
    DictDialect,
    ExchangeSettings,
    ReplyPiece,
    exchange,
    opening,
    read_reply,
    read_stream,
    run_rounds,
    stream_rounds,
)

DIALECT = DictDialect()
ONE = "<response><text>Heads</text><probability>0.5</probability></response>"
PRIVATE = "What nobody but the model and its user may read."


def rounds_of(**settings: Any) -> Any:
    asked = ExchangeSettings(**settings)
    return exchange(opening([DIALECT.user("Flip a coin.")], asked, DIALECT), asked, DIALECT)


def told(caplog: pytest.LogCaptureFixture, replies: list[str], **settings: Any) -> list[str]:
    """The messages of an exchange with these replies, each with the room it is from."""
    script = iter(replies)
    caplog.clear()
    with caplog.at_level(logging.DEBUG, logger="vs_core"):
        run_rounds(rounds_of(**settings), lambda _: ReplyPiece(text=next(script)), read_reply)
    return [f"{record.name.split('.')[1]}: {record.getMessage()}" for record in caplog.records]


def test_the_calls_of_an_exchange_and_what_led_to_them_are_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    messages = told(caplog, [PRIVATE, ONE, ONE], k=2)
    assert messages == [
        "parsing: read as nothing: nothing in the reply is a candidate",
        "exchange: call 1: 0 candidates",
        "exchange: nothing could be read: asking again (0 more times)",
        "parsing: reading tags as it arrives, from character 0 on",
        "parsing: read as xml: a strong notation that begins the answer: read as it arrived",
        "exchange: call 2: 1 candidates",
        "exchange: 1 of 2 candidates: topping up",
        "parsing: reading tags as it arrives, from character 0 on",
        "exchange: a candidate repeats an earlier one, and is not counted",
        "parsing: read as xml: a strong notation that begins the answer: read as it arrived",
        "exchange: call 3: 1 candidates",
    ]


def test_calls_side_by_side_are_told_together(caplog: pytest.LogCaptureFixture) -> None:
    messages = told(caplog, ["Heads", "Tails"], k=2, method="direct")
    assert messages[0] == ("exchange: 2 calls side by side for 1 candidates each: 0 of 2 are there")


def test_why_a_stream_is_closed_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="vs_core"):
        pieces = (ReplyPiece(text=ONE) for _ in range(9))
        list(stream_rounds(rounds_of(k=3), lambda _: pieces, read_stream))
    stopped = "a reply was stopped, as 3 candidates in a row repeated earlier ones (max_candidates)"
    assert stopped in caplog.messages


def test_what_a_model_wrote_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(NoCandidatesError):
        told(caplog, [PRIVATE, PRIVATE], k=2)
    assert caplog.messages
    assert not any(PRIVATE in message for message in caplog.messages)


def test_nothing_is_told_unless_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    run_rounds(rounds_of(k=1), lambda _: ReplyPiece(text=ONE), read_reply)
    assert not caplog.records
