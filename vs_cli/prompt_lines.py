"""Prompts in a file or on standard input, line by line: there may be more than fit into memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from vs_cli.errors import MisuseError
from vs_cli.lines import begins_object, numbered_lines
from vs_cli.reading import named, opened, require_whole


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
    for place, line in numbered_lines(file, source, "--prompts"):
        where = f"--prompts: line {place} of {source}"
        in_json = begins_object(line) if in_json is None else in_json
        if begins_object(line) and not in_json:
            raise MisuseError(
                f"{where} begins like a JSON object, and the first line is plain text: write all "
                'lines as objects with the text as "prompt", or none'
            )
        said = _object(line, where) if in_json else {"prompt": line}
        require_whole(said["prompt"], where)
        yield where, said
    if in_json is None:
        raise MisuseError(f"--prompts: {source} holds no prompt")


def distinct_prompts(file: str) -> tuple[str, ...]:
    """The prompts of a file, each once; what else its lines say is left out.

    Args:
        file: A path; `-` reads standard input.

    Raises:
        MisuseError: It cannot be read, or a line is malformed or no text that can be sent.
    """
    try:
        with opened(file) as lines:
            return tuple(dict.fromkeys(said["prompt"] for _, said in prompts_in(lines, file)))
    except (OSError, ValueError) as error:
        raise MisuseError(f"--prompts: {file}: {error}") from error


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
        prompt = said["prompt"]
    except (ValueError, KeyError, TypeError, RecursionError):
        prompt = None
    if not isinstance(prompt, str) or not prompt.strip():
        raise MisuseError(f'{where} is no JSON object with a text as "prompt": {line[:80]}')
    return dict(said)
