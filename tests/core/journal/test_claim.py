"""One run at a time in a folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vs_core import JournalError, MissingExtraError
from vs_core.adapters.journal import alone_in


def test_a_folder_that_is_in_use_is_refused_with_what_to_do(tmp_path: Path) -> None:
    told = rf"another run of my script is writing to {tmp_path}: wait .* give another room"
    with (
        alone_in(tmp_path, name="my script"),
        pytest.raises(JournalError, match=told),
        alone_in(tmp_path, name="my script", elsewhere="another room"),
    ):
        pytest.fail("two were let in")


def test_a_folder_can_be_used_again_and_nothing_is_left_in_it(tmp_path: Path) -> None:
    for _ in range(2):
        with alone_in(tmp_path / "new", name="my script"):
            (tmp_path / "new" / "file").touch()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file"]


def test_a_folder_that_was_made_for_nothing_is_taken_away(tmp_path: Path) -> None:
    with alone_in(tmp_path / "a" / "b", name="my script"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_who_is_refused_takes_nothing_away(tmp_path: Path) -> None:
    with alone_in(tmp_path, name="my script"):
        for _ in range(2):
            with pytest.raises(JournalError), alone_in(tmp_path, name="my script"):
                pytest.fail("two were let in")


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(JournalError, match="Not a directory"),
        alone_in(tmp_path / "file", name="my script"),
    ):
        pytest.fail("a file was taken for a folder")


def test_without_what_locks_the_extra_is_named_and_no_folder_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "filelock", None)
    with (
        pytest.raises(MissingExtraError, match=r"my script needs filelock.*\n.*\[generate\]"),
        alone_in(tmp_path / "new", name="my script"),
    ):
        pytest.fail("a folder was taken without a lock")
    assert list(tmp_path.iterdir()) == []
