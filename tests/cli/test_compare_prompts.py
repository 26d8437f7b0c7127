"""Where `vs compare` takes its prompts from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vs_cli.compare.prompts import read_prompts
from vs_cli.errors import MisuseError


def written(folder: Path, text: str) -> str:
    path = folder / "prompts"
    path.write_bytes(text.encode())
    return str(path)


def test_a_file_has_one_prompt_a_line(tmp_path: Path) -> None:
    assert read_prompts(None, written(tmp_path, "Why?\nWho?\n")) == ("Why?", "Who?")


def test_blank_lines_and_repetitions_are_left_out(tmp_path: Path) -> None:
    assert read_prompts(None, written(tmp_path, "\nWhy?\n  \nWhy?")) == ("Why?",)


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_a_prompt(tmp_path: Path) -> None:
    assert read_prompts(None, written(tmp_path, "\ufeffWhy?\r\nWho?\r\n")) == ("Why?", "Who?")


def test_a_line_separator_within_a_prompt_does_not_cut_it(tmp_path: Path) -> None:
    assert read_prompts(None, written(tmp_path, "Why?\u2028Who?")) == ("Why?\u2028Who?",)


def test_json_lines_may_hold_line_breaks_and_other_keys(tmp_path: Path) -> None:
    file = written(tmp_path, '{"prompt": "Why?\\nWho?", "id": 3}\n\n{"prompt": "{x}"}\n')
    assert read_prompts(None, file) == ("Why?\nWho?", "{x}")


def test_a_prompt_in_braces_is_plain_text(tmp_path: Path) -> None:
    assert read_prompts(None, written(tmp_path, "{topic}: why?")) == ("{topic}: why?",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "holds no prompt"),
        (" \n \n", "holds no prompt"),
        ('{"prompt": "a"}\nplain', "line 2 of"),
        ('{"prompt": "a"', "line 1 of"),
        ('{"question": "a"}', "line 1 of"),
        ('{"prompt": 3}', "line 1 of"),
        ('{"prompt": " "}', "line 1 of"),
    ],
    ids=repr,
)
def test_a_malformed_file_is_refused_with_its_line(
    tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(MisuseError, match=complaint):
        read_prompts(None, written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match=r"absent\.txt"):
        read_prompts(None, str(tmp_path / "absent.txt"))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "prompts").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MisuseError, match="utf-8"):
        read_prompts(None, str(tmp_path / "prompts"))


def test_standard_input_is_one_prompt_or_a_file_of_prompts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for prompt, file, expected in (
        ("-", None, ("Why?\nWho?",)),
        (None, "-", ("Why?", "Who?")),
    ):
        with Path(written(tmp_path, "Why?\nWho?")).open(encoding="utf-8") as stream:
            monkeypatch.setattr(sys, "stdin", stream)
            assert read_prompts(prompt, file) == expected


@pytest.mark.parametrize(("prompt", "file"), [(None, None), ("Why?", "prompts")])
def test_just_one_source_must_be_named(prompt: str | None, file: str | None) -> None:
    with pytest.raises(MisuseError, match="either a PROMPT or --prompts"):
        read_prompts(prompt, file)
