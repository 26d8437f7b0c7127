"""`vs decide` about one state."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.decisions import (
    TEAMS,
    decided,
    deciding,
    needs_decisions,
    stated,
    written,
)
from tests.cli.generations import answering
from tests.cli.program import run_main
from tests.every import for_every
from tests.wire.server import Fault, WireServer
from vs_cli import main
from vs_core.simulation import SIMULATION_NOTICE

pytestmark = needs_decisions

STATE = "Where is my parcel?"
HOSTILE = "[red]a[/] \x1b[2J \u202elive"


def test_every_label_gets_a_probability_and_the_most_probable_is_the_answer(
    model: tuple[str, ...],
) -> None:
    document = decided(STATE, *TEAMS, *model)
    assert document["probabilities"] == {"billing": 0.1, "delivery": 0.9}
    assert document["stated"] == {"billing": 0.1, "delivery": 0.9}
    assert (document["answer"], document["confidence"]) == ("delivery", 0.9)
    assert document["calibrated"] is False
    assert (document["model"], document["simulated"]) == ("m", False)
    assert document["cost"]["calls"] == 1


def test_the_question_and_the_meanings_of_labels_are_sent(
    server: tuple[WireServer, tuple[str, ...]],
) -> None:
    provider, model = server
    labels = ["--choice", "billing=charges = money", "--choice", "delivery"]
    decided(STATE, "--question", "Which team {x}?", *labels, "--instructions", "Be fair.", *model)
    sent = provider.requests[0].body["messages"][0]["content"]
    assert sent.startswith("Be fair.")
    assert 'Question "answer": Which team {x}?' in sent
    assert '- "billing": charges = money\n- "delivery"\n' in sent


@for_every(("how", "enforced"), [("json_schema", True), ("none", False), ("auto", False)], ids=str)
def test_the_provider_is_asked_to_shape_the_reply_as_it_is_said(
    how: str, *, enforced: bool
) -> None:
    with answering(deciding) as (provider, model):
        decided(STATE, *TEAMS, "--structured-output", how, *model)
        assert ("response_format" in provider.requests[0].body) is enforced


def test_without_a_question_it_is_asked_which_label_fits(
    server: tuple[WireServer, tuple[str, ...]],
) -> None:
    provider, model = server
    decided(STATE, *TEAMS, *model)
    sent = provider.requests[0].body["messages"][0]["content"]
    assert "Which of the labels fits the input best?" in sent


def test_yes_and_no_are_the_labels_of_a_question_for_yes_or_no() -> None:
    document = decided(STATE, "--yes-no", "Is it about a parcel?", "--seed", "1")
    assert set(document["probabilities"]) == {"yes", "no"}


def test_levels_keep_their_names_and_have_a_mean() -> None:
    with answering(lambda _: stated({"0": 0.25, "1": 0.25, "2": 0.5})) as (_, model):
        document = decided(STATE, "--levels", "calm,annoyed,angry", *model)
    assert document["probabilities"] == {"calm": 0.25, "annoyed": 0.25, "angry": 0.5}
    assert document["answer"] == "angry"
    assert document["level"] == 1.25


def test_several_questions_are_asked_in_one_call_and_answered_by_their_ids(
    tmp_path: Path,
) -> None:
    questions = written(
        tmp_path,
        {
            "team": {"type": "choice", "instructions": "Team?", "criteria": {"a": "x", "b": None}},
            "late": {"type": "noul", "instructions": "Late?"},
            "anger": {"type": "score", "instructions": "Angry?", "criteria": ["calm", "angry"]},
        },
        name="questions.json",
    )
    reply = {
        "team": {"a": 0.7, "b": 0.3},
        "late": {"yes": 0.8, "no": 0.2},
        "anger": {"0": 0.5, "1": 0.5},
    }
    with answering(lambda _: json.dumps(reply)) as (provider, model):
        document = decided(STATE, "--questions", questions, *model)
    assert len(provider.requests) == 1
    decisions = document["decisions"]
    assert [decisions[id_]["answer"] for id_ in ("team", "late", "anger")] == ["a", "yes", "0"]
    assert decisions["anger"]["level"] == 0.5


def test_calls_are_pooled_and_their_spread_is_reported() -> None:
    with answering() as (provider, model):
        provider.add(stated({"billing": 0.2, "delivery": 0.8}))
        provider.add(stated({"billing": 0.6, "delivery": 0.4}))
        document = decided(STATE, *TEAMS, "-n", "2", *model)
    assert document["probabilities"]["delivery"] == pytest.approx(0.6)
    assert document["calls"] == 2
    assert document["spread"]["billing"] == pytest.approx(0.2828, abs=1e-4)
    assert document["agreement"] == 0.5


def test_a_seed_repeats_the_simulation_which_says_what_it_is() -> None:
    runs = [run_main("decide", STATE, *TEAMS, "--seed", "3", "--json") for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0].stderr.decode() == f"{SIMULATION_NOTICE}\n"
    assert json.loads(runs[0].stdout)["simulated"] is True


def test_the_state_can_come_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, model: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(STATE.encode())))
    assert decided("-", *TEAMS, *model)["state"] == STATE


def test_the_table_says_what_the_numbers_mean_and_what_they_cost(
    capsys: pytest.CaptureFixture[str], model: tuple[str, ...]
) -> None:
    assert main(["decide", STATE, *TEAMS, *model]) == 0
    shown = capsys.readouterr().out
    assert shown.index("delivery") < shown.index("billing")
    assert "0.900" in shown
    assert "█" in shown
    assert "uncalibrated: how plausible each label seems to the model, no frequency" in shown
    assert "m: 1 call" in shown


@for_every(("threshold", "code"), [("0.95", 3), ("0.9", 0), ("0.1", 0)])
def test_an_answer_below_the_threshold_is_handed_over_with_exit_code_3(
    model: tuple[str, ...], threshold: str, code: int
) -> None:
    arguments = ["decide", STATE, *TEAMS, *model, "--threshold", threshold]
    ended, in_json = run_main(*arguments), run_main(*arguments, "--json")
    assert (ended.returncode, in_json.returncode) == (code, code)
    assert (b"hand it over to a person" in ended.stdout) is (code == 3)
    assert json.loads(in_json.stdout)["handed_over"] is (code == 3)


def test_what_is_written_is_shown_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    numbers = {HOSTILE: 0.75, "b": 0.25}
    with answering(lambda _: stated(numbers)) as (_, model):
        assert main(["decide", HOSTILE, "--choice", HOSTILE, "--choice", "b", *model]) == 0
    shown = capsys.readouterr().out
    assert r"[red]a[/] \x1b[2J \u202elive" in " ".join(shown.split())
    assert not {"\x1b", "\u202e"} & set(shown)


@for_every("width", [40, 60, 100])
def test_the_table_fits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    long = "a team whose name is longer than any terminal is wide, as there are some"
    asked = ["decide", STATE, "--choice", long, "--choice", "b", "-n", "2", "--seed", "1"]
    assert main([*asked, "--threshold", "0.999"]) in {0, 3}
    shown = capsys.readouterr().out
    assert max(map(cell_len, shown.splitlines())) <= width
    assert all(word in shown for word in long.split())


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_the_terminal_cannot_encode_is_replaced(encoding: str) -> None:
    asked = ["decide", "Zürich → 漢", "--choices", "漢,b", "-n", "2", "--seed", "1"]
    assert run_main(*asked, encoding=encoding).returncode == 0
    assert run_main(*asked, "--json", encoding=encoding).returncode == 0


def test_a_reply_without_an_answer_ends_with_1_and_is_shown(
    server: tuple[WireServer, tuple[str, ...]],
) -> None:
    provider, model = server
    ended = run_main("decide", "What is the weather?", *TEAMS, *model)
    said = ended.stderr.decode()
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert "no probability above 0 could be read" in said
    assert "I cannot say." in said
    assert "troubleshooting" not in said
    assert len(provider.requests) == 2


def test_a_failing_call_ends_with_1_and_no_traceback() -> None:
    with answering(lambda _: Fault(401, message="Incorrect API key")) as (_, model):
        ended = run_main("decide", STATE, *TEAMS, *model)
    assert ended.returncode == 1
    assert b"Incorrect API key" in ended.stderr
    assert b"Traceback" not in ended.stderr
