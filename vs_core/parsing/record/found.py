"""`Found`: the records that a value of JSON holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from vs_core.parsing.fragment import EMPTY, PLACEHOLDER, Fragment
from vs_core.parsing.record.placeholder import is_placeholder
from vs_core.parsing.record.record import Record

SEVERAL = "*"
"""Stands in a path for the members of an object that are, or make up, several records."""


class Found(NamedTuple):
    """The records of a value in order, what looked like one, and the keys that lead to them."""

    records: Sequence[Record] = ()
    dropped: Sequence[Fragment] = ()
    path: tuple[str, ...] = ()


def kept(records: Sequence[Record]) -> Found:
    """The records, and apart those that have no text, or one that only stands for it."""
    taken: list[Record] = []
    dropped: list[Fragment] = []
    for record in records:
        if not record.text:
            dropped.append(Fragment(record.raw or "", EMPTY))
        elif is_placeholder(record.text, record.raw):
            dropped.append(Fragment(record.text, PLACEHOLDER))
        else:
            taken.append(record)
    return Found(taken, dropped)


def joined(found: Iterable[Found]) -> Found:
    """The records of several values, one behind the other."""
    each = list(found)
    return Found([r for one in each for r in one.records], [f for one in each for f in one.dropped])
