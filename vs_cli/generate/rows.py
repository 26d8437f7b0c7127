"""`RowFile`: answers in a file, a line each, of which none is lost and none stands there twice.

A run that goes on gives the answers of earlier runs again, call by call in the same order. Those
that stand in the file already are not written again, so that it is whole at any time, however
often a run is killed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from typing_extensions import Self

from vs_cli.generate.row_lines import rows_of
from vs_cli.writing import replacing
from vs_core import NotWrittenError
from vs_core.adapters import visible_json
from vs_core.adapters.generation import Judged
from vs_core.generation import GeneratedRecord


class RowFile:
    """One file of answers.

    Args:
        path: The file.
        hide: Takes out of a line what must not stand in a file.
        afresh: Whether nothing of what stands there is to be kept.

    Attributes:
        rows: How many there are.

    Raises:
        NotWrittenError: It cannot be read.
    """

    def __init__(self, path: Path, *, hide: Callable[[str], str], afresh: bool) -> None:
        self.path = path
        self.rows = 0
        self._hide = hide
        self._file: BinaryIO | None = None
        self._there: Counter[str] = Counter()
        self._given: Counter[str] = Counter()
        self._whole = self._looked_through(afresh=afresh)

    @contextmanager
    def opened(self) -> Iterator[Self]:
        """Open it to add rows; what another run left of its last line is cut off.

        Raises:
            NotWrittenError: It cannot be written.
        """
        self._open()
        try:
            yield self
        finally:
            if self._file is not None:
                self._file.close()

    def forget(self, call: str) -> None:
        """Take out the rows of a call that is made anew, as its line in the journal was lost.

        Args:
            call: Its key.

        Raises:
            NotWrittenError: It cannot be written.
        """
        rows = self._there.pop(call, 0)
        if not rows or self._file is None:
            return
        self._file.close()
        self._rewrite(lambda of: of != call)
        self.rows -= rows
        self._whole = self.path.stat().st_size
        self._open()

    def add(self, answer: Judged) -> None:
        """Add a row, unless it stands there.

        Args:
            answer: An answer of the next call that is judged, or of one that is judged again.

        Raises:
            NotWrittenError: It cannot be written.
        """
        self._given[answer.call] += 1
        if self._given[answer.call] > self._there[answer.call]:
            self._append(self._hide(visible_json(answer.model_dump_json())) + "\n")
            self.rows += 1

    def records(self) -> Iterator[GeneratedRecord]:
        """Read the rows again, which have to be accepted answers."""
        for _, line, _ in rows_of(self.path):
            yield GeneratedRecord.model_validate_json(line)

    def leave_out_others(self) -> None:
        """Take out what this run, which has come to its end, did not give.

        These are rows of calls that were lost from the journal, where others took their place.

        Raises:
            NotWrittenError: It cannot be written.
        """
        if all(self._given[call] >= rows for call, rows in self._there.items()):
            return
        kept: Counter[str] = Counter()

        def is_given(call: str) -> bool:
            kept[call] += 1
            return kept[call] <= self._given[call]

        self._rewrite(is_given)
        self.rows = self._given.total()

    def _open(self) -> None:
        try:
            # Unbuffered: what fails fails at once, and what is written stays when we are killed.
            self._file = self.path.open("ab", buffering=0)
            self._file.truncate(self._whole)
        except OSError as error:
            raise NotWrittenError.of(self.path, error) from error

    def _rewrite(self, is_kept: Callable[[str], bool]) -> None:
        with replacing(self.path) as part, part.open("wb") as file:
            file.writelines(line for _, line, call in rows_of(self.path) if is_kept(call))

    def _append(self, line: str) -> None:
        left = line.encode()
        try:
            while left and self._file is not None:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise NotWrittenError.of(self.path, error) from error

    def _looked_through(self, *, afresh: bool) -> int:
        """Count what stands there; gives how many bytes of it are whole rows."""
        whole = 0
        try:
            for end, _, call in rows_of(self.path):
                self._there[call] += 1
                whole = end
        except OSError as error:
            raise NotWrittenError.of(self.path, error) from error
        if afresh:
            self._there.clear()
        self.rows = self._there.total()
        return 0 if afresh else whole
