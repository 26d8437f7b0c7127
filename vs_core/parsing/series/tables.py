"""Tables: rows with bars, tabs or commas between their cells."""

from __future__ import annotations

import contextlib
import csv
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from vs_core.parsing.clean.characters import fold
from vs_core.parsing.fragment import TOTAL, Fragment
from vs_core.parsing.record.record import Record
from vs_core.parsing.segment.labels import is_total, label_at_start, role_of
from vs_core.parsing.segment.lines import Line
from vs_core.parsing.segment.number_found import LABELLED
from vs_core.parsing.segment.number_place import number_alone
from vs_core.parsing.words import normal, words_of

_SEPARATOR = re.compile(r"[\s|:+=-]*-[\s|:+=-]*\Z")
_FEWEST = 2
_BAR = re.compile(r"(?<!\\)\|")
_COUNTERS = words_of("rank number no nr index id option response candidate answer")
_REMARKS = words_of(
    "notes note comment comments remark remarks rationale source description reasoning"
)
_NOT_TEXT = {"number", "reason", "thought"}


@dataclass(frozen=True)
class Table:
    """A table whose rows are candidates.

    Attributes:
        start: Its first line.
        end: The line behind its last one.
        records: A record a row.
        dropped: Rows that are none.
        headed: Whether its head names the columns.
        number_last: Whether the numbers stand in the last column.
    """

    start: int
    end: int
    records: tuple[Record, ...]
    dropped: tuple[Fragment, ...]
    headed: bool
    number_last: bool
    kind: ClassVar[str] = "table"
    strength: ClassVar[int] = LABELLED

    @property
    def count(self) -> int:
        """How many rows are candidates."""
        return len(self.records)

    @property
    def numbered(self) -> int:
        """How many of them have a number."""
        return sum(record.raw is not None for record in self.records)

    @property
    def complete(self) -> bool:
        """Whether all have a number."""
        return self.numbered == self.count


def tables_in(lines: Sequence[Line]) -> list[Table]:
    """The tables of a reply in which each row states a number."""
    found: list[Table] = []
    for delimiter in "|\t,":
        start = -1
        for n in range(len(lines) + 1):
            is_row = (
                n < len(lines)
                and lines[n].kind in ("text", "rule")
                and _is_row(lines[n], delimiter)
            )
            if is_row and start < 0:
                start = n
            elif not is_row and start >= 0:
                table = _read(lines[start:n], start, delimiter)
                if table is not None:
                    found.append(table)
                start = -1
    return found


def _is_row(line: Line, delimiter: str) -> bool:
    if line.kind == "rule":
        return delimiter == "|" and "+" in line.raw
    return delimiter in fold(line.raw)


def _cells(raw: str, delimiter: str) -> list[str]:
    if delimiter == ",":
        # A line that is no CSV (a lone carriage return, an endless field) has no cells.
        with contextlib.suppress(csv.Error):
            return next(csv.reader([raw], skipinitialspace='"' in raw), [])
        return []
    if delimiter == "\t":
        return raw.split("\t")
    inner = fold(raw).strip()
    shown = raw.strip()
    shown = shown[1:] if inner.startswith("|") else shown
    shown = shown[:-1] if inner.endswith("|") and not inner.endswith("\\|") else shown
    places = [m.start() for m in _BAR.finditer(fold(shown))]
    bounds = [-1, *places, len(shown)]
    return [shown[a + 1 : b].strip().replace("\\|", "|") for a, b in itertools.pairwise(bounds)]


