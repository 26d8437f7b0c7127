"""The program in processes of its own that start at once, for tests that end many of them.

`python -m tests.cli.forked` imports everything once, and forks a process for each run it is told.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parent.parent.parent


class Runs:
    """Runs of the program, forked from one process.

    Args:
        server: The process that forks them.
    """

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self._server = server

    def begin(self, *arguments: str, output: Path) -> int:
        """Begin a run; gives the number of its process.

        Args:
            arguments: What stands behind `vs`.
            output: A file, to which both of its streams are appended.
        """
        return self._told({"arguments": arguments, "output": str(output)})

    def end(self, process: int, sign: int | None = None) -> int:
        """Wait until a run has ended; gives its exit code, below 0 where a signal ended it.

        Args:
            process: The number of its process.
            sign: A signal to send it before.
        """
        if sign is not None:
            os.kill(process, sign)
        return self._told({"wait": process})

    def _told(self, order: dict[str, Any]) -> int:
        sent, answers = _pipes(self._server)
        sent.write(f"{json.dumps(order)}\n")
        sent.flush()
        return int(answers.readline())


@contextmanager
def forked_runs() -> Iterator[Runs]:
    """Have runs forked as long as the block lasts; those that have not ended then are killed."""
    command = [sys.executable, "-m", "tests.cli.forked"]
    server = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with server:
        yield Runs(server)


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin
    assert process.stdout
    return process.stdin, process.stdout


def _serve() -> None:
    import langchain_openai  # noqa: F401, PLC0415  # so that no run has to load it
    from langchain.chat_models import init_chat_model  # noqa: F401, PLC0415  # as above

    import vs_cli.generate.command  # noqa: F401, PLC0415  # as above

    under_way = set()
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            under_way.discard(order["wait"])
            _, status = os.waitpid(order["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork()
            if not answer:
                _run(order["arguments"], order["output"])
            under_way.add(answer)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    for process in under_way:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _run(arguments: list[str], output: str) -> None:
    from vs_cli import main  # noqa: PLC0415  # where it is preloaded

    number = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(number, stream)
    code = 1
    try:
        code = main(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve()
