"""The study of small models: what it sends, and what the documentation says of what came."""

from __future__ import annotations

import json
import re
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from vs_core import PromptSettings, parse_reply

ROOT = Path(__file__).parent.parent
BENCHMARKS = ROOT / "benchmarks"
RECORDED = BENCHMARKS / "recorded"
PAGE = ROOT / "docs" / "local.md"
BOTH = ("--wordings", "standard", "enforced", "--against", "standard")
ENFORCED = ("--wordings", "enforced", "--against", "enforced")
COUNTED: dict[str, list[tuple[str, ...]]] = {
    "small-qwen2.5-coder-0.5b": [
        (*BOTH, "--k", "3", "5"),
        (*BOTH, "--k", "10", "--prompts", "7", "--seeds", "1"),
    ],
    "small-qwen2.5-coder-1.5b": [
        (*BOTH, "--k", "3", "--seeds", "1"),
        (*ENFORCED, "--k", "5", "--seeds", "1"),
    ],
    "small-smollm2-135m": [(*BOTH, "--k", "3", "5", "10", "--seeds", "1")],
}


def record(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    return document


def replies(name: str) -> list[str]:
    lines = (RECORDED / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


@pytest.mark.parametrize("name", COUNTED)
def test_the_recorded_replies_give_the_recorded_figures(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openai")
    pytest.importorskip("numpy")
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    again = tmp_path / "again.json"
    files = [
        "--layouts",
        "xml",
        "--journal",
        str(RECORDED / f"{name}.jsonl"),
        "--record",
        str(again),
    ]
    for part in COUNTED[name]:
        arguments = ["prompts.py", "--model", record(name)["model"], *files, *part]
        monkeypatch.setattr(sys, "argv", arguments)
        runpy.run_path(str(BENCHMARKS / "prompts.py"), run_name="__main__")
    assert json.loads(again.read_text("utf-8"))["figures"] == record(name)["figures"]


def test_the_page_has_the_figures_of_the_record() -> None:
    table = runpy.run_path(str(BENCHMARKS / "small_models.py"))
    shown = "\n".join([table["HEAD"], *table["rows"]()])
    assert shown in PAGE.read_text(encoding="utf-8")


def test_the_page_counts_the_replies_with_numbers_that_are_no_probabilities() -> None:
    enforced = [text for text in replies("small-smollm2-135m") if text.lstrip().startswith("{")]
    stated = [map(float, re.findall(r'"probability":\s*([\d.]+)', text)) for text in enforced]
    above = sum(any(number > 1 for number in numbers) for numbers in stated)
    said = f"{above} of its {len(enforced)} enforced replies"
    assert said in " ".join(PAGE.read_text(encoding="utf-8").split())


def test_such_a_number_is_no_probability() -> None:
    written = [{"text": "a", "probability": 2000}, {"text": "b", "probability": 0.2}]
    asked = PromptSettings(k=2, structured_output="json_schema")
    found = parse_reply(json.dumps({"responses": written}), asked=asked)
    assert [candidate.stated for candidate in found] == [None, 0.2]
