"""`vs generate`: what it makes, where, and how it goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.generations import PROMPT, answering, calls_kept, rows, values
from tests.cli.program import run_main
from tests.every import for_every
from tests.wire.server import WireServer
from vs_cli import main
from vs_core.generation import GeneratedRecord, GenerationReport, RefusedAnswer
from vs_core.simulation import SIMULATION_NOTICE

pytestmark = pytest.mark.usefixtures("no_pictures")
GENERATE = ("generate", PROMPT, "-n", "40", "-k", "5")


@pytest.fixture
def served() -> Iterator[tuple[WireServer, tuple[str, ...]]]:
    with answering() as found:
        yield found


def test_a_folder_has_the_records_what_was_refused_and_the_report(
    served: tuple[WireServer, tuple[str, ...]], tmp_path: Path
) -> None:
    server, model = served
    ended = run_main("generate", PROMPT, "-n", "120", *model, "--out", str(tmp_path))
    assert ended.returncode == 0
    records = [GeneratedRecord.model_validate(row) for row in rows(tmp_path)]
    assert len({record.value for record in records}) == len(records) == 120
    refused = [RefusedAnswer.model_validate(row) for row in rows(tmp_path, "refused.jsonl")]
    report = GenerationReport.model_validate_json((tmp_path / "report.json").read_bytes())
    assert report.complete
    assert (report.figures.accepted, report.figures.refused) == (120, len(refused))
    assert report.figures.calls == len(server.requests) == calls_kept(tmp_path)
    out = ended.stdout.decode()
    assert "120 different answers to one prompt, from openai:m" in out
    for label in ("refused", "calls", "input tokens", "output tokens", "unseen share", "ended"):
        assert label in out
    said = ended.stderr.decode()
    assert f"the data is {tmp_path / 'data.jsonl'}, and the report" in said
    names = {"data.jsonl", "refused.jsonl", "journal.jsonl", "report.json", "report.html"}
    assert {path.name for path in tmp_path.iterdir()} == names | {"README.md"}


def test_a_run_that_has_ended_makes_no_call_again_and_says_so(
    served: tuple[WireServer, tuple[str, ...]], tmp_path: Path
) -> None:
    server, model = served
    command = (*GENERATE, *model, "--out", str(tmp_path))
    assert main(command) == 0
    asked, before = len(server.requests), (tmp_path / "data.jsonl").read_bytes()
    ended = run_main(*command)
    assert ended.returncode == 0
    assert "no call was made: the journal has all that is asked for" in ended.stderr.decode()
    assert len(server.requests) == asked
    assert (tmp_path / "data.jsonl").read_bytes() == before


def test_more_answers_and_more_prompts_cost_what_is_new(
    served: tuple[WireServer, tuple[str, ...]], tmp_path: Path
) -> None:
    server, model = served
    out = ("--out", str(tmp_path / "data"))
    assert main([*GENERATE, *model, *out]) == 0
    first, asked = values(tmp_path / "data"), len(server.requests)
    (tmp_path / "prompts").write_text(f"{PROMPT}\nName another.\n")
    more = ("generate", "--prompts", str(tmp_path / "prompts"), "-n", "50", "-k", "5")
    assert main([*more, *model, *out]) == 0
    found = rows(tmp_path / "data")
    assert [row["value"] for row in found][: len(first)] == first
    assert len({(row["prompt"], row["value"]) for row in found}) == len(found) == 100
    assert calls_kept(tmp_path / "data") == len(server.requests) > asked


@for_every("fewer", [["-n", "13"], ["-n", "39"], ["--until-unseen", "0.1", "-n", "1"]])
def test_fewer_answers_than_there_are_are_refused_and_nothing_is_taken_out(
    fewer: list[str], served: tuple[WireServer, tuple[str, ...]], tmp_path: Path
) -> None:
    server, model = served
    command = ("generate", PROMPT, "-k", "5", *model, "--out", str(tmp_path))
    if not (tmp_path / "data.jsonl").exists():
        assert main([*command, "-n", "40"]) == 0
    asked, before = len(server.requests), (tmp_path / "data.jsonl").read_bytes()
    ended = run_main(*command, *fewer)
    assert ended.returncode == 2
    said = ended.stderr.decode()
    assert f"data.jsonl has 40 rows of answers to {PROMPT!r}" in said
    assert f"this run asks for {fewer[-1]}: " in said
    assert "(-n 40), or use another --out" in said
    assert (tmp_path / "data.jsonl").read_bytes() == before
    assert main([*command, "-n", "40"]) == 0
    assert (tmp_path / "data.jsonl").read_bytes() == before
    assert len(server.requests) == asked


def test_fewer_answers_to_one_of_many_prompts_and_rows_added_by_hand_are_refused_too(
    served: tuple[WireServer, tuple[str, ...]], tmp_path: Path
) -> None:
    _, model = served
    prompts, data = tmp_path / "prompts", tmp_path / "data" / "data.jsonl"
    command = ("generate", "--prompts", str(prompts), "-n", "6", *model)
    prompts.write_text('{"prompt": "Name one."}\n{"prompt": "Name two.", "n": 8}\n')
    assert main([*command, "--out", str(data.parent)]) == 0
    prompts.write_text('{"prompt": "Name one."}\n{"prompt": "Name two.", "n": 7}\n')
    ended = run_main(*command, "--out", str(data.parent))
    assert ended.returncode == 2
    assert "8 rows of answers to 'Name two.', and this run asks for 7" in ended.stderr.decode()
    prompts.write_text('{"prompt": "Name one."}\n{"prompt": "Name two.", "n": 8}\n')
    lines = data.read_text("utf-8").splitlines(keepends=True)
    of_one = next(line for line in lines if "Name one." in line)
    by_hand = of_one.replace('"call":"', '"call":"mine')
    data.write_text("".join([*lines, by_hand]), "utf-8")
    ended = run_main(*command, "--out", str(data.parent))
    assert ended.returncode == 2
    assert "7 rows of answers to 'Name one.', and this run asks for 6" in ended.stderr.decode()
    assert data.read_text("utf-8") == "".join([*lines, by_hand])


def test_answers_whose_journal_is_gone_are_not_overwritten(
    served: tuple[WireServer, tuple[str, ...]], tmp_path: Path
) -> None:
    server, model = served
    command = (*GENERATE, *model, "--out", str(tmp_path))
    assert main(command) == 0
    asked, data = len(server.requests), tmp_path / "data.jsonl"
    before = data.read_bytes()
    (tmp_path / "journal.jsonl").unlink()
    ended = run_main(*command)
    assert ended.returncode == 2
    assert "put the journal back to go on, delete data.jsonl too" in ended.stderr.decode()
    assert (len(server.requests), data.read_bytes()) == (asked, before)
    data.unlink()
    assert main(command) == 0
    assert len(values(tmp_path)) == 40


@for_every("lost", [20, 700, 1_500])
def test_a_journal_that_has_lost_its_end_is_gone_on_with_and_the_rows_are_those_in_it(
    lost: int, served: tuple[WireServer, tuple[str, ...]], tmp_path: Path
) -> None:
    _, model = served
    out, journal = tmp_path / str(lost), tmp_path / str(lost) / "journal.jsonl"
    assert main([*GENERATE, *model, "--out", str(out)]) == 0
    journal.write_bytes(journal.read_bytes()[:-lost])
    assert main([*GENERATE, *model, "--out", str(out)]) == 0
    found = rows(out)
    assert len({row["value"] for row in found}) == len(found) == 40
    lines = [json.loads(line) for line in journal.read_text().splitlines() if line.endswith("}")]
    kept = {
        (line["key"], candidate["value"])
        for line in lines[1:]
        for candidate in line["distribution"]["candidates"]
    }
    assert {(row["call"], row["value"]) for row in found} <= kept


def test_a_spent_budget_ends_a_run_in_the_same_way_each_time_and_a_larger_one_goes_on(
    served: tuple[WireServer, tuple[str, ...]], tmp_path: Path
) -> None:
    server, model = served
    (tmp_path / "prompts").write_text("".join(f"Name one of {n}.\n" for n in range(5)))
    command = ("generate", "--prompts", str(tmp_path / "prompts"), "-n", "12", "-k", "5", *model)
    out = ("--json", "--concurrency", "3", "--out", str(tmp_path / "data"))
    figures = []
    for _ in range(2):
        ended = run_main(*command, *out, "--max-calls", "9")
        assert ended.returncode == 0
        figures.append(GenerationReport.model_validate_json(ended.stdout).figures)
        assert len(rows(tmp_path / "data")) == figures[-1].accepted
    assert len(server.requests) == 9
    assert figures[0] == figures[1]
    ended = run_main(*command, *out)
    report = GenerationReport.model_validate_json(ended.stdout)
    assert (report.complete, report.figures.accepted) == (True, 60)
    assert len(rows(tmp_path / "data")) == 60


def test_without_a_folder_records_are_printed_and_the_summary_goes_elsewhere() -> None:
    ended = run_main("generate", "Name a US state", "-n", "12", "--seed", "1")
    assert ended.returncode == 0
    printed = [json.loads(line) for line in ended.stdout.decode().splitlines()]
    assert len({GeneratedRecord.model_validate(row).value for row in printed}) == 12
    said = ended.stderr.decode()
    assert said.startswith(SIMULATION_NOTICE)
    assert "12 different answers to one prompt, from a simulated model" in said


def test_the_report_is_one_document_on_standard_output(tmp_path: Path) -> None:
    ended = run_main("generate", "Name a US state", "-n", "5", "--json", "--out", str(tmp_path))
    printed = GenerationReport.model_validate_json(ended.stdout)
    assert printed.simulated
    assert printed == GenerationReport.model_validate_json((tmp_path / "report.json").read_bytes())


def test_repeats_are_kept_if_that_is_asked_for(tmp_path: Path) -> None:
    command = ("generate", "Flip a coin", "-n", "20", "-k", "2", "--keep-repeats", "--seed", "1")
    assert main([*command, "--out", str(tmp_path)]) == 0
    assert len(values(tmp_path)) == 20
    assert len(set(values(tmp_path))) < 20


def test_a_simulation_that_goes_on_is_not_the_one_that_began(tmp_path: Path) -> None:
    command = ("generate", "Tell me a joke about coffee", "-k", "5", "--seed", "1")
    out = ("--out", str(tmp_path))
    assert main([*command, "-n", "8", *out]) == 0
    first = values(tmp_path)
    assert main([*command, "-n", "20", *out]) == 0
    assert values(tmp_path)[:8] == first
    assert len(set(values(tmp_path))) == 20
