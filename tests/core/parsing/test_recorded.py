"""Recorded replies of real models, where they are present beside the repository."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from vs_core import PromptSettings, ReplyParser, VerbalizedDistribution, parse_reply

RECORDED = Path(__file__).resolve().parents[3].parent / "shared" / "real_replies"
REPLIES = sorted(RECORDED.glob("replies/*.txt"))
RUNS = sorted(RECORDED.glob("recorded/*.jsonl"))
SIZES = (1_000_000, 3)

pytestmark = pytest.mark.skipif(not REPLIES, reason="the recorded replies are not present")


def prompts(path: Path) -> list[list[dict[str, Any]]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["responses"] for line in lines]


def test_a_recorded_reply_is_read_exactly() -> None:
    for path in REPLIES:
        reply = path.read_text(encoding="utf-8")
        is_json = reply.lstrip()[0] == "{"
        data = json.loads(reply)["responses"] if is_json else ast.literal_eval(reply)
        expected = [(item.get("text") or item["response"], item["probability"]) for item in data]
        assert [(c.text, c.stated) for c in parse_reply(reply)] == expected, path.stem


def number(item: dict[str, Any]) -> str | None:
    return None if item.get("probability") is None else json.dumps(item["probability"])


def as_tags(items: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"<response>\n<text>{item['text']}</text>\n"
        + (f"<probability>{number(item)}</probability>\n" if number(item) else "")
        + "</response>"
        for item in items
    )


def as_json(items: list[dict[str, Any]]) -> str:
    return json.dumps({"responses": items}, indent=2)


def as_lines(items: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{n}. " + (f"({number(item)}) " if number(item) else "") + item["text"]
        for n, item in enumerate(items, 1)
    )


@pytest.mark.parametrize("render", [as_tags, as_json, as_lines], ids=lambda f: f.__name__)
def test_recorded_candidates_are_read_back(render: Any) -> None:
    for path in RUNS:
        for items in prompts(path):
            if render is as_lines and any("\n" in item["text"] for item in items):
                continue
            found = [(c.text, c.raw_probability) for c in parse_reply(render(items))]
            expected = [(item["text"].strip(), number(item)) for item in items]
            assert found == expected, path.stem


SMALL_MODELS = RECORDED / "qwen_vs_replies.jsonl"


@pytest.mark.skipif(not SMALL_MODELS.exists(), reason="the replies are not present")
def test_replies_of_small_models_are_read_as_they_are_meant() -> None:
    cases = [json.loads(line) for line in SMALL_MODELS.read_text(encoding="utf-8").splitlines()]
    assert cases
    expected = {
        (case["id"], size): [(lines_of(text), number) for text, number in case["expected"]]
        for case in cases
        for size in SIZES
    }
    found = {(case["id"], size): read_in_pieces(case, size) for case in cases for size in SIZES}
    assert found == expected


def read_in_pieces(case: dict[str, Any], size: int) -> list[tuple[list[str], float | None]]:
    asked = PromptSettings(
        layout=case["layout"], k=case["k"], max_probability=case["max_probability"]
    )
    parser = ReplyParser(asked=asked)
    found = VerbalizedDistribution[str]()
    for at in range(0, len(case["reply"]), size):
        found += parser.feed(case["reply"][at : at + size])
    return [(lines_of(c.text), c.stated) for c in found + parser.close()]


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]
