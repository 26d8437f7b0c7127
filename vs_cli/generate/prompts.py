"""The prompts of `vs generate`: read twice, as there may be more of them than fit into memory.

The first time checks every line before anything is paid for and keeps only a fingerprint of each;
the second time they are taken as they are needed.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vs_cli.errors import MisuseError
from vs_cli.prompt_lines import prompts_in
from vs_cli.reading import STANDARD_INPUT, one_prompt, opened
from vs_core.adapters.generation import fingerprint
from vs_core.generation import GenerationPrompt, GenerationSettings


@dataclass
class PromptSource:
    """Where the prompts come from, and what their first reading found.

    Attributes:
        prompts: How many different ones there are.
        wanted: Answers wanted, over all of them.
    """

    name: str
    _path: str | None
    _prompt: str | None
    prompts: int = 0
    wanted: int = 0
    _n_by_mark: dict[bytes, int] = field(default_factory=dict)
    _checked: dict[str, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[GenerationPrompt]:
        """Read them, one after the other; one that comes again is left out by who takes them."""
        for _, prompt in self._located():
            yield prompt

    def __contains__(self, prompt: object) -> bool:
        """Whether a prompt is among them."""
        return isinstance(prompt, str) and self.wanted_of(prompt) > 0

    def wanted_of(self, prompt: str) -> int:
        """Answers wanted to one prompt; 0 if it is not among them.

        Args:
            prompt: What is asked.
        """
        return self._n_by_mark.get(fingerprint(prompt), 0)

    def check(self, settings: GenerationSettings) -> None:
        """Read all of them once.

        Args:
            settings: Those of all prompts.

        Raises:
            MisuseError: One cannot be asked in this way; the message names its line.
        """
        for where, prompt in self._located():
            n = self._n_of(prompt, settings, where)
            mark = fingerprint(prompt.prompt)
            if mark not in self._n_by_mark:
                self._n_by_mark[mark] = n
                self.prompts += 1
                self.wanted += n

    def _n_of(self, prompt: GenerationPrompt, settings: GenerationSettings, where: str) -> int:
        if not prompt.settings:
            return settings.n
        # Many lines have the same few settings.
        written = json.dumps(prompt.settings, sort_keys=True)
        if written not in self._checked:
            with _naming(where):
                self._checked[written] = prompt.settings_among(settings).n
        return self._checked[written]

    def _located(self) -> Iterator[tuple[str, GenerationPrompt]]:
        if self._path is None:
            with _naming("the prompt"):
                prompt = GenerationPrompt(prompt=str(self._prompt))
            yield "the prompt", prompt
            return
        try:
            with opened(self._path) as lines:
                for where, said in prompts_in(lines, self.name):
                    with _naming(where):
                        prompt = GenerationPrompt.of(said)
                    yield where, prompt
        except (OSError, ValueError) as error:
            raise MisuseError(f"--prompts: {self.name}: {error}") from error


@contextmanager
def prompt_source(
    prompt: str | None, file: str | None, settings: GenerationSettings
) -> Iterator[PromptSource]:
    """The prompts that were asked for, checked.

    Args:
        prompt: The prompt itself; `-` takes the whole of standard input as one prompt.
        file: A path; `-` reads the lines of standard input. They are kept in a temporary file,
            and so are those of a pipe.
        settings: Those of all prompts.

    Raises:
        MisuseError: Neither or both were given, the file cannot be read, or a prompt cannot be
            asked; the message names the line.
    """
    if (prompt is None) == (file is None):
        raise MisuseError("pass either a PROMPT or --prompts FILE")
    if file is None or not _can_be_read_once(file):
        text = None if prompt is None else one_prompt(prompt)
        source = PromptSource(file or "", file, text)
        source.check(settings)
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="vs-") as folder:
        kept = Path(folder, "prompts")
        with opened(file) as lines, kept.open("wb") as copy:
            shutil.copyfileobj(lines, copy)
        source = PromptSource(file, str(kept), None)
        source.check(settings)
        yield source


def _can_be_read_once(file: str) -> bool:
    """Whether it is standard input, or a pipe, as of `<(...)` in a shell."""
    return file == STANDARD_INPUT or Path(file).is_fifo()


@contextmanager
def _naming(where: str) -> Iterator[None]:
    """Say where a prompt stands that is refused."""
    try:
        yield
    except ValidationError as error:
        raise MisuseError(f"{where}: {_advice(error)}") from error


def _advice(error: ValidationError) -> str:
    problem: Any = error.errors(include_url=False)[0]
    message = problem["msg"].removeprefix("Value error, ")
    named = [str(part) for part in problem["loc"] if part not in {"prompt", "settings"}]
    return f"{'.'.join(named)}={problem['input']!r}: {message}" if named else message
