"""A key that a server repeats in its complaint is not shown."""

from __future__ import annotations

import pytest

from tests.cli.decisions import TEAMS, needs_decisions
from tests.cli.generations import answering
from tests.cli.program import run_main
from tests.every import for_every
from tests.wire.server import Fault, Reply, Step

KEY = "sk-secret-0123456789"
COMMANDS = [
    pytest.param(("decide", "Where is my parcel?", *TEAMS), marks=needs_decisions, id="decide"),
    ("sample", "Name a US state"),
    ("compare", "Name a US state", "--methods", "direct", "-n", "1"),
]


@needs_decisions
@for_every(
    "step", [Fault(401, message=f"Incorrect API key: {KEY}"), Reply(refusal=f"Not for {KEY}")]
)
def test_a_decision_that_fails_shows_no_key(step: Step) -> None:
    shown(("decide", "Where is my parcel?", *TEAMS), step)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_call_that_fails_shows_no_key(command: tuple[str, ...]) -> None:
    shown(command, Fault(401, message=f"Incorrect API key: {KEY}"))


def shown(command: tuple[str, ...], step: Step) -> None:
    with answering(lambda _: step) as (_, model):
        ended = run_main(*command, *model, OPENAI_API_KEY=KEY)
    assert ended.returncode == 1
    assert KEY.encode() not in ended.stdout + ended.stderr
    assert b"***" in ended.stderr
