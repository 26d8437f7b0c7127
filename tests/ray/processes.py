"""The processes that a test has started, and those that these have started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds within which whatever a test waits for must have happened."""


def of_session(session: int) -> dict[int, str]:
    """The processes of a session, and what they are called."""
    every = ["ps", "-ww", "-eo", "pid=,sess=,args="]
    listed = subprocess.run(every, capture_output=True, text=True, check=True)
    lines = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    return {int(line[0]): line[2] for line in lines if line[1] == str(session)}


def wait_until(reached: Callable[[], bool]) -> None:
    """Look often, and give up in the end."""
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


@contextmanager
def program(*command: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run Python in a session of its own; whatever is left of that is ended with the block."""
    started = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        with started:
            try:
                yield started
            finally:
                started.kill()
                end_session(started.pid)
    finally:
        end_session(started.pid)


def end_session(session: int) -> None:
    """Kill what is left of a session."""
    for process in of_session(session):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
