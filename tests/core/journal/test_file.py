"""What an interrupted run leaves, and what the next one makes of it."""

from __future__ import annotations

import json
import resource
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.journal.records import HEAD, RECORDS, Answered, found, journal, record, write
from tests.every import for_every
from vs_core import JournalError, NotWrittenError
from vs_core.adapters.journal import JOURNAL, Journal


def test_a_new_folder_has_no_records(tmp_path: Path) -> None:
    assert found(tmp_path) == ()


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    write(tmp_path, *RECORDS)
    assert found(tmp_path) == RECORDS


def test_later_runs_append_below_one_head(tmp_path: Path) -> None:
    for each in RECORDS:
        path = write(tmp_path, each)
    assert found(tmp_path) == RECORDS
    assert len(path.read_text(encoding="utf-8").splitlines()) == 1 + len(RECORDS)


def test_a_journal_that_is_opened_twice_has_one_head(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    for each in RECORDS:
        with kept.appending() as write_record:
            write_record(each)
    assert kept.path.read_bytes().count(b'"format"') == 1


def test_a_record_is_in_the_file_at_once(tmp_path: Path) -> None:
    with journal(tmp_path).appending() as write_record:
        write_record(RECORDS[0])
        assert found(tmp_path) == RECORDS[:1]


def test_only_what_did_not_fail_counts_as_written(tmp_path: Path) -> None:
    kept = journal(tmp_path)
    with kept.appending() as write_record:
        write_record(RECORDS[0])
        write_record(Answered(prompt="Why?", error="TimeoutError: 60 s", number=1))
    assert kept.written == 1


@given(lost=st.integers(min_value=1))
def test_a_file_cut_off_anywhere_costs_the_records_that_were_cut(
    tmp_path_factory: pytest.TempPathFactory, lost: int
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    path = write(folder, *RECORDS[:2])
    whole = path.read_bytes()
    left = len(whole) - lost % len(whole)
    path.write_bytes(whole[:left])
    write(folder, RECORDS[2])
    # A record is whole without the end of its line.
    ends = [at for at in range(len(whole)) if whole[at : at + 1] == b"\n"][1:]
    assert found(folder) == (*RECORDS[: sum(end <= left for end in ends)], RECORDS[2])


def test_a_line_cut_off_within_a_character_is_read_over(tmp_path: Path) -> None:
    path = write(tmp_path, *RECORDS[:2])
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex("è".encode()) + 1])
    assert found(tmp_path) == RECORDS[:1]


@for_every(
    ("settings", "told"),
    [
        ({"model": "openai:b"}, r"model openai:a, and this run has model openai:b; use another ro"),
        ({"model": None}, r"model openai:a, and this run has the simulated model"),
        ({"seed": 2}, r"no seed, and this run has seed 2"),
        ({"asked": {"k": 5}}, r"no asked.k, and this run has asked.k 5"),
    ],
)
def test_the_journal_of_another_run_is_refused_by_the_difference(
    settings: dict[str, Any], told: str, tmp_path: Path
) -> None:
    write(tmp_path, *RECORDS)
    with pytest.raises(JournalError, match=told):
        journal(tmp_path, **settings)


def test_of_settings_that_consist_of_several_the_one_that_differs_is_named(tmp_path: Path) -> None:
    with journal(tmp_path, asked={"k": 5, "layout": "xml"}).appending():
        pass
    with pytest.raises(JournalError, match=r"written with asked.k 5, and this run has asked.k 20;"):
        journal(tmp_path, asked={"k": 20, "layout": "xml"})


def test_what_a_head_says_by_none_it_may_leave_out(tmp_path: Path) -> None:
    write(tmp_path, *RECORDS)
    kept = journal(tmp_path, temperature=None, asked={"k": None})
    assert tuple(kept.records()) == RECORDS


def test_a_head_is_compared_as_json_has_it(tmp_path: Path) -> None:
    for _ in range(2):
        with journal(tmp_path, methods=("cot", "multi")).appending():
            pass
    assert found_with(tmp_path, methods=["cot", "multi"]) == ()


