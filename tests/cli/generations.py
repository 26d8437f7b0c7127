"""What tests of `vs generate` share: a server that answers, and what stands in a folder."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.answering import AnsweringWorld
from tests.wire.server import WireServer, serve

PROMPT = "Name one."


@contextmanager
def answering(world: Any = None) -> Iterator[tuple[WireServer, tuple[str, ...]]]:
    """A server, and the arguments that have it asked.

    Args:
        world: What answers; by default, one that draws from 300 answers.
    """
    with serve(responder=world or AnsweringWorld()) as server:
        yield server, ("--model", "openai:m", "--base-url", server.url)


def rows(folder: Path, name: str = "data.jsonl") -> list[dict[str, Any]]:
    """The rows that stand in a file of a folder."""
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


def values(folder: Path) -> list[Any]:
    """The accepted answers that stand in a folder."""
    return [row["value"] for row in rows(folder)]


def calls_kept(folder: Path) -> int:
    """How many calls stand whole in the journal of a folder."""
    journal = folder / "journal.jsonl"
    lines = journal.read_bytes().split(b"\n") if journal.exists() else []
    return sum(line.startswith(b'{"prompt":') and line.endswith(b"}") for line in lines)


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so, for a minute at most."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.005)
