"""`vs decide --states`: many states, as lines of JSON or as one table."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence

from vs_cli.decide.deciding import decide_each
from vs_cli.decide.judge import Judge
from vs_cli.decide.outcome import Outcome
from vs_cli.decide.states import State
from vs_cli.decide.table import show_outcomes
from vs_cli.decide.tally import Tally
from vs_cli.errors import FailureError
from vs_cli.progress import showing_progress
from vs_cli.terminal import Terminal, written


def decide_many(
    asked: argparse.Namespace, judge: Judge, states: Sequence[State], errors: Terminal
) -> None:
    """Judge states side by side, and print what comes of each in their order.

    Args:
        asked: The command line.
        judge: Who judges.
        states: What to judge.
        errors: Where to show how far it is.

    Raises:
        FailureError: A state got no answer; what came of the others has been printed.
        KeyboardInterrupt: With a message that says how far it came.
    """
    tally = Tally(asked.threshold)
    printing = _Lines(judge, errors) if asked.json else _Table(judge)

    def take(outcome: Outcome) -> None:
        tally.count(outcome)
        printing.take(outcome)

    try:
        with showing_progress(errors, len(states), things="states") as advance:
            asyncio.run(
                decide_each(
                    states,
                    judge.attempt,
                    concurrency=asked.concurrency,
                    take=take,
                    on_end=advance,
                )
            )
    except KeyboardInterrupt as interrupt:
        printing.end(tally)
        raise KeyboardInterrupt(
            f"interrupted; what came of the first {tally.taken} of {len(states)} states is printed"
        ) from interrupt
    except FailureError:
        printing.end(tally)
        raise
    printing.end(tally)
    if tally.failed:
        raise FailureError(
            f"{tally.failed} of {len(states)} states got no answer, the first because: "
            f"{tally.first_error}"
        )


class _Lines:
    """Prints each outcome as a line of JSON, and tells on standard error what they add up to."""

    def __init__(self, judge: Judge, errors: Terminal) -> None:
        self._judge = judge
        self._errors = errors
        self._output = Terminal()

    def take(self, outcome: Outcome) -> None:
        judge = self._judge
        record = outcome.record(have_ids=judge.questions.have_ids, model=judge.model)
        self._output.print_document(json.dumps(record, ensure_ascii=False))

    def end(self, tally: Tally) -> None:
        judge = self._judge
        for line in tally.lines(judge.model, have_ids=judge.questions.have_ids):
            self._errors.say(line)


class _Table:
    """Prints all outcomes at the end, and below them what they add up to."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._outcomes: list[Outcome] = []

    def take(self, outcome: Outcome) -> None:
        self._outcomes.append(outcome)

    def end(self, tally: Tally) -> None:
        judge = self._judge
        if not tally.answered:
            return
        # Written at once, so that `| head` has all of it before it ends.
        with Terminal() as output:
            show_outcomes(output, self._outcomes, have_ids=judge.questions.have_ids)
            for line in tally.lines(judge.model, have_ids=judge.questions.have_ids):
                output.print(written(line, output), overflow="fold")
