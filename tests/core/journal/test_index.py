"""The records of one prompt, read where they stand."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.journal.records import Answered, journal, record, write


@given(prompts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), max_size=8))
def test_a_prompt_has_its_records_in_the_order_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, prompts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("index")
    records = [record(number, prompt) for number, prompt in enumerate(prompts)]
    write(folder, *records)
    index = journal(folder).index_by_prompt()
    for prompt in {*prompts, "of none"}:
        assert list(index.of(prompt)) == [each for each in records if each.prompt == prompt]


def test_prompts_of_one_hash_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vs_core.journal.index.hash", lambda _: 1, raising=False)
    records = [record(0, "a"), record(1, "b"), record(2, "a")]
    write(tmp_path, *records)
    assert list(journal(tmp_path).index_by_prompt().of("a")) == [records[0], records[2]]


def test_what_is_appended_later_is_not_in_the_index(tmp_path: Path) -> None:
    write(tmp_path, record(0))
    index = journal(tmp_path).index_by_prompt()
    write(tmp_path, record(1))
    assert [each.number for each in index.of(record(0).prompt)] == [0]


def test_records_that_another_program_wrote_again_are_found(tmp_path: Path) -> None:
    path = write(tmp_path)
    with path.open("a") as file:
        file.write('{"number": 3, "prompt": "Why?"}\n{"prompt": "Why?", "number": 4}\n')
    assert [each.number for each in journal(tmp_path).index_by_prompt().of("Why?")] == [3, 4]


def test_no_file_has_no_records(tmp_path: Path) -> None:
    assert list(journal(tmp_path).index_by_prompt().of("Why?")) == []


def test_an_index_keeps_no_records(tmp_path: Path) -> None:
    number = 2_000
    kept = journal(tmp_path)
    long = "word " * 200
    with kept.appending() as write_record:
        for at in range(number):
            write_record(Answered(prompt=f"{at} {long}", error="TimeoutError: 60 s", number=at))
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        index = kept.index_by_prompt()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [each.number for each in index.of(f"7 {long}")] == [7]
    assert (after - before) / number < 250
