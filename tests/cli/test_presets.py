"""`--preset`: a file's settings are the defaults of a command, and what is said there wins."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.generations import answering
from tests.cli.program import Ended, run_main
from tests.core.test_preset import WHOLE
from tests.every import for_every
from tests.wire.server import WireServer
from vs_core import Preset, PromptSettings, instruction
from vs_core.adapters import ModelOptions
from vs_core.comparison import Comparison

QUESTION = "Name one."
SETTINGS: dict[str, Any] = {"k": 3, "method": "cot", "max_probability": 0.2, "words": 40}
NO_FIGURES = "has no figures: nothing shows that its settings do better than the default"


def listed(messages: list[dict[str, Any]]) -> str:
    """Answers as many as are asked for, and a plain question plainly."""
    wanted = re.search(r"(?:Give|Sample)\D{0,40}(\d+)", messages[0]["content"])
    if wanted is None:
        return "no. 1"
    return "\n".join(
        f"<response><text>no. {n}</text><probability>0.0{n}</probability></response>"
        for n in range(1, int(wanted[1]) + 1)
    )


@pytest.fixture(scope="module")
def models() -> Iterator[tuple[WireServer, tuple[str, ...]]]:
    with answering(listed) as found:
        yield found


def saved(folder: Path, preset: Preset | None = None, **settings: Any) -> str:
    """The path of a preset, as an argument."""
    path = folder / "preset.json"
    (preset or Preset(settings=settings)).save(path)
    return str(path)


def run(*arguments: str) -> tuple[Ended, str]:
    """Run the command; gives how it ended, and what it said on standard error."""
    ended = run_main(*arguments, COLUMNS="200")
    return ended, ended.stderr.decode()


def sent(server: WireServer, since: int = 0) -> list[str]:
    """The instructions sent."""
    return [request.body["messages"][0]["content"] for request in server.requests[since:]]


@for_every("command", ["sample", "compare", "generate"])
def test_each_command_asks_as_the_preset_says(
    command: str, models: tuple[WireServer, tuple[str, ...]], tmp_path: Path
) -> None:
    server, model = models
    before = len(server.requests)
    number = {"sample": [], "compare": ["-n", "3"], "generate": ["-n", "3"]}[command]
    ended, said = run(command, QUESTION, *model, *number, "--preset", saved(tmp_path, **SETTINGS))
    assert ended.returncode == 0, said
    asked = {instruction(PromptSettings(**SETTINGS))}
    if command == "compare":
        asked |= {instruction(PromptSettings(method="direct", words=SETTINGS["words"]))}
    assert set(sent(server, before)) == asked
    assert said.count(NO_FIGURES) == 1


@for_every(
    ("said", "settings"),
    [
        (["-k", "5"], {**SETTINGS, "k": 5}),
        (["--method", "standard"], {**SETTINGS, "method": "standard"}),
        (["--tail", "none"], {**SETTINGS, "max_probability": None}),
        (["--definition", "none"], {**SETTINGS}),
        (
            ["-k", "5", "--method", "standard", "--layout", "xml"],
            {**SETTINGS, "k": 5, "method": "standard"},
        ),
    ],
    ids=str,
)
@for_every("order", ["preset first", "preset last"])
def test_what_is_said_wins_even_if_it_is_the_default(
    order: str,
    said: list[str],
    settings: dict[str, Any],
    models: tuple[WireServer, tuple[str, ...]],
    tmp_path: Path,
) -> None:
    server, model = models
    before = len(server.requests)
    preset = ["--preset", saved(tmp_path, **SETTINGS, definition="implicit")]
    expected = {"definition": None if "--definition" in said else "implicit", **settings}
    arguments = [*preset, *said] if order == "preset first" else [*said, *preset]
    ended, told = run("sample", QUESTION, *model, *arguments)
    assert ended.returncode == 0, told
    assert sent(server, before)[0] == instruction(PromptSettings(**expected))


@for_every(
    ("settings", "arguments", "methods"),
    [
        ({"method": "cot"}, [], ("direct", "cot")),
        ({"k": 3}, [], ("direct", "standard")),
        ({"method": "direct"}, [], ("direct",)),
        ({"method": "cot"}, ["--methods", "sequence,multi"], ("sequence", "multi")),
    ],
    ids=str,
)
def test_the_preset_is_compared_with_the_plain_question_unless_methods_are_named(
    settings: dict[str, Any], arguments: list[str], methods: tuple[str, ...], tmp_path: Path
) -> None:
    file = saved(tmp_path, **settings)
    ended, said = run("compare", "Roll a die.", "-n", "4", "--json", "--preset", file, *arguments)
    assert ended.returncode == 0, said
    compared = Comparison.model_validate_json(ended.stdout)
    assert compared.settings.methods == methods
    assert compared.settings.k == settings.get("k", 5)
    assert "left out" not in said


def test_what_a_command_does_not_take_is_left_out_and_named(tmp_path: Path) -> None:
    file = saved(tmp_path, k=4, split="parallel", per_call=2, keep_replies=True)
    for command in ("compare", "generate"):
        ended, said = run(command, "Roll a die.", "-n", "4", "--preset", file)
        assert ended.returncode == 0, said
        assert (
            f"{file} sets per_call, split, keep_replies, which vs {command} does not take: left out"
        ) in said
    ended, said = run("sample", "Roll a die.", "--preset", file)
    assert ended.returncode == 0
    assert "left out" not in said


@for_every("command", ["sample", "generate"])
def test_what_needs_a_setting_that_is_taken_back_goes_with_it(command: str, tmp_path: Path) -> None:
    file = saved(tmp_path, max_probability=0.2, enforce_bound=True, words=40)
    number = ["-n", "3"] if command == "generate" else []
    needy = f"{file} sets enforce_bound, which needs max_probability, and --tail takes that back"
    ended, said = run(command, "Roll a die.", *number, "--preset", file, "--tail", "none")
    assert ended.returncode == 0, said
    assert f"{needy}: left out\n" in said
    _, said = run(command, "Roll a die.", *number, "--preset", file, "--tail", "0.3")
    assert "left out" not in said


def test_what_the_file_does_not_name_is_as_without_it(tmp_path: Path) -> None:
    file = saved(tmp_path, words=40)
    command = ["generate", QUESTION, "-n", "4", "--json", "--out"]
    ended, said = run(*command, str(tmp_path / "data"), "--preset", file)
    assert ended.returncode == 0, said
    settings = json.loads(ended.stdout)["settings"]
    assert (settings["k"], settings["words"]) == (20, 40)


@for_every(
    ("found_with", "arguments", "told"),
    [
        (("openai:m", None), [], None),
        (("m", None), [], None),
        (("openai:other", None), [], "with openai:other, and openai:m is asked"),
        (("simulated", None), [], "with the simulation, and openai:m is asked"),
        (("openai:m", 0.7), ["--temperature", "0.7"], None),
        (("openai:m", 0.7), ["--temperature", "1"], "at another temperature (0.7; now it is 1)"),
        (
            ("openai:m", None),
            ["--temperature", "1"],
            "at another temperature (the provider's own; now it is 1)",
        ),
        (("openai:m", 0.7), [], "at another temperature (0.7; now it is the provider's own)"),
        ((None, 0.7), [], None),
    ],
    ids=str,
)
def test_another_model_than_that_of_the_figures_is_told_in_one_line(
    found_with: tuple[str | None, float | None],
    arguments: list[str],
    told: str | None,
    models: tuple[WireServer, tuple[str, ...]],
    tmp_path: Path,
) -> None:
    name, temperature = found_with
    options = ModelOptions(temperature=temperature)
    file = saved(tmp_path, WHOLE.model_copy(update={"model": name, "model_options": options}))
    ended, said = run("sample", QUESTION, *models[1], *arguments, "--preset", file, "--json")
    assert ended.returncode == 0, said
    assert said == (f"{file} was found {told}: what was measured may not hold\n" if told else "")
    assert len(json.loads(ended.stdout)["candidates"]) == WHOLE.settings["k"]


def test_a_preset_found_with_a_model_does_not_have_it_asked(tmp_path: Path) -> None:
    ended, said = run("sample", "Roll a die.", "--preset", saved(tmp_path, WHOLE), "--json")
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["simulated"] is True
    assert "was found with openai:qwen, and the simulation is asked" in said


@for_every(
    ("text", "said"),
    [
        (None, "preset.json: No such file or directory"),
        ("nothing", "is no JSON"),
        ('{"format": "preset", "version": 1, "settings": {"kk": 1}}', "there is no setting 'kk'"),
    ],
    ids=str,
)
@for_every("command", ["sample", "compare", "generate"])
def test_a_file_that_is_no_preset_is_refused_before_anything_is_asked(
    command: str, text: str | None, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "preset.json"
    path.unlink(missing_ok=True)
    if text is not None:
        path.write_text(text, encoding="utf-8")
    ended, told = run(command, "Roll a die.", "--preset", str(path))
    assert ended.returncode == 2
    assert ended.stdout == b""
    assert told.startswith("vs: --preset: ")
    assert said in told
    assert str(path) in told


@for_every(
    ("command", "settings", "arguments", "said"),
    [
        ("generate", {"method": "multi"}, [], "method='multi' takes several calls"),
        ("generate", {"k": 30}, [], "k=30: Input should be less than or equal to 20"),
        ("sample", {"structured_output": "json_schema"}, ["--method", "direct"], "shapes a list"),
    ],
    ids=str,
)
def test_settings_that_a_command_cannot_ask_with_are_refused(
    command: str, settings: dict[str, Any], arguments: list[str], said: str, tmp_path: Path
) -> None:
    ended, told = run(command, "Roll a die.", *arguments, "--preset", saved(tmp_path, **settings))
    assert ended.returncode == 2
    assert said in told


@for_every("command", ["sample", "compare", "generate"])
def test_the_help_names_presets(command: str) -> None:
    ended, _ = run(command, "--help")
    assert "--preset FILE" in ended.stdout.decode()
