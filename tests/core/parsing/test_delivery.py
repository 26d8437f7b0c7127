"""What is delivered as it arrives and what waits, and what the end of a reply decides."""

from __future__ import annotations

import pytest

from vs_core import NoCandidatesError, PromptSettings, ReplyParser, parse_reply

TAGS = "<response><text>A</text><probability>0.1</probability></response>\n"
SERIES = TAGS + TAGS.replace("A", "B")


def early(reply: str, asked: PromptSettings | None = None) -> list[str]:
    """The texts that are delivered before the reply is closed."""
    parser = ReplyParser(asked=asked)
    return [text for char in reply for text in parser.feed(char).texts]


@pytest.mark.parametrize(
    "before",
    ["", "Sure! Here are two.\n\n", "<think>1. (0.9) X\n</think>\n", "</think>\n", "```xml\n"],
)
def test_a_strong_series_is_live_behind_what_leaves_no_doubt(before: str) -> None:
    assert early(before + SERIES) == ["A", "B"]


@pytest.mark.parametrize(
    "before",
    [
        "Hmm, the user wants two.\n",
        "x" * 401 + "\n",
        "1. Bus: 60%\n2. Train: 30%\n\n",
        "Here you are, ",
        "In short:\n```xml\n",
    ],
)
def test_a_strong_series_waits_behind_what_leaves_a_doubt(before: str) -> None:
    assert early(before + SERIES) == []
    assert parse_reply(before + SERIES).texts == ["A", "B"]


def test_drafts_whose_opening_tag_stood_in_the_prompt_yield_nothing() -> None:
    draft = TAGS.replace("A", "draft")
    reply = f"Okay, let me think.\n{draft}{draft}</think>\n{SERIES}"
    assert early(reply) == []
    assert parse_reply(reply).texts == ["A", "B"]


def test_lists_wait_and_the_same_list_is_live_where_it_was_asked_for() -> None:
    reply = "1. (0.1) A\n2. (0.2) B\n3. (0.3) C\n"
    assert early(reply) == []
    assert early(reply, PromptSettings(layout="lines")) == ["A", "B"]


@pytest.mark.parametrize(
    ("told", "texts", "truncated"),
    [(None, ["A", "B"], True), (True, ["A", "B"], True), (False, ["A", "B", "C goes"], False)],
)
def test_the_last_item_without_a_number_counts_if_the_reply_is_told_complete(
    *, told: bool | None, texts: list[str], truncated: bool
) -> None:
    found = parse_reply("- A (0.1)\n- B (0.2)\n- C goes", truncated=told)
    assert (found.texts, found.trace.truncated) == (texts, truncated)
    assert [(d.fragment, d.reason) for d in found.trace.dropped] == (
        [("C goes", "cut off")] if truncated else []
    )


@pytest.mark.parametrize(
    ("reply", "last"),
    [
        ("- A (0.1)\n- B (0.", ("B", None)),
        ("1. A: 10%\n2. B: 2", ("B", None)),
        ("## Response 1\nA\nProbability: 0.1\n\n## Response 2\nB\nProbability: 0.", ("B", None)),
        ("1. (0.1) A\n2. (0.2) B goes", ("A", 0.1)),
        ("1. (0.1) A\n2. (0.", ("A", 0.1)),
        ("1. (0.1) A\n2. (0.2) B\n   for 10 minutes (", ("A", 0.1)),
    ],
)
def test_a_reply_told_cut_gives_no_cut_number_and_no_cut_text(
    reply: str, last: tuple[str, float | None]
) -> None:
    found = parse_reply(reply, truncated=True)
    assert (found[-1].text, found[-1].stated) == last
    assert found.trace.truncated


def test_the_provisional_count_follows_the_reply_and_looks_at_each_line_once() -> None:
    parser = ReplyParser()
    counts = []
    for chunk in ("Sure:\n\n- A (0.", "1)\n- B", " (0.2)\n  - b\n- C", " (0.3)\n"):
        assert parser.feed(chunk).texts == []
        counts.append(parser.provisional_count)
    assert counts == [1, 2, 3, 3]
    assert parser.close().texts == ["A", "B\n- b", "C"]


def test_the_provisional_count_of_a_live_series_is_what_was_delivered() -> None:
    parser = ReplyParser()
    parser.feed(SERIES)
    assert parser.provisional_count == 2


def test_behind_ten_thousand_lines_a_list_is_reported_and_not_read() -> None:
    before = "It is so.\n" * 9_990
    found = parse_reply(before + "\n".join(f"- item {n} (0.1)" for n in range(9_990, 10_010)))
    assert found.texts == [f"item {n}" for n in range(9_990, 10_000)]
    assert found.trace.dropped[-1].fragment.startswith("- item 10000")
    assert "10,000 lines" in found.trace.dropped[-1].reason
    assert found.trace.truncated


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("", "the reply was empty"),
        ("I can't help with that.", "the reply was: I can't help with that."),
        ("<think>What now?</think>\n", "the reply holds nothing but thinking: <think>What now?"),
        ("<think>What now?", "the reply holds nothing but thinking: <think>What now?"),
    ],
)
def test_the_error_says_what_there_was_instead_and_what_to_try(reply: str, said: str) -> None:
    with pytest.raises(NoCandidatesError, match=r"fewer candidates \(k\); or a higher") as caught:
        parse_reply(reply)
    assert said in str(caught.value)
    assert caught.value.reply == reply


@pytest.mark.parametrize("total", ["Total: 30%", "3. Total: 30%", "**Sum:** 0.3"])
def test_a_total_is_no_candidate_and_is_reported(total: str) -> None:
    found = parse_reply(f"1. A: 10%\n2. B: 20%\n{total}")
    assert found.texts == ["A", "B"]
    assert [(d.fragment, d.reason) for d in found.trace.dropped] == [
        (total, "a total, not a candidate")
    ]


def test_words_where_the_numbers_of_the_others_stand_are_an_unusable_number() -> None:
    found = parse_reply("1. (60) heads\n2. (30) tails\n3. (very rare) edge")
    assert [(c.text, c.stated, c.raw_probability) for c in found] == [
        ("heads", 0.6, "60"),
        ("tails", 0.3, "30"),
        ("edge", None, "very rare"),
    ]


def test_a_sentence_that_counts_announces_nothing() -> None:
    found = parse_reply("Best of 3 (0.2) options:\n1. a (0.1)\n2. b (0.2)")
    assert found.texts == ["a", "b"]


def test_tags_named_in_a_sentence_are_text_beside_a_quoted_candidate() -> None:
    text = f"Put it in <text>, with a <probability> beside it.\n{TAGS.strip()} is an example."
    reply = f"<response><text>{text}</text><probability>0.2</probability></response>"
    assert [(c.text, c.stated) for c in parse_reply(reply)] == [(text, 0.2)]
