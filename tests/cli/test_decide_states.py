"""`vs decide --states`: many states from a file."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.decisions import (
    TEAMS,
    deciding,
    lines_of,
    needs_decisions,
    state_in,
    written,
)
from tests.cli.generations import answering
from tests.cli.program import Ended, run_main, run_on_terminal
from tests.every import for_every
from tests.wire.script import Message
from tests.wire.server import Fault, WireServer
from vs_cli import main

pytestmark = needs_decisions

PARCEL, INVOICE, WEATHER = "Where is my parcel?", "Why this invoice?", "How is the weather?"


def run(states: str, *arguments: str) -> Ended:
    return run_main("decide", "--states", states, *TEAMS, *arguments)


def test_each_state_is_a_line_with_its_true_label(tmp_path: Path, model: tuple[str, ...]) -> None:
    states = written(
        tmp_path,
        {"text": PARCEL, "label": "delivery"},
        {"state": {"subject": INVOICE, "to": ["us"]}, "label": "delivery", "other": 1},
        {"text": INVOICE},
    )
    ended = run(states, "--json", *model)
    assert ended.returncode == 0
    first, second, third = lines_of(ended)
    assert (first["line"], first["state"], first["answer"]) == (1, PARCEL, "delivery")
    assert second["state"] == {"subject": INVOICE, "to": ["us"]}
    assert [line.get("label") for line in (first, second, third)] == ["delivery", "delivery", None]
    said = ended.stderr.decode()
    assert "3 states, 3 calls" in said
    assert "right: 1 of 2 (0.50)" in said


def test_lines_of_plain_text_are_states_and_empty_ones_are_none(
    tmp_path: Path, model: tuple[str, ...]
) -> None:
    lines = lines_of(run(written(tmp_path, PARCEL, "", INVOICE), "--json", *model))
    assert [(line["line"], line["state"]) for line in lines] == [(1, PARCEL), (3, INVOICE)]


@for_every(
    ("label", "expected"),
    [(True, "yes"), (False, "no"), ("yes", "yes"), ("no", "no"), (None, None)],
)
def test_the_truth_of_a_yes_or_no_may_be_a_truth_value(
    tmp_path: Path, label: object, expected: str | None
) -> None:
    states = written(tmp_path, {"text": PARCEL, "label": label})
    ended = run_main("decide", "--states", states, "--yes-no", "Late?", "--json")
    assert lines_of(ended)[0].get("label") == expected


@for_every("label", ["angry", 1, "1"])
def test_a_true_level_may_be_named_or_numbered(tmp_path: Path, label: object) -> None:
    states = written(tmp_path, {"text": PARCEL, "label": label})
    ended = run_main("decide", "--states", states, "--levels", "calm,angry", "--json")
    assert lines_of(ended)[0]["label"] == "angry"


def test_true_labels_may_stand_in_a_field_of_another_name(
    tmp_path: Path, model: tuple[str, ...]
) -> None:
    states = written(tmp_path, {"text": PARCEL, "intent": "billing", "label": 7})
    [line] = lines_of(run(states, "--label-field", "intent", "--json", *model))
    assert line["label"] == "billing"


def test_several_questions_have_their_true_labels_by_id(tmp_path: Path) -> None:
    asked = {
        "late": {"type": "noul", "instructions": "Late?"},
        "anger": {"type": "score", "instructions": "Angry?", "criteria": ["calm", "angry"]},
    }
    questions = written(tmp_path, asked, name="questions.json")
    states = written(tmp_path, {"text": PARCEL, "labels": {"late": True, "anger": 0}})
    ended = run_main("decide", "--states", states, "--questions", questions, "--json")
    [line] = lines_of(ended)
    assert {id_: line["decisions"][id_]["label"] for id_ in asked} == {"late": "yes", "anger": "0"}


def test_outcomes_come_in_the_order_of_the_states(tmp_path: Path) -> None:
    last = threading.Event()

    def first_is_last(messages: list[Message]) -> str:
        if state_in(messages) == "parcel 0":
            last.wait(30)
        elif state_in(messages) == "parcel 5":
            last.set()
        return deciding(messages)

    with answering(first_is_last) as (_, model):
        states = written(tmp_path, *(f"parcel {number}" for number in range(6)))
        lines = lines_of(run(states, "--json", *model))
    assert [line["state"] for line in lines] == [f"parcel {number}" for number in range(6)]


def test_no_more_are_judged_at_a_time_than_asked_for(
    tmp_path: Path, server: tuple[WireServer, tuple[str, ...]]
) -> None:
    provider, model = server
    states = written(tmp_path, *[PARCEL] * 12)
    assert run(states, "--json", "--concurrency", "3", *model).returncode == 0
    assert provider.max_concurrent <= 3


def test_a_state_without_an_answer_is_told_and_takes_nothing_from_the_others(
    tmp_path: Path, model: tuple[str, ...]
) -> None:
    ended = run(written(tmp_path, PARCEL, WEATHER, INVOICE), "--json", *model)
    assert ended.returncode == 1
    lines = lines_of(ended)
    assert [line.get("answer") for line in lines] == ["delivery", None, "billing"]
    assert "no probability above 0 could be read" in lines[1]["error"]
    assert "1 of 3 states got no answer" in ended.stderr.decode()


def test_when_the_first_calls_all_fail_nothing_more_is_asked(tmp_path: Path) -> None:
    with answering(lambda _: Fault(401, message="Incorrect API key")) as (provider, model):
        ended = run(written(tmp_path, *[PARCEL] * 100), "--json", "--concurrency", "2", *model)
    assert ended.returncode == 1
    assert "the first 5 of 100 states all failed" in ended.stderr.decode()
    assert len(provider.requests) < 15
    assert len(lines_of(ended)) == 5


def test_a_key_that_a_server_repeats_is_in_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    with answering(lambda _: Fault(401, message="wrong key: sk-very-secret")) as (_, model):
        ended = run(written(tmp_path, PARCEL), "--json", *model)
    assert ended.returncode == 1
    assert b"sk-very-secret" not in ended.stdout + ended.stderr


def test_the_table_has_a_row_for_each_state_and_what_they_add_up_to(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    model: tuple[str, ...],
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    states = written(
        tmp_path,
        {"text": PARCEL, "label": "billing"},
        {"text": INVOICE, "label": "billing"},
        {"text": WEATHER},
    )
    arguments = ["--states", states, *TEAMS, "--threshold", "0.7", *model]
    assert main(["decide", *arguments]) == 1
    shown = capsys.readouterr().out
    assert "0.900  delivery (true: billing)" in shown
    assert "0.600  billing, hand over" in shown
    assert "no answer" in shown
    assert PARCEL in shown
    assert "right: 1 of 2 (0.50)" in shown
    assert "to be handed over to a person: 1 of 2; right among the others: 0 of 1" in shown
    assert "uncalibrated" in shown


@for_every("width", [40, 70, 120])
def test_the_table_fits(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    width: int,
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    states = written(tmp_path, *["Where is my 漢字 parcel? " * 9] * 3)
    labels = ["--choices", f"billing,{'delivery ' * 8}"]
    assert main(["decide", "--states", states, *labels, "--seed", "1", "--threshold", "1"]) == 0
    shown = capsys.readouterr().out
    assert max(map(cell_len, shown.splitlines())) <= width
    assert "delivery delivery" in shown


def test_below_the_threshold_many_states_end_with_0(tmp_path: Path, model: tuple[str, ...]) -> None:
    ended = run(written(tmp_path, PARCEL, INVOICE), "--threshold", "0.7", "--json", *model)
    assert ended.returncode == 0
    assert [line["handed_over"] for line in lines_of(ended)] == [False, True]


def test_on_a_terminal_a_bar_is_drawn_on_standard_error_only(
    tmp_path: Path, model: tuple[str, ...]
) -> None:
    states = written(tmp_path, PARCEL, INVOICE)
    ended, shown = run_on_terminal("decide", "--states", states, *TEAMS, "--json", *model)
    assert "2/2" in shown
    assert len(lines_of(ended)) == 2
