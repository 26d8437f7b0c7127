"""Files of answers: whole at any time, whatever ended the run that wrote them."""

from __future__ import annotations

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.every import for_every
from vs_cli.errors import MisuseError
from vs_cli.generate.row_lines import require_rows
from vs_cli.generate.rows import RowFile
from vs_core.generation import GeneratedRecord


def record(call: int, place: int, value: object = None) -> GeneratedRecord:
    return GeneratedRecord(
        prompt="Name one.",
        value=f"no. {place} of {call}" if value is None else value,
        probability=0.5,
        method="standard",
        round=0,
        call=f"call {call}",
    )


RECORDS = [record(call, place) for call, place in itertools.product(range(4), range(3))]


def write(path: Path, records: list[GeneratedRecord], *, end: bool = False) -> RowFile:
    file = RowFile(path, hide=str, afresh=False)
    with file.opened():
        for one in records:
            file.add(one)
        if end:
            file.leave_out_others()
    return file


def whole(path: Path) -> list[GeneratedRecord]:
    return [GeneratedRecord.model_validate_json(line) for line in path.read_bytes().splitlines()]


@given(cut=st.integers(0, 2000), order=st.permutations(range(4)), end=st.booleans())
def test_a_file_that_was_cut_anywhere_is_whole_again_after_the_next_run(
    cut: int, order: list[int], *, end: bool
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "data.jsonl")
        write(path, RECORDS)
        path.write_bytes(path.read_bytes()[:cut])
        # Calls may be judged in another order among prompts, and within a call never are.
        again = [one for call in order for one in RECORDS if one.call == f"call {call}"]
        file = write(path, again, end=end)
        found = whole(path)
        assert sorted(map(repr, found)) == sorted(map(repr, RECORDS))
        assert file.rows == len(RECORDS)


@given(begun=st.integers(0, 12), kept=st.integers(0, 3))
def test_what_an_ended_run_does_not_give_is_left_out(begun: int, kept: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "data.jsonl")
        write(path, RECORDS[:begun])
        fewer = [one for one in RECORDS if int(one.value.split()[1]) < kept]
        file = write(path, fewer, end=True)
        assert sorted(map(repr, whole(path))) == sorted(map(repr, fewer))
        assert file.rows == len(fewer)


def test_an_unended_run_leaves_what_it_has_not_come_to(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    write(path, RECORDS)
    write(path, RECORDS[:5])
    assert whole(path) == RECORDS


def test_rows_of_a_call_that_is_made_anew_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    write(path, RECORDS)
    file = RowFile(path, hide=str, afresh=False)
    with file.opened():
        for one in RECORDS[:3]:
            file.add(one)
        file.forget("call 1")
        file.add(record(1, 0, "anew"))
        for one in RECORDS[6:]:
            file.add(one)
        file.forget("call 7")
    found = whole(path)
    assert found == [*RECORDS[:3], *RECORDS[6:], record(1, 0, "anew")]
    assert file.rows == len(found)


def test_begun_afresh_nothing_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    write(path, RECORDS)
    file = RowFile(path, hide=str, afresh=True)
    with file.opened():
        file.add(record(0, 0, "other"))
    assert [one.value for one in whole(path)] == ["other"]


def test_controls_are_escaped_and_secrets_hidden(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    file = RowFile(path, hide=lambda text: text.replace("secret", "***"), afresh=True)
    hostile = "a secret \x1b[2J \u202e \u2028 \x9b end"
    with file.opened():
        file.add(record(0, 0, hostile))
    written = path.read_bytes().decode()
    assert [c for c in written if ord(c) < 32 or c in "\u202e\u2028\x9b"] == ["\n"]
    assert whole(path)[0].value == hostile.replace("secret", "***")


@for_every(
    "written, is_ours", [("", True), ('{"pro', True), ('{"id": 1}\n', False), ("a,b\n", False)]
)
def test_what_something_else_wrote_is_told_from_rows(
    written: str, tmp_path: Path, *, is_ours: bool
) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(written)
    if is_ours:
        require_rows(path)
    else:
        with pytest.raises(MisuseError, match="was not written by vs generate"):
            require_rows(path)
