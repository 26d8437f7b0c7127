"""What is still to be asked, and what an experiment makes of what comes back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.core.comparison.exchanges import (
    COIN,
    DIE,
    INPUT_TOKENS,
    answer,
    compared,
    numbered,
    settings_of,
)
from vs_core import Candidate, NoCandidatesError, VerbalizedDistribution
from vs_core.adapters.comparison import Experiment
from vs_core.comparison import ComparisonSettings, ExchangeRecord, read_journal
from vs_core.exchange.record import NOT_VERBALIZED

REFUSAL = "I'd rather not say."
UNREAD: VerbalizedDistribution[str] = VerbalizedDistribution.of(
    [Candidate(value=REFUSAL, repairs=(NOT_VERBALIZED,))], answer().trace
)


def _records(settings: ComparisonSettings) -> tuple[ExchangeRecord, ...]:
    experiment = Experiment(settings)
    for exchange in experiment.pending:
        experiment.take(exchange, numbered(exchange))
    return experiment.records


def _asked_again(settings: ComparisonSettings, **changes: Any) -> list[tuple[str, str, int]]:
    changed = ComparisonSettings(**{**settings.model_dump(), **changes})
    return [e.key for e in Experiment(changed, finished=_records(settings)).pending]


def test_an_exchange_that_ended_is_no_longer_pending() -> None:
    experiment = Experiment(settings_of(methods=["standard"], n=10))
    first, second = experiment.pending
    experiment.take(first, RuntimeError("quota"))
    assert experiment.pending == (second,)
    assert (experiment.finished, experiment.planned) == (1, 2)


def test_finished_exchanges_are_not_asked_again() -> None:
    assert _asked_again(settings_of([COIN, DIE], n=7)) == []


def test_finished_exchanges_read_from_a_journal_give_an_equal_comparison() -> None:
    settings = settings_of([COIN, DIE], n=7)
    lines = [record.model_dump_json() for record in _records(settings)]
    resumed = Experiment(settings, finished=read_journal(lines))
    assert resumed.comparison() == compared(settings)


def test_an_error_advises_what_was_not_done_yet() -> None:
    cut = UNREAD.model_copy(update={"trace": answer(truncated=True).trace})
    for shape, said in ((None, "; or structured_output="), ("json_schema", ". More is told")):
        settings = settings_of(methods=["standard"], n=2, k=2, structured_output=shape)
        experiment = Experiment(settings)
        record = experiment.take(experiment.pending[0], cut)
        assert f"(max_tokens), as the reply was cut off{said}" in str(record.error)


def test_a_comparison_knows_the_days_on_which_it_was_asked() -> None:
    experiment = Experiment(settings_of(methods=["direct"], n=3))
    new_year = date(2026, 1, 1)
    for exchange, day in zip(experiment.pending, [new_year, date(2025, 12, 31), None], strict=True):
        experiment.take(exchange, numbered(exchange), day=day)
    assert experiment.comparison().days == (date(2025, 12, 31), new_year)
    lines = [record.model_dump_json() for record in experiment.records]
    resumed = Experiment(experiment.settings, finished=read_journal(lines))
    assert resumed.comparison() == experiment.comparison()


def test_a_larger_budget_asks_for_the_rest_only() -> None:
    settings = settings_of(methods=["direct", "standard"], n=10)
    assert _asked_again(settings, n=15) == [
        *((COIN, "direct", number) for number in range(10, 15)),
        (COIN, "standard", 2),
    ]


def test_another_prompt_or_method_asks_for_what_is_new_only() -> None:
    settings = settings_of(methods=["standard"], n=5)
    changes: dict[str, Any] = {"prompts": (COIN, DIE), "methods": ("standard", "cot")}
    assert _asked_again(settings, **changes) == [
        (COIN, "cot", 0),
        (DIE, "standard", 0),
        (DIE, "cot", 0),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"k": 4},
        {"max_probability": 0.1},
        {"definition": "nll"},
        {"layout": "json"},
        {"words": 9},
        {"instructions": "Be brief."},
        {"structured_output": "function_calling"},
        {"placement": "user"},
        {"max_topups": 0},
        {"max_reasks": 0},
    ],
    ids=str,
)
def test_what_was_asked_otherwise_is_asked_again(changes: dict[str, Any]) -> None:
    assert _asked_again(settings_of(methods=["standard"], n=5), **changes)


@pytest.mark.parametrize(
    "changes",
    [{"seed": 3}, {"metrics": ("rouge_l",)}, {"reference": {COIN: {"a": 1}}}, {"model": "m"}],
    ids=str,
)
def test_what_only_the_evaluation_needs_may_change(changes: dict[str, Any]) -> None:
    assert _asked_again(settings_of(methods=["standard"], n=5), **changes) == []


def test_a_setting_that_means_nothing_to_a_method_may_change() -> None:
    settings = settings_of(methods=["direct", "sequence"], n=5)
    assert _asked_again(settings, max_probability=0.1, definition="nll") == []


def test_what_failed_is_asked_again_in_the_next_run() -> None:
    settings = settings_of(methods=["standard"], n=10)
    earlier = Experiment(settings)
    first, second = earlier.pending
    earlier.take(first, RuntimeError("quota"))
    earlier.take(second, numbered(second))
    assert Experiment(settings, finished=earlier.records).pending == (first,)


def test_the_last_of_several_records_counts() -> None:
    settings = settings_of(methods=["standard"], n=5)
    [exchange] = Experiment(settings).pending
    journal = [
        ExchangeRecord.of(exchange, error=RuntimeError("quota")),
        ExchangeRecord.of(exchange, answer("heads")),
        ExchangeRecord.of(exchange, answer("tails")),
    ]
    resumed = Experiment(settings, finished=journal)
    assert resumed.comparison().results[0].texts == ("tails",)


def test_a_reply_that_could_not_be_read_is_a_failure_that_keeps_reply_and_cost() -> None:
    experiment = Experiment(settings_of(methods=["standard"], n=5))
    record = experiment.take(experiment.pending[0], UNREAD)
    [result] = experiment.comparison().results
    assert record.distribution is not None
    assert record.distribution.texts == [REFUSAL]
    assert (result.texts, result.cost.input_tokens) == ((), INPUT_TOKENS)
    assert "NoCandidatesError" in result.failures[0]


def test_an_answer_without_a_candidate_is_a_failure() -> None:
    experiment = Experiment(settings_of(methods=["standard"], n=5))
    record = experiment.take(experiment.pending[0], answer())
    assert record.error is not None
    assert experiment.comparison().results[0].cost.input_tokens == INPUT_TOKENS


def test_without_a_single_response_the_first_error_is_raised() -> None:
    experiment = Experiment(settings_of(methods=["standard"], n=10))
    errors = [RuntimeError("first"), RuntimeError("second")]
    for exchange, error in zip(experiment.pending, errors, strict=True):
        experiment.take(exchange, error)
    with pytest.raises(RuntimeError, match="first"):
        experiment.require_responses()


def test_replies_that_could_not_be_read_raise_an_error_that_carries_the_first() -> None:
    experiment = Experiment(settings_of(methods=["standard"], n=5))
    experiment.take(experiment.pending[0], UNREAD)
    with pytest.raises(NoCandidatesError) as caught:
        experiment.require_responses()
    assert caught.value.reply == REFUSAL


def test_one_response_is_enough_to_go_on() -> None:
    experiment = Experiment(settings_of(methods=["standard"], n=10))
    first, second = experiment.pending
    experiment.take(first, RuntimeError("quota"))
    experiment.take(second, answer("heads"))
    experiment.require_responses()


def test_an_experiment_that_has_not_begun_has_a_comparison() -> None:
    comparison = Experiment(settings_of(n=5)).comparison()
    assert (comparison.finished, comparison.planned, comparison.complete) == (0, 7, False)


@pytest.mark.parametrize(
    ("settings", "embeddings", "complaint"),
    [
        ({"metrics": ["novelty"]}, None, "there is no metric 'novelty'"),
        ({"metrics": ["vendi_score"]}, None, "needs embeddings"),
        ({"metrics": ["coverage_n"]}, None, "needs reference"),
        ({}, "text-embedding-3-small", "embeds nothing"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_anything_is_asked(
    settings: dict[str, Any], embeddings: Any, complaint: str
) -> None:
    with pytest.raises((ValueError, TypeError), match=complaint):
        Experiment(settings_of(**settings), embeddings=embeddings)
