"""`ReplyParser` and `parse_reply` as their users see them."""

from __future__ import annotations

import pytest

from vs_core import (
    NoCandidatesError,
    PromptSettings,
    ReaderClosedError,
    ReplyParser,
    VerbalizedDistribution,
    parse_reply,
)


def deliveries(reply: str, asked: PromptSettings | None = None) -> dict[str, int]:
    """For each text the number of characters after which it was delivered."""
    parser = ReplyParser(asked=asked)
    found: dict[str, int] = {}
    for at, char in enumerate(reply, 1):
        found.update(dict.fromkeys(parser.feed(char).texts, at))
    found.update(dict.fromkeys(parser.close().texts, -1))
    return found


def test_a_candidate_in_tags_comes_with_its_end_tag() -> None:
    one = "<response><text>A</text><probability>0.1</probability></response>"
    two = "\n<response><text>B</text><probability>0.2</probability></response>"
    assert deliveries(one + two) == {"A": len(one), "B": len(one + two)}


def test_a_candidate_in_tags_without_its_number_comes_when_the_next_one_begins() -> None:
    one = "<response><text>A</text></response>\n"
    two = "<response><text>B</text></response>\n"
    assert deliveries(one + two) == {"A": len(one + "<response>"), "B": -1}


def test_a_number_behind_the_end_tag_completes_the_candidate() -> None:
    one = "<response><text>A</text></response><probability>0.1</probability>"
    two = "<response><text>B</text></response><probability>0.2</probability>"
    assert deliveries(one + two) == {"A": len(one), "B": len(one + two)}


def test_a_candidate_in_json_comes_with_its_closing_brace() -> None:
    one = '{"responses": [{"text": "A", "probability": 0.1}'
    two = ', {"text": "B", "probability": 0.2}'
    assert deliveries(one + two + "]}") == {"A": len(one), "B": len(one + two)}


def test_a_candidate_in_the_lines_asked_for_comes_when_the_next_one_begins() -> None:
    found = deliveries("1. (0.1) A\n2. (0.2) B\n3. (0.3) C\n", PromptSettings(layout="lines"))
    assert list(found) == ["A", "B", "C"]
    assert 0 < found["A"] <= len("1. (0.1) A\n2. (0.2) B\n")
    assert found["C"] == -1


def test_feeding_after_close_is_an_error() -> None:
    parser = ReplyParser()
    parser.close()
    with pytest.raises(ReaderClosedError):
        parser.feed("more")


def test_close_does_not_raise_when_there_is_nothing() -> None:
    parser = ReplyParser()
    parser.feed("no candidates here")
    assert not parser.close()


def test_the_error_carries_the_reply_and_says_what_was_looked_for() -> None:
    with pytest.raises(NoCandidatesError, match=r"<response>.*JSON.*list") as caught:
        parse_reply("Sorry, no.")
    assert caught.value.reply == "Sorry, no."


@pytest.mark.parametrize(
    ("reply", "layout"),
    [
        ("<response><text>A</text><probability>0.1</probability></response>", "xml"),
        ('{"text": "A", "probability": 0.1}', "json"),
        ("1. (0.1) A\n2. (0.2) B", "lines"),
    ],
)
def test_the_trace_names_the_layout_that_was_read(reply: str, layout: str) -> None:
    assert parse_reply(reply).trace.layout == layout


def test_the_number_is_kept_as_written() -> None:
    reply = '[{"text": "A", "probability": 0.10}, {"text": "B", "probability": " 20 % "}]'
    assert [c.raw_probability for c in parse_reply(reply)] == ["0.10", "20 %"]


