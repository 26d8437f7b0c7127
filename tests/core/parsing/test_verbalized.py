"""Whether a reply gives the distribution asked for, or is a plain answer with something in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vs_core import PromptSettings, parse_reply
from vs_core.adapters import verbalized_layout

LAYOUTS = ("xml", "json", "lines")


def tags(*texts: str) -> str:
    return "\n".join(
        f'<response id="{n}"><text>{text}</text><probability>0.{n}</probability></response>'
        for n, text in enumerate(texts, start=1)
    )


def objects(*texts: str) -> str:
    return json.dumps({"responses": [{"text": text, "probability": 0.2} for text in texts]})


def lines(*texts: str) -> str:
    return "\n".join(f"{n}. (0.{n}) {text}" for n, text in enumerate(texts, start=1))


def found(reply: str, **settings: Any) -> str | None:
    return verbalized_layout(reply, asked=PromptSettings(**{"k": 5, **settings}))


FIVE = ("a", "b", "c", "d", "e")
LONG = "A paragraph that explains at length what was found, and why it was found there. " * 4
CODE = "<response><text>Hello</text><probability>0.5</probability></response>"

PLAIN = {
    "nothing": "",
    "a sentence": "I cannot do that.",
    "a poll": "The poll results:\n\n1. Smith: 45%\n2. Jones: 40%\n3. Lee: 15%\n\nSmith leads.",
    "a forecast": "Here is the forecast:\n- Rain: 60%\n- Sun: 30%\n- Snow: 10%",
    "a bare list of percentages": "1. Smith: 45%\n2. Jones: 40%\n3. Lee: 15%",
    "latencies": "I checked the API.\n- p50 latency: 0.2\n- p99 latency: 0.9\n\nBoth are fine.",
    "steps": "Three steps:\n1. Grind\n2. Brew\n3. Drink",
    "years": "1. (1969) Moon landing\n2. (1989) Fall of the wall",
    "amounts": "1. (12) eggs\n2. (3) lemons",
    "percentages in parentheses": "1. (45%) Smith\n2. (40%) Jones",
    "a table": "| who | share |\n|---|---|\n| Smith | 45% |\n| Jones | 40% |",
    "a bold list": "**Smith** (45%)\n**Jones** (40%)",
    "readings": '{"temp": 21, "humidity": 40}',
    "shares": '{"Smith": 0.45, "Jones": 0.4}',
    "fenced readings": '```json\n{"temp": 21, "humidity": 40}\n```',
    "records": '[{"name": "Oslo", "score": 0.3}, {"name": "Bergen", "score": 0.1}]',
    "records with a probability": '[{"outcome": "rain", "probability": 0.6}]',
    "classified texts": '[{"text": "Buy!", "label": "spam", "probability": 0.9}]',
    "records among others": '{"survey": 7, "responses": [{"text": "a", "probability": 0.3}]}',
    "texts": '["Oslo", "Bergen"]',
    "a service's reply": "<response><status>200</status><body>ok</body></response>",
    "records in tags": "<city><name>Oslo</name><score>0.3</score></city>",
    "a fenced reply of a service": "```xml\n<response>ok</response>\n```",
    "a code sample": f"Use this:\n```xml\n{CODE}\n```\nReplace the text as you like.",
    "a code sample at the end": f"Use this:\n```xml\n{CODE}\n{CODE}\n```",
    "a code sample in a sentence": f"Send `{CODE}` to the server, and it will be read.",
    "a sample in a line": f"For example {CODE} is what the server expects.",
    "a short example": f"It looks like this:\n\n{CODE}\n\nReplace the text as you like.",
    "a long answer with an example": f"{LONG}\n\n{tags(*FIVE)}",
    "an example with a long answer": f"Such as:\n{tags(*FIVE)}\n\n{LONG}",
    "a long answer with a fenced example": f"{LONG}\n\n```xml\n{tags(*FIVE)}\n```",
    "examples apart": f"One:\n{CODE}\n{LONG}\n{CODE}\n{LONG}\n{CODE}",
}


def in_every_layout(reply: str) -> dict[str, str | None]:
    """What is found by the layout that was asked for."""
    return {layout: found(reply, layout=layout) for layout in LAYOUTS}


@pytest.mark.parametrize("reply", PLAIN.values(), ids=PLAIN.keys())
def test_a_plain_answer_is_none(reply: str) -> None:
    assert in_every_layout(reply) == dict.fromkeys(LAYOUTS)


WRITTEN = {
    "tags": ("xml", tags(*FIVE)),
    "too few": ("xml", tags("a")),
    "one without a number": ("xml", "<response>a</response>"),
    "in a wrapper": ("xml", f"<responses>\n{tags(*FIVE)}\n</responses>"),
    "numbered tags": ("xml", tags("a", "b").replace('response id="1"', "response_1")),
    "behind list marks": ("xml", f"1. {tags('a')}\n2. {tags('b')}\n3. {tags('c')}"),
    "cut off": ("xml", f"{tags('a', 'b')}\n<response><text>c is c"),
    "never closed": ("xml", "<response><text>a</text><probability>0.3</probability>"),
    "with an attribute": ("xml", '<response probability="0.3">a</response>'),
    "fenced": ("xml", f"```xml\n{tags('a')}\n```"),
    "code in the texts": ("xml", tags("\n```python\nprint()\n```\n", "b", "c")),
    "markup in the texts": ("xml", tags("<b>a</b>", "b")),
    "behind thinking": ("xml", f"<think>{LONG}</think>\n\n{tags('a', 'b')}"),
    "behind reasoning": ("xml", f"<reasoning>{LONG}</reasoning>\n{tags('a', 'b')}"),
    "announced": ("xml", f"Here are five answers:\n\n{tags(*FIVE)}"),
    "announced in the line": ("xml", f"Here are five answers: {tags(*FIVE)}"),
    "with a closing remark": ("xml", f"Sure!\n\n{tags(*FIVE)}\n\nTell me if you need more."),
    "too few announced": ("xml", f"Here you are:\n{tags('a', 'b', 'c')}"),
    "announced and cut off": ("xml", f"Here you are:\n{tags('a', 'b', 'c')}\n<response><text>d"),
    "announced in a fence": ("xml", f"Here are five answers:\n```xml\n{tags(*FIVE)}\n```"),
    "JSON": ("json", objects(*FIVE)),
    "JSON in lines": ("json", '{"text": "a", "probability": 0.3}\n{"text": "b", "probability": 1}'),
    "a list": ("json", '[{"text": "a", "probability": 0.3}]'),
    "JSON with reasoning": ("json", objects("a").replace("{", '{"reasoning": "hm",', 1)),
    "fenced JSON": ("json", f"```json\n{objects('a', 'b')}\n```"),
    "announced JSON": ("json", f"Here are five answers:\n```json\n{objects(*FIVE)}\n```"),
    "cut-off JSON": ("json", objects(*FIVE)[:70]),
    "JSON to mend": ("json", "{'responses': [{'text': 'a', 'probability': 0.3,},]}"),
}


@pytest.mark.parametrize(("expected", "reply"), WRITTEN.values(), ids=WRITTEN.keys())
def test_tags_and_json_count_whichever_was_asked_for_and_are_read(
    expected: str, reply: str
) -> None:
    assert in_every_layout(reply) == dict.fromkeys(LAYOUTS, expected)
    assert parse_reply(reply, asked=PromptSettings()).trace.layout == expected


@pytest.mark.parametrize(
    "reply",
    [
        lines(*FIVE),
        lines("a"),
        f"\n{lines('a', 'b')}\n\n",
        f"```\n{lines('a', 'b')}\n```",
        f"Reasoning: {LONG}\n{lines('a', 'b')}",
        lines("a\nroses", "b\nviolets\n\nand more", "c\n\nthe end"),
    ],
)
def test_lines_count_where_they_were_asked_for(reply: str) -> None:
    assert found(reply, layout="lines") == "lines"
    assert found(reply, layout="xml") is None


@pytest.mark.parametrize(
    "reply",
    [
        f"The shares are:\n{lines('a', 'b')}",
        f"{lines('a', 'b')}\n\nSmith leads.",
        f"{lines('a', 'b')}\nSmith leads.",
        lines("a", "b").replace("2.", "4."),
        lines("a", "b").replace("(0.2)", "(20)"),
    ],
)
def test_lines_with_anything_else_do_not_count(reply: str) -> None:
    assert found(reply, layout="lines") is None


def test_the_number_asked_for_is_the_one_that_counts() -> None:
    reply = '[{"text": "a", "confidence": 0.3}]'
    assert (found(reply), found(reply, definition="confidence")) == (None, "json")
    percentages = "1. (45%) a\n2. (40%) b"
    asked = PromptSettings(layout="lines", definition="percentage")
    assert verbalized_layout(percentages, asked=asked) == "lines"


def test_a_long_reply_is_judged_in_linear_time() -> None:
    assert found("<response " * 20_000) is None
    assert found("[" * 20_000) is None
    assert found("```\n" * 20_000) is None
