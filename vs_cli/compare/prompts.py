"""The prompts to compare on: one from the command line, or many from a file."""

from __future__ import annotations

from vs_cli.errors import MisuseError
from vs_cli.prompt_lines import prompts_in
from vs_cli.reading import one_prompt, opened


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
    if file is None:
        return (one_prompt(str(prompt)),)
    try:
        with opened(file) as lines:
            return tuple(dict.fromkeys(said["prompt"] for _, said in prompts_in(lines, file)))
    except (OSError, ValueError) as error:
        raise MisuseError(f"--prompts: {file}: {error}") from error
