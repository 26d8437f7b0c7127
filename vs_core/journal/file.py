"""`Journal`: the file of what has been paid for, every outcome a line.

The first line is the head: which model answered, with which settings. A journal of another one is
refused. Several heads may stand in a file, where two runs began at the same time, and in a file
that two runs have spoilt, what is whole is used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic

from pydantic import ValidationError

from vs_core.errors import JournalError
from vs_core.journal.disk import append, lines_at, lines_of, opened_to_append
from vs_core.journal.head import KIND, difference, head_of
from vs_core.journal.index import PromptIndex
from vs_core.journal.lines import R, heads_in, prompts_in, records_in, whole_json
from vs_core.visible import visible_json

JOURNAL = "journal.jsonl"
"""Name of the file in a run's folder."""


class Journal(Generic[R]):
    r"""One file of records, read as a stream and only ever appended to.

    When it is made, the file is looked through for heads, and not kept in memory: it may have
    millions of lines. One run at a time writes (`alone_in` sees to that).

    Args:
        path: The file; there need not be one yet.
        kind: The type of its records.
        head: What has to be the same for all records of one file, such as the model, as plain
            JSON by name. What is left out, or None, was left to the provider. The entry `kind`
            says what the records are, where they are not the exchanges of a comparison: a file of
            another kind is no journal here.
        name: Who keeps it, for messages, such as `vs compare`.
        elsewhere: What to use instead of a file that is refused, in words.
        hide: Takes out of a line what must not stand in a file.

    Attributes:
        path: The file.
        written: How many records without an error have been added.

    Raises:
        JournalError: The file there has another head, or is no journal, or cannot be read.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from pathlib import Path
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.journal import JOURNAL, Journal, JournalRecord
        >>> answered = parse_reply("1. (0.5) heads\n2. (0.5) tails")
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, JOURNAL)
        ...     kept = Journal(path, JournalRecord, head={"model": "openai:a"}, name="my run")
        ...     with kept.appending() as write:
        ...         write(JournalRecord(prompt="Flip a coin.", distribution=answered))
        ...     again = Journal(path, JournalRecord, head={"model": "openai:a"}, name="my run")
        ...     print([record.texts for record in again.records()])
        [['heads', 'tails']]
    """

    def __init__(
        self,
        path: Path,
        kind: type[R],
        *,
        head: Mapping[str, Any],
        name: str,
        elsewhere: str = "another folder",
        hide: Callable[[str], str] = str,
    ) -> None:
        self.path = path
        self.written = 0
        self._kind = kind
        self._head = head_of(head, hide)
        self._name = name
        self._advice = f"use {elsewhere}, or delete it to begin afresh"
        self._hide = hide
        self._begun = self._has_our_head()

    def records(self) -> Iterator[R]:
        """Read what the file holds, record by record, in order.

        Yields:
            The records. What a run that was killed left of a line is skipped.

        Raises:
            JournalError: A line is a JSON object, but no record; or the file cannot be read.
        """
        for _, line in lines_of(self.path):
            yield from self._records_in(line)

    def index_by_prompt(self) -> PromptIndex[R]:
        """Go through the file once, and remember where the records of each prompt stand.

        What is appended later is not in the index.

        Raises:
            JournalError: A line is a JSON object, but no record; or the file cannot be read.
        """
        return PromptIndex(
            ((at, prompt) for at, line in lines_of(self.path) for prompt in self._prompts_in(line)),
            self._records_at,
        )

    def prompts(self) -> Iterator[str]:
        """Go through the file, most often without reading the records.

        Yields:
            The prompt of each record, in order.

        Raises:
            JournalError: A line is a JSON object, but no record; or the file cannot be read.
        """
        for _, line in lines_of(self.path):
            yield from self._prompts_in(line)

    @contextmanager
    def appending(self) -> Iterator[Callable[[R], None]]:
        """Open the file, creating it and its folder if there is none.

        Yields:
            What to call with each record; it is on its way to the disk when the call returns.
            It raises `NotWrittenError` when it is not, as on a full disk.

        Raises:
            JournalError: They cannot be created.
            NotWrittenError: The first line cannot be written.
        """
        with opened_to_append(self.path) as file:
            if not self._begun:
                append(file, json.dumps(self._head) + "\n", self.path)
                self._begun = True
            yield lambda record: self._add(file, record)

    def _add(self, file: int, record: R) -> None:
        line = visible_json(record.model_dump_json())
        append(file, self._hide(line) + "\n", self.path)
        self.written += record.error is None

    def _has_our_head(self) -> bool:
        begun = other = False
        for _, line in lines_of(self.path):
            for head in heads_in(line):
                self._check(head)
                begun = True
            other = other or (not begun and whole_json(line) is not None)
        if other and not begun:
            raise self._no_journal()
        return begun

    def _check(self, head: Mapping[str, Any]) -> None:
        if head.get(KIND) != self._head.get(KIND):
            raise self._no_journal()
        if found := difference(head, self._head):
            then, now = found
            raise JournalError(
                f"{self.path} was written with {then}, and this run has {now}; {self._advice}"
            )

    def _no_journal(self) -> JournalError:
        return JournalError(f"{self.path} is no journal of {self._name}; {self._advice}")

    def _records_at(self, places: Iterable[int]) -> Iterator[R]:
        for line in lines_at(self.path, places):
            yield from self._records_in(line)

    def _records_in(self, line: str) -> Iterable[R]:
        try:
            return records_in(line, self._kind)
        except ValidationError as error:
            raise self._foreign(error) from error

    def _prompts_in(self, line: str) -> Iterable[str]:
        try:
            return prompts_in(line, self._kind)
        except ValidationError as error:
            raise self._foreign(error) from error

    def _foreign(self, error: ValidationError) -> JournalError:
        first = error.errors(include_url=False)[0]
        return JournalError(
            f"{self.path} has a line that is no record of this version of vs: "
            f"{'.'.join(map(str, first['loc']))}: {first['msg']}; {self._advice}"
        )
