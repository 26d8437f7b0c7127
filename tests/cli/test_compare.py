"""`vs compare`, in this process."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import langchain.embeddings
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding

from tests.scenarios import QUESTION, xml
from tests.wire.script import Message
from tests.wire.server import Fault, Reply, WireServer, serve
from vs_cli import main
from vs_core.adapters import ModelOptions
from vs_core.comparison import Comparison, ExchangeRecord
from vs_core.metrics import METRICS
from vs_core.simulation import SIMULATION_NOTICE

ROOT = Path(__file__).parent.parent.parent
SMALL = ("-n", "4", "-k", "2")
METHODS = ("direct", "sequence", "standard", "cot", "multi")


def compared(
    capsys: pytest.CaptureFixture[str], *arguments: str, prompt: str = QUESTION
) -> Comparison:
    assert main(["compare", prompt, "--json", *arguments]) == 0
    return Comparison.model_validate_json(capsys.readouterr().out)


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


class TestWhatIsAsked:
    """The arguments reach the comparison."""

    def test_all_methods_are_compared_by_default(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert compared(capsys, *SMALL).settings.methods == METHODS

    def test_methods_can_be_chosen_in_any_order(self, capsys: pytest.CaptureFixture[str]) -> None:
        found = compared(capsys, *SMALL, "--methods", "cot, direct,cot")
        assert [summary.method for summary in found.summaries] == ["cot", "direct"]

    def test_every_method_has_the_same_number_of_responses(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        found = compared(capsys, "-n", "7", "-k", "3")
        assert [summary.responses for summary in found.summaries] == [7] * 5

    def test_the_wording_is_passed_on(self, capsys: pytest.CaptureFixture[str]) -> None:
        settings = compared(capsys, *SMALL, "--wording", "simple").settings
        assert settings.exchange_settings("standard", 5).wording == "simple"

    def test_tail_and_layout_are_passed_on(self, capsys: pytest.CaptureFixture[str]) -> None:
        settings = compared(capsys, *SMALL, "--tail", "0.1", "--layout", "json").settings
        assert (settings.max_probability, settings.layout) == (0.1, "json")

    def test_an_enforced_shape_is_passed_on(self, capsys: pytest.CaptureFixture[str]) -> None:
        settings = compared(capsys, *SMALL, "--structured-output", "json_schema").settings
        assert settings.exchange_settings("standard", 5).structured_output == "json_schema"

    def test_a_file_may_have_the_known_answers(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        (tmp_path / "prompts.jsonl").write_text(
            '{"prompt": "Flip a coin.", "reference": ["Heads", "Tails"]}\n'
            '{"prompt": "Tell me a joke about coffee"}\n'
        )
        prompts = ("--prompts", str(tmp_path / "prompts.jsonl"), "--methods", "standard")
        assert main(["compare", *prompts, *SMALL, "--json"]) == 0
        coin, joke = Comparison.model_validate_json(capsys.readouterr().out).results
        assert coin.scores["precision"] == 1.0
        assert "precision" not in joke.scores

    def test_a_seed_repeats_everything(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert compared(capsys, *SMALL, "--seed", "3") == compared(capsys, *SMALL, "--seed", "3")

    def test_prompts_come_from_a_file(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        (tmp_path / "prompts.txt").write_text("Roll a die.\nFlip a coin.\n")
        assert main(["compare", "--prompts", str(tmp_path / "prompts.txt"), *SMALL, "--json"]) == 0
        settings = json.loads(capsys.readouterr().out)["settings"]
        assert settings["prompts"] == ["Roll a die.", "Flip a coin."]

    def test_the_simulation_shows_the_collapse_and_the_recovery(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        found = compared(capsys, "--seed", "1")
        unique = {s.method: s.scores["unique_fraction"].mean or 0 for s in found.summaries}
        assert unique["direct"] < 0.3
        assert all(value > 0.5 for method, value in unique.items() if method != "direct")

    def test_embeddings_bring_the_semantic_metrics(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # The providers' own all need a key or a download.
        monkeypatch.setattr(
            langchain.embeddings, "init_embeddings", lambda _: DeterministicFakeEmbedding(size=8)
        )
        found = compared(capsys, *SMALL, "--embeddings", "openai:text-embedding-3-small")
        assert {"semantic_diversity", "vendi_score"} <= set(found.metrics)
        assert not {"semantic_diversity", "vendi_score"} & set(compared(capsys, *SMALL).metrics)


class TestWhatIsShown:
    """Results on standard output, everything else on standard error."""

    @pytest.mark.usefixtures("wide")
    def test_the_table_has_all_methods_metrics_and_costs(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["compare", QUESTION, *SMALL, "--seed", "1"]) == 0
        shown = capsys.readouterr().out
        assert all(method in shown for method in METHODS)
        assert f"{METRICS['rouge_l'].label} ↓" in shown
        assert "Tokens per distinct" in shown
        assert "a simulated model" in shown

    @pytest.mark.usefixtures("wide")
    def test_intervals_are_shown_for_several_prompts(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        (tmp_path / "prompts.txt").write_text("Roll a die.\nFlip a coin.\n")
        main(["compare", "--prompts", str(tmp_path / "prompts.txt"), *SMALL, "--seed", "1"])
        shown = capsys.readouterr().out
        assert "95 % bootstrap interval" in shown
        assert any("0.25–0.50" in line for line in shown.splitlines())

    def test_what_has_no_value_is_a_dash_that_is_explained_and_null_in_json(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        arguments = ["compare", "Flip a coin.", "-n", "2", "--methods", "direct", "--seed", "1"]
        assert main(arguments) == 0
        shown = capsys.readouterr().out
        assert ["Distinct-2", "↑", "–"] in [line.split() for line in shown.splitlines()]
        assert "– where there is too little to measure" in shown
        found = compared(capsys, *arguments[2:], prompt="Flip a coin.")
        assert found.results[0].scores["distinct_2"] is None
        assert '"distinct_2":null' in found.model_dump_json()

    def test_the_simulation_says_what_it_is_on_standard_error(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        main(["compare", QUESTION, *SMALL])
        assert capsys.readouterr().err == f"{SIMULATION_NOTICE}\n"

    def test_the_json_says_that_it_is_simulated(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert compared(capsys, *SMALL).settings.simulated

    @pytest.mark.parametrize("columns", ["80", "120"])
    def test_no_value_is_cut_to_fit_the_terminal(
        self,
        capsys: pytest.CaptureFixture[str],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        columns: str,
    ) -> None:
        monkeypatch.setenv("COLUMNS", columns)
        (tmp_path / "prompts.txt").write_text("Roll a die.\nTell me a joke about coffee\n")
        main(["compare", "--prompts", str(tmp_path / "prompts.txt"), "--seed", "1"])
        shown = capsys.readouterr().out
        assert "…" not in shown
        assert METRICS["compression_ratio"].label in shown

    def test_other_commands_do_not_wait_for_what_only_this_one_needs(self) -> None:
        heavy = ["rich.progress", "jinja2", "matplotlib", "numpy", "langchain"]
        code = (
            "import sys, vs_cli; vs_cli.main(['sample', 'Roll a die.', '--json']);"
            f"print([name for name in {heavy} if name in sys.modules])"
        )
        ended = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
        )
        assert ended.stdout.splitlines()[-1] == "[]"


class TestOut:
    """The folder with the report."""

    def test_the_files_agree_with_each_other_and_with_standard_output(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        found = compared(capsys, *SMALL, "--out", str(tmp_path))
        assert Comparison.model_validate_json((tmp_path / "report.json").read_text()) == found
        page = (tmp_path / "report.html").read_text()
        for picture in ("diversity.svg", "cost.svg", "answers-1.svg"):
            drawn = (tmp_path / picture).read_text()
            assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314  # our own picture
            assert drawn[drawn.index("<svg") :].strip() in page
        journal = (tmp_path / "journal.jsonl").read_text().splitlines()[1:]
        texts = [t for line in journal for t in ExchangeRecord.model_validate_json(line).texts]
        assert sorted(texts) == sorted(t for result in found.results for t in result.texts)

    @pytest.mark.usefixtures("no_pictures")
    def test_folders_in_between_are_made(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        compared(capsys, *SMALL, "--out", str(tmp_path / "a" / "b"))
        assert (tmp_path / "a" / "b" / "report.html").exists()

    @pytest.mark.usefixtures("no_pictures")
    def test_the_report_is_named_on_standard_error(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        main(["compare", QUESTION, *SMALL, "--out", str(tmp_path)])
        assert str(tmp_path / "report.html") in capsys.readouterr().err

    def test_a_hostile_prompt_is_shown_and_not_run(self, tmp_path: Path) -> None:
        main(["compare", "<script>alert(1)</script> {x}", *SMALL, "--out", str(tmp_path)])
        page = (tmp_path / "report.html").read_text()
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {x}" in page


@pytest.mark.usefixtures("no_pictures")
class TestMisuse:
    """Exit code 2, one clear line, and no model is asked."""

    @pytest.mark.parametrize(
        ("arguments", "complaint"),
        [
            ([], "either a PROMPT or --prompts"),
            ([QUESTION, "--prompts", "x"], "either a PROMPT or --prompts"),
            ([" "], "blank"),
            ([QUESTION, "-n", "0"], "n=0"),
            ([QUESTION, "-k", "0"], "k=0"),
            ([QUESTION, "--tail", "1.5"], "max_probability=1.5"),
            ([QUESTION, "--prompts"], "expected one argument"),
            ([QUESTION, "--methods", "direct,standrad"], "standrad"),
            ([QUESTION, "--methods", ","], "no method"),
            ([QUESTION, "--concurrency", "0"], "below 1"),
            ([QUESTION, "--embeddings", "nowhere:model"], "nowhere"),
            ([QUESTION, "--model", "nowhere:model"], "nowhere"),
        ],
        ids=str,
    )
    def test_what_cannot_be_done_is_said(
        self, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
    ) -> None:
        try:
            code: Any = main(["compare", *arguments])
        except SystemExit as refused:  # as argparse does it
            code = refused.code
        err = capsys.readouterr().err
        assert (code, complaint in err, "Traceback" in err) == (2, True, False), err

    def test_a_file_in_place_of_the_folder_is_refused(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        (tmp_path / "taken").write_text("")
        for folder in (tmp_path / "taken", tmp_path / "taken" / "below"):
            assert main(["compare", QUESTION, *SMALL, "--out", str(folder)]) == 2
            assert f"{folder / 'journal.jsonl'}: Not a directory" in capsys.readouterr().err

    def test_a_folder_in_place_of_the_journal_is_refused(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        (tmp_path / "journal.jsonl").mkdir()
        assert main(["compare", QUESTION, *SMALL, "--out", str(tmp_path)]) == 2
        assert "Is a directory" in capsys.readouterr().err

    def test_a_report_that_cannot_be_written_is_named_and_what_was_paid_for_is_kept(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        (tmp_path / "report.html").mkdir()
        assert main(["compare", QUESTION, *SMALL, "--out", str(tmp_path)]) == 1
        captured = capsys.readouterr()
        assert f"{tmp_path / 'report.html'}: Is a directory; 12 of 12 exchanges" in captured.err
        assert "Distinct responses" in captured.out
        assert (tmp_path / "journal.jsonl").stat().st_size > 1000

    def test_a_missing_key_leaves_no_folder_behind(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        model = ["--model", "openai:gpt-4.1-mini"]
        assert main(["compare", QUESTION, *model, "--out", str(tmp_path / "new")]) == 2
        assert "export OPENAI_API_KEY" in capsys.readouterr().err
        assert not (tmp_path / "new").exists()

    def test_another_models_journal_is_refused(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "test")
        compared(capsys, *SMALL, "--out", str(tmp_path))
        model = ["--model", "openai:gpt-4.1-mini"]
        assert main(["compare", QUESTION, *SMALL, *model, "--out", str(tmp_path)]) == 2
        assert "another --out" in capsys.readouterr().err

    @pytest.mark.parametrize("package", ["jinja2", "matplotlib"])
    def test_what_a_report_needs_is_named_before_any_call(
        self,
        capsys: pytest.CaptureFixture[str],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        package: str,
    ) -> None:
        monkeypatch.setitem(sys.modules, package, None)
        assert main(["compare", QUESTION, *SMALL, "--out", str(tmp_path / "new")]) == 2
        err = capsys.readouterr().err
        assert package in err
        assert "pip install 'verbalized-sampling-integrations[cli]'" in err
        assert not (tmp_path / "new").exists()

    def test_what_the_metrics_need_is_named_before_any_call(self, provider: WireServer) -> None:
        # In a process of its own: here other tests may have loaded parts of the packages.
        code = f"""
