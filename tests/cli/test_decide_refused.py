"""What `vs decide` refuses before anything is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.decisions import TEAMS, needs_decisions, refused, written
from tests.every import for_every

STATE = "Where is my parcel?"
YES_NO = {"type": "noul", "instructions": "Late?"}


def test_an_older_langchain_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vs_cli.decide.command.find_spec", lambda _: None)
    said = refused("decide", STATE, *TEAMS)
    assert "pip install --upgrade 'langchain-core>=1.8'" in said
    assert "Python 3.11" in said


ARGUMENTS: list[tuple[list[str], str]] = [
    ([STATE], "give one of --choices"),
    ([STATE, *TEAMS, "--yes-no", "Late?"], "give one of --choices"),
    ([STATE, *TEAMS, "--questions", "q.json"], "--choices makes a question"),
    ([STATE, "--question", "Why?", "--questions", "q.json"], "--question makes a question"),
    ([STATE, "--choices", "a"], "'a' alone is no choice"),
    ([STATE, "--choices", "a,b,a"], "'a' twice"),
    ([STATE, "--levels", "calm"], "'calm' alone is no choice"),
    ([STATE, "--choices", " , "], "no label is named"),
    ([STATE, "--choice", "=meaning"], "names no label"),
    ([STATE, *TEAMS, "--question", " "], "--question is empty"),
    ([STATE, "--yes-no", " "], "--yes-no is empty"),
    ([STATE, "--yes-no", "Late?", "--question", "Late?"], "leave --question out"),
    ([" ", *TEAMS], "the state is empty"),
    ([*TEAMS], "either a STATE or --states FILE"),
    ([STATE, "--states", "s.txt", *TEAMS], "either a STATE or --states FILE"),
    ([STATE, *TEAMS, "--label-field", "intent"], "--label-field is for the lines of --states"),
    ([STATE, *TEAMS, "--threshold", "0"], "no number above 0 and up to 1"),
    ([STATE, *TEAMS, "--threshold", "90"], "no number above 0 and up to 1"),
    ([STATE, *TEAMS, "-n", "0"], "n=0"),
    (
        [STATE, *TEAMS, "--structured-output", "xml"],
        "choose from function_calling, json_schema, auto, none",
    ),
    ([STATE, *TEAMS, "--temperature", "1"], "--temperature is for a language model"),
    ([STATE, *TEAMS, "--seed", "1", "--model", "openai:m"], "--seed is for the simulation"),
    (["-", "--questions", "-"], "standard input can be read once"),
    ([STATE, *TEAMS, "--calibration", "nowhere.json"], "nowhere.json: No such file"),
]


@needs_decisions
@for_every(("arguments", "complaint"), ARGUMENTS)
def test_what_makes_no_sense_is_refused(arguments: list[str], complaint: str) -> None:
    assert complaint in refused("decide", *arguments)


FILES: list[tuple[Any, str]] = [
    ("{", "is no JSON"),
    ("[]", "holds no questions"),
    ({}, "holds no questions"),
    ({"a": "Late?"}, "'a' is no question"),
    ({"a": {"instructions": "Late?"}}, "'a': \"type\" is None"),
    ({"a": {"type": "boolean", "instructions": "?"}}, "'a': \"type\" is 'boolean'"),
    ({"a": {"type": "box", "instructions": "Where?"}}, "'a' is a box"),
    ({"a": {"type": "noul"}}, "'a': \"instructions\": Field required"),
    ({"a": {**YES_NO, "criterion": 1}}, "'a': \"criterion\""),
    ({"a": {**YES_NO, "instructions": " "}}, "'a': \"instructions\" is empty"),
    ({"a": {"type": "choice", "instructions": "?", "criteria": ["x"]}}, "'a': \"criteria\""),
    ({"a": {"type": "choice", "instructions": "?", "criteria": {}}}, "'a': \"criteria\""),
    ({"a": {"type": "choice", "instructions": "?", "criteria": {"x": ""}}}, "'a' has one label"),
    ({"a": {"type": "choice", "instructions": "?", "criteria": {"x": 1, " ": 2}}}, "'a': a label"),
    ({"a": {"type": "score", "instructions": "?", "criteria": ["x"]}}, "'a': \"criteria\""),
    ({"ok": YES_NO, "b": {"type": "score", "instructions": "?"}}, "'b': \"criteria\""),
    (f'{{"a": {json.dumps(YES_NO)}, "a": {json.dumps(YES_NO)}}}', "'a' stands twice"),
    ('{"a": {"type": "noul", "instructions": "\\ud83d"}}', "half a character"),
]


@needs_decisions
@for_every(("content", "complaint"), FILES)
def test_a_file_without_proper_questions_is_named_with_the_question_and_what_is_wrong(
    tmp_path: Path, content: Any, complaint: str
) -> None:
    questions = written(tmp_path, content, name="questions.json")
    said = refused("decide", STATE, "--questions", questions)
    assert said.startswith(f"vs: --questions: {questions}")
    assert complaint in said


STATES: list[tuple[tuple[Any, ...], str]] = [
    ((), "holds nothing to judge"),
    (({"state": ""},), "line 1"),
    (({"text": "x"}, {"prompt": "y"}), "line 2"),
    (({"text": "x", "state": "y"},), "line 1"),
    (({"state": 7},), "line 1"),
    (({"text": "x"}, "plain"), "line 2"),
    (("plain", {"text": "x"}), "line 2 of"),
    (({"text": "x", "label": "sales"},), "'sales' is none of the labels of 'answer': 'billing'"),
    (({"text": "x", "labels": {"team": "billing"}},), "'team', which is no question here"),
    (('{"text": "\\ud83d"}',), "half a character"),
]


@needs_decisions
@for_every(("rows", "complaint"), STATES)
def test_a_line_that_cannot_be_judged_is_named(
    tmp_path: Path, rows: tuple[Any, ...], complaint: str
) -> None:
    states = written(tmp_path, *rows)
    assert complaint in refused("decide", "--states", states, *TEAMS)


@needs_decisions
def test_a_label_field_is_refused_where_there_are_no_fields(tmp_path: Path) -> None:
    states = written(tmp_path, "plain")
    said = refused("decide", "--states", states, *TEAMS, "--label-field", "intent")
    assert "has no fields" in said


@needs_decisions
def test_one_label_for_several_questions_is_refused(tmp_path: Path) -> None:
    questions = written(tmp_path, {"late": YES_NO, "rude": YES_NO}, name="questions.json")
    states = written(tmp_path, {"text": "x", "label": "yes"})
    said = refused("decide", "--states", states, "--questions", questions)
    assert 'give an object of their ids, such as {"late": "yes"}' in said


CALIBRATIONS: list[tuple[list[str], str]] = [
    (["questions.json"], "questions.json is no calibration"),
    (["states.jsonl"], "states.jsonl is no JSON"),
    (["nowhere", "nowhere"], "two for all questions"),
    (["late=nowhere"], "nowhere: No such file"),
    (["lat=nowhere"], "ids that may stand before = are late"),
]


@needs_decisions
@for_every(("files", "complaint"), CALIBRATIONS)
def test_what_is_no_calibration_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[str], complaint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, {"late": YES_NO}, name="questions.json")
    written(tmp_path, "plain")
    options = [part for file in files for part in ("--calibration", file)]
    assert complaint in refused("decide", STATE, "--questions", "questions.json", *options)
