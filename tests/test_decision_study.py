"""The study of decisions on a real model: its messages, and what the documentation says of it."""

from __future__ import annotations

import json
import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
STUDY = ROOT / "benchmarks" / "decisions"
RECORD = ROOT / "benchmarks" / "recorded" / "decisions-qwen2.5-coder-1.5b.jsonl"


def messages() -> list[dict[str, Any]]:
    lines = (STUDY / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_there_are_120_different_messages_twenty_of_each_intent() -> None:
    intents = json.loads((STUDY / "intents.json").read_text(encoding="utf-8"))
    assert [message["id"] for message in messages()] == list(range(1, 121))
    assert len({message["text"] for message in messages()}) == 120
    assert Counter(message["intent"] for message in messages()) == dict.fromkeys(intents, 20)


def test_every_message_was_asked_about_in_every_way() -> None:
    rows = [json.loads(line) for line in RECORD.read_text(encoding="utf-8").splitlines()]
    labels = {message["id"]: message["intent"] for message in messages()}
    assert all(labels[row["id"]] == row["intent"] for row in rows)
    assert set(Counter(row["way"] for row in rows).values()) == {120}
    assert len({(row["way"], row["id"]) for row in rows}) == len(rows)


def test_the_documentation_has_the_figures_of_the_record() -> None:
    pytest.importorskip("numpy")
    report = runpy.run_path(str(STUDY / "report.py"))
    ways = report["rows_of"](RECORD)
    page = (ROOT / "docs" / "deciding.md").read_text(encoding="utf-8")
    for line in [*report["qualities"](ways), *report["differences"](ways)]:
        assert line in page
