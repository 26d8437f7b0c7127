"""Replies with the right reading beside them: `cases/*.json`, whole and in pieces.

`common.json` holds what models usually write, `hard.json` what only the structure of the whole
reply tells, `lists.json` lists, sections and labels as they vary, `mixed.json` preambles,
notations, contents, epilogues, languages and cuts at random.

A test reads ten of them, and names each that is read otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vs_core import PromptSettings, ReplyParser, VerbalizedDistribution

HERE = Path(__file__).parent / "cases"
AT_ONCE = 10

Case = dict[str, Any]
Read = list[tuple[str, float | None]]


def groups() -> Iterator[Any]:
    for path in sorted(HERE.glob("*.json")):
        cases = json.loads(path.read_text(encoding="utf-8"))
        for start in range(0, len(cases), AT_ONCE):
            group = cases[start : start + AT_ONCE]
            yield pytest.param(group, id=f"{path.stem}-{start + 1}-{start + len(group)}")


def read(case: Case, size: int | None = None) -> VerbalizedDistribution[str]:
    asked = PromptSettings(layout=case["layout"]) if "layout" in case else None
    parser = ReplyParser(asked=asked)
    reply, found = case["reply"], VerbalizedDistribution[str]()
    for at in range(0, len(reply), size or len(reply) or 1):
        found += parser.feed(reply[at : at + (size or len(reply))])
    return found + parser.close(truncated=case.get("truncated"))


def without_indents(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


@pytest.mark.parametrize("group", list(groups()))
def test_replies_are_read_as_they_are_meant_in_pieces_of_any_size(group: list[Case]) -> None:
    found: dict[str, Read] = {}
    expected: dict[str, Any] = {}
    changed_by_pieces: list[tuple[str, int]] = []
    for case in group:
        whole, name = read(case), case["name"]
        found[name] = [(without_indents(c.text), c.stated) for c in whole]
        expected[name] = [
            (without_indents(text), None if number is None else pytest.approx(number))
            for text, number in case["want"]
        ]
        changed_by_pieces += [(name, size) for size in (1, 3, 7) if read(case, size) != whole]
    assert len(found) == len(group), "two cases have one name"
    assert found == expected
    assert changed_by_pieces == []
