"""An error about a reply advises what could help, and nothing that is refused or done already."""

from __future__ import annotations

from typing import Any

import pytest

from vs_core import NoCandidatesError, PromptSettings, parse_reply
from vs_core.adapters import (
    SMALL_MODELS_PAGE,
    DictDialect,
    ExchangeSettings,
    ReplyPiece,
    exchange,
    read_reply,
    run_rounds,
)

SHAPE, FEWER = 'structured_output="json_schema"', "fewer candidates (k)"
LIMIT = "Try a higher token limit (max_tokens), as the reply was cut off"


def said_of(reply: ReplyPiece, **settings: Any) -> str:
    dialect = DictDialect()
    asked = ExchangeSettings(max_reasks=0, **settings)
    rounds = exchange([dialect.user("Tell me a joke")], asked, dialect)
    with pytest.raises(NoCandidatesError) as raised:
        run_rounds(rounds, lambda _: reply, read_reply)
    return str(raised.value)


def test_a_plain_answer_that_is_empty_is_not_advised_what_only_lists_have() -> None:
    said = said_of(ReplyPiece(text=""), method="direct", k=3)
    assert said.endswith(f". More is told in {SMALL_MODELS_PAGE}")
    assert not any(words in said for words in ("Try", SHAPE, FEWER, "<response>"))


def test_a_plain_answer_that_a_limit_emptied_is_advised_a_higher_one_alone() -> None:
    said = said_of(ReplyPiece(text="", truncated=True), method="direct")
    assert said.endswith(f"{LIMIT}. More is told in {SMALL_MODELS_PAGE}")


def test_who_asks_for_one_candidate_is_not_advised_to_ask_for_fewer() -> None:
    unread = ReplyPiece(text="I'd rather not.")
    assert FEWER in said_of(unread, k=2)
    assert SHAPE in said_of(unread, k=1)
    assert FEWER not in said_of(unread, k=1)
    with pytest.raises(NoCandidatesError, match="structured_output") as raised:
        parse_reply(unread.text, asked=PromptSettings(k=1))
    assert FEWER not in str(raised.value)


def test_what_is_enforced_already_is_not_advised() -> None:
    said = said_of(ReplyPiece(text="I'd rather not."), structured_output="json_schema", k=2)
    assert FEWER in said
    assert SHAPE not in said
