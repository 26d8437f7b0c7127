"""What stands in a candidate, around the answer, or at the cut end of a reply decides nothing."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core import (
    NoCandidatesError,
    PromptSettings,
    ReplyParser,
    VerbalizedDistribution,
    parse_reply,
)

Candidates = list[tuple[str, str]]
Render = Callable[[Candidates], str]

SENTENCES = [
    "Boil it for 10 minutes (0.9).",
    "Growth: 60%",
    "Margin: 5%",
    "The probability of rain is 0.9 in May.",
    "Rain (probability 0.9) is likely.",
    "Answer: 12",
    "**Answer:** 12",
    "Q: Is it open?",
    "A: Until ten.",
    "Customer: Hi.",
    "Reply: Ho.",
    "Subject: Lunch",
    "Body: See you at noon.",
    "Generate a set of five possible responses, each within a separate tag.",
    "Meet at 12:30 on 2024-05-01.",
    "Home win (3:1)",
    "v0.3 costs $4.99",
    "x = 0.5",
    "Pi is 3.14",
    'He said: "no" \u2014 and left.',
    "\u7b54\u6848\uff1a\u5341\u4e8c",
    "Eggs: 2",
]
BLOCKS = [
    "1. wait\n2. look",
    "- milk (60%)\n- tea (40%)",
    "* sales: 60%\n* costs: 5%",
    "| a | b |\n|---|---|\n| x | 0.9 |",
    "```bash\n# build\nmake all\n```",
    "```\n1. a (0.5)\n2. b (0.4)\n```",
    '```json\n{"text": "x", "probability": 0.9}\n```',
    "$$\nx = 0.5\n$$",
    "> quoted\n> twice",
    "roses are red,\n  violets are blue",
]
TAGS = [
    "Use the <response> element.",
    "Put it in <text>, with a <probability> beside it.",
    "<b>bold</b> and <i>it</i>",
    "<ul><li>a</li><li>b</li></ul>",
    "if (a < b && c > d) return;",
    "Close it with </p>.",
    "<response><text>inner</text><probability>0.9</probability></response> is an example.",
    '{"text": "x", "probability": 0.9}',
]
LINES = st.sampled_from(SENTENCES)
CONTENTS = (
    st.lists(LINES | st.sampled_from(BLOCKS), min_size=1, max_size=4)
    .map("\n\n".join)
    .map(lambda text: f"It begins.\n\n{text}")
)
ANY_CONTENTS = (
    st.lists(LINES | st.sampled_from(BLOCKS + TAGS), min_size=1, max_size=4)
    .map("\n".join)
    .map(lambda text: f"It begins.\n{text}\nIt ends.")
)
NUMBERS = st.integers(1, 99).map(lambda n: f"0.{n:02}")


def several(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Candidates]:
    return st.lists(st.tuples(texts, NUMBERS), min_size=2, max_size=4)


def as_tags(candidates: Candidates) -> str:
    return "\n".join(
        f"<response>\n<text>{text}</text>\n<probability>{number}</probability>\n</response>"
        for text, number in candidates
    )


def as_json(candidates: Candidates) -> str:
    items = [{"text": text, "probability": float(number)} for text, number in candidates]
    return json.dumps({"responses": items}, indent=1)


def as_lines(candidates: Candidates) -> str:
    return "\n".join(f"{n}. ({number}) {text}" for n, (text, number) in enumerate(candidates, 1))


def as_sections(candidates: Candidates) -> str:
    return "\n\n".join(
        f"## Response {n}\n\n{text}\n\n**Probability:** {number}"
        for n, (text, number) in enumerate(candidates, 1)
    )


def pairs(found: VerbalizedDistribution[str]) -> list[tuple[str, float | None]]:
    return [(candidate.text, candidate.stated) for candidate in found]


def expected(candidates: Candidates) -> list[tuple[str, float]]:
    return [(text, float(number)) for text, number in candidates]


@given(several(ANY_CONTENTS), st.sampled_from([as_tags, as_json]))
def test_any_text_in_tags_and_json_comes_back_unchanged(
    candidates: Candidates, render: Render
) -> None:
    assert pairs(parse_reply(render(candidates))) == expected(candidates)


@given(several(CONTENTS))
def test_any_text_in_the_lines_asked_for_comes_back_unchanged(candidates: Candidates) -> None:
    found = parse_reply(as_lines(candidates), asked=PromptSettings(layout="lines"))
    assert pairs(found) == expected(candidates)


@given(several(CONTENTS))
def test_any_text_in_sections_comes_back_unchanged(candidates: Candidates) -> None:
    assert pairs(parse_reply(as_sections(candidates))) == expected(candidates)


PREAMBLE = st.lists(
    st.sampled_from(
        [
            "Sure! Here are the responses.",
            "I kept every probability under 0.10.",
            "Each response has a <text> and a <probability>.",
            "There are 3 options with a combined probability of 0.4.",
            "- Bus: very common (around 60%)\n- Train: less common (30%)",
            "1. Think of usual answers\n2. Think of odd ones",
            "| Mode | Share |\n|---|---|\n| Bus | 60% |\n| Train | 30% |",
            "# Ideas",
            "## Approach",
            "Temperature: 0.9",
            "Thinking:\nBus: 60%\nTrain: 30%",
            "<think>Maybe <response><text>draft</text></response> (0.9)?</think>",
            "Final:",
        ]
    ),
    max_size=4,
).map("\n\n".join)
EPILOGUE = st.lists(
    st.sampled_from(
        [
            "Hope this helps!",
            "These add up to 0.4 (40%).",
            "## Notes\n\n1. Estimates only (0.3 is 30%).\n2. Ask for more.",
            "| Option | Minutes |\n|---|---|\n| Train | 20 |\n| Walk | 60 |",
            "**Total probability: 0.40**",
            "Probabilities:\n1. 0.3\n2. 0.1",
            "My pick: the first (p = 0.9).",
            "Would you like me to:\n- expand one?\n- add more (below 0.05)?",
            "1. Train: 30%\n2. Walk: 10%",
        ]
    ),
    max_size=3,
).map("\n\n".join)


@given(
    several(st.sampled_from(["Take the train.", "Walk home.", "Fly, or swim."])),
    st.sampled_from([as_tags, as_json]),
    PREAMBLE,
    EPILOGUE,
)
def test_what_stands_around_a_strong_series_changes_nothing(
    candidates: Candidates, render: Render, before: str, behind: str
) -> None:
    reply = f"{before}\n\n{render(candidates)}\n\n{behind}"
    assert pairs(parse_reply(reply)) == expected(candidates)


@pytest.mark.parametrize("render", [as_tags, as_json, as_lines, as_sections])
@given(several(CONTENTS | st.sampled_from(SENTENCES)), st.integers(0, 10_000))
def test_a_cut_reply_never_gives_a_text_that_is_not_whole(
    render: Render, candidates: Candidates, place: int
) -> None:
    reply = render(candidates)
    asked = PromptSettings(layout="lines") if render is as_lines else None
    parser = ReplyParser(asked=asked)
    cut = reply[: place % len(reply)]
    found = parser.feed(cut) + parser.close(truncated=True)
    texts = [text for text, _ in candidates]
    assert found.texts == texts[: len(found)]
    assert found.trace.truncated


def test_told_that_it_is_complete_a_reply_loses_nothing() -> None:
    reply = "1. A (0.5)\n2. B (0.3)\n3. C"
    found = ReplyParser()
    total = found.feed(reply) + found.close(truncated=False)
    assert pairs(total) == [("A", 0.5), ("B", 0.3), ("C", None)]


def test_thinking_alone_is_no_answer() -> None:
    with pytest.raises(NoCandidatesError):
        parse_reply("<think>Maybe 1. trains\n2. buses? I would say 60%.</think>")


@pytest.mark.parametrize("text", ["End it with </text> at the end.", "a </text> b </text> c"])
def test_an_end_tag_that_another_one_follows_is_text(text: str) -> None:
    reply = f"<response><text>{text}</text><probability>0.2</probability></response>"
    assert pairs(parse_reply(f"{reply}\n{reply}")) == [(text, 0.2), (text, 0.2)]


@pytest.mark.parametrize("thought", ["Reasoning: I think", "I think"])
@pytest.mark.parametrize("mark", ["{}.", "{})"])
def test_a_list_in_the_reasoning_is_not_preferred_to_the_lines_asked_for(
    thought: str, mark: str
) -> None:
    drafts = [f"{mark.format(n)} draft {n} ({6 - n}0%)" for n in (1, 2, 3)]
    reply = "\n".join([thought, *drafts, "", "1. (0.3) Tea", "2. (0.2) Milk"])
    found = parse_reply(reply, asked=PromptSettings(layout="lines", k=2))
    assert found.texts == ["Tea", "Milk"]
