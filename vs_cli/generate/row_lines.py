"""The lines of a file of answers, as far as they are whole."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from vs_cli.errors import MisuseError
from vs_cli.figures import count, counted
from vs_core.adapters.generation import fingerprint

_BEGIN = b'{"prompt":'


def require_rows(path: Path) -> None:
    """Make sure, before anything is paid for, that no file of something else is overwritten.

    Args:
        path: Where rows are to be written.

    Raises:
        MisuseError: There is one, or it cannot be read.
    """
    try:
        with path.open("rb") as file:
            line = file.readline()
    except FileNotFoundError:
        return
    except OSError as error:
        raise MisuseError(f"{path}: {error.strerror or error}") from error
    # The first line may have been cut off.
    if not line.startswith(_BEGIN[: len(line)]):
        raise MisuseError(
            f"{path} was not written by vs generate and would be overwritten: give another --out"
        )


def require_room(path: Path, wanted_of: Callable[[str], int], elsewhere: str) -> None:
    """Make sure, before anything is paid for, that no row would have to be taken out.

    Args:
        path: The rows that stand there.
        wanted_of: Gives how many answers to a prompt are wanted now.
        elsewhere: What to use instead, in words.

    Raises:
        MisuseError: There are more to a prompt than are wanted.
    """
    rows: Counter[bytes] = Counter()
    for prompt in _prompts_in(path):
        rows[fingerprint(prompt)] += 1
    # Only fingerprints are kept, as there may be more prompts than fit into memory.
    for prompt in _prompts_in(path):
        there, wanted = rows[fingerprint(prompt)], wanted_of(prompt)
        if there > wanted:
            raise MisuseError(
                f"{path} has {counted(there, 'row')} of answers to {prompt[:80]!r}, and this run "
                f"asks for {count(wanted)}: nothing is taken out of it, so ask for at least as "
                f"many as before (-n {there}), or use {elsewhere}"
            )


def require_calls(path: Path, journal: Path, elsewhere: str) -> None:
    """Make sure, before anything is paid for, that rows are not begun afresh by mistake.

    Args:
        path: The rows that stand there.
        journal: The file without any call that they may come from.
        elsewhere: What to use instead, in words.

    Raises:
        MisuseError: There are some.
    """
    if next(rows_of(path), None) is not None:
        raise MisuseError(
            f"{path} has answers, and {journal} has no call that they came from: put the journal "
            f"back to go on, delete {path.name} too to begin afresh, or use {elsewhere}"
        )


def _prompts_in(path: Path) -> Iterator[str]:
    for _, line, _ in rows_of(path):
        yield str(json.loads(line).get("prompt", ""))


def rows_of(path: Path) -> Iterator[tuple[int, bytes, str]]:
    """The rows up to the first that is not whole: where each ends, itself, and its call."""
    if not path.exists():
        return
    end = 0
    with path.open("rb") as file:
        for line in file:
            call = _call_of(line)
            if call is None:
                return
            end += len(line)
            yield end, line, call


def _call_of(line: bytes) -> str | None:
    if not line.endswith(b"\n"):
        return None
    try:
        call = json.loads(line)["call"]
    except (ValueError, KeyError, TypeError):
        return None
    return call if isinstance(call, str) else None
