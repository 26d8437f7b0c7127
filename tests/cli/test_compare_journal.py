"""What an interrupted run leaves, and what the next one makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios import xml
from vs_cli.compare.journal import Journal
from vs_cli.errors import MisuseError
from vs_core import parse_reply
from vs_core.adapters.comparison import plan
from vs_core.comparison import ComparisonSettings, ExchangeRecord

SETTINGS = ComparisonSettings(prompts="Why? \u2028 è", methods=("standard",), n=6, k=2)
RECORDS = tuple(
    ExchangeRecord.of(exchange, parse_reply(xml(f"a{exchange.number}", "line\nbreak è")))
    for exchange in plan(SETTINGS)
)


def journal(folder: Path, model: str | None = "openai:a", seed: int | None = None) -> Journal:
    return Journal(folder, model=model, seed=seed)


def write(folder: Path, *records: ExchangeRecord) -> Path:
    kept = journal(folder)
    with kept.appending() as write_record:
        for record in records:
            write_record(record)
    return kept.path


def test_a_new_folder_has_no_records(tmp_path: Path) -> None:
    assert journal(tmp_path).records == ()


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    write(tmp_path, *RECORDS)
    assert journal(tmp_path).records == RECORDS


def test_later_runs_append(tmp_path: Path) -> None:
    for record in RECORDS:
        write(tmp_path, record)
    assert journal(tmp_path).records == RECORDS


def test_a_record_is_in_the_file_at_once(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    with kept.appending() as write_record:
        write_record(RECORDS[0])
        assert journal(tmp_path).records == RECORDS[:1]


@pytest.mark.parametrize("lost", [1, 2, 5, 40])
def test_a_line_cut_off_costs_that_record_only(tmp_path: Path, lost: int) -> None:
    path = write(tmp_path, *RECORDS[:2])
    path.write_bytes(path.read_bytes()[:-lost])
    write(tmp_path, RECORDS[2])
    survivors = RECORDS[:2] if lost == 1 else RECORDS[:1]
    assert journal(tmp_path).records == (*survivors, RECORDS[2])


def test_a_line_cut_off_within_a_character_is_read_over(tmp_path: Path) -> None:
    path = write(tmp_path, *RECORDS[:2])
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex("è".encode()) + 1])
    assert journal(tmp_path).records == RECORDS[:1]


def test_a_first_line_cut_off_is_no_obstacle(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_bytes(path.read_bytes()[:10])
    write(tmp_path, RECORDS[0])
    assert journal(tmp_path).records == RECORDS[:1]


def test_the_journal_of_another_model_is_refused_by_name(tmp_path: Path) -> None:
    write(tmp_path, *RECORDS)
    with pytest.raises(MisuseError, match=r"openai:a.*openai:b.*another --out"):
        journal(tmp_path, "openai:b")


def test_a_simulation_does_not_go_on_where_a_model_stopped(tmp_path: Path) -> None:
    write(tmp_path, *RECORDS)
    with pytest.raises(MisuseError, match="the simulated model"):
        journal(tmp_path, None)


def test_the_seed_of_a_simulation_must_be_the_same(tmp_path: Path) -> None:
    with journal(tmp_path, None, seed=1).appending():
        pass
    with pytest.raises(MisuseError, match=r"seed 1.*seed 2"):
        journal(tmp_path, None, seed=2)


def test_the_seed_makes_no_difference_to_a_real_model(tmp_path: Path) -> None:
    write(tmp_path, *RECORDS)
    assert journal(tmp_path, seed=5).records == RECORDS


@pytest.mark.parametrize("text", ["[1, 2]\n", '{"prompt": "a"}\n'], ids=repr)
def test_a_file_that_is_no_journal_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "journal.jsonl").write_text(text)
    with pytest.raises(MisuseError, match="no journal of vs compare"):
        journal(tmp_path)


def test_a_record_of_another_version_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text() + '{"something": "else"}\n')
    with pytest.raises(MisuseError, match="no record of this version"):
        journal(tmp_path)


def spoilt(folder: Path, *pieces: str) -> None:
    """What runs that wrote at the same time may have left."""
    (folder / "journal.jsonl").write_text("".join(pieces), encoding="utf-8")


HEAD = '{"format": 1, "model": "openai:a", "seed": null}\n'
FIRST, SECOND, THIRD = (record.model_dump_json() + "\n" for record in RECORDS)


@pytest.mark.parametrize(
    "pieces",
    [
        (HEAD, HEAD, FIRST, SECOND, THIRD),
        (HEAD, FIRST, HEAD, SECOND, HEAD, THIRD),
        (FIRST, HEAD, SECOND, THIRD),
        (HEAD[:20], HEAD, FIRST, SECOND[:50], SECOND, THIRD),
        (HEAD, FIRST[:30], HEAD, FIRST, SECOND, THIRD),
        (HEAD.strip(), FIRST, SECOND.strip(), THIRD),
        (HEAD, FIRST, SECOND[:60] + THIRD, "17\n", '"text"\n', SECOND),
        (HEAD, FIRST, "\0" * 40, "\n", SECOND, THIRD),
    ],
)
def test_in_a_folder_that_two_runs_spoilt_what_is_whole_is_used(
    tmp_path: Path, pieces: tuple[str, ...]
) -> None:
    spoilt(tmp_path, *pieces)
    found = journal(tmp_path).records
    assert sorted(found, key=lambda record: record.number) == list(RECORDS)


def test_the_head_of_another_run_is_refused_in_the_middle_too(tmp_path: Path) -> None:
    spoilt(tmp_path, HEAD, FIRST, HEAD.replace("openai:a", "openai:b"), SECOND)
    with pytest.raises(MisuseError, match=r"model openai:b.*model openai:a"):
        journal(tmp_path)


def test_settings_that_an_older_version_did_not_write_were_left_to_the_provider(
    tmp_path: Path,
) -> None:
    spoilt(tmp_path, HEAD, FIRST)
    kept = Journal(tmp_path, model="openai:a", seed=None, options={})
    assert kept.records == RECORDS[:1]
    with pytest.raises(MisuseError, match=r"no temperature.*temperature 0\.5"):
        Journal(tmp_path, model="openai:a", seed=None, options={"temperature": 0.5})
