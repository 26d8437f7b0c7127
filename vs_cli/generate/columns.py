"""Which type a column has: of JSON values, the narrowest that holds all of them without loss."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, Literal

Name = Literal["null", "bool", "int", "float", "text", "list", "object", "json"]

_LARGEST_INT = 2**63
_LARGEST_EXACT = 2**53
"""Beyond it, not every whole number is a floating-point one."""

MOST_FIELDS = 1_000
"""Objects that have more keys between them are no rows of columns."""


@dataclass(frozen=True)
class Kind:
    """A type of JSON values.

    Attributes:
        name: Which; "json" is any value, as text, and "null" that of no value at all.
        items: Of a list.
        fields: Of an object.
        exact: Whether a whole number stays itself as a floating-point one.
        seen: How many values it is the type of.

    Example:
        >>> from vs_cli.generate.columns import kind_of, merged
        >>> merged(kind_of([1]), kind_of([2.5])).items.name
        'float'
        >>> merged(kind_of({"a": 1}), kind_of({"a": "one"})).fields["a"].name
        'json'
    """

    name: Name
    items: Kind | None = None
    fields: dict[str, Kind] = field(default_factory=dict)
    exact: bool = True
    seen: int = 0


def kind_of(value: Any) -> Kind:
    """The type of one value.

    Args:
        value: Plain JSON.
    """
    if isinstance(value, list):
        items = reduce(merged, map(kind_of, value), Kind("null"))
        return Kind("list", items=items, seen=1)
    if isinstance(value, dict):
        # No file of columns has structs without any.
        fields = {name: kind_of(part) for name, part in value.items()}
        return Kind("object", fields=fields, seen=1) if fields else Kind("json", seen=1)
    if isinstance(value, bool):
        return Kind("bool", seen=1)
    if isinstance(value, int):
        if not -_LARGEST_INT <= value < _LARGEST_INT:
            return Kind("json", seen=1)
        return Kind("int", exact=abs(value) <= _LARGEST_EXACT, seen=1)
    if isinstance(value, float):
        return Kind("float", seen=1)
    return Kind("null" if value is None else "text", seen=1)


def merged(one: Kind, other: Kind) -> Kind:
    """The type that holds the values of both.

    Args:
        one: A type.
        other: Another, or the same.
    """
    return replace(_holding(one, other), seen=one.seen + other.seen)


def _holding(one: Kind, other: Kind) -> Kind:
    if one.name == "null" or other.name == "null":
        return other if one.name == "null" else one
    if {one.name, other.name} == {"int", "float"}:
        return Kind("float") if one.exact and other.exact else Kind("json")
    if one.name != other.name:
        return Kind("json")
    null = Kind("null")
    if one.name == "list":
        return Kind("list", items=merged(one.items or null, other.items or null))
    names = {**one.fields, **other.fields}
    if len(names) > MOST_FIELDS:
        return Kind("json")
    fields = {
        name: merged(one.fields.get(name, null), other.fields.get(name, null)) for name in names
    }
    return Kind(one.name, fields=fields, exact=one.exact and other.exact)


def plain(value: Any, kind: Kind) -> Any:
    """A value as a column of a type takes it.

    Args:
        value: Plain JSON.
        kind: A type that holds it.
    """
    if value is None:
        return None
    if kind.name == "json":
        return json.dumps(value, ensure_ascii=False)
    if kind.name == "list":
        return [plain(item, kind.items or Kind("null")) for item in value]
    if kind.name == "object":
        return {name: plain(value.get(name), part) for name, part in kind.fields.items()}
    return float(value) if kind.name == "float" else value
