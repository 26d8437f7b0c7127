"""Replies with the right reading beside them: `cases/*.json`, whole and in pieces.

`common.json` holds what models usually write, `hard.json` what only the structure of the whole
reply tells, `lists.json` lists, sections and labels as they vary, `mixed.json` preambles,
notations, contents, epilogues, languages and cuts at random.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vs_core import PromptSettings, ReplyParser, VerbalizedDistribution

HERE = Path(__file__).parent / "cases"


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}/{case['name']}")
        for path in sorted(HERE.glob("*.json"))
        for case in json.loads(path.read_text(encoding="utf-8"))
    ]


def read(case: dict[str, Any], size: int | None = None) -> VerbalizedDistribution[str]:
    asked = PromptSettings(layout=case["layout"]) if "layout" in case else None
    parser = ReplyParser(asked=asked)
    reply, found = case["reply"], VerbalizedDistribution[str]()
    for at in range(0, len(reply), size or len(reply) or 1):
        found += parser.feed(reply[at : at + (size or len(reply))])
    return found + parser.close(truncated=case.get("truncated"))


def without_indents(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


@pytest.mark.parametrize("case", cases())
def test_a_reply_is_read_as_it_is_meant_in_pieces_of_any_size(case: dict[str, Any]) -> None:
    whole = read(case)
    expected = [(without_indents(text), number) for text, number in case["want"]]
    assert [(without_indents(c.text), c.stated) for c in whole] == [
        (text, None if number is None else pytest.approx(number)) for text, number in expected
    ]
    assert [read(case, size) for size in (1, 3, 7)] == [whole] * 3
