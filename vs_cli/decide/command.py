"""`vs decide`: a probability for each label of a question."""

from __future__ import annotations

import argparse
import json
from importlib.util import find_spec

from vs_cli.decide.calibrations import doubts, read_calibrations
from vs_cli.decide.judge import Judge
from vs_cli.decide.many import decide_many
from vs_cli.decide.question_file import read_questions
from vs_cli.decide.questions import Questions, question_in
from vs_cli.decide.show import show_outcome
from vs_cli.decide.states import State, states_in
from vs_cli.errors import MisuseError
from vs_cli.models import ChosenModel
from vs_cli.reading import STANDARD_INPUT
from vs_cli.terminal import Terminal
from vs_cli.waiting import waiting_for
from vs_core.simulation import SIMULATION_NOTICE


def decide(asked: argparse.Namespace) -> bool:
    """Run `vs decide`.

    Args:
        asked: The command line.

    Returns:
        Whether the one state that was judged is to be handed over.

    Raises:
        MisuseError: Something was asked that cannot be done.
        pydantic.ValidationError: A setting is out of range.
        FailureError: A model call failed, or a reply has no answer; with `--states`, what came of
            the other states has been printed.
        VSError: The model refused, or called a tool.
    """
    _require_sense(asked)
    questions = _questions(asked)
    states = states_in(asked, questions)
    calibrations = read_calibrations(asked.calibration, questions)
    judge = Judge(asked, ChosenModel.of(asked), questions, calibrations)
    errors = Terminal(stderr=True)
    if judge.model is None:
        errors.say(SIMULATION_NOTICE)
    for doubt in doubts(calibrations, questions):
        errors.say(f"note: {doubt}")
    if asked.states is None:
        return _decide_one(asked, judge, states[0], errors)
    decide_many(asked, judge, states, errors)
    return False


def _require_sense(asked: argparse.Namespace) -> None:
    if find_spec("langchain_core.decisions") is None:
        raise MisuseError(
            "vs decide needs langchain-core 1.8 or newer, and that needs Python 3.11 or newer. "
            "Run:\n    pip install --upgrade 'langchain-core>=1.8'"
        )
    if asked.seed is not None and asked.model is not None:
        raise MisuseError(
            "--seed is for the simulation, and makes no answer of --model repeatable: leave it out"
        )
    if [asked.state, asked.states, asked.questions].count(STANDARD_INPUT) > 1:
        raise MisuseError("standard input can be read once: give - to one option only")


def _questions(asked: argparse.Namespace) -> Questions:
    if asked.questions is None:
        return Questions((question_in(asked),))
    given = {
        "--question": asked.question,
        "--choices": asked.labels,
        "--yes-no": asked.yes_no,
        "--levels": asked.levels,
    }
    both = next((option for option, value in given.items() if value is not None), None)
    if both is not None:
        raise MisuseError(f"{both} makes a question, and --questions has them all: give one")
    return read_questions(asked.questions)


def _decide_one(asked: argparse.Namespace, judge: Judge, state: State, errors: Terminal) -> bool:
    with waiting_for(judge.model, errors):
        outcome = judge.decide(state)
    terminal = Terminal()
    if asked.json:
        record = outcome.record(have_ids=judge.questions.have_ids, model=judge.model)
        terminal.print_document(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        # Written at once, so that `| head` has all of it before it ends.
        with terminal:
            show_outcome(terminal, outcome, judge.model)
    return outcome.is_handed_over
