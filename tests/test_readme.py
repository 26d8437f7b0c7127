"""Every code block of the README runs, and its commands exist."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.every import for_every
from tests.wire.server import serve
from tests.wire.simulated import simulated
from vs_cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
HAS_DECISIONS = importlib.util.find_spec("langchain_core.decisions") is not None
OLLAMA = "http://localhost:11434/v1"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands(program: str) -> list[str]:
    lines = "\n".join(blocks("bash")).splitlines()
    return [line.partition("  #")[0].strip() for line in lines if line.startswith(f"{program} ")]


def test_the_python_blocks_run_in_order_as_one_reader_would_type_them() -> None:
    names: dict[str, Any] = {}
    assert len(blocks("python")) >= 3
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), names)  # noqa: S102  # our own document


def test_the_first_example_draws_afresh() -> None:
    assert "seed" not in blocks("python")[0]


@pytest.mark.usefixtures("beside_examples")
@for_every("command", commands("vs"))
def test_the_vs_commands_run(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    # There is no key here, or no langchain-core 1.8: the command says what to do about it.
    needs_key = "--model" in command and OLLAMA not in command
    cannot = needs_key or (command.startswith("vs decide") and not HAS_DECISIONS)
    with serve(responder=simulated(seed=1)) as server:
        arguments = shlex.split(command.replace(OLLAMA, server.url), comments=True)
        assert main(arguments[1:]) == (2 if cannot else 0)


@for_every("command", commands("make"))
def test_the_make_commands_exist(command: str) -> None:
    assert f"\n{command.split()[1]}: " in MAKEFILE


@for_every("command", commands("pip"))
def test_the_extras_exist(command: str) -> None:
    extra = command.partition("[")[2].partition("]")[0]
    assert f"\n{extra} = [" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@for_every("target", re.findall(r"\]\((?!https?:)([^)]+)\)", README))
def test_links_into_the_repository_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()
