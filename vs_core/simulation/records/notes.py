"""Notes on a form, such as `age: at least 18, at most 90`, read back into a schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

Schema = dict[str, Any]

_NUMBER = r"(-?\d[\d.e+-]*)"
_COUNTS = {
    "minItems": re.compile(r"\bat least (\d+) items"),
    "maxItems": re.compile(r"\bat most (\d+) items"),
    "minLength": re.compile(r"\bat least (\d+) characters"),
    "maxLength": re.compile(r"\bat most (\d+) characters"),
}
_BOUNDS = {
    "minimum": re.compile(rf"\bat least {_NUMBER}(?! (?:items|characters))\b"),
    "maximum": re.compile(rf"\bat most {_NUMBER}(?! (?:items|characters))\b"),
    "exclusiveMinimum": re.compile(rf"\bmore than {_NUMBER}"),
    "exclusiveMaximum": re.compile(rf"\bless than {_NUMBER}"),
    "multipleOf": re.compile(rf"\ba multiple of {_NUMBER}"),
}
_TEXTS = {
    "pattern": re.compile(r"\bmatching the pattern (.*?)(?:, in the format \S+)?$", re.DOTALL),
    "format": re.compile(r"\bin the format ([\w-]+)$"),
}
_OR_NULL = re.compile(r"(?:^|, )(?:[^,]+ or )+null\b")
_ONE_OF = re.compile(r"\bone of (?=[\"\d\[{tfn-])")
_DECODER = json.JSONDecoder()


def with_notes(schema: Schema, notes: str = "") -> Schema:
    """A schema with what the notes say besides.

    Args:
        schema: What the form shows.
        notes: Each behind the path of the field that it is about; descriptions may stand before.

    Example:
        >>> from vs_core.simulation.records.notes import with_notes
        >>> age = {"type": "object", "properties": {"age": {"type": "integer"}}}
        >>> with_notes(age, "age: In years; or so, at least 18")["properties"]["age"]
        {'type': 'integer', 'minimum': 18}
    """
    places = dict(_places(schema, ""))
    by_path: dict[str, list[str]] = {}
    path = ""
    for piece in notes.split("; "):
        # A description may have a semicolon in it: what names no field goes on with the last.
        named, colon, said = piece.partition(": ")
        is_new = bool(colon) and named in places
        path = named if is_new else path
        noted = by_path.setdefault(path, [])
        if is_new or not noted:
            noted.append(said if is_new else piece)
        else:
            noted[-1] += f"; {piece}"
    for noted_path, sayings in by_path.items():
        for said in sayings:
            _note(places[noted_path], said)
    return schema


def _places(schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """The parts of a schema by the paths that notes give them: a list and its items share one."""
    yield path, schema
    for name, field in schema.get("properties", {}).items():
        yield from _places(field, f"{path}.{name}" if path else name)
    for n, item in enumerate(schema.get("prefixItems", ()), start=1):
        yield from _places(item, f"{path} item {n}".strip())
    for inner in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(inner, dict):
            yield from (place for place in _places(inner, path) if place[0] != path)


def _note(part: Schema, said: str) -> None:
    if "const" in part:
        return
    inner = _innermost(part)
    if options := _options(said):
        inner.clear()
        inner["enum"] = options
    for keywords, number in ((_COUNTS, int), (_BOUNDS, _number)):
        _set_last(part, inner, keywords, said, number)
    _set_last(part, inner, _TEXTS, said, str)
    if _OR_NULL.search(said):
        shown = dict(part)
        part.clear()
        part["anyOf"] = [shown, {"type": "null"}]


def _set_last(
    part: Schema,
    inner: Schema,
    keywords: dict[str, re.Pattern[str]],
    said: str,
    read: Callable[[str], Any],
) -> None:
    for keyword, pattern in keywords.items():
        if found := [*pattern.finditer(said)]:
            holder = part if keyword.endswith("Items") else inner
            # Of texts no numeric bound is meant: it is a part of their description.
            if keyword not in _BOUNDS or holder.get("type") in {"integer", "number"}:
                holder[keyword] = read(found[-1][1])


def _innermost(part: Schema) -> Schema:
    while part.get("type") == "array" and isinstance(part.get("items"), dict):
        part = part["items"]
    if part.get("type") == "object" and isinstance(part.get("additionalProperties"), dict):
        return _innermost(part["additionalProperties"])
    return part


def _options(said: str) -> list[Any]:
    for found in reversed([*_ONE_OF.finditer(said)]):
        options, at = [], found.end()
        try:
            while True:
                option, at = _DECODER.raw_decode(said, at)
                options.append(option)
                if said[at : at + 2] != ", ":
                    break
                at += 2
        except ValueError:
            pass  # what follows the last option
        if options:
            return options
    return []


def _number(written: str) -> float:
    try:
        return int(written)
    except ValueError:
        return float(written.rstrip(".e+-") or 0)
