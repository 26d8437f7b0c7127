"""Prompts in a file or on standard input, line by line: there may be more than fit into memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from vs_cli.errors import MisuseError
from vs_cli.reading import named, not_utf8, require_whole

_OBJECT = re.compile(r'\{\s*"')
"""How a JSON object begins, also a malformed one; no plain prompt is likely to."""

_BYTE_ORDER_MARK = "\ufeff"


def prompts_in(file: BinaryIO, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The prompts that stand in a file.

    It holds one prompt a line, or, if its first line begins like a JSON object, one object a line
    with the text under `"prompt"`. Empty lines are skipped.

    Args:
        file: The open file.
        name: Its path; `-` is standard input.

    Yields:
        Where a line stands, for messages, and what it says: at least `"prompt"`.

    Raises:
        MisuseError: A line is malformed, of the other kind than the first, or no text that can be
            sent, or there is none.
    """
    source, in_json = named(name), None
    for place, line in _lines(file, source):
        where = f"--prompts: line {place} of {source}"
        in_json = bool(_OBJECT.match(line)) if in_json is None else in_json
        if _OBJECT.match(line) and not in_json:
            raise MisuseError(
                f"{where} begins like a JSON object, and the first line is plain text: write all "
                'lines as objects with the text as "prompt", or none'
            )
        said = _object(line, where) if in_json else {"prompt": line}
        require_whole(said["prompt"], where)
        yield where, said
    if in_json is None:
        raise MisuseError(f"--prompts: {source} holds no prompt")


def _lines(file: BinaryIO, source: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers; lines end as on any system."""
    number = 0
    for written in file:
        # A break of Windows is one of Unix, and blanks around a prompt are none of it. Cut only
        # here: `splitlines` would at characters that a prompt may well hold, such as U+2028.
        for part in _parts(written):
            number += 1
            line = _decoded(part, number, source).strip()
            if number == 1:
                line = line.removeprefix(_BYTE_ORDER_MARK).strip()
            if line:
                yield number, line


def _parts(written: bytes) -> Iterable[bytes]:
    return written.removesuffix(b"\n").removesuffix(b"\r").split(b"\r")


def _decoded(line: bytes, number: int, source: str) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise MisuseError(f"--prompts: {not_utf8(number, source, error)}") from error


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
        prompt = said["prompt"]
    except (ValueError, KeyError, TypeError, RecursionError):
        prompt = None
    if not isinstance(prompt, str) or not prompt.strip():
        raise MisuseError(f'{where} is no JSON object with a text as "prompt": {line[:80]}')
    return dict(said)
