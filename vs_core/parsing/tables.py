"""Tables: Markdown rows and comma-separated values."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from vs_core.parsing.folding import fold
from vs_core.parsing.inline import find_number
from vs_core.parsing.item import Item
from vs_core.parsing.labels import role_of
from vs_core.parsing.vocabulary import names_meta, names_number, names_text

if TYPE_CHECKING:
    from vs_core.parsing.gathered import Gathered
    from vs_core.parsing.lines import Line

_DIVIDER = re.compile(
    r"\s*\|?(?:\s*:?-{1,}:?\s*\|)+\s*(?::?-{1,}:?)?\s*\Z|\s*\|?\s*:?-{3,}:?\s*\|?\s*\Z"
)
_FEWEST = 2


class TableReader:
    """Reads rows as they come, once a head or a first row has shown where the number stands."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self._number: int | None = None
        self._text: int | None = None
        self._separator = ""
        self._width = 0
        self._undecided: list[str] = []

    @property
    def active(self) -> bool:
        """Whether rows are expected."""
        return bool(self._separator)

    def take(self, line: Line) -> bool:
        """Whether a line belongs to a table; if so it is read."""
        raw = line.raw.strip()
        if self._separator:
            if self._takes_row(raw):
                return True
            self._separator = ""
        return self._takes_head(raw)

    def end(self) -> None:
        """The reply ends."""
        self._separator = ""

    def _takes_head(self, raw: str) -> bool:
        if raw.count("|") >= _FEWEST or (raw.startswith("|") and len(raw) > 1):
            cells = _cells(raw)
            if self._set_columns(cells):
                self._separator = "|"
                return True
            return self._takes_bare_row(cells) if raw.startswith("|") else False
        for separator in (",", "\t", ";", "|"):
            cells = [cell.strip().strip('"') for cell in raw.split(separator)]
            if (
                len(cells) >= _FEWEST
                and len(raw) < 200
                and all(map(_is_head, cells))
                and self._set_columns(cells)
            ):
                self._separator = separator
                return True
        return False

    def _takes_bare_row(self, cells: list[str]) -> bool:
        """A row of a table without a head."""
        if not _FEWEST <= len(cells) <= 4:
            return False
        numbers = [i for i, cell in enumerate(cells) if _is_number(cell) and not cell.isdigit()]
        if not numbers:
            return False
        others = [i for i, cell in enumerate(cells) if i != numbers[-1] and not cell.isdigit()]
        if len(others) != 1:
            return False
        self._number, self._text, self._width, self._separator = (
            numbers[-1],
            others[0],
            len(cells),
            "|",
        )
        return self._takes_row("|" + "|".join(cells) + "|")

    def _set_columns(self, cells: list[str]) -> bool:
        heads = [fold(cell).strip(" *_`") for cell in cells]
        numbers = [i for i, head in enumerate(heads) if _names_number(head)]
        if not numbers or len(heads) < _FEWEST or any(map(_is_number, cells)):
            return False
        number = next((i for i in numbers if heads[i].lower() == "probability"), numbers[0])
        others = [i for i in range(len(heads)) if i not in numbers]
        texts = [i for i in others if names_text(heads[i])]
        plain = [
            i
            for i in others
            if heads[i] and not names_meta(heads[i]) and heads[i] not in ("#", "\u2116")
        ]
        titled = [i for i in others if heads[i].lower() in ("title", "name")]
        columns = texts or plain or titled
        if not columns:
            return False
        self._number, self._text, self._width = number, columns[0], len(heads)
        return True

    def _takes_row(self, raw: str) -> bool:
        if not raw:
            return False
        if _DIVIDER.match(raw):
            return True
        cells = self._split(raw)
        if self._number is None or self._text is None:
            return False
        if len(cells) < _FEWEST or max(self._number, self._text) >= len(cells):
            if (
                len(cells) >= _FEWEST
                and self._text < len(cells)
                and self._separator == "|"
                and not raw.endswith("|")
            ):
                self._gathered.cut(raw)
                return True
            return False
        text, number = cells[self._text].strip(), cells[self._number].strip()
        if fold(text).strip(" *_").lower() in ("total", "sum", "") or (
            fold(cells[0]).strip(" *_").lower() in ("total", "sum")
        ):
            self._gathered.drop(raw, "a total, not a candidate")
            return True
        if (
            self._separator == "|"
            and raw.startswith("|")
            and not raw.endswith("|")
            and self._text == len(cells) - 1
        ):
            self._gathered.cut(raw)
            return True
        closed = self._separator != "|" or raw.endswith("|") or not raw.startswith("|")
        raw_number = number.strip("*_` ") or None
        if not closed and self._number == len(cells) - 1:
            self._gathered.truncated = True
            raw_number = None
        self._gathered.accept(Item(text, raw_number), "lines")
        return True

    def _split(self, raw: str) -> list[str]:
        if self._separator == "|":
            return _cells(raw)
        try:
            cells = next(csv.reader([raw], delimiter=self._separator, skipinitialspace=True), [])
        except csv.Error:
            return []
        if len(cells) > self._width:
            # The text holds the separator, unquoted.
            extra = len(cells) - self._width
            text = self._text or 0
            cells[text : text + extra + 1] = [self._separator.join(cells[text : text + extra + 1])]
        return cells


def _names_number(head: str) -> bool:
    return (
        names_number(head)
        or role_of(head.split("(", maxsplit=1)[0].strip()) == "number"
        or (role_of(head) == "number")
    )


def _is_head(cell: str) -> bool:
    return bool(cell) and (names_number(cell) or names_text(cell) or names_meta(cell))


def _is_number(cell: str) -> bool:
    found = find_number(cell)
    return found is not None and found.place == "only"


def _cells(raw: str) -> list[str]:
    inner = raw.strip()
    inner = inner.removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    cells = re.split(r"(?<!\\)\|", inner)
    return [cell.replace("\\|", "|").strip() for cell in cells]
