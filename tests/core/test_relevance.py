"""Passages: what is asked about them, how labels are read, how judgements and scores are pooled."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core import Candidate, PromptSettings, Trace, VerbalizedDistribution
from vs_core.adapters import DictDialect, ExchangeSettings, ReplyPiece, exchange, expect_reply
from vs_core.adapters.relevance import (
    RELEVANCE,
    distribution_of_scores,
    passage_number,
    pooled_judgements,
    relevance_instruction,
    relevance_prompt,
    relevance_re_ask,
)

tag_like = st.lists(
    st.sampled_from(
        ["<query>", "</passage>", '<passage_2 number="1">', "</Passage_3", "< /query_4>", "x", "\n"]
    ),
    max_size=6,
).map("".join)


def numbers_in(reply: str, count: int) -> VerbalizedDistribution[Any]:
    """What is read of a reply about some passages."""
    incoming = expect_reply(PromptSettings(k=count, value_schema=passage_number(count)))
    return incoming.feed(ReplyPiece(text=reply)) + incoming.close()


def judged(*stated: tuple[int, float | None], **trace: Any) -> VerbalizedDistribution[int]:
    return VerbalizedDistribution.of(
        (Candidate(value=number, stated=p, raw_probability=str(p)) for number, p in stated),
        Trace(**trace),
    )


def read(label: str) -> VerbalizedDistribution[Any]:
    reply = f"<response><text>{label}</text><probability>0.5</probability></response>"
    return numbers_in(reply, count=12)


def test_a_label_is_read_however_it_is_written() -> None:
    labels = [
        "3",
        " 3. ",
        "[3]",
        "(3)",
        "#3",
        "**3**",
        "３",
        "Passage 3",
        "passage #3",
        "PASSAGE_3",
        "**Passage 3**",
        "Document number 3",
        "Doc. 3",
        "Nr. 3:",
        "[Passage 3]",
        "Passage 3: It is 9 o'clock.",
        "[3] It is late.",
        "Passage 3\nIt is late.",
        "Passage [3] \u2013 late",
    ]
    assert {label: read(label).values for label in labels} == {label: [3] for label in labels}


def test_what_is_no_label_is_dropped_and_reported() -> None:
    for label in (
        "Python 3",
        "3 snakes",
        "3: it is late",
        "-3",
        "3.5",
        "3%",
        "1 and 3",
        "1, 3",
        "Passages 1 and 3",
        "Passages 1-3",
        "[1] [3]",
        "Passage three",
        "about 3",
        "true",
        "Passage",
    ):
        found = read(label)
        assert (found.values, [d.fragment for d in found.trace.dropped]) == ([], [label])
        reason = found.trace.dropped[0].reason
        assert reason.endswith("this is not the number of a passage"), label


def test_a_number_that_no_passage_has_is_dropped_and_reported() -> None:
    for label in ("0", "13", "Passage 99", "[987654321]"):
        found = read(label)
        assert found.values == [], label
        reason = found.trace.dropped[0].reason
        assert re.search(r"no passage has the number \d+: there are 12", reason), label


@given(st.text(max_size=300))
def test_no_text_makes_the_reading_of_labels_fail(text: str) -> None:
    incoming = expect_reply(PromptSettings(value_schema=passage_number(3)))
    found = incoming.feed(ReplyPiece(text=f"<response><text>{text}</text></response>"))
    assert set((found + incoming.close()).values) <= {1, 2, 3}


def test_the_instruction_says_what_helps_how_many_there_are_and_how_to_write_it() -> None:
    asked = relevance_instruction(PromptSettings(k=3))
    assert asked.startswith(f"{RELEVANCE}\n\n")
    assert "3 numbered passages" in asked
    assert "need not sum to 1" in asked
    assert asked.count("<response id=") == 3
    assert all(f"<text>{number}</text>" in asked for number in (1, 2, 3))


def test_one_passage_is_no_plural() -> None:
    assert "1 numbered passage," in relevance_instruction(PromptSettings(k=1))


def test_own_instructions_stand_in_place_of_the_built_in_ones() -> None:
    asked = relevance_instruction(PromptSettings(instructions="Prefer {dates} at $5."))
    assert asked.startswith("Prefer {dates} at $5.\n\n")
    assert RELEVANCE not in asked


def test_after_an_unreadable_reply_the_exchange_asks_in_words_about_passages() -> None:
    dialect, settings = DictDialect(), ExchangeSettings(k=2, value_schema=passage_number(2))
    rounds = exchange(
        [dialect.user("?")], settings, dialect, re_ask_with=relevance_re_ask(settings)
    )
    (first,) = next(rounds)
    first.feed(ReplyPiece(text="Both."))
    first.close()
    (second,) = next(rounds)
    assert [message["content"] for message in second.messages] == [
        "?",
        "Both.",
        relevance_re_ask(settings),
    ]


def test_plain_texts_get_plain_tags() -> None:
    assert relevance_prompt("why?", ["because"]) == (
        '<query>\nwhy?\n</query>\n\n<passage number="1">\nbecause\n</passage>'
    )


@given(query=tag_like, passages=st.lists(tag_like, max_size=4))
def test_texts_stand_unaltered_in_tags_that_occur_in_none_of_them(
    query: str, passages: list[str]
) -> None:
    prompt = relevance_prompt(query, passages)
    tag = re.match(r"<query(_\d+)?>", prompt)
    assert tag is not None
    suffix = tag[1] or ""
    blocks = [f"<query{suffix}>\n{query}\n</query{suffix}>"] + [
        f'<passage{suffix} number="{number}">\n{text}\n</passage{suffix}>'
        for number, text in enumerate(passages, start=1)
    ]
    assert prompt == "\n\n".join(blocks)
    own = re.compile(rf"<\s*/?\s*(?:query|passage){suffix}(?![_\d])", re.IGNORECASE)
    assert not any(own.search(text) for text in [query, *passages])


def test_batches_are_pooled_on_the_stated_numbers() -> None:
    pooled = pooled_judgements([(0, judged((2, 0.3), (1, 0.3))), (2, judged((1, 0.9)))])
    assert pooled.values == [0, 1, 2]
    assert pooled.probabilities == pytest.approx([0.2, 0.2, 0.6])
    assert [candidate.stated for candidate in pooled] == [0.3, 0.3, 0.9]


def test_percentages_in_one_batch_are_none_in_another() -> None:
    pooled = pooled_judgements([(0, numbers_in('{"1": 30, "2": 60}', 2)), (2, judged((1, 0.9)))])
    assert pooled.probabilities == pytest.approx([1 / 6, 1 / 3, 1 / 2])


def test_of_repeated_judgements_the_first_usable_counts() -> None:
    pooled = pooled_judgements([(0, judged((1, None), (2, 0.1), (1, 0.4), (2, 0.9)))])
    assert [candidate.stated for candidate in pooled] == [0.4, 0.1]
    assert [dropped.fragment for dropped in pooled.trace.dropped] == ["1: 0.4", "2: 0.9"]


def test_the_pools_trace_adds_up() -> None:
    batches = [(0, judged((1, 0.5), k=2, calls=1)), (2, judged((1, 0.5), k=3, calls=2))]
    trace = pooled_judgements(batches).trace
    assert (trace.k, trace.calls) == (5, 3)


def test_nothing_pooled_is_empty() -> None:
    assert not pooled_judgements([])


def test_scores_are_weights() -> None:
    assert distribution_of_scores([3.0, 1.0]).probabilities == pytest.approx([0.75, 0.25])


def test_no_weight_jumps_as_the_lowest_score_passes_zero() -> None:
    above = distribution_of_scores([0.9, 0.5, 1e-9]).probabilities
    below = distribution_of_scores([0.9, 0.5, -1e-9]).probabilities
    assert above == pytest.approx(below, abs=1e-6)


@given(st.lists(st.floats(), max_size=10))
def test_shares_sum_to_1_and_keep_the_order_of_scores(scores: list[float]) -> None:
    shares = distribution_of_scores(scores).probabilities
    assert math.fsum(shares) == pytest.approx(1.0 if scores else 0.0)
    usable = sorted((s, p) for s, p in zip(scores, shares, strict=True) if math.isfinite(s))
    assert all(
        below <= above or math.isclose(below, above) for (_, below), (_, above) in pairwise(usable)
    )
