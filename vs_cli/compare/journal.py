"""What is left of an interrupted run: every finished exchange, a line each.

The first line says which model answered, and with which of its own settings; a journal of another
one is refused. Of the other lines those are used that asked just what is to be asked now: more
prompts, methods or responses cost only what is new, and another `-k` or `--tail` begins afresh
beside what is there. Exchanges that failed are made again.

One run at a time writes here (`vs_cli.compare.claim`). In a folder that two runs have spoilt all
the same, what is whole is used.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from pydantic import ValidationError

from vs_cli.errors import MisuseError, NotWrittenError
from vs_core.adapters import visible_json
from vs_core.comparison import ExchangeRecord, read_journal

JOURNAL = "journal.jsonl"

Record: TypeAlias = Callable[[ExchangeRecord], None]

_FORMAT = 1
# Windows has to be told that line ends are to stay as they are.
_APPENDING = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
_HEAD = re.compile(r'\{"format":')
_DECODER = json.JSONDecoder()


class Journal:
    """The journal of one folder.

    Args:
        folder: Where it is, or will be.
        model: Who answers; None for the simulation.
        seed: Of the simulation.
        options: Settings of the model itself that change what it answers.
        hide: Takes out of a line what must not stand in a file.

    Attributes:
        path: The file.
        records: What earlier runs left, in order.
        written: How many exchanges that did not fail this run has added.

    Raises:
        MisuseError: The file there is of another model, or is no journal, or cannot be read.
    """

    def __init__(
        self,
        folder: Path,
        *,
        model: str | None,
        seed: int | None,
        options: Mapping[str, Any] = MappingProxyType({}),
        hide: Callable[[str], str] = str,
    ) -> None:
        self.path = folder / JOURNAL
        self._hide = hide
        # A seed decides what the simulation answers; the answers of a model it does not touch.
        seed = seed if model is None else None
        self._head = {"format": _FORMAT, "model": model, "seed": seed, **options}
        self._begun = False
        self.records = tuple(self._read())
        self.written = 0

    @contextmanager
    def appending(self) -> Iterator[Record]:
        """Open the file, creating it and its folder if there is none.

        Yields:
            What to call with each exchange that is finished; it is on its way to the disk when
            the call returns. It raises `NotWrittenError` when it is not, as on a full disk.

        Raises:
            MisuseError: They cannot be created.
            NotWrittenError: The first line cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Unbuffered: what fails fails at once, and is not tried again when the file is closed.
            file = os.open(self.path, _APPENDING, 0o666)
        except OSError as error:
            raise MisuseError(f"{self.path}: {error.strerror}") from error
        try:
            if _is_torn(file):
                self._write(file, "\n")
            if not self._begun:
                self._write(file, json.dumps(self._head) + "\n")
            yield lambda record: self._add(file, record)
        finally:
            os.close(file)

    def _add(self, file: int, record: ExchangeRecord) -> None:
        line = visible_json(record.model_dump_json())
        self._write(file, self._hide(line) + "\n")
        self.written += record.error is None

    def _write(self, file: int, text: str) -> None:
        left = text.encode()
        try:
            while left:
                left = left[os.write(file, left) :]
        except OSError as error:
            raise NotWrittenError(self.path, error) from error

    def _read(self) -> Iterator[ExchangeRecord]:
        try:
            # A line that was cut off may end within a character.
            with self.path.open(encoding="utf-8", errors="replace", newline="\n") as file:
                lines = list(file)
        except FileNotFoundError:
            return
        except OSError as error:
            raise MisuseError(f"{self.path}: {error.strerror}") from error
        # There may be several of the same where two runs began at the same time.
        heads = [head for line in lines for head in _heads(line)]
        if not heads and any(_json(line) is not None for line in lines):
            raise MisuseError(f"{self.path} is no journal of vs compare; {self._advice}")
        for head in heads:
            self._check(head)
        self._begun = bool(heads)
        try:
            yield from read_journal(line for line in lines if not _is_head_alone(line))
        except ValidationError as error:
            raise MisuseError(
                f"{self.path} has a line that is no record of this version of vs: "
                f"{_problem(error)}; {self._advice}"
            ) from error

    def _check(self, head: dict[str, Any]) -> None:
        # What is not mentioned was left to the provider.
        for name in self._head | head:
            then, now = head.get(name), self._head.get(name)
            if then != now:
                raise MisuseError(
                    f"{self.path} was written with {_setting(name, then)}, and this run has "
                    f"{_setting(name, now)}; {self._advice}"
                )

    @property
    def _advice(self) -> str:
        return "use another --out, or delete it to begin afresh"


def _is_torn(file: int) -> bool:
    size = os.fstat(file).st_size
    if not size:
        return False
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1) != b"\n"


def _heads(line: str) -> Iterator[dict[str, Any]]:
    """Those that stand in a line, whatever another run wrote before and behind."""
    for begun in _HEAD.finditer(line):
        with suppress(ValueError):
            found, _ = _DECODER.raw_decode(line, begun.start())
            yield found


def _is_head_alone(line: str) -> bool:
    found = _json(line)
    return isinstance(found, dict) and "format" in found


def _json(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _problem(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _setting(name: str, value: Any) -> str:
    if name == "model" and value is None:
        return "the simulated model"
    return f"no {name}" if value is None else f"{name} {value}"