@pytest.mark.parametrize(
    "reply",
    [
        "<reasoning>short &amp; dry</reasoning><response><text>A</text></response>",
        '{"reasoning": "short & dry", "responses": [{"text": "A", "probability": 0.1}]}',
        "Reasoning: short & dry\n\n1. (0.1) A\n2. (0.2) B",
        "<response><reasoning>short & dry</reasoning><text>A</text></response>",
        '[{"text": "A", "reasoning": "short & dry", "probability": 0.1}]',
    ],
)
def test_reasoning_is_kept_with_the_candidates(reply: str) -> None:
    assert parse_reply(reply)[0].reasoning == "short & dry"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_reasoning_that_is_never_closed_ends_where_the_answers_begin(size: int) -> None:
    reply = (
        "<reasoning>\nShort ones, I think.\n"
        "<response><text>A</text><probability>0.3</probability></response>\n"
        "<response><text>B</text><probability>0.2</probability></response>"
    )
    parser = ReplyParser(asked=PromptSettings(method="cot"))
    found = [parser.feed(reply[at : at + size]) for at in range(0, len(reply), size)]
    candidates = sum(found, VerbalizedDistribution()) + parser.close()
    assert [(c.text, c.stated, c.reasoning) for c in candidates] == [
        ("A", 0.3, "Short ones, I think."),
        ("B", 0.2, "Short ones, I think."),
    ]


def test_thinking_is_not_reasoning() -> None:
    reply = "<think>hm</think><response><text>A</text></response>"
    assert parse_reply(reply)[0].reasoning is None


@pytest.mark.parametrize(
    ("reply", "repair"),
    [
        ("<response><text>A<probability>0.1</probability></response>", "end tag of the text"),
        ("<response><text>A</text><probability>0.1</probability>", "end tag of the response"),
        ("<response><text>A</text><probability>0.1</response>", "end tag of the number"),
        ("<response><text>A</text><probability>0.", "number was cut off"),
        ('[{"text": "a "b" c", "probability": 0.1}]', "quotes"),
        ('[{"text": "A", "probability": 0.', "number was cut off"),
        ("1. A (0.1)\n2. B (probability: 0.", "number was cut off"),
    ],
)
def test_what_was_mended_is_said(reply: str, repair: str) -> None:
    assert repair in " ".join(parse_reply(reply)[-1].repairs)


def test_a_well_formed_reply_needs_no_repair() -> None:
    reply = "<response><text>A</text><probability>0.1</probability></response>"
    assert parse_reply(reply)[0].repairs == ()


@pytest.mark.parametrize(
    ("reply", "fragment", "reason"),
    [
        ("<response><text>A</text></response><response><text>Half a jo", "Half a jo", "cut off"),
        ('[{"text": "A", "probability": 0.1}, {"text": "Half', "Half", "cut off"),
        ("1. A (0.1)\n2. B (0.2)\n3. Half a jo", "Half a jo", "cut off"),
        (
            "<response><text>Ha<response><text>Half</text></response>",
            "Ha",
            "begun again further on",
        ),
        (
            "<response><text>...</text></response><response><text>A</text></response>",
            "...",
            "a placeholder, not an answer",
        ),
        ("- A: 10%\n- B: 20%\n- Total: 30%", "- Total: 30%", "a total, not a candidate"),
    ],
)
def test_what_could_not_be_used_is_reported(reply: str, fragment: str, reason: str) -> None:
    dropped = parse_reply(reply).trace.dropped
    assert [(item.fragment, item.reason) for item in dropped] == [(fragment, reason)]


def test_later_prose_changes_no_number() -> None:
    reply = (
        "<response><text>A</text><probability>0.1</probability></response>\nA is 90% likely: 0.9"
    )
    assert parse_reply(reply)[0].stated == 0.1


def test_percentages_delivered_early_are_settled_in_the_sum() -> None:
    parser = ReplyParser()
    first = parser.feed("<response><text>A</text><probability>0.5</probability></response>")
    second = parser.feed("<response><text>B</text><probability>40</probability></response>")
    assert first[0].stated == 0.5
    assert [c.stated for c in first + second + parser.close()] == [0.005, 0.4]
