"""The `vs` command, in this process and as a program of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import run_main
from tests.scenarios import QUESTION, xml
from tests.wire.server import Fault, WireServer, serve
from vs_cli import main
from vs_core import PromptSettings, instruction
from vs_core.simulation import SIMULATION_NOTICE, find_space

JOKES = set(find_space(QUESTION).answers)


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["sample", QUESTION, "--json", *arguments]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def run_program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.endswith("_API_KEY")}
    return subprocess.run(
        [sys.executable, "-m", "vs_cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**clean, "COLUMNS": "160", **environment},
        cwd=Path(__file__).parent.parent.parent,
    )


def test_json_is_one_document_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    document = run_json(capsys)
    assert {candidate["text"] for candidate in document["candidates"]} <= JOKES
    assert len(document["candidates"]) == 5


def test_the_simulation_says_what_it_is_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["sample", QUESTION, "--json"])
    assert capsys.readouterr().err == f"{SIMULATION_NOTICE}\n"


def test_json_says_that_it_is_simulated(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_json(capsys)["simulated"] is True


def test_the_table_shows_candidates_probabilities_and_the_draw(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["sample", QUESTION, "--seed", "1"]) == 0
    shown = capsys.readouterr().out
    assert sum(joke in shown for joke in JOKES) == 5
    assert shown.count("→") == 2
    assert "probability" in shown


def test_the_direct_answers_are_shown_beside(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    main(["sample", QUESTION, "--seed", "1", "--direct", "5"])
    shown = capsys.readouterr().out
    assert "asked 5 times" in shown
    assert find_space(QUESTION).answers[0] in shown


def test_the_direct_answers_are_in_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(run_json(capsys, "--direct", "7")["direct"]) == 7


def test_k_sets_the_number_of_candidates(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(run_json(capsys, "-k", "9")["candidates"]) == 9


@pytest.mark.parametrize("method", ["standard", "cot", "multi", "direct", "sequence"])
def test_every_method_runs(capsys: pytest.CaptureFixture[str], method: str) -> None:
    assert run_json(capsys, "--method", method)["trace"]["method"] == method


@pytest.mark.parametrize("layout", ["xml", "json", "lines"])
def test_every_layout_is_asked_for(capsys: pytest.CaptureFixture[str], layout: str) -> None:
    assert run_json(capsys, "--layout", layout)["trace"]["layout"] == layout


def test_tail_asks_for_rare_answers(capsys: pytest.CaptureFixture[str]) -> None:
    document = run_json(capsys, "--tail", "0.05")
    assert document["trace"]["max_probability"] == 0.05
    assert all(candidate["stated"] < 0.05 for candidate in document["candidates"])


def test_definition_asks_for_that_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_json(capsys, "--definition", "nll")["trace"]["definition"] == "nll"


def test_a_seed_repeats_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_json(capsys, "--seed", "3") == run_json(capsys, "--seed", "3")


def test_without_a_seed_results_differ(capsys: pytest.CaptureFixture[str]) -> None:
    assert len({run_json(capsys)["picked"] for _ in range(20)}) > 1


def test_pick_best_takes_the_most_probable(capsys: pytest.CaptureFixture[str]) -> None:
    document = run_json(capsys, "--pick", "best")
    best = max(document["candidates"], key=lambda candidate: candidate["probability"])
    assert document["picked"] == best["text"]


def test_pick_all_draws_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_json(capsys, "--pick", "all")["picked"] is None


def test_the_prompt_can_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "prompt").write_text(QUESTION)
    with (tmp_path / "prompt").open() as prompt:
        monkeypatch.setattr(sys, "stdin", prompt)
        assert main(["sample", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["prompt"] == QUESTION


def test_methods_lists_what_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["methods"]) == 0
    listed = capsys.readouterr().out
    choices = ["standard", "cot", "multi", "direct", "sequence", "nll", "perplexity", "xml"]
    assert all(choice in listed for choice in choices)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["-k", "0"], "k=0"),
        (["--tail", "1.5"], "max_probability=1.5"),
    ],
    ids=str,
)
def test_a_bad_setting_is_named_and_ends_with_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert main(["sample", QUESTION, *arguments]) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--method", "standrad"],
        ["--layout", "yaml"],
        ["--pick", "any"],
        ["--seeed"],
        ["--direct", "-1"],
    ],
)
def test_an_unknown_choice_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["sample", QUESTION, *arguments])
    assert exit_.value.code == 2


def test_an_empty_prompt_is_a_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", " "]) == 2
    assert "the prompt is empty" in capsys.readouterr().err


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Any:
    with serve() as server:
        monkeypatch.setenv("OPENAI_API_KEY", "test")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        yield server


def test_a_real_client_is_asked_through_init_chat_model(
    capsys: pytest.CaptureFixture[str], provider: WireServer
) -> None:
    provider.add(xml("a", "b"))
    document = run_json(capsys, "--model", "openai:gpt-4.1-mini", "-k", "2")
    assert [candidate["text"] for candidate in document["candidates"]] == ["a", "b"]
    assert document["simulated"] is False
    assert provider.requests[0].body["model"] == "gpt-4.1-mini"


def test_the_papers_prompt_can_be_sent(
    capsys: pytest.CaptureFixture[str], provider: WireServer
) -> None:
    provider.add(xml("a", "b"))
    run_json(capsys, "--model", "openai:gpt-4.1-mini", "-k", "2", "--wording", "simple")
    sent = provider.requests[0].body["messages"][0]["content"]
    assert sent == instruction(PromptSettings(k=2, wording="simple"))


def test_the_papers_prompt_is_refused_with_another_layout(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["sample", QUESTION, "--wording", "simple", "--layout", "json"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("vs: wording='simple' is the paper's prompt")
    assert "leave that out" in said


def test_a_real_model_gets_no_notice_of_a_simulation(
    capsys: pytest.CaptureFixture[str], provider: WireServer
) -> None:
    provider.add(xml("a", "b"))
    main(["sample", QUESTION, "--model", "openai:gpt-4.1-mini", "-k", "2"])
    assert capsys.readouterr().err == ""


def test_a_failing_call_ends_with_1_and_no_traceback(
    capsys: pytest.CaptureFixture[str], provider: WireServer
) -> None:
    provider.add(Fault(401, message="Incorrect API key provided"))
    assert main(["sample", QUESTION, "--model", "openai:gpt-4.1-mini"]) == 1
    complaint = capsys.readouterr().err
    assert "Incorrect API key" in complaint
    assert "Traceback" not in complaint


def test_an_unreadable_reply_ends_with_1(
    capsys: pytest.CaptureFixture[str], provider: WireServer
) -> None:
    provider.add("I cannot.", "I will not.")
    assert main(["sample", QUESTION, "--model", "openai:gpt-4.1-mini"]) == 1
    assert "I will not." in capsys.readouterr().err


MISSING: dict[str, list[str]] = {
    "openai:gpt-4.1-mini": ["export OPENAI_API_KEY=..."],
    "mistralai:mistral-small-latest": ["pip install", "langchain-mistralai"],
    "nowhere:model": ["nowhere"],
}


@pytest.mark.parametrize("model", MISSING)
def test_what_is_missing_for_a_model_is_said(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    ended = run_main("sample", QUESTION, "--model", model, COLUMNS="160")
    said = ended.stderr.decode()
    assert ended.returncode == 2
    assert [words for words in MISSING[model] if words not in said] == []
    assert "Traceback" not in said


def test_the_program_prints_json_and_nothing_else() -> None:
    ended = run_program("sample", QUESTION, "--json")
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["prompt"] == QUESTION
