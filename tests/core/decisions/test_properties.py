"""Whatever is stated is read back, in whatever notation, and no text fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.core.decisions.asked import ANGER, INTENT, URGENT, Exchange, read
from tests.core.decisions.notations import NOTATIONS, Stated, as_form, as_lists, as_table, as_yaml
from tests.every import for_every
from vs_core import NoCandidatesError
from vs_core.adapters.decisions import decisions_of, names_in_reply
from vs_core.decisions import LabelQuestion
from vs_core.parsing.decisions.reading import read_labels

WORDS = st.sampled_from(["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath"])
LABEL = st.lists(WORDS, min_size=1, max_size=3, unique=True).map(" ".join)


@st.composite
def stated(draw: st.DrawFn, most: int = 3) -> tuple[list[LabelQuestion], Stated]:
    """Some questions, and percentages for their labels in any order."""
    ids = draw(
        st.lists(
            st.sampled_from(["topic", "team_lead", "risk", "tone"]),
            min_size=1,
            max_size=most,
            unique=True,
        )
    )
    questions, numbers = [], {}
    for id_ in ids:
        labels = draw(st.lists(LABEL, min_size=2, max_size=5, unique=True))
        questions.append(LabelQuestion(id=id_, instructions="Which?", labels=tuple(labels)))
        cuts = sorted(
            draw(st.lists(st.integers(0, 100), min_size=len(labels) - 1, max_size=len(labels) - 1))
        )
        parts = [end - start for start, end in zip([0, *cuts], [*cuts, 100], strict=True)]
        numbers[id_] = dict(draw(st.permutations(list(zip(labels, parts, strict=True)))))
    return questions, numbers


def _without_order(label: str) -> tuple[str, ...]:
    return tuple(sorted(label.split()))


def fractions(said: Stated) -> dict[str, dict[str, float]]:
    return {n: {x: p / 100 for x, p in each.items()} for n, each in said.items()}


@for_every("write", NOTATIONS)
def test_what_is_stated_is_read_back(write: Callable[[Stated], str]) -> None:
    @settings(max_examples=30)
    @given(stated())
    def check(asked: tuple[list[LabelQuestion], Stated]) -> None:
        questions, said = asked
        found = read_labels(write(said), names_in_reply(questions)).numbers
        assert found == fractions(said)

    check()


@for_every("around", ["```\n{}\n```", "Sure:\n\n{}\n\nI hope it helps!", "<think>0.5?</think>\n{}"])
def test_what_stands_around_an_answer_changes_nothing(around: str) -> None:
    @settings(max_examples=30)
    @given(stated(), st.sampled_from([as_form, as_lists, as_table, as_yaml]))
    def check(asked: tuple[list[LabelQuestion], Stated], write: Callable[[Stated], str]) -> None:
        questions, said = asked
        reply = around.replace("{}", write(said))
        assert read_labels(reply, names_in_reply(questions)).numbers == fractions(said)

    check()


@given(stated(), st.sampled_from(NOTATIONS), st.data())
def test_of_a_reply_that_broke_off_no_question_is_answered_in_part(
    asked: tuple[list[LabelQuestion], Stated], write: Callable[[Stated], str], data: st.DataObject
) -> None:
    questions, said = asked
    reply = write(said)
    begun = reply[: data.draw(st.integers(0, len(reply)))]
    found = read_labels(begun, names_in_reply(questions), truncated=True).numbers
    assert all(numbers == fractions(said)[name] for name, numbers in found.items())


# --- any text -----------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(
            '{"intent": [',
            '{"label": "billing", "probability": 0.5}',
            "billing",
            "yes",
            "no",
            "0.5",
        ),
        *("]", "}", "{", "[", ",", ":", '"', "\n", "|", "|---|---|", "<intent>", "</intent>", "%"),
        *("urgent", "anger", "1", "2: ", "- ", "```", "<think>", "</think>", "-0", "1e999", "NaN"),
        *(
            "<billing p='0.1'>",
            "=",
            "(",
            ")",
            "\\",
            "\u202e",
            "\ud800",
            "\x00",
            "0,7",
            "7/10",
            "label",
        ),
    ]
)
ANY = st.text(max_size=200) | st.lists(PIECES, max_size=60).map("".join)


@given(ANY, st.sampled_from([None, True, False]))
@example("{" * 5000, None)
@example('{"a": ' * 5000, None)
@example("[" * 5000 + "]" * 5000, False)
@example('{"intent": ' + '{"intent": ' * 3000 + '{"billing": 0.5}' + "}" * 3001, None)
@example('"' * 999, None)
def test_no_text_fails(text: str, truncated: bool | None) -> None:  # noqa: FBT001  # it is given
    found = read(text, INTENT, URGENT, ANGER, truncated=truncated)
    for name, numbers in found.numbers.items():
        assert any(numbers.values())
        assert numbers.keys() <= {*names_in_reply([INTENT, URGENT, ANGER])[name].labels}
        assert all(0 <= number <= 1 for number in numbers.values())
    assert read(text, URGENT, truncated=truncated).numbers.keys() <= {"urgent"}


@given(st.lists(ANY, min_size=4, max_size=4))
def test_any_replies_give_probabilities_that_sum_to_one_or_an_error_with_a_reply(
    replies: list[str],
) -> None:
    exchange = Exchange([INTENT, URGENT], replies, n=2)
    try:
        decisions = decisions_of(exchange.run(), exchange.questions).values()
    except NoCandidatesError as failure:
        error, decisions = failure, {}.values()
        made = replies[: len(exchange.asks)]
        said = [reply for reply in made if reply.strip()]
        told = not said or any(map(error.reply.endswith, said))
        assert told, "the reply is lost"
    for decision in decisions:
        assert sum(decision.probabilities.values()) == pytest.approx(1)


LONG: list[tuple[str, Any]] = [
    (unit, size)
    for unit in ("{", " ", "\n", "\t", '{"', "[", "<", "a: ", "| ", "0.", "<|end|>", '"', "- no\n")
    for size in (1000, 30_000)
]


@for_every("unit, size", LONG)
def test_a_long_reply_of_one_piece_comes_to_an_end(unit: str, size: int) -> None:
    text = (unit * size)[:size] + "x"
    assert read(text, INTENT, URGENT).numbers == {}
