"""What can be read of a file that two runs wrote into at the same time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.journal.records import HEAD, RECORDS, found, journal
from tests.every import for_every
from vs_core import JournalError
from vs_core.adapters.journal import JOURNAL

BEGIN = json.dumps({"format": 1, **HEAD}) + "\n"
FIRST, SECOND, THIRD = (record.model_dump_json() + "\n" for record in RECORDS)
SPOILT = [
    (BEGIN, BEGIN, FIRST, SECOND, THIRD),
    (BEGIN, FIRST, BEGIN, SECOND, BEGIN, THIRD),
    (FIRST, BEGIN, SECOND, THIRD),
    (BEGIN[:20], BEGIN, FIRST, SECOND[:50], SECOND, THIRD),
    (BEGIN, FIRST[:30], BEGIN, FIRST, SECOND, THIRD),
    (BEGIN.strip(), FIRST, SECOND.strip(), THIRD),
    (BEGIN, FIRST, SECOND[:60] + THIRD, "17\n", '"text"\n', SECOND),
    (BEGIN, FIRST, "\0" * 40, "\n", SECOND, THIRD),
]


def spoilt(folder: Path, *pieces: str) -> None:
    (folder / JOURNAL).write_text("".join(pieces), encoding="utf-8")


@for_every("pieces", SPOILT)
def test_what_is_whole_is_used(pieces: tuple[str, ...], tmp_path: Path) -> None:
    spoilt(tmp_path, *pieces)
    assert sorted(found(tmp_path), key=lambda record: record.number) == list(RECORDS)


@for_every("pieces", SPOILT)
def test_the_index_finds_what_is_whole_once(pieces: tuple[str, ...], tmp_path: Path) -> None:
    spoilt(tmp_path, *pieces)
    of_prompt = tuple(journal(tmp_path).index_by_prompt().of(RECORDS[0].prompt))
    assert of_prompt == found(tmp_path)


@for_every("cut", [0, 30])
def test_the_head_of_another_run_is_refused_in_the_middle_too(cut: int, tmp_path: Path) -> None:
    spoilt(tmp_path, BEGIN, FIRST[:cut], BEGIN.replace("openai:a", "openai:b"), SECOND)
    with pytest.raises(JournalError, match=r"model openai:b.*model openai:a"):
        journal(tmp_path)
