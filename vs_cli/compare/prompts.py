"""The prompts to compare on: one from the command line, or many from a file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from vs_cli.errors import MisuseError
from vs_cli.prompt_lines import prompts_in
from vs_cli.reading import one_prompt, opened, require_whole

Known = Mapping[str, float]
"""The right answers to a prompt, with their weights; empty if they are not known."""


def read_prompts(prompt: str | None, file: str | None) -> dict[str, Known]:
    """The prompts that were asked for, each with its known answers.

    A file holds one prompt a line, or, if its first line begins like a JSON object, one object a
    line with the text under `"prompt"`. There, `"reference"` may have the known answers: a list,
    a mapping from answers to weights, or a single answer (other keys are ignored). Empty lines
    are skipped, a prompt that comes twice is kept once. Standard input is read as a file is.

    Args:
        prompt: The prompt itself; `-` takes the whole of standard input as one prompt.
        file: A path; `-` reads the lines of standard input.

    Raises:
        MisuseError: Neither or both were given, the file cannot be read, or a line is malformed
            or no text that can be sent.

    Example:
        >>> from vs_cli.compare.prompts import read_prompts
        >>> read_prompts("Roll a die.", None)
        {'Roll a die.': {}}
    """
    if (prompt is None) == (file is None):
        raise MisuseError("pass either a PROMPT or --prompts FILE")
    if file is None:
        return {one_prompt(str(prompt)): {}}
    found: dict[str, Known] = {}
    try:
        with opened(file) as lines:
            for where, said in prompts_in(lines, file):
                known = _known(said.get("reference"), where)
                before = found.get(said["prompt"], {})
                if known and before and known != before:
                    raise MisuseError(f"{where} gives the prompt other known answers than before")
                found[said["prompt"]] = known or before
    except (OSError, ValueError) as error:
        raise MisuseError(f"--prompts: {file}: {error}") from error
    return found


def _known(written: Any, where: str) -> Known:
    if written is None:
        return {}
    answers = [written] if isinstance(written, str) else written
    weights = dict.fromkeys(answers, 1.0) if _are_texts(answers) else answers
    if not isinstance(weights, dict) or not all(map(_is_weight, weights.values())):
        raise MisuseError(
            f'{where}: "reference" is to be a list of answers, or weights of 0 or more by answer, '
            f"not {str(written)[:80]}"
        )
    for answer in weights:
        require_whole(answer, where)
        if not answer.strip():
            raise MisuseError(f'{where}: "reference" has a blank answer, which nobody can give')
    if not any(weights.values()):
        raise MisuseError(f'{where}: "reference" has no answer with a weight above 0')
    return weights


def _are_texts(written: Any) -> bool:
    return isinstance(written, list) and all(isinstance(answer, str) for answer in written)


def _is_weight(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value < math.inf
