"""What `vs compare` asks to be the same for all that is in one journal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.scenarios import xml
from vs_cli.compare.journal import journal_in
from vs_core import JournalError, parse_reply
from vs_core.adapters.comparison import plan
from vs_core.adapters.journal import Journal
from vs_core.comparison import ComparisonSettings, ExchangeRecord

SETTINGS = ComparisonSettings(prompts="Why?", methods=("standard",), n=6, k=2)
RECORDS = tuple(
    ExchangeRecord.of(exchange, parse_reply(xml(f"a{exchange.number}", "b")))
    for exchange in plan(SETTINGS)
)


def journal(
    folder: Path, model: str | None = "openai:a", seed: int | None = None, **options: Any
) -> Journal[ExchangeRecord]:
    return journal_in(folder, model=model, seed=seed, options=options)


def written(folder: Path, model: str | None = "openai:a", seed: int | None = None) -> Path:
    kept = journal(folder, model, seed)
    with kept.appending() as write:
        for record in RECORDS:
            write(record)
    return kept.path


def test_the_file_begins_with_who_answered_and_goes_on_with_exchanges(tmp_path: Path) -> None:
    lines = written(tmp_path).read_text().splitlines()
    assert lines == [
        '{"format": 1, "model": "openai:a", "seed": null}',
        *(record.model_dump_json() for record in RECORDS),
    ]


def test_the_journal_of_another_model_is_refused_by_name(tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(JournalError, match=r"openai:a.*openai:b.*another --out"):
        journal(tmp_path, "openai:b")


def test_a_simulation_does_not_go_on_where_a_model_stopped(tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(JournalError, match="the simulated model"):
        journal(tmp_path, None)


def test_the_seed_of_a_simulation_must_be_the_same(tmp_path: Path) -> None:
    written(tmp_path, None, seed=1)
    with pytest.raises(JournalError, match=r"seed 1.*seed 2"):
        journal(tmp_path, None, seed=2)


def test_the_seed_makes_no_difference_to_a_real_model(tmp_path: Path) -> None:
    written(tmp_path)
    assert tuple(journal(tmp_path, seed=5).records()) == RECORDS


def test_settings_that_an_older_version_did_not_write_were_left_to_the_provider(
    tmp_path: Path,
) -> None:
    written(tmp_path)
    assert tuple(journal(tmp_path).records()) == RECORDS
    with pytest.raises(JournalError, match=r"no temperature.*temperature 0\.5"):
        journal(tmp_path, temperature=0.5)


def test_another_file_of_that_name_is_no_journal_of_vs_compare(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text('{"prompt": "a"}\n')
    with pytest.raises(JournalError, match="no journal of vs compare; use another --out, or"):
        journal(tmp_path)
