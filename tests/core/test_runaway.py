"""Replies that do not end are stopped where they are streamed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.scenarios import QUESTION, xml
from vs_core import (
    Ask,
    DictDialect,
    ExchangeSettings,
    ReplyPiece,
    VerbalizedDistribution,
    exchange,
    opening,
)

MANY = [f"answer {n}" for n in range(40)]
RECIPE = "Mix it.\n" + "".join(f"{n}. Take {n} spoons\n" for n in range(1, 12))


def first_ask(**settings: Any) -> Ask[dict[str, Any]]:
    asked, dialect = ExchangeSettings(**settings), DictDialect()
    messages = opening([dialect.user(QUESTION)], asked, dialect)
    return next(exchange(messages, asked, dialect))[0]


def streamed(reply: str, *, size: int = 7, **settings: Any) -> tuple[Any, int]:
    """What came of a reply fed in pieces until it was enough, and how much of it was read."""
    ask = first_ask(**settings)
    found: VerbalizedDistribution[str] = VerbalizedDistribution()
    read = 0
    for start in range(0, len(reply), size):
        piece = reply[start : start + size]
        found += ask.feed(ReplyPiece(text=piece))
        read += len(piece)
        if ask.has_enough:
            break
    return found + ask.close(), read


RUNAWAYS = {
    "tags": xml(*MANY),
    "tags behind a long preamble": f"{'I will think of some. ' * 30}\n{xml(*MANY)}",
    "lines that were asked for": "".join(f"{n}. (0.1) {text}\n" for n, text in enumerate(MANY, 1)),
    "a list": "".join(f"{n}. {text}: 10%\n" for n, text in enumerate(MANY, 1)),
    "JSON": '{"responses": ['
    + ", ".join(f'{{"text": "{text}", "probability": 0.1}}' for text in MANY)
    + "]}",
    "JSON lines behind a long preamble": "I will think of some. " * 30
    + "".join(f'\n{{"text": "{text}", "probability": 0.1}}' for text in MANY),
}


@pytest.mark.parametrize("reply", RUNAWAYS.values(), ids=RUNAWAYS)
def test_a_runaway_is_stopped_at_twice_as_many_as_were_asked_for(reply: str) -> None:
    layout = "lines" if reply.startswith("1. (") else "xml"
    found, read = streamed(reply, k=3, layout=layout)
    assert found.texts[:6] == MANY[:6]
    # A notation that waits for its end is looked at when it has grown by an eighth.
    assert len(found) <= 9
    assert read < len(reply) * 0.75
    assert "a reply was stopped at 6 candidates (max_candidates)" in found.trace.notes
    assert (found.trace.truncated, found.trace.output_tokens) == (False, None)


@pytest.mark.parametrize(("most", "expected"), [(4, 4), (None, 40), (100, 40)])
def test_the_number_can_be_set(most: int | None, expected: int) -> None:
    found, _ = streamed(xml(*MANY), k=3, max_candidates=most)
    assert len(found) == expected
    assert bool(found.trace.notes) == (expected < len(MANY))


def test_three_repeats_in_a_row_are_enough() -> None:
    found, read = streamed(xml("a", "b", *["A."] * 30), k=10)
    assert found.texts == ["a", "b", "A.", "A.", "A."]
    assert read < 400
    assert "3 candidates in a row repeated earlier ones" in found.trace.notes[0]


def test_repeats_with_something_new_between_them_go_on() -> None:
    found, _ = streamed(xml("a", "a", "a", "b", "b", "b", "c"), k=10)
    assert (len(found), found.trace.notes) == (7, ())


def test_direct_answers_are_read_to_their_end() -> None:
    assert len(streamed("".join(f"{n}. step\n" for n in range(50)), k=1, method="direct")[0]) == 1


def test_a_list_in_a_text_is_no_runaway() -> None:
    reply = f"## Idea 1: 40%\n{RECIPE}\n## Idea 2: 30%\n{RECIPE}"
    assert len(streamed(reply, k=2)[0]) == 2


def test_drafts_of_a_thought_are_no_runaway() -> None:
    drafts = "".join(f"{n}. {text}: 10%\n" for n, text in enumerate(MANY, 1))
    reply = f"<think>\n{drafts}</think>\n{xml('a', 'b')}"
    assert streamed(reply, k=2)[0].texts == ["a", "b"]


def test_a_thought_whose_beginning_stood_in_the_prompt_is_no_runaway() -> None:
    drafts = "".join(f"{n}. {text}: 10%\n" for n, text in enumerate(MANY, 1))
    reply = f"Okay, so let me think.\n{drafts}</think>\n{xml('a', 'b')}"
    assert streamed(reply, k=2)[0].texts == ["a", "b"]


def test_what_is_missing_after_a_stop_is_asked_for_as_ever() -> None:
    settings, dialect = ExchangeSettings(k=5), DictDialect()
    rounds = exchange(opening([dialect.user(QUESTION)], settings, dialect), settings, dialect)
    (ask,) = next(rounds)
    ask.feed(ReplyPiece(text=xml("a", "b", "a", "b", "a")))
    assert ask.has_enough
    ask.close()
    (again,) = next(rounds)
    assert again.wanted == 3


@given(st.integers(1, 6), st.integers(1, 30), st.integers(1, 50))
def test_what_a_stream_keeps_is_the_beginning_of_the_whole(k: int, n: int, size: int) -> None:
    reply = xml(*MANY[:n])
    found, _ = streamed(reply, k=k, size=size)
    assert found.texts == MANY[: len(found)]
    assert len(found) >= min(n, 2 * k)


def test_fewer_than_one_call_asks_for_are_refused() -> None:
    with pytest.raises(ValidationError, match="max_candidates=2 is less than the 5 that one call"):
        ExchangeSettings(k=5, max_candidates=2)


def test_an_enforced_bound_needs_a_bound() -> None:
    with pytest.raises(ValidationError, match="set max_probability"):
        ExchangeSettings(enforce_bound=True)
