"""The program as `python -m vs_cli` runs it, without the seconds that a process takes to start."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass
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


def run_main(*arguments: str, encoding: str = "utf-8", **environment: str) -> Ended:
    """Run the program with streams of its own, strict on both.

    Args:
        arguments: What stands behind `vs`.
        encoding: That of the terminal.
        environment: Variables that are set for the run.
    """
    out, err = io.BytesIO(), io.BytesIO()
    stdout = io.TextIOWrapper(out, encoding, errors="strict")
    stderr = io.TextIOWrapper(err, encoding, errors="strict")
    with (
        mock.patch.object(sys, "stdout", stdout),
        mock.patch.object(sys, "stderr", stderr),
        mock.patch.dict(os.environ, environment),
    ):
        try:
            code = main([*arguments])
        except SystemExit as ended:  # as argparse ends
            code = int(ended.code or 0)
        stdout.flush()
        stderr.flush()
    return Ended(code, out.getvalue(), err.getvalue())
