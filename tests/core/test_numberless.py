"""Replies without a readable number, where the numbers are what was asked for."""

from __future__ import annotations

from tests.scenarios import QUESTION
from vs_core import VerbalizedDistribution
from vs_core.adapters import DictDialect, ExchangeSettings, ReplyPiece, exchange, opening

Distribution = VerbalizedDistribution[str]

WITHOUT = '[{"text": "a", "probability": "high"}, {"text": "b", "probability": "low"}]'
IN_PART = '[{"text": "c", "probability": "low"}, {"text": "d", "probability": 0.1}]'


def asked(*replies: str) -> list[Distribution]:
    """What each reply gives, in an exchange that needs numbers."""
    dialect, settings = DictDialect(), ExchangeSettings(k=2, layout="json")
    messages = opening([dialect.user(QUESTION)], settings, dialect)
    waiting, found = list(replies), list[Distribution]()
    for asks in exchange(messages, settings, dialect, needs_numbers=True):
        found += [ask.feed(ReplyPiece(text=waiting.pop(0))) + ask.close() for ask in asks]
    assert not waiting
    return found


def test_a_reply_without_a_number_is_dropped_and_the_question_is_put_again() -> None:
    first, second = asked(WITHOUT, IN_PART)
    assert first.texts == []
    reason = "without a number that can be read"
    assert [(d.fragment, d.reason) for d in first.trace.dropped] == [("a", reason), ("b", reason)]
    assert second.texts == ["c", "d"]
    assert second.trace.dropped == ()


def test_one_number_is_enough_for_the_candidates_of_its_reply() -> None:
    [only] = asked(IN_PART)
    assert [(c.text, c.stated, c.turn) for c in only] == [("c", None, 0), ("d", 0.1, 0)]
