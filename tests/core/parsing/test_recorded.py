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

pytestmark = pytest.mark.skipif(not REPLIES, reason="the recorded replies are not present")


def prompts(path: Path) -> list[list[dict[str, Any]]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["responses"] for line in lines]


@pytest.mark.parametrize("path", REPLIES, ids=lambda path: path.stem)
def test_a_recorded_reply_is_read_exactly(path: Path) -> None:
    reply = path.read_text(encoding="utf-8")
    data = json.loads(reply)["responses"] if reply.lstrip()[0] == "{" else ast.literal_eval(reply)
    expected = [(item.get("text") or item["response"], item["probability"]) for item in data]
    assert [(c.text, c.stated) for c in parse_reply(reply)] == expected


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
@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.stem)
def test_recorded_candidates_are_read_back(path: Path, render: Any) -> None:
    for items in prompts(path):
        if render is as_lines and any("\n" in item["text"] for item in items):
            continue
        found = parse_reply(render(items))
        assert found.texts == [item["text"].strip() for item in items]
        raws = [candidate.raw_probability for candidate in found]
        assert raws == [number(item) for item in items]


SMALL_MODELS = RECORDED / "qwen_vs_replies.jsonl"


def small_model_replies() -> list[Any]:
    if not SMALL_MODELS.exists():
        return []
    lines = SMALL_MODELS.read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["id"]) for case in map(json.loads, lines)]


@pytest.mark.parametrize("case", small_model_replies())
def test_a_reply_of_a_small_model_is_read_as_it_is_meant(case: dict[str, Any]) -> None:
    asked = PromptSettings(
        layout=case["layout"], k=case["k"], max_probability=case["max_probability"]
    )
    reply = case["reply"]
    for size in (len(reply) or 1, 3):
        parser = ReplyParser(asked=asked)
        found = VerbalizedDistribution[str]()
        for at in range(0, len(reply), size):
            found += parser.feed(reply[at : at + size])
        found += parser.close()
        read = [(lines_of(c.text), c.stated) for c in found]
        assert read == [(lines_of(text), number) for text, number in case["expected"]]


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]
