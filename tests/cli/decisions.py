"""What tests of `vs decide` share: a model that decides by what stands in a state."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Ended, run_main
from tests.wire.script import Message

needs_decisions = pytest.mark.skipif(
    find_spec("langchain_core.decisions") is None, reason="langchain-core has decisions from 1.8 on"
)

TEAMS = ("--choices", "billing,delivery")
NUMBERS = {
    "parcel": {"billing": 0.1, "delivery": 0.9},
    "invoice": {"billing": 0.6, "delivery": 0.4},
}

_STATE = re.compile(r"<state>\n(.*)\n</state>", re.DOTALL)


def stated(numbers: Mapping[str, float], question: str = "answer") -> str:
    """A reply that states the probabilities of one question."""
    labels = [{"label": label, "probability": number} for label, number in numbers.items()]
    return json.dumps({question: labels})


def deciding(messages: list[Message]) -> str:
    """A reply by the first word in the state that it knows; others it cannot read."""
    state = state_in(messages)
    known = next((word for word in NUMBERS if word in state), None)
    return "I cannot say." if known is None else stated(NUMBERS[known])


def state_in(messages: Sequence[Message]) -> str:
    """What stands in the tag of a request."""
    found = next(filter(None, (_STATE.search(str(m["content"])) for m in messages)))
    return found[1]


def decided(*arguments: str) -> dict[str, Any]:
    """The document of a run that ends well."""
    ended = run_main("decide", *arguments, "--json")
    assert ended.returncode == 0, ended.stderr.decode()
    document: dict[str, Any] = json.loads(ended.stdout)
    return document


def lines_of(ended: Ended) -> list[dict[str, Any]]:
    """The JSON lines that a run printed."""
    return [json.loads(line) for line in ended.stdout.decode().splitlines()]


def written(folder: Path, *rows: Any, name: str = "states.jsonl") -> str:
    """The path of a file with these lines: texts as they are, anything else as JSON."""
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(folder / name)


def refused(*arguments: str) -> str:
    """What is said of something that cannot be done."""
    ended = run_main(*arguments)
    said = ended.stderr.decode()
    assert ended.returncode == 2, said
    assert ended.stdout == b""
    assert "Traceback" not in said
    return said