def found_with(folder: Path, **settings: Any) -> tuple[Answered, ...]:
    return tuple(journal(folder, **settings).records())


@for_every("text", ["[1, 2]\n", '{"prompt": "a"}\n', "17\n"])
def test_a_file_that_is_no_journal_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_text(text)
    with pytest.raises(JournalError, match="is no journal of vs test; use another room, or delete"):
        journal(tmp_path)


@for_every(("first", "second"), [(None, "data set"), ("data set", None), ("data set", "other")])
def test_a_journal_of_another_kind_is_no_journal_here(
    first: str | None, second: str | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("kind")
    with journal(folder, kind=first).appending():
        pass
    assert found_with(folder, kind=first) == ()
    with pytest.raises(JournalError, match="is no journal of vs test; use another room"):
        journal(folder, kind=second, model="openai:b")


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).mkdir()
    with pytest.raises(JournalError, match="Is a directory"):
        journal(tmp_path)


def test_a_record_of_another_version_is_refused_when_it_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, *RECORDS)
    path.write_text(path.read_text(encoding="utf-8") + '{"something": "else"}\n', encoding="utf-8")
    with pytest.raises(JournalError, match="no record of this version of vs: prompt: Field requ"):
        found(tmp_path)
    with pytest.raises(JournalError, match="no record of this version"):
        journal(tmp_path).index_by_prompt()


def test_a_head_of_another_version_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, *RECORDS)
    path.write_bytes(path.read_bytes().replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(JournalError, match="written with format 2, and this run has format 1"):
        journal(tmp_path)


def test_secrets_stand_neither_in_the_head_nor_in_a_record(tmp_path: Path) -> None:
    def hidden() -> Journal[Answered]:
        head = {"model": "openai:a", "base_url": "http://hunter22@host"}
        return Journal(
            tmp_path / JOURNAL,
            Answered,
            head=head,
            name="vs test",
            hide=lambda text: text.replace("hunter22", "***"),
        )

    with hidden().appending() as write_record:
        write_record(Answered(prompt="Why?", error="bad key hunter22", number=0))
    assert "hunter22" not in (tmp_path / JOURNAL).read_text()
    assert [each.error for each in hidden().records()] == ["bad key ***"]


def test_an_object_within_an_answer_is_taken_for_no_head_and_for_no_record(tmp_path: Path) -> None:
    typed = json.loads(record(0).model_dump_json())
    [first, *_] = typed["distribution"]["candidates"]
    first["value"] = {"format": 7, "inner": {"prompt": "p", "number": 1}}
    kept = Answered.model_validate(typed)
    path = write(tmp_path, kept)
    assert found(tmp_path) == (kept,)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(typed) + "\n")
    assert found(tmp_path) == (kept, kept)
    # Two of them on one line, and what was cut of a third.
    line = path.read_text(encoding="utf-8").splitlines()[1]
    path.write_text(
        json.dumps({"format": 1, **HEAD}) + "\n" + line + line + line[:40], encoding="utf-8"
    )
    assert found(tmp_path) == (kept, kept)


def test_a_file_that_cannot_grow_is_named_and_keeps_what_it_has(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept = journal(tmp_path)
    with kept.appending() as write_record:
        write_record(RECORDS[0])
        resource.setrlimit(resource.RLIMIT_FSIZE, (kept.path.stat().st_size + 100, hard))
        try:
            with pytest.raises(NotWrittenError, match=rf"{JOURNAL}: File too large"):
                write_record(RECORDS[1])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert kept.written == 1
        write_record(RECORDS[2])
    assert found(tmp_path) == (RECORDS[0], RECORDS[2])


def test_a_journal_is_read_as_a_stream(tmp_path: Path) -> None:
    path = write(tmp_path, RECORDS[0])
    with path.open("a", encoding="utf-8") as file:
        file.write('{"something": "else"}\n')
    reading = journal(tmp_path).records()
    # What comes later is not looked at before it is asked for.
    assert next(reading) == RECORDS[0]
    with pytest.raises(JournalError, match="no record of this version"):
        next(reading)
