"""How many candidates of an unfinished reply are complete, whatever may follow.

A reply that is judged as far as it goes may seem to consist of what is a part of its first
candidate: the items of a list within it, or the objects within a value that is not closed yet. So
only what nothing encloses is counted: in front of it there may be words, and no other mark.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from vs_core.parsing.record.record import Record
from vs_core.parsing.segment.lines import lines_of
from vs_core.values.terms import Layout

_NOTATION = ("|", "**", "__", "<", "{", "[", '"', "'")
_FENCE = ("```", "~~~")
_NUMBER = re.compile(r"\d\s?%|\b0?[.,]\d|\d\s?/\s?\d")
_BRACKET = re.compile(r"[\[{]")
_BETWEEN = re.compile(r"[\s,]*")
_KEY = re.compile(r'\s*("(?:[^"\\]|\\.)*")\s*:\s*')
_decode = json.JSONDecoder().raw_decode


def outermost_count(text: str, records: Sequence[Record], layout: Layout | None) -> int:
    """How many of the records are sure to be candidates, all of them or those in front, or none.

    Args:
        text: The reply so far, without thinking.
        records: What was read in it, the last one left out if it may go on.
        layout: The notation that was read.
    """
    if not records:
        return 0
    if layout == "json":
        opening = _BRACKET.search(text)
        if opening is None or not _leads_over(text[: opening.start()]):
            return 0
        return min(len(records), sum(1 for _ in _elements(text, opening.start())))
    begin = text.find(records[0].written) if records[0].written else -1
    before = text[:begin]
    if records[0].written.lstrip().startswith("|"):
        # The head of a table.
        before = "\n".join(line for line in before.split("\n") if not line.lstrip().startswith("|"))
    return len(records) if begin >= 0 and _leads_over(before) else 0


def _leads_over(before: str) -> bool:
    """Whether there is nothing but words, which announce the answer or come before it."""
    return not any(
        line.mark
        or line.level
        or line.announced is not None
        or line.raw.lstrip().startswith(_NOTATION)
        or _NUMBER.search(line.raw)
        for line in lines_of(before)
        if not line.raw.lstrip().startswith(_FENCE)
    )


def _elements(text: str, at: int) -> Iterator[object]:
    """The complete elements of the array, or entries of the object, that begins there.

    Of an object that holds an array under its first key, those of the array; of objects that
    follow each other, the objects.
    """
    if text[at] == "{":
        key = _KEY.match(text, at + 1)
        if key is not None and text.startswith("[", key.end()):
            at = key.end()
        elif (whole := _value(text, at)) is not None:
            yield whole[0]
            yield from _values(text, whole[1])
            return
        else:
            yield from _entries(text, at + 1)
            return
    yield from _values(text, at + 1)


def _values(text: str, at: int) -> Iterator[object]:
    while (found := _value(text, _skipped(text, at))) is not None:
        yield found[0]
        at = found[1]


def _entries(text: str, at: int) -> Iterator[object]:
    while (key := _KEY.match(text, _skipped(text, at))) is not None:
        found = _value(text, key.end())
        if found is None:
            return
        yield found[0]
        at = found[1]


def _value(text: str, at: int) -> tuple[object, int] | None:
    try:
        return _decode(text, at)
    except (json.JSONDecodeError, RecursionError):
        return None


def _skipped(text: str, at: int) -> int:
    between = _BETWEEN.match(text, at)
    return at if between is None else between.end()
