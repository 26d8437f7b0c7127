"""What a text that stands for a value of a type says: the value, without its own number."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from vs_core.parsing.asked import Expectation
from vs_core.parsing.record.json_sets import JsonSets
from vs_core.parsing.record.labels_beside import with_labels
from vs_core.parsing.record.record import Record
from vs_core.parsing.record.tag_elements import raw_of
from vs_core.parsing.record.typed_sets import TypedSets
from vs_core.parsing.segment.json_scan import JsonScan
from vs_core.parsing.segment.tags import Tag, TagScanner
from vs_core.values.schema import JsonText, without_fence

_VALUE = re.compile(r"\n[ \t]{0,20}([{\[])")


class TypedTexts:
    """Reads the texts of segments in which a value of a type is written.

    Args:
        expected: What was asked for.
    """

    def __init__(self, expected: Expectation) -> None:
        self._expected = expected
        # A value is opaque: no reply is looked for in its strings.
        untyped = JsonSets(expected, inside=lambda _: [], beside=lambda _: None)
        self._sets = TypedSets(expected, lambda _: [], untyped)

    def read(self, record: Record) -> Record:
        """The record with its value alone as the text, and the number that the value held."""
        fits = self._expected.fits
        if self._expected.labelled and not isinstance(record.text, JsonText):
            record = with_labels(record, self._expected)
        text = record.text
        if isinstance(text, JsonText) or (
            fits(text) and (record.raw is not None or self._expected.textual)
        ):
            return record
        names = self._expected.fields
        in_element = record.written.startswith("<")
        for value in (
            _json_in(text, mended=in_element),
            _members_in(text, names),
            _members_in(record.written, names),
            _json_on_lines_of(text),
        ):
            found = self._sets.of_element(value).records if value is not None else ()
            if len(found) == 1 and fits(found[0].text):
                return replace(
                    record,
                    text=found[0].text,
                    raw=found[0].raw if record.raw is None else record.raw,
                    reasoning=record.reasoning or found[0].reasoning,
                )
        return record

    def in_whole(self, text: str) -> list[Record]:
        """The values that a reply consists of, without any notation: a list, or one a line."""
        value = _json_in(text, mended=False)
        found = [] if value is None else [*self._sets.of_root(value).records]
        if self._all_fit(found):
            return found
        lines = [Record(line) for line in without_fence(text).split("\n") if line.strip()]
        return lines if self._all_fit(lines) and not self._expected.textual else []

    def _all_fit(self, records: Sequence[Record]) -> bool:
        return bool(records) and all(self._expected.fits(record.text) for record in records)


def _json_in(text: str, *, mended: bool) -> Any:
    """The value that a text is, however ill-formed; None if it is none.

    Args:
        text: The text.
        mended: Whether an end that is missing is made up.
    """
    bare = without_fence(text)
    if bare[:1] not in ("{", "["):
        return None
    scan = JsonScan(lambda _: False)
    scan.feed(bare)
    scan.close(cut=not mended)
    return None if scan.rest.strip() else scan.root


def _json_on_lines_of(text: str) -> Any:
    """The value that begins a line of a text, as under a title or in a fence."""
    found = _VALUE.search(text)
    if found is None:
        return None
    scan = JsonScan(lambda _: False)
    scan.feed(text[found.start(1) :])
    return scan.root if scan.over else None


def _members_in(text: str, names: Collection[str]) -> dict[str, str] | None:
    """The members of a value that is written in elements with the names of its fields."""
    scanner = TagScanner()
    tokens = [*scanner.feed(text), *scanner.close()]
    members: dict[str, str] = {}
    at = 0
    while at < len(tokens):
        tag = tokens[at]
        at += 1
        name = tag.raw.strip("</> ") if isinstance(tag, Tag) and not tag.closing else ""
        if name not in names or name in members:
            continue
        end = next((n for n in range(at, len(tokens)) if _ends(tokens[n], name)), -1)
        if end < 0:
            return None
        members[name] = raw_of(tokens[at:end]).strip()
        at = end + 1
    return members or None


def _ends(token: object, name: str) -> bool:
    return isinstance(token, Tag) and token.closing and token.raw.strip("</> ") == name
