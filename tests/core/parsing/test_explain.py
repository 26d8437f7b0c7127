"""`explain_reply` shows for each stretch of a reply which rule decided."""

from __future__ import annotations

import json

import pytest

from vs_core import PromptSettings, explain_reply, parse_reply


def parts(reply: str, **told: object) -> list[tuple[str, str]]:
    explained = explain_reply(reply, **told)  # type: ignore[arg-type]
    return [(stretch.part, stretch.text) for stretch in explained.stretches]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (
            "Sure (0.9)!\n\n- A (0.1)\n- B (0.2)\n\nHope this helps.",
            [
                ("before", "Sure (0.9)!"),
                ("candidate", "- A (0.1)"),
                ("candidate", "- B (0.2)"),
                ("behind", "Hope this helps."),
            ],
        ),
        (
            "<think>X: 90%</think>\n1. A: 10%\n2. B: 20%",
            [
                ("thinking", "<think>X: 90%</think>"),
                ("candidate", "1. A: 10%"),
                ("candidate", "2. B: 20%"),
            ],
        ),
        (
            '[{"name": "Ada", "age": 3, "probability": 0.3}, {"name": "B", "probability": 0.2}]',
            [
                ("candidate", '{"name": "Ada", "age": 3, "probability": 0.3}'),
                ("candidate", '{"name": "B", "probability": 0.2}'),
            ],
        ),
        (
            "A: 10%\nB: 9%\nTotal: 19%",
            [("candidate", "A: 10%"), ("candidate", "B: 9%"), ("dropped", "Total: 19%")],
        ),
        ("Nothing here.", [("before", "Nothing here.")]),
    ],
)
def test_each_stretch_of_a_reply_is_told(reply: str, expected: list[tuple[str, str]]) -> None:
    assert parts(reply) == expected


@pytest.mark.parametrize(
    ("reply", "rule"),
    [
        ("- A (0.1)\n- B (0.2)", "all candidates have a number"),
        ("- A (0.1)\n- B (0.2)\n\nFinal:\n- C (0.3)\n- D (0.4)", "`Final:` announces it"),
        ("<think>- A (0.1)\n- B (0.2)</think>", "nothing stands behind the thinking"),
        ("<response><text>A</text></response>", "read as it arrived"),
        ("No.", "nothing in the reply is a candidate"),
    ],
)
def test_the_rule_that_chose_the_answer_is_told(reply: str, rule: str) -> None:
    assert rule in explain_reply(reply).rule


def test_it_tells_of_the_candidates_that_are_read() -> None:
    reply = "1. (0.1) A\n2. (very rare) B"
    asked = PromptSettings(layout="lines")
    explained = explain_reply(reply, asked=asked, truncated=False)
    told = [stretch.rule for stretch in explained.stretches if stretch.part == "candidate"]
    read = parse_reply(reply, asked=asked, truncated=False)
    assert len(told) == len(read)
    assert all(f"text {c.text!r}" in rule for c, rule in zip(read, told, strict=True))
    assert explained.layout == read.trace.layout == "lines"


def test_it_prints_as_a_table_and_goes_to_json() -> None:
    explained = explain_reply("Sure!\n- A (0.1)\n- B (0.", truncated=True)
    head, *rows = str(explained).split("\n")
    assert head.startswith("lines: ")
    assert head.endswith("(cut off)")
    assert [row.split()[0] for row in rows] == ["before", "candidate", "candidate"]
    assert type(explained).model_validate(json.loads(explained.model_dump_json())) == explained
