"""`vs tune`: what it tells before, what it decides, and what it writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.every import for_every
from tests.scenarios import xml
from tests.wire.script import Message
from tests.wire.server import WireServer, serve
from vs_cli import main
from vs_core import Preset
from vs_core.simulation import SIMULATION_NOTICE
from vs_core.tuning import Tuning

PROMPTS = [f"Tell me a joke about {number}" for number in range(10)]
MODEL = ("--model", "openai:gpt-4.1-mini", "--base-url", "{url}")
Asked = Callable[..., int]


def wanted(messages: list[Message]) -> int:
    """How many candidates a request asks for."""
    words = str(messages[0]["content"]).split()
    return next(int(word) for word in words if word.isdecimal())


def joking(messages: list[Message]) -> str:
    """The same jokes in each reply, so that a larger one has more of them."""
    return xml(*(f"joke {number}" for number in range(wanted(messages))))


@pytest.fixture
def prompts(tmp_path: Path) -> str:
    file = tmp_path / "prompts.txt"
    file.write_text("\n".join(PROMPTS), encoding="utf-8")
    return str(file)


@pytest.fixture
def asked(prompts: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `vs tune` on the prompts with a model that jokes."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with serve(responder=joking) as server:
        model = [part.format(url=server.url) for part in MODEL]

        def run(*arguments: str) -> int:
            return main(["tune", "--prompts", prompts, *model, *arguments])

        run.server = server  # type: ignore[attr-defined]
        yield run


def requests_to(asked: Any) -> int:
    server: WireServer = asked.server
    return len(server.requests)


def test_what_is_more_diverse_is_taken_and_shown_with_readable_share_and_cost(
    asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked("--try", "k=10", "--try", "k=3") == 0
    out, err = capsys.readouterr()
    assert out.startswith("k=10 is taken: more diverse than the default")
    rows = ["Unique ↑", "Readable share ↑", "Calls per different ↓", "Tokens per different ↓"]
    assert all(row in out for row in rows)
    assert "halving of 2 variants (k=10; k=3)" in err
    assert "calls in all, if every reply is complete" in err
    assert "the preset is not kept without --out or --save" in err


def test_the_preset_is_written_and_taken_by_another_command(
    asked: Asked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "preset.json"
    assert asked("--try", "k=10", "--save", str(file), "--temperature", "0.5") == 0
    assert f"the preset is {file}: give it to other commands as --preset" in capsys.readouterr().err
    preset = Preset.load(file)
    assert (preset.settings, preset.model) == ({"k": 10}, "openai:gpt-4.1-mini")
    assert preset.model_options is not None
    assert preset.model_options.temperature == 0.5
    assert preset.found is not None
    assert preset.found.calls == 110
    arguments = ["sample", "Tell me a joke about coffee", "--preset", str(file), "--json"]
    assert main(arguments) == 0
    assert len(json.loads(capsys.readouterr().out)["candidates"]) == 10


def test_the_folder_has_preset_tuning_and_journal(asked: Asked, tmp_path: Path) -> None:
    folder = tmp_path / "tuning"
    assert asked("--try", "k=10", "--out", str(folder)) == 0
    assert {path.name for path in folder.iterdir()} >= {
        "preset.json",
        "tuning.json",
        "journal.jsonl",
    }
    found = Tuning.model_validate_json((folder / "tuning.json").read_text(encoding="utf-8"))
    assert found.decision == "taken"


def test_the_same_command_asks_nothing_that_is_there(
    asked: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--try", "k=10", "--out", str(tmp_path / "tuning"), "--json")
    assert asked(*arguments) == 0
    first, made = capsys.readouterr().out, requests_to(asked)
    assert asked(*arguments) == 0
    out, err = capsys.readouterr()
    assert (out, requests_to(asked)) == (first, made)
    assert "all of it is there from an earlier run" in err


@for_every(
    ("changed", "said"),
    [
        (("-n", "40"), "n 35, and this run has n 40"),
        (("--metric", "rouge_l"), "settings.metric unique_fraction, and this run has"),
        (("--try", "k=3"), "variants k=10, and this run has variants k=10; k=3"),
        (("-k", "6"), "this run has n 36"),
        (("--seed", "3"), "no settings.seed, and this run has settings.seed 3"),
        (("--temperature", "1"), "no temperature, and this run has temperature 1.0"),
    ],
)
def test_a_tuning_that_was_changed_needs_another_folder(
    changed: tuple[str, ...], said: str, asked: Any, tmp_path: Path, capsys: Any
) -> None:
    arguments = ("--try", "k=10", "--out", str(tmp_path / "tuning"))
    assert asked(*arguments) == 0
    made = requests_to(asked)
    capsys.readouterr()
    assert asked(*arguments, *changed) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "use another --out, or delete it to begin afresh" in told
    assert requests_to(asked) == made


def test_json_is_one_document(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("--try", "k=10", "--json") == 0
    found = Tuning.model_validate_json(capsys.readouterr().out)
    assert found.final is not None
    assert found.final.difference.readable.mean == 0.0


def test_the_plan_is_told_and_nothing_is_asked(
    asked: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked("--plan", "--out", str(tmp_path / "tuning")) == 0
    out = capsys.readouterr().out
    # The model is known to enforce a schema.
    assert "layout=lines; structured_output=json_schema): 7, then 4, then 2 are asked for" in out
    assert "355 to 485 calls in all, if every reply is complete" in out
    assert requests_to(asked) == 0
    assert not (tmp_path / "tuning").exists()


def test_settings_and_presets_say_what_the_default_is(
    asked: Asked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Preset(settings={"k": 4, "layout": "json"}).save(tmp_path / "earlier.json")
    assert asked("--plan", "--preset", str(tmp_path / "earlier.json"), "--method", "cot") == 0
    out = capsys.readouterr().out
    assert "default: method=cot, k=4, layout=json" in out
    assert "(k=3; k=10; max_probability=0.1; layout=lines; structured_output=json_schema)" in out


@for_every(
    ("arguments", "complaint"),
    [
        (("--try", "k=ten"), "k=ten: k: Input should be a valid integer"),
        (("--try", "k"), "write name=value, with commas between"),
        (("--try", "temperature=1"), "'temperature' is nothing that can be tried: "),
        (("--try", "layout=yaml"), "layout=yaml: layout: Input should be"),
        (("--try", "k=5"), "k=5 asks just as the default does"),
        (("--try", "k=10", "-n", "20"), "a final of 60 calls"),
        (("--metric", "coverage_n"), "invalid choice: 'coverage_n'"),
        (("--metric", "vendi_score"), "--metric vendi_score: add --embeddings"),
        (("--save", "nowhere/preset.json"), "--save nowhere/preset.json: give the name of a file"),
    ],
)
def test_what_cannot_be_tuned_is_refused_before_anything_is_asked(
    arguments: tuple[str, ...], complaint: str, asked: Any, capsys: Any
) -> None:
    try:
        code = asked(*arguments)
    except SystemExit as ended:  # as argparse ends
        code = ended.code
    assert code == 2
    assert complaint in capsys.readouterr().err
    assert requests_to(asked) == 0


def test_too_few_prompts_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "few.txt"
    file.write_text("\n".join(PROMPTS[:9] + PROMPTS[:3]), encoding="utf-8")
    assert main(["tune", "--prompts", str(file)]) == 2
    assert "vs: 9 prompts are too few: " in capsys.readouterr().err


def test_the_prompts_are_not_written_over(prompts: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tune", "--prompts", prompts, "--save", prompts]) == 2
    assert "the prompts are in that file" in capsys.readouterr().err


def test_without_a_model_a_simulation_answers_and_says_so(
    prompts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tune", "--prompts", prompts, "--try", "k=10", "--seed", "1", "--json"]) == 0
    out, err = capsys.readouterr()
    assert err.startswith(SIMULATION_NOTICE)
    assert Tuning.model_validate_json(out).settings.simulated


def test_a_model_that_never_answers_ends_the_run_with_its_error(
    prompts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(responder=lambda _: "I'd rather not.") as server:
        model = [part.format(url=server.url) for part in MODEL]
        assert main(["tune", "--prompts", prompts, *model, "--try", "k=10"]) == 1
    assert "no candidate could be read" in capsys.readouterr().err


def test_a_metric_that_says_nothing_of_what_came_is_a_failure_without_a_preset(
    prompts: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "preset.json"
    with serve(responder=lambda m: xml(*"abcdefghij"[: wanted(m)])) as server:
        model = [part.format(url=server.url) for part in MODEL]
        arguments = ["tune", "--prompts", prompts, *model, "--try", "k=10"]
        assert main([*arguments, "--metric", "distinct_2", "--save", str(file)]) == 1
    assert "vs: not measured: Distinct-2 is defined for" in capsys.readouterr().err
    assert not file.exists()
