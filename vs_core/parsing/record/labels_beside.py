"""What stands beside the text of a segment and labels it, where a label is a part of the value."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from vs_core.parsing.asked import Expectation
from vs_core.parsing.record.json_fields import as_json
from vs_core.parsing.record.record import Record
from vs_core.parsing.record.tag_elements import raw_of
from vs_core.parsing.segment.number_place import number_alone
from vs_core.parsing.segment.tags import Tag, TagScanner, Token
from vs_core.values.schema import JsonText

_COUNTED = re.compile(r"(.*?)[_-]?(\d{1,9})")
_MARK = "id"
"""The field in which a list mark or a heading is given: it may say which one is meant."""


def with_labels(record: Record, expected: Expectation) -> Record:
    """The record with its text and what labels it as one object; as it was if that is no value.

    Args:
        record: What a segment says.
        expected: What was asked for: a type that admits both texts and such objects.
    """
    names = expected.fields
    labels = {name: cell for name, cell in record.cells if name in names}
    if record.written.startswith("<"):
        labels = _members_in(record.written, names)
    elif not labels and _MARK in names and (mark := _mark_of(record)):
        labels = {_MARK: mark}
        if record.raw is None and number_alone(record.text) is not None:
            return _as_object(record, labels, expected, raw=record.text)
    return _as_object(record, {"text": record.text, **labels}, expected) if labels else record


def pairs_in(text: str, names: frozenset[str]) -> list[Record]:
    """The records of a text in which labels and numbers alternate, each in an element of its own.

    Args:
        text: The text.
        names: The names of the fields.
    """
    scanner = TagScanner()
    tokens = [*scanner.feed(text), *scanner.close()]
    records: list[Record] = []
    label, content = "", ""
    opened: Tag | None = None
    for token in tokens:
        if isinstance(token, str):
            content += token if opened is not None else ""
        elif not token.closing:
            opened, content = token, ""
        elif opened is not None and token.name == opened.name:
            if opened.number and label:
                records.append(Record(label, content.strip() or None))
                label = ""
            elif _name_of(opened) in names:
                label = content.strip()
            opened = None
    return records


def labels_of(tag: Tag, names: Collection[str]) -> dict[str, str]:
    """What a tag says by its attributes, or by a number behind its name, for some fields.

    Args:
        tag: An opening tag.
        names: The names of the fields.
    """
    labels = {key.lower(): value for key, value in tag.pairs() if key.lower() in names}
    counted = _COUNTED.fullmatch(_name_of(tag))
    if counted is not None and counted[1] in names:
        labels.setdefault(counted[1], counted[2])
    return labels


def _as_object(
    record: Record, members: dict[str, str], expected: Expectation, *, raw: str | None = None
) -> Record:
    value = JsonText(as_json(members))
    return replace(record, text=value, raw=raw or record.raw) if expected.fits(value) else record


def _mark_of(record: Record) -> str:
    """What stands in front of the text on the first line, or is that line."""
    first = record.written.partition("\n")[0].strip()
    return "" if first == record.text else first.partition(record.text.partition("\n")[0])[0]


def _members_in(text: str, names: frozenset[str]) -> dict[str, str]:
    """The fields of a segment in tags: its elements and the attributes of their tags."""
    scanner = TagScanner()
    outer, *tokens = [*scanner.feed(text), *scanner.close()]
    members = labels_of(outer, names) if isinstance(outer, Tag) else {}
    seen: set[str] = set()
    at = 0
    while at < len(tokens):
        tag = tokens[at]
        at += 1
        if not isinstance(tag, Tag) or tag.closing:
            continue
        name = _name_of(tag)
        if name not in names or name in seen:
            continue
        seen.add(name)
        members = {**labels_of(tag, names), **members}
        end = next((n for n in range(at, len(tokens)) if _ends(tokens[n], name)), at)
        if end > at:
            members.setdefault(name, raw_of(tokens[at:end]).strip())
            at = end + 1
    return members


def _ends(token: Token, name: str) -> bool:
    return isinstance(token, Tag) and token.closing and _name_of(token) == name


def _name_of(tag: Tag) -> str:
    return re.split(r"[\s/>]", tag.raw.lstrip("</ "), maxsplit=1)[0].lower()
