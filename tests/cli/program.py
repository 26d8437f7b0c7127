"""The program as `python -m vs_cli` runs it, without the seconds that a process takes to start."""

from __future__ import annotations

import io
import os
import pty
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from unittest import mock

from vs_cli import main


@dataclass(frozen=True)
class Ended:
    """How a run ended, and the bytes that it wrote.

    Attributes:
        returncode: The exit code.
        stdout: What went to standard output.
        stderr: What went to standard error.
    """

    returncode: int
    stdout: bytes
    stderr: bytes


def run_main(
    *arguments: str,
    encoding: str = "utf-8",
    terminal: TextIO | None = None,
    **environment: str,
) -> Ended:
    """Run the program with streams of its own, strict on both.

    Args:
        arguments: What stands behind `vs`.
        encoding: That of the streams.
        terminal: Takes the place of standard error.
        environment: Variables that are set for the run.
    """
    out, err = io.BytesIO(), io.BytesIO()
    stdout = io.TextIOWrapper(out, encoding, errors="strict")
    stderr = io.TextIOWrapper(err, encoding, errors="strict")
    with (
        mock.patch.object(sys, "stdout", stdout),
        mock.patch.object(sys, "stderr", terminal or stderr),
        mock.patch.dict(os.environ, environment),
    ):
        try:
            code = main([*arguments])
        except SystemExit as ended:  # as argparse ends
            code = int(ended.code or 0)
        stdout.flush()
        stderr.flush()
    return Ended(code, out.getvalue(), err.getvalue())


def run_on_terminal(*arguments: str) -> tuple[Ended, str]:
    """Run the program where standard error is a terminal; gives what was shown there, too.

    Args:
        arguments: What stands behind `vs`.
    """
    ours, its = pty.openpty()
    with ThreadPoolExecutor(1) as pool:
        shown = pool.submit(_read_all, ours)  # else the terminal would take no more at some point
        with os.fdopen(its, "w", encoding="utf-8") as terminal:
            ended = run_main(*arguments, terminal=terminal, TERM="xterm", COLUMNS="120")
        return ended, shown.result()


def _read_all(terminal: int) -> str:
    """What was written to a terminal until it was left."""
    received = b""
    try:
        while piece := os.read(terminal, 1 << 16):
            received += piece
    except OSError:  # how Linux says that nobody is at the other end any more
        pass
    finally:
        os.close(terminal)
    return received.decode()


def run_on_full_disk(*arguments: str) -> int:
    """Run the program where standard output takes nothing; gives the exit code.

    Args:
        arguments: What stands behind `vs`.
    """
    # What is still to be written fails again when the file is closed, as when a process ends.
    with (
        Path("/dev/full").open("w", encoding="utf-8") as full,
        mock.patch.object(sys, "stdout", full),
    ):
        try:
            return main([*arguments])
        except SystemExit as ended:
            return int(ended.code or 0)
