"""Outcomes written as JSON lines, and read back."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.core.comparison.exchanges import COIN, answer, settings_of
from vs_core import Candidate, VerbalizedDistribution
from vs_core.adapters.comparison import Experiment, Outcome, plan
from vs_core.comparison import ExchangeRecord, read_journal

[FIRST, SECOND] = plan(settings_of(methods=["cot"], n=4, k=2))

OUTCOMES: dict[str, Outcome] = {
    "probabilities": answer("heads", "tails", stated=[0.3, 0.1]),
    "no probabilities": answer("heads", "tails"),
    "more than was asked for": answer("heads", "tails", "the edge"),
    "a text of several lines": answer("heads\nor\u2028tails", '{"a": "b"}'),
    "half a character": answer("cut \ud83d"),
    "an error": RuntimeError("quota\nexceeded \udc00"),
    "nothing": VerbalizedDistribution(),
}


def _taken(outcome: Outcome) -> ExchangeRecord:
    return Experiment(settings_of(methods=["cot"], n=4, k=2)).take(FIRST, outcome)


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_record_survives_json_exactly(name: str) -> None:
    record = _taken(OUTCOMES[name])
    assert ExchangeRecord.model_validate_json(record.model_dump_json()) == record


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_record_is_one_line_of_valid_unicode(name: str) -> None:
    line = _taken(OUTCOMES[name]).model_dump_json()
    assert "\n" not in line
    assert line.encode().decode() == line


def test_a_journal_is_read_in_order() -> None:
    records = [ExchangeRecord.of(e, answer("heads", "tails")) for e in (FIRST, SECOND)]
    lines = [record.model_dump_json() + "\n" for record in records]
    assert list(read_journal([lines[0], "\n", lines[1]])) == records


@pytest.mark.parametrize("cut", [1, 20, -2])
def test_what_a_killed_run_left_of_a_line_is_skipped(cut: int) -> None:
    whole = _taken(answer("heads", "tails")).model_dump_json()
    assert len(list(read_journal([whole, whole[:cut]]))) == 1


def test_of_lines_that_two_runs_wrote_into_each_other_the_whole_records_are_read() -> None:
    records = [ExchangeRecord.of(e, answer('heads {"prompt":', "tails")) for e in (FIRST, SECOND)]
    first, second = (record.model_dump_json() for record in records)
    assert list(read_journal([first[:40] + second, first + second])) == [records[1], *records]
    assert list(read_journal([first[:40] + second[:50], "17", '"tails"', "}"])) == []


def test_a_line_that_is_no_record_is_refused() -> None:
    with pytest.raises(ValidationError):
        list(read_journal(['{"prompt": "Flip a coin."}']))


def test_reasoning_and_what_was_written_are_kept() -> None:
    candidate: Candidate[str] = Candidate(
        value="heads",
        stated=0.5,
        raw_probability="50 %",
        reasoning="fair coin",
        repairs=("mended",),
    )
    record = _taken(VerbalizedDistribution.of([candidate]))
    assert record.distribution is not None
    [kept] = record.distribution
    assert (kept.raw_probability, kept.reasoning, kept.repairs) == (
        "50 %",
        "fair coin",
        ("mended",),
    )


def test_probabilities_are_normalised_within_the_exchange() -> None:
    record = _taken(answer("heads", "tails", stated=[0.3, 0.1]))
    assert record.probabilities == pytest.approx([0.75, 0.25])


def test_an_error_counts_as_one_call() -> None:
    assert _taken(RuntimeError("quota")).cost.calls == 1


def test_an_error_is_named() -> None:
    record = ExchangeRecord.of(FIRST, error=RuntimeError("quota"))
    assert (record.prompt, record.texts, record.error) == (COIN, [], "RuntimeError: quota")
