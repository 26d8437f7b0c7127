"""Where `vs compare` takes its prompts from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vs_cli import main
from vs_cli.compare.prompts import read_prompts
from vs_cli.errors import MisuseError


def written(folder: Path, text: str) -> str:
    path = folder / "prompts"
    path.write_bytes(text.encode())
    return str(path)


def test_a_file_has_one_prompt_a_line(tmp_path: Path) -> None:
    assert tuple(read_prompts(None, written(tmp_path, "Why?\nWho?\n"))) == ("Why?", "Who?")


def test_blank_lines_and_repetitions_are_left_out(tmp_path: Path) -> None:
    assert tuple(read_prompts(None, written(tmp_path, "\nWhy?\n  \nWhy?"))) == ("Why?",)


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_a_prompt(tmp_path: Path) -> None:
    assert tuple(read_prompts(None, written(tmp_path, "\ufeffWhy?\r\nWho?\r\n"))) == (
        "Why?",
        "Who?",
    )


def test_a_line_separator_within_a_prompt_does_not_cut_it(tmp_path: Path) -> None:
    assert tuple(read_prompts(None, written(tmp_path, "Why?\u2028Who?"))) == ("Why?\u2028Who?",)


def test_json_lines_may_hold_line_breaks_and_other_keys(tmp_path: Path) -> None:
    file = written(tmp_path, '{"prompt": "Why?\\nWho?", "id": 3}\n\n{"prompt": "{x}"}\n')
    assert tuple(read_prompts(None, file)) == ("Why?\nWho?", "{x}")


def test_json_lines_may_have_the_known_answers(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        '{"prompt": "Coin?", "reference": ["heads", "tails"]}\n'
        '{"prompt": "Die?", "reference": {"1": 2, "2": 0}}\n'
        '{"prompt": "Sky?", "reference": "blue"}\n'
        '{"prompt": "Why?", "reference": null}\n'
        '{"prompt": "Coin?"}\n',
    )
    assert read_prompts(None, file) == {
        "Coin?": {"heads": 1, "tails": 1},
        "Die?": {"1": 2, "2": 0},
        "Sky?": {"blue": 1},
        "Why?": {},
    }


@pytest.mark.parametrize(
    "reference",
    [
        *["3", "true", "[1]", '{"a": "b"}', '{"a": -1}', '{"a": true}', "{}", "[]", '{"a": 0}'],
        *['""', '" "', '["I", ""]', '{"I": 1, "\\t": 1}'],
    ],
)
def test_known_answers_that_are_none_are_refused_with_their_line(
    tmp_path: Path, reference: str
) -> None:
    file = written(
        tmp_path, f'{{"prompt": "Why?"}}\n{{"prompt": "Who?", "reference": {reference}}}'
    )
    with pytest.raises(MisuseError, match=r'line 2 of .*"reference"'):
        read_prompts(None, file)


def test_two_sets_of_known_answers_to_one_prompt_are_refused(tmp_path: Path) -> None:
    file = written(
        tmp_path, '{"prompt": "Who?", "reference": "I"}\n{"prompt": "Who?", "reference": "you"}'
    )
    with pytest.raises(MisuseError, match=r"line 2 of .* other known answers"):
        read_prompts(None, file)


@pytest.mark.parametrize("turn", [1, -1])
def test_known_answers_may_stand_with_any_of_the_lines_of_a_prompt(
    tmp_path: Path, turn: int
) -> None:
    lines = ['{"prompt": "Who?"}', '{"prompt": "Who?", "reference": "I"}'][::turn]
    assert read_prompts(None, written(tmp_path, "\n".join(lines))) == {"Who?": {"I": 1}}


def test_a_prompt_in_braces_is_plain_text(tmp_path: Path) -> None:
    assert tuple(read_prompts(None, written(tmp_path, "{topic}: why?"))) == ("{topic}: why?",)


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


@pytest.mark.parametrize(
    "content",
    [
        b'\xef\xbb\xbf{"prompt": "Why?"}\r\n{"prompt": "Who?"}\r\n',
        "\ufeffWarum hei\u00dft es so?\r\n\r\nWer?\r\n".encode(),
        b"Why?\rWho?",
    ],
    ids=repr,
)
def test_standard_input_is_read_as_a_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    path = tmp_path / "prompts"
    path.write_bytes(content)
    # As in a terminal that is not set to UTF-8.
    with path.open(encoding="latin-1") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert read_prompts(None, "-") == read_prompts(None, str(path))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b'{"prompt": "a"}\n{"prompt": "Flip\\ud83d a coin."}\n', "line 2 of .* half a char"),
        (b"Flip a coin.\n\ncaf\xe9\n", "line 3 of .* no UTF-8"),
    ],
    ids=repr,
)
def test_what_no_model_can_be_sent_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, complaint: str
) -> None:
    path = tmp_path / "prompts"
    path.write_bytes(content)
    with pytest.raises(MisuseError, match=complaint):
        read_prompts(None, str(path))
    with path.open(encoding="utf-8", errors="surrogateescape") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        with pytest.raises(MisuseError, match=complaint):
            read_prompts(None, "-")


@pytest.mark.parametrize("prompt", ["Flip\ud83d a coin.", "caf\udce9"], ids=ascii)
@pytest.mark.parametrize("command", ["sample", "compare"])
def test_a_prompt_of_half_characters_is_refused_before_any_call(
    capsys: pytest.CaptureFixture[str], command: str, prompt: str
) -> None:
    assert main([command, prompt]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("vs: the prompt holds half a character")
    assert (captured.out, captured.err.count("\n")) == ("", 1)


@pytest.mark.parametrize("command", ["sample", "compare"])
def test_a_prompt_on_standard_input_that_is_no_text_is_refused_before_any_call(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: str,
) -> None:
    (tmp_path / "prompt").write_bytes(b"one\ncaf\xe9")
    with (tmp_path / "prompt").open(errors="surrogateescape") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert main([command, "-"]) == 2
    assert "line 2 of standard input is no UTF-8" in capsys.readouterr().err


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match=r"absent\.txt"):
        read_prompts(None, str(tmp_path / "absent.txt"))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "prompts").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MisuseError, match="UTF-8"):
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
            assert tuple(read_prompts(prompt, file)) == expected


@pytest.mark.parametrize(("prompt", "file"), [(None, None), ("Why?", "prompts")])
def test_just_one_source_must_be_named(prompt: str | None, file: str | None) -> None:
    with pytest.raises(MisuseError, match="either a PROMPT or --prompts"):
        read_prompts(prompt, file)
