"""Where `vs generate` takes its prompts from: read once to check them, and then as a stream."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli.program import run_main
from vs_cli.errors import MisuseError
from vs_cli.generate.prompts import prompt_source
from vs_core.adapters.generation import Generation
from vs_core.generation import GenerationSettings

SETTINGS = GenerationSettings(n=10)
MANY = 100_000


def test_prompts_and_wanted_answers_are_counted_each_prompt_once(tmp_path: Path) -> None:
    file = tmp_path / "prompts"
    file.write_text('{"prompt": "a", "n": 3}\n{"prompt": "b"}\n{"prompt": "a", "n": 7}\n')
    with prompt_source(None, str(file), SETTINGS) as source:
        assert (source.prompts, source.wanted) == (2, 13)
        assert [(one.prompt, one.settings) for one in source] == [
            ("a", {"n": 3}),
            ("b", {}),
            ("a", {"n": 7}),
        ]
        assert "a" in source
        assert "c" not in source


def test_a_hundred_thousand_prompts_are_taken_as_they_are_needed(tmp_path: Path) -> None:
    file = tmp_path / "prompts"
    lines = (json.dumps({"prompt": f"Name one of {n}.", "n": 1 + n % 3}) for n in range(MANY))
    file.write_text("\n".join(lines))
    with prompt_source(None, str(file), SETTINGS) as source:
        assert (source.prompts, source.wanted) == (MANY, sum(1 + n % 3 for n in range(MANY)))
        taken = 0

        def counted() -> object:
            nonlocal taken
            for prompt in source:
                taken += 1
                yield prompt

        generation = Generation(counted(), SETTINGS, width=8)  # type: ignore[arg-type]
        while generation.next_step() is not None:
            pass
        assert taken == 8


def test_the_last_of_many_prompts_is_refused_with_its_line_before_the_first_call(
    tmp_path: Path,
) -> None:
    file = tmp_path / "prompts"
    file.write_text('{"prompt": "a"}\n' * 50_000 + '{"prompt": "b", "k": 0}\n')
    ended = run_main("generate", "--prompts", str(file), "--out", str(tmp_path / "data"))
    assert ended.returncode == 2
    assert f"line 50001 of {file}: k=0: Input should be greater" in ended.stderr.decode()
    assert not (tmp_path / "data").exists()


def test_standard_input_is_kept_to_be_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "prompts"
    file.write_bytes("\ufeffName one.\r\n\r\nName another.\r\n".encode())
    with file.open(encoding="latin-1") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        with prompt_source(None, "-", SETTINGS) as source:
            for _ in range(2):
                assert [one.prompt for one in source] == ["Name one.", "Name another."]


def test_a_pipe_is_kept_to_be_read_again(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(pipe.write_text, "Name one.\nName another.\n")
        with prompt_source(None, str(pipe), SETTINGS) as source:
            for _ in range(2):
                assert [one.prompt for one in source] == ["Name one.", "Name another."]


def test_a_line_of_standard_input_is_named_where_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "prompts"
    file.write_text('{"prompt": "a"}\n{"prompt": "b", "digest": -1}\n')
    with file.open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        with (
            pytest.raises(MisuseError, match="line 2 of standard input: digest=-1: "),
            prompt_source(None, "-", SETTINGS),
        ):
            pass
