"""The page on local and small models: its lines ask as they say, and errors lead to it."""

from __future__ import annotations

import json
import re
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.test_docs import blocks
from tests.wire.server import Reply, WireServer, serve
from vs_core import NoCandidatesError, PromptSettings, VerbalizedDistribution, parse_reply
from vs_core.adapters import SMALL_MODELS_PAGE, reply_schema

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "local.md"
OLLAMA = "http://localhost:11434/v1"
REPLY = json.dumps({"responses": [{"text": text, "probability": 0.2} for text in "abc"]})
CUT_OFF = "a higher token limit (max_tokens), as the reply was cut off"
JOKE = "Tell me a joke about coffee"

ASKS: dict[str, Callable[[dict[str, Any]], VerbalizedDistribution[str]]] = {
    "LangChain": lambda names: names["vs"].invoke(JOKE),
    "LlamaIndex": lambda names: names["sampler"].run(JOKE),
}


@pytest.fixture
def server() -> Iterator[WireServer]:
    with serve(responder=lambda _: REPLY) as server:
        yield server


@pytest.fixture
def names(server: WireServer) -> dict[str, Any]:
    """What the page's code defines, where the server of this test stands for Ollama."""
    names: dict[str, Any] = {}
    for block in blocks(PAGE):
        if block.language == "python":
            code = compile(block.text.replace(OLLAMA, server.url), PAGE.name, "exec")
            exec(code, names)  # noqa: S102  # our own document
    return names


@pytest.mark.parametrize("framework", ASKS)
def test_the_two_lines_ask_for_an_enforced_shape_within_a_limit(
    framework: str, names: dict[str, Any], server: WireServer
) -> None:
    assert ASKS[framework](names).texts == ["a", "b", "c"]
    [request] = server.requests
    body = request.body
    # `max_tokens` is the one name for the limit that every local server knows.
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("qwen2.5:3b", 0.8, 400)
    assert "max_completion_tokens" not in body
    responses = body["response_format"]["json_schema"]["schema"]["properties"]["responses"]
    assert (responses["minItems"], responses["maxItems"]) == (3, 3)


@pytest.mark.parametrize("framework", ASKS)
def test_the_study_sends_the_shape_that_the_package_sends(
    framework: str, names: dict[str, Any], server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])
    study = runpy.run_path(str(ROOT / "benchmarks" / "prompt_calls.py"))
    asked = PromptSettings(k=3, structured_output="json_schema")
    ASKS[framework](names)
    assert server.requests[0].body["response_format"] == study["response_format"](
        reply_schema(asked)
    )


@pytest.mark.parametrize("framework", ASKS)
def test_the_error_of_a_framework_ends_with_what_was_not_tried_yet(
    framework: str, names: dict[str, Any], server: WireServer
) -> None:
    server.respond_with(lambda _: Reply("I'd rather not.", finish_reason="length"))
    with pytest.raises(NoCandidatesError) as raised:
        ASKS[framework](names)
    # The shape was enforced already, so that it is not advised again.
    assert f"Try {CUT_OFF}. More is told in {SMALL_MODELS_PAGE}" in str(raised.value)


def test_the_limit_comes_first_where_the_reply_was_cut_off() -> None:
    with pytest.raises(NoCandidatesError, match=re.escape(f"Try {CUT_OFF}; or ")):
        parse_reply("I'd rather", truncated=True)


def test_an_error_about_a_reply_names_the_page() -> None:
    title = PAGE.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
    assert f'"{title}"' in SMALL_MODELS_PAGE
    assert str(PAGE.relative_to(ROOT)) in SMALL_MODELS_PAGE
    with pytest.raises(NoCandidatesError) as raised:
        parse_reply("I'd rather not.")
    assert str(raised.value).endswith(SMALL_MODELS_PAGE)
