"""What is left of an interrupted run: every finished exchange, a line each.

The first line says which model answered; a journal of another one is refused. Of the other lines
those are used that asked just what is to be asked now: more prompts, methods or responses cost
only what is new, and another `-k` or `--tail` begins afresh beside what is there. Exchanges that
failed are made again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any, TextIO, TypeAlias

from pydantic import ValidationError

from vs_cli.errors import MisuseError
from vs_core.comparison import ExchangeRecord, read_journal

JOURNAL = "journal.jsonl"

Record: TypeAlias = Callable[[ExchangeRecord], None]

_FORMAT = 1


class Journal:
    """The journal of one folder.

    Args:
        folder: Where it is, or will be.
        model: Who answers; None for the simulation.
        seed: Of the simulation.

    Attributes:
        path: The file.
        records: What earlier runs left, in order.

    Raises:
        MisuseError: The file there is of another model, or is no journal, or cannot be read.
    """

    def __init__(self, folder: Path, *, model: str | None, seed: int | None) -> None:
        self.path = folder / JOURNAL
        # A seed decides what the simulation answers; the answers of a model it does not touch.
        self._head = {"format": _FORMAT, "model": model, "seed": seed if model is None else None}
        self._begun = False
        self.records = tuple(self._read())

    @contextmanager
    def appending(self) -> Iterator[Record]:
        """Open the file, creating it and its folder if there is none.

        Yields:
            What to call with each exchange that is finished; it is on its way to the disk when
            the call returns.

        Raises:
            MisuseError: They cannot be created.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch()
        except OSError as error:
            raise MisuseError(f"{self.path}: {error.strerror}") from error
        with self.path.open("a+b") as raw, TextIOWrapper(raw, "utf-8", newline="\n") as file:
            if _is_torn(raw):
                file.write("\n")
            if not self._begun:
                file.write(json.dumps(self._head) + "\n")
            yield lambda record: _write_line(file, record)

    def _read(self) -> Iterator[ExchangeRecord]:
        try:
            # A line that was cut off may end within a character.
            with self.path.open(encoding="utf-8", errors="replace") as file:
                head = next((found for line in file if (found := _json(line)) is not None), None)
                if head is not None:
                    self._begun = True
                    self._check(head)
                yield from read_journal(file)
        except FileNotFoundError:
            return
        except ValidationError as error:
            raise MisuseError(
                f"{self.path} has a line that is no record of this version of vs: "
                f"{_problem(error)}; {self._advice}"
            ) from error
        except OSError as error:
            raise MisuseError(f"{self.path}: {error.strerror}") from error

    def _check(self, head: Any) -> None:
        if not isinstance(head, dict) or head.keys() != self._head.keys():
            raise MisuseError(f"{self.path} is no journal of vs compare; {self._advice}")
        for name, now in self._head.items():
            if head[name] != now:
                raise MisuseError(
                    f"{self.path} was written with {_setting(name, head[name])}, and this run has "
                    f"{_setting(name, now)}; {self._advice}"
                )

    @property
    def _advice(self) -> str:
        return "use another --out, or delete it to begin afresh"


def _is_torn(file: IO[bytes]) -> bool:
    if not file.seek(0, os.SEEK_END):
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


def _write_line(file: TextIO, record: ExchangeRecord) -> None:
    file.write(record.model_dump_json() + "\n")
    file.flush()


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