import sys, vs_cli
for package in ("rapidfuzz", "sacrebleu"):
    sys.modules[package] = None
    code = vs_cli.main({["compare", QUESTION, *SMALL, *MODEL]!r})
    print(package, code, file=sys.stderr)
    del sys.modules[package]
"""
        ended = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
        )
        one, other, rest = re.split(r"(?<= 2)\n", ended.stderr)
        assert rest == ""
        for package, said in (("rapidfuzz", one), ("sacrebleu", other)):
            assert said.endswith(f"\n{package} 2")
            assert f"needs {package}" in said
            assert "pip install 'verbalized-sampling-integrations[eval]'" in said
        assert provider.requests == []


def reply_to(messages: list[Message]) -> str:
    """What a model answers: one text to a plain question, two to one for a list."""
    return xml("a", "b") if messages[0]["role"] == "system" else "a"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    with serve(responder=reply_to) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "test")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        yield server


MODEL = ("--model", "openai:gpt-4.1-mini", "--methods", "direct,standard")


class TestARealClient:
    """Over the wire, against a local server."""

    def test_the_calls_are_those_that_were_paid_for(
        self, capsys: pytest.CaptureFixture[str], provider: WireServer
    ) -> None:
        found = compared(capsys, *SMALL, *MODEL, "--temperature", "0.5", "--max-tokens", "90")
        assert [summary.cost.calls for summary in found.summaries] == [4, 2]
        assert len(provider.requests) == 6
        assert found.settings.model == "openai:gpt-4.1-mini"
        assert found.settings.model_options == ModelOptions(temperature=0.5, max_tokens=90)
        assert found.days
        assert not found.settings.simulated

    def test_the_concurrency_is_kept_to(
        self, capsys: pytest.CaptureFixture[str], provider: WireServer
    ) -> None:
        provider.respond_with(lambda messages: Reply(reply_to(messages), delay=0.2))
        compared(capsys, *SMALL, *MODEL, "--concurrency", "2")
        assert provider.max_concurrent == 2

    def test_nothing_is_said_on_standard_error(
        self, capsys: pytest.CaptureFixture[str], provider: WireServer
    ) -> None:
        main(["compare", QUESTION, *SMALL, *MODEL])
        assert capsys.readouterr().err == ""

    def test_a_hostile_response_is_shown_and_not_run(
        self, tmp_path: Path, provider: WireServer
    ) -> None:
        provider.respond_with(lambda _: "<script>alert(1)</script>")
        arguments = ["--model", "openai:gpt-4.1-mini", "--methods", "direct", "-n", "2"]
        assert main(["compare", QUESTION, *arguments, "--out", str(tmp_path)]) == 0
        page = (tmp_path / "report.html").read_text()
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)" in page


@pytest.mark.usefixtures("no_pictures")
class TestFailures:
    """Some exchanges fail, or all."""

    def test_one_failed_exchange_takes_nothing_from_the_others(
        self, capsys: pytest.CaptureFixture[str], provider: WireServer, tmp_path: Path
    ) -> None:
        provider.add(Fault(400, message="out of coffee"))
        found = compared(capsys, *SMALL, *MODEL, "--concurrency", "1", "--out", str(tmp_path))
        assert sum(summary.failures for summary in found.summaries) == 1
        assert "out of coffee" in (tmp_path / "report.html").read_text()

    def test_failures_are_told_on_standard_error(
        self, capsys: pytest.CaptureFixture[str], provider: WireServer
    ) -> None:
        provider.add(Fault(400, message="out of coffee"))
        assert main(["compare", QUESTION, *SMALL, *MODEL, "--json"]) == 0
        err = capsys.readouterr().err
        assert "1 of 6 exchanges failed" in err
        assert "out of coffee" in err

    def test_if_all_fail_the_first_reason_is_told_and_the_exit_code_is_1(
        self, capsys: pytest.CaptureFixture[str], provider: WireServer, tmp_path: Path
    ) -> None:
        provider.respond_with(lambda _: Fault(401, message="Incorrect API key provided"))
        assert main(["compare", QUESTION, *SMALL, *MODEL, "--out", str(tmp_path)]) == 1
        captured = capsys.readouterr()
        assert "Incorrect API key" in captured.err
        assert captured.out == ""
        assert "Traceback" not in captured.err

    def test_what_failed_is_asked_again_and_nothing_else(
        self, capsys: pytest.CaptureFixture[str], provider: WireServer, tmp_path: Path
    ) -> None:
        provider.add(Fault(400, message="out of coffee"))
        compared(capsys, *SMALL, *MODEL, "--out", str(tmp_path))
        before = len(provider.requests)
        found = compared(capsys, *SMALL, *MODEL, "--out", str(tmp_path))
        assert len(provider.requests) - before == 1
        assert sum(summary.failures for summary in found.summaries) == 0


@pytest.mark.usefixtures("no_pictures")
class TestResuming:
    """The same `--out` again."""

    def test_a_finished_run_is_reported_again_without_a_call(
        self, capsys: pytest.CaptureFixture[str], provider: WireServer, tmp_path: Path
    ) -> None:
        first = compared(capsys, *SMALL, *MODEL, "--out", str(tmp_path))
        asked = len(provider.requests)
        (tmp_path / "report.html").unlink()
        assert compared(capsys, *SMALL, *MODEL, "--out", str(tmp_path)) == first
        assert len(provider.requests) == asked
        assert (tmp_path / "report.html").exists()

    def test_a_finished_run_is_reported_again_without_a_key(
        self,
        capsys: pytest.CaptureFixture[str],
        provider: WireServer,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        first = compared(capsys, *SMALL, *MODEL, "--out", str(tmp_path))
        monkeypatch.delenv("OPENAI_API_KEY")
        assert compared(capsys, *SMALL, *MODEL, "--out", str(tmp_path)) == first

    def test_more_responses_cost_only_the_new_ones(
        self, capsys: pytest.CaptureFixture[str], provider: WireServer, tmp_path: Path
    ) -> None:
        compared(capsys, "-n", "4", "-k", "2", *MODEL, "--out", str(tmp_path))
        asked = len(provider.requests)
        found = compared(capsys, "-n", "6", "-k", "2", *MODEL, "--out", str(tmp_path))
        assert len(provider.requests) - asked == 2 + 1
        assert [summary.responses for summary in found.summaries] == [6, 6]

    def test_another_way_of_asking_begins_afresh(
        self, capsys: pytest.CaptureFixture[str], provider: WireServer, tmp_path: Path
    ) -> None:
        compared(capsys, *SMALL, *MODEL, "--out", str(tmp_path))
        asked = len(provider.requests)
        found = compared(capsys, *SMALL, *MODEL, "--tail", "0.1", "--out", str(tmp_path))
        assert len(provider.requests) - asked == 2  # the plain question knows no tail
        assert found.settings.max_probability == 0.1

    def test_what_is_there_is_told_on_standard_error(
        self, capsys: pytest.CaptureFixture[str], provider: WireServer, tmp_path: Path
    ) -> None:
        compared(capsys, *SMALL, *MODEL, "--out", str(tmp_path))
        main(["compare", QUESTION, *SMALL, *MODEL, "--out", str(tmp_path)])
        assert "6 of 6 exchanges are there from an earlier run" in capsys.readouterr().err

    def test_a_torn_line_is_asked_again(
        self, capsys: pytest.CaptureFixture[str], provider: WireServer, tmp_path: Path
    ) -> None:
        first = compared(capsys, *SMALL, *MODEL, "--out", str(tmp_path))
        journal = tmp_path / "journal.jsonl"
        journal.write_bytes(journal.read_bytes()[:-20])
        asked = len(provider.requests)
        assert compared(capsys, *SMALL, *MODEL, "--out", str(tmp_path)).results == first.results
        assert len(provider.requests) - asked == 1

    def test_a_simulation_that_goes_on_does_not_repeat_itself(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        options = ("-k", "1", "--seed", "1", "--methods", "standard", "--out", str(tmp_path))
        compared(capsys, "-n", "10", *options)
        texts = compared(capsys, "-n", "20", *options).results[0].texts
        assert texts[:10] != texts[10:]
