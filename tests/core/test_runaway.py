"""Replies that do not end are stopped where they are streamed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from tests.scenarios import QUESTION, xml
from vs_core import VerbalizedDistribution, parse_reply
from vs_core.adapters import Ask, DictDialect, ExchangeSettings, ReplyPiece, exchange, opening

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
    "a table": "| # | Response | Probability |\n|---|---|---|\n"
    + "".join(f"| {n} | {text} | 0.1 |\n" for n, text in enumerate(MANY, 1)),
    "JSON in a fence behind words": 'Sure!\n```json\n{"responses": ['
    + ",\n".join(f'{{"text": "{text}", "probability": 0.1}}' for text in MANY)
    + "]}\n```",
    "a mapping in one line behind words": "Sure!\n{"
    + ", ".join(f'"{text}": 0.1' for text in MANY)
    + "}",
    "headings": "".join(f"## {text} (10%)\n\n" for text in MANY),
    "labels": "".join(f"ANSWER {n}: {t}\nPROBABILITY: 0.1\n\n" for n, t in enumerate(MANY, 1)),
    "JSON lines behind a long preamble": "I will think of some. " * 30
    + "".join(f'\n{{"text": "{text}", "probability": 0.1}}' for text in MANY),
}


@pytest.mark.parametrize("reply", RUNAWAYS.values(), ids=RUNAWAYS)
def test_a_runaway_is_stopped_at_twice_as_many_as_were_asked_for(reply: str) -> None:
    layout = "lines" if reply.startswith("1. (") else "xml"
    found, read = streamed(reply, k=3, layout=layout)
    assert found.texts[:6] == MANY[:6]
    # A notation that waits for its end is looked at when it has grown by an eighth.
    assert len(found) <= 12
    assert read < len(reply) * 0.75
    assert "a reply was stopped, as it held 6 candidates (max_candidates)" in found.trace.notes
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


UNNUMBERED = {
    "a list": ("lines", "".join(f"{n}. {text}\n" for n, text in enumerate(MANY, 1))),
    "texts in JSON": ("json", '{"responses": [' + ", ".join(f'"{t}"' for t in MANY) + "]}"),
    "objects in JSON": (
        "json",
        '{"responses": [' + ", ".join(f'{{"text": "{t}"}}' for t in MANY) + "]}",
    ),
}


@pytest.mark.parametrize(("layout", "reply"), UNNUMBERED.values(), ids=UNNUMBERED)
def test_a_sequence_that_runs_away_is_stopped(layout: Any, reply: str) -> None:
    found, _ = streamed(reply, k=3, method="sequence", layout=layout)
    assert found.texts == MANY[: len(found)]
    assert 6 <= len(found) <= 12


PARTS = "".join(f"   - {part}: {n}0%\n" for n, part in enumerate("abcdefgh", 1))
OBJECTS = ", ".join(f'{{"text": "{part}", "score": 0.{n}}}' for n, part in enumerate("abcdefgh", 1))
VALUES = [
    f'{{"text": {{"question": "{q}?", "options": [{OBJECTS}]}}, "probability": 0.2}}' for q in "QR"
]
INNER = xml(*"abcdefgh")
GOOD = {
    "sections with lists": f"## Idea 1: 40%\n{RECIPE}\n## Idea 2: 30%\n{RECIPE}",
    "items with bullets": f"1. (0.2) Plan A:\n{PARTS}2. (0.1) Plan B:\n{PARTS}",
    "bold items with bullets": f"- **Plan A** (0.2)\n{PARTS}- **Plan B** (0.1)\n{PARTS}",
    "numbered sections with bullets": f"### 1. Plan A (20%)\n{PARTS}\n### 2. Plan B (10%)\n{PARTS}",
    "values with objects": f"Sure!\n```json\n[{VALUES[0]},\n{VALUES[1]}]\n```",
    "wrapped values with objects": 'Sure!\n```json\n{"responses": ['
    f"{VALUES[0]},\n{VALUES[1]}]}}\n```",
    "labels with code": f"ANSWER 1:\n```xml\n{INNER}```\nPROBABILITY: 0.2\n\n"
    f"ANSWER 2:\n```xml\n{INNER}```\nPROBABILITY: 0.1\n",
    "sections with code": f"## Option 1: 20%\n```json\n[{OBJECTS}]\n```\n"
    f"## Option 2: 10%\n```json\n[{OBJECTS}]\n```\n",
}


@pytest.mark.parametrize("reply", GOOD.values(), ids=GOOD)
def test_lists_and_values_inside_of_candidates_are_no_runaway(reply: str) -> None:
    whole = parse_reply(reply, asked=ExchangeSettings(k=2))
    assert len(whole) == 2
    for size in (1, 7, 10_000):
        found, _ = streamed(reply, k=2, size=size)
        assert (found.texts, found.trace.notes) == (whole.texts, ()), size


class Quiz(BaseModel):
    """A typed value with objects in it that have texts and numbers of their own."""

    question: str
    options: list[dict[str, Any]]


@pytest.mark.parametrize("name", ["values with objects", "wrapped values with objects"])
def test_objects_inside_of_typed_values_are_no_runaway(name: str) -> None:
    found, _ = streamed(GOOD[name], k=2, value_schema=Quiz)
    assert [value.question for value in found.values] == ["Q?", "R?"]


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
