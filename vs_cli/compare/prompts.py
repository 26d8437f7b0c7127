"""The prompts to compare on: one from the command line, or many from a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from vs_cli.errors import MisuseError
from vs_cli.reading import named, one_prompt, read_text, require_whole

_OBJECT = re.compile(r'\{\s*"')
"""How a JSON object begins, also a malformed one; no plain prompt is likely to."""


def read_prompts(prompt: str | None, file: str | None) -> tuple[str, ...]:
    """The prompts that were asked for.

    A file holds one prompt a line, or, if its first line begins like a JSON object, one object a
    line with the text under `"prompt"` (other keys are ignored). Empty lines are skipped, a prompt
    that comes twice is kept once. Standard input is read as a file is.

    Args:
        prompt: The prompt itself; `-` takes the whole of standard input as one prompt.
        file: A path; `-` reads the lines of standard input.

    Raises:
        MisuseError: Neither or both were given, the file cannot be read, or a line is malformed
            or no text that can be sent.

    Example:
        >>> from vs_cli.compare.prompts import read_prompts
        >>> read_prompts("Roll a die.", None)
        ('Roll a die.',)
    """
    if (prompt is None) == (file is None):
        raise MisuseError("pass either a PROMPT or --prompts FILE")
    if file is not None:
        return _from_lines(_text(file), named(file))
    return (one_prompt(str(prompt)),)


def _text(file: str) -> str:
    try:
        return read_text(file)
    except MisuseError as error:
        raise MisuseError(f"--prompts: {error}") from error


def _from_lines(text: str, source: str) -> tuple[str, ...]:
    # `splitlines` would also cut at characters that a prompt may well hold, such as U+2028.
    lines = [(n, line.strip()) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise MisuseError(f"--prompts: {source} holds no prompt")
    if _OBJECT.match(lines[0][1]):
        return tuple(dict.fromkeys(_from_json(lines, source)))
    return tuple(dict.fromkeys(line for _, line in lines))


def _from_json(lines: list[tuple[int, str]], source: str) -> Iterator[str]:
    for number, line in lines:
        try:
            prompt = json.loads(line)["prompt"]
        except (ValueError, KeyError, TypeError):
            prompt = None
        if not isinstance(prompt, str) or not prompt.strip():
            raise MisuseError(
                f'--prompts: line {number} of {source} is no JSON object with a text as "prompt": '
                f"{line[:80]}"
            )
        yield require_whole(prompt, f"--prompts: line {number} of {source}")
