"""What a run goes on from, and what it asks for again."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.tuning.test_tuner import BEST_FIRST, FIVE
from tests.core.tuning.trials import records_of, run, settings_of, tuned
from vs_core import NoCandidatesError, RefusalError
from vs_core.adapters.comparison import Outcome
from vs_core.adapters.tuning import TrialExchange, Tuner
from vs_core.tuning import TrialRecord


def test_a_finished_tuning_is_not_asked_again() -> None:
    records = records_of(FIVE, BEST_FIRST)
    lines = [record.model_dump_json() for record in records]
    resumed = Tuner(FIVE, finished=map(TrialRecord.model_validate_json, lines))
    while not resumed.complete:
        assert resumed.pending == ()
        resumed.advance()
    assert resumed.tuning() == tuned(FIVE, BEST_FIRST)


@given(st.integers(0, 300))
@settings(max_examples=10)
def test_a_run_that_was_broken_off_anywhere_goes_on_to_the_same(finished: int) -> None:
    tried = settings_of(variants=[{"k": 10}, {"layout": "json"}])
    whole = records_of(tried, BEST_FIRST)
    asked: list[TrialExchange] = []

    def respond(exchange: TrialExchange) -> Outcome:
        asked.append(exchange)
        return BEST_FIRST(exchange)

    resumed = run(Tuner(tried, finished=whole[:finished]), respond)
    assert len(asked) == max(0, len(whole) - finished)
    assert resumed.tuning() == tuned(tried, BEST_FIRST)


def failing_once(*errors: Exception) -> Any:
    """Answers as `BEST_FIRST`, but for the first exchanges of the default in the final."""
    left = list(errors)

    def respond(exchange: TrialExchange) -> Outcome:
        if exchange.variant == "default" and left:
            return left.pop()
        return BEST_FIRST(exchange)

    return respond


def test_a_call_that_failed_is_made_again_where_the_run_was_broken_off() -> None:
    tried = settings_of()
    *records, last = records_of(tried, failing_once(TimeoutError("60 s")))
    again, missing = Tuner(tried, finished=records).pending
    assert again.variant == "default"
    assert missing.key == last.key


def test_a_tuning_that_ended_stays_as_it_is() -> None:
    tried = settings_of()
    records = records_of(tried, failing_once(TimeoutError("60 s")))
    assert Tuner(tried, finished=records).pending == ()


def test_a_run_in_which_every_call_failed_is_made_again() -> None:
    tried = settings_of()
    experiment = Tuner(tried)
    records = [experiment.take(e, TimeoutError("60 s")) for e in experiment.pending]
    assert len(Tuner(tried, finished=records).pending) == len(records)


def test_a_reply_that_cannot_be_used_counts_and_is_not_asked_for_again() -> None:
    tried = settings_of()
    errors = (NoCandidatesError("", reply="no"), RefusalError("I'd rather not"))
    records = records_of(tried, failing_once(*errors))
    assert Tuner(tried, finished=records).pending == ()


def test_a_closed_stage_is_not_reopened_for_a_call_that_failed() -> None:
    def respond(exchange: TrialExchange) -> Outcome:
        failed = exchange.stage == "halving 1" and (exchange.variant, exchange.number) == ("k=3", 0)
        return TimeoutError("60 s") if failed else BEST_FIRST(exchange)

    records = records_of(FIVE, respond)
    assert Tuner(FIVE, finished=records).pending == ()


def test_what_was_asked_otherwise_is_asked_again() -> None:
    records = records_of(settings_of(), BEST_FIRST)
    resumed = Tuner(settings_of(words=9), finished=records)
    assert len(resumed.pending) == resumed.planned


def test_a_record_of_the_halving_never_stands_for_one_of_the_final() -> None:
    tried = settings_of(variants=[{"k": 10}, {"k": 3}])
    halving = [r for r in records_of(tried, BEST_FIRST) if r.stage != "final"]
    resumed = Tuner(tried, finished=halving)
    resumed.advance()
    assert resumed.stage.name == "final"
    assert len(resumed.pending) == resumed.planned - len(halving)