def _read(lines: Sequence[Line], start: int, delimiter: str) -> Table | None:
    rows = [
        (n, _cells(line.raw, delimiter)) for n, line in enumerate(lines) if not _is_border(line)
    ]
    head = [cell.strip() for cell in rows[0][1]] if rows else []
    roles = [_role(cell) for cell in head]
    headed = "number" in roles and number_alone(head[_last_number(roles)]) is None
    rows = rows[1:] if headed else rows
    if headed and delimiter != "|":
        rows = [(n, _rejoined(cells, roles, delimiter)) for n, cells in rows]
    rows = [(n, [cell.strip() for cell in cells]) for n, cells in rows]
    if not rows or (not headed and (delimiter == "," or len(rows) < _FEWEST)):
        return None
    cells = [cells for _, cells in rows]
    at = _last_number(roles) if headed else _number_column(cells)
    if at is None:
        return None
    columns = _text_columns(roles if headed else [], [head] if headed else [], cells, at)
    titles = [cell.strip(" *_`").lower() for cell in head]
    records: list[Record] = []
    dropped: list[Fragment] = []
    for n, row in rows:
        if lines[n].is_total or any(is_total(fold(cell).strip("*_ ") + ":") for cell in row[:2]):
            dropped.append(Fragment(lines[n].raw.strip(), TOTAL))
            continue
        texts = [row[c] for c in columns if c < len(row) and row[c]]
        texts = texts if headed else [_without_label(text) for text in texts]
        if any(texts):
            raw = row[at] if at < len(row) else None
            titled = tuple(zip(titles, row, strict=False)) if headed else ()
            text = "\n".join(texts)
            records.append(Record(text, raw or None, written=lines[n].raw, cells=titled))
    if not records:
        return None
    number_last = at == max(map(len, cells)) - 1
    end = start + len(lines)
    return Table(start, end, tuple(records), tuple(dropped), headed, number_last)


def _rejoined(cells: list[str], roles: Sequence[str], delimiter: str) -> list[str]:
    """A row with its text in one cell, where the text holds the delimiter without quotes."""
    number = _last_number(roles)
    texts = [at for at, role in enumerate(roles) if role in ("text", "answer")]
    if not texts and len(roles) == _FEWEST:
        texts = [1 - number]
    while len(cells) > len(roles) and not cells[-1].strip():
        cells = cells[:-1]
    more = len(cells) - len(roles)
    if more <= 0 or len(texts) != 1:
        return cells
    start, end = texts[0], texts[0] + more + 1
    joined = [*cells[:start], delimiter.join(cells[start:end]), *cells[end:]]
    return joined if number_alone(joined[number].strip()) is not None else cells


def _without_label(text: str) -> str:
    label = label_at_start(fold(text))
    return text[label.end :].strip() if label is not None and label.role == "text" else text


def _is_border(line: Line) -> bool:
    return line.kind == "rule" or _SEPARATOR.match(fold(line.raw)) is not None


def _role(cell: str) -> str:
    word = re.sub(r"\([^()]*\)", "", cell).strip(" *_`#")
    return role_of(word) if word else "about"


def _number_column(rows: list[list[str]]) -> int | None:
    width = min(map(len, rows))
    full = (at for at in range(width - 1, -1, -1) if all(number_alone(row[at]) for row in rows))
    return next(full, None)


def _text_columns(
    roles: Sequence[str], head: list[list[str]], rows: list[list[str]], number: int
) -> list[int]:
    """The columns that hold the text: the named one, else all that are no bookkeeping."""
    width = max(map(len, rows))
    columns = [c for c in range(width) if c != number]
    named = [c for c in columns if c < len(roles) and roles[c] in ("text", "answer")]
    named = [c for c in named if not _counts(rows, c)]
    if named:
        return named[:1]
    titles = head[0] if head else []
    texts = [
        c
        for c in columns
        if not _counts(rows, c)
        and not (
            c < len(titles)
            and (
                normal(titles[c]) in _COUNTERS
                or normal(titles[c]) in _REMARKS
                or roles[c] in _NOT_TEXT
            )
        )
    ]
    # `Number` may head answers too, if they do not count the rows.
    named = [c for c in columns if c < len(titles) and normal(titles[c]) in _COUNTERS]
    return texts or [c for c in named if not _counts_up(rows, c)]


def _last_number(roles: Sequence[str]) -> int:
    """The column of the numbers: what stands before it may be called `Number` too."""
    return len(roles) - 1 - list(reversed(roles)).index("number")


def _counts(rows: list[list[str]], column: int) -> bool:
    """Whether a column beside the text numbers the rows."""
    return len(rows[0]) > 2 and _counts_up(rows, column)


def _counts_up(rows: list[list[str]], column: int) -> bool:
    cells = [
        row[column].strip("#.*) ") for row in rows if column < len(row) and row[column].strip()
    ]
    return cells == [str(n) for n in range(1, len(cells) + 1)]
