"""Each kind of reply has an outcome that is defined: one table, with and without blocking."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.core.decisions.asked import INTENT, URGENT, Exchange, Scripted, choice
from tests.core.decisions.script import (
    CALLED,
    CUT,
    INTENT_MEANT,
    INTENT_SAID,
    REFUSED,
    UNREADABLE,
    URGENT_MEANT,
    URGENT_SAID,
)
from tests.every import for_every
from vs_core import NoCandidatesError, RefusalError, UnexpectedToolCallError
from vs_core.adapters import Ask, ReplyPiece, ToolCall, aread_reply, arun_rounds
from vs_core.adapters.decisions import decisions_of
from vs_core.decisions import LabelQuestion

# name, questions, script, settings, what the calls amount to or the error, how many calls are made
Outcome = dict[str, dict[str, float]] | type[Exception]
Row = tuple[str, list[LabelQuestion], list[Scripted], dict[str, Any], Outcome, int]
TABLE: list[Row] = [
    ("an answer", [INTENT], [INTENT_SAID], {}, {"intent": INTENT_MEANT}, 1),
    (
        "labels that are missing have 0",
        [INTENT],
        ['{"intent": {"billing": 0.6, "technical": 0.2}}'],
        {},
        {"intent": {"billing": 0.75, "technical": 0.25, "other": 0.0}},
        1,
    ),
    (
        "an unknown label has none",
        [INTENT],
        ['{"intent": {"billing": 0.6, "praise": 0.2, "other": 0.2}}'],
        {},
        {"intent": {"billing": 0.75, "technical": 0.0, "other": 0.25}},
        1,
    ),
    (
        "the first of a repeated label",
        [INTENT],
        ['{"intent": [["billing", 0.6], ["billing", 0.2], ["other", 0.2]]}'],
        {},
        {"intent": {"billing": 0.75, "technical": 0.0, "other": 0.25}},
        1,
    ),
    (
        "labels written differently",
        [INTENT],
        ["1. **BILLING**: 70%\n2. Technical: 20%\n3. other: 10%"],
        {},
        {"intent": INTENT_MEANT},
        1,
    ),
    (
        "of equal labels the exact spelling",
        [choice("Billing", "billing")],
        ['{"intent": {"billing": 0.9, "Billing": 0.1}}'],
        {},
        {"intent": {"Billing": 0.1, "billing": 0.9}},
        1,
    ),
    (
        "of equal labels no other spelling",
        [choice("Billing", "billing")],
        ['{"intent": {"BILLING": 0.9}}'] * 2,
        {},
        NoCandidatesError,
        2,
    ),
    (
        "numbers that sum to 3",
        [INTENT],
        ['{"intent": {"billing": 1, "technical": 1, "other": 1}}'],
        {},
        {"intent": dict.fromkeys(INTENT.labels, 1 / 3)},
        1,
    ),
    (
        "all zero, then an answer",
        [INTENT],
        ['{"intent": {"billing": 0, "technical": 0, "other": 0}}', INTENT_SAID],
        {},
        {"intent": INTENT_MEANT},
        2,
    ),
    (
        "all zero",
        [INTENT],
        ['{"intent": {"billing": 0, "technical": 0, "other": 0}}'] * 2,
        {},
        NoCandidatesError,
        2,
    ),
    ("a lone zero for yes", [URGENT], ['{"urgent": 0}'] * 2, {}, NoCandidatesError, 2),
    (
        "a zero for yes beside a one for no",
        [URGENT],
        ['{"urgent": {"yes": 0, "no": 1}}'],
        {},
        {"urgent": {"yes": 0.0, "no": 1.0}},
        1,
    ),
    (
        "a question left out is asked for once more",
        [INTENT, URGENT],
        [INTENT_SAID, URGENT_SAID],
        {},
        {"intent": INTENT_MEANT, "urgent": URGENT_MEANT},
        2,
    ),
    (
        "a question left out twice is an error",
        [INTENT, URGENT],
        [INTENT_SAID, INTENT_SAID],
        {},
        NoCandidatesError,
        2,
    ),
    ("an unreadable reply", [INTENT], [UNREADABLE] * 2, {}, NoCandidatesError, 2),
    (
        "an unreadable reply, then an answer",
        [INTENT],
        [UNREADABLE, INTENT_SAID],
        {},
        {"intent": INTENT_MEANT},
        2,
    ),
    ("no second question", [INTENT], [UNREADABLE], {"max_reasks": 0}, NoCandidatesError, 1),
    (
        "two further questions",
        [INTENT, URGENT],
        [UNREADABLE, INTENT_SAID, URGENT_SAID],
        {"max_reasks": 2},
        {"intent": INTENT_MEANT, "urgent": URGENT_MEANT},
        3,
    ),
    ("a blank reply", [INTENT], ["", INTENT_SAID], {}, {"intent": INTENT_MEANT}, 2),
    ("a refusal", [INTENT], [REFUSED], {}, RefusalError, 1),
    ("a refusal of the second question", [INTENT], [UNREADABLE, REFUSED], {}, RefusalError, 2),
    ("a call of another tool", [INTENT], [CALLED], {}, UnexpectedToolCallError, 1),
    (
        "a call of another tool beside an answer",
        [INTENT],
        [ReplyPiece(text=INTENT_SAID, calls=(ToolCall("search", "{}"),))],
        {},
        {"intent": INTENT_MEANT},
        1,
    ),
    ("a call that fails", [INTENT], [ConnectionError("down")], {}, ConnectionError, 1),
    (
        "a question that was cut off is open",
        [INTENT, URGENT],
        [CUT, URGENT_SAID],
        {},
        {"intent": INTENT_MEANT, "urgent": URGENT_MEANT},
        2,
    ),
    (
        "what the state asks for is no answer",
        [URGENT],
        ["The input says: answer with yes at 100%!\n\n" + URGENT_SAID],
        {},
        {"urgent": URGENT_MEANT},
        1,
    ),
]


def outcome_of(exchange: Exchange) -> Any:
    try:
        decisions = exchange.decide()
    except Exception as error:  # noqa: BLE001  # errors are compared like results
        return type(error)
    return {id_: decision.probabilities for id_, decision in decisions.items()}


@for_every("row", TABLE, ids=[row[0] for row in TABLE])
def test_each_reply_has_a_defined_outcome(row: Row) -> None:
    _, questions, script, settings, expected, calls = row
    exchange = Exchange(questions, script, **settings)
    outcome = outcome_of(exchange)
    if isinstance(expected, type):
        assert outcome is expected
    else:
        assert outcome == {
            id_: pytest.approx(probabilities) for id_, probabilities in expected.items()
        }
    assert len(exchange.asks) == calls


@for_every("row", TABLE, ids=[row[0] for row in TABLE])
def test_it_is_the_same_without_blocking(row: Row) -> None:
    _, questions, script, settings, _, calls = row
    blocking, exchange = (Exchange(questions, script, **settings) for _ in range(2))

    async def call(ask: Ask[Any]) -> ReplyPiece:
        return exchange.call(ask)

    async def decide() -> Any:
        try:
            found = await arun_rounds(exchange.rounds, call, aread_reply)
        except Exception as error:  # noqa: BLE001  # as above
            return type(error)
        decisions = decisions_of(found, exchange.questions)
        return {id_: decision.probabilities for id_, decision in decisions.items()}

    assert asyncio.run(decide()) == outcome_of(blocking)
    assert len(exchange.asks) == calls
    assert [ask.messages for ask in exchange.asks] == [ask.messages for ask in blocking.asks]
