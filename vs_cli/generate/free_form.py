"""Which objects have columns of their own, and which have whatever keys they like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from vs_cli.generate.columns import Kind

_LEAST_FILLED = 0.5
"""Below it, most of the places in the columns of an object would be empty."""

_Schema = dict[str, Any]


class Layout:
    """Decides by a JSON schema on columns, and by the values where the schema leaves it open.

    Objects with the properties that a schema names become columns. Where it allows any keys (a
    map), columns would be as many as keys, most of them empty, and a reader could not tell a key
    that is null from one that is not there: such objects become JSON as text.

    Args:
        schema: That of the values; None if there is none.

    Example:
        >>> from vs_cli.generate.columns import kind_of
        >>> from vs_cli.generate.free_form import Layout
        >>> kind = kind_of({"attributes": {"colour": "red"}})
        >>> anything = {"additionalProperties": {"type": "string"}}
        >>> layout = Layout({"properties": {"attributes": anything}})
        >>> layout.settled(kind).fields["attributes"].name
        'json'
    """

    def __init__(self, schema: Any = None) -> None:
        self._root: _Schema = schema if isinstance(schema, dict) else {}

    def settled(self, kind: Kind) -> Kind:
        """The type of a column that holds values of a type.

        Args:
            kind: The type of all values.
        """
        return self._settled(kind, [self._root] if self._root else [])

    def _settled(self, kind: Kind, schemas: list[_Schema]) -> Kind:
        schemas = [part for schema in schemas for part in self._parts(schema)]
        if kind.name == "list" and kind.items is not None:
            return replace(kind, items=self._settled(kind.items, _under("items", schemas)))
        if kind.name != "object":
            return kind
        if self._is_free(kind, schemas):
            return Kind("json", seen=kind.seen)
        fields = {
            name: self._settled(part, _of_property(name, schemas))
            for name, part in kind.fields.items()
        }
        return replace(kind, fields=fields)

    def _is_free(self, kind: Kind, schemas: list[_Schema]) -> bool:
        named = {name for schema in schemas for name in schema.get("properties") or {}}
        if kind.fields.keys() <= named:
            return False
        if not named and any(map(_allows_any_keys, schemas)):
            return True
        filled = sum(part.seen for part in kind.fields.values())
        return filled < _LEAST_FILLED * len(kind.fields) * kind.seen

    def _parts(self, schema: _Schema, *followed: str) -> Iterator[_Schema]:
        """The schema, and those that it refers to or is made of."""
        yield schema
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference not in followed:
            found = self._referred(reference)
            if isinstance(found, dict):
                yield from self._parts(found, *followed, reference)
        for name in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(name) or ():
                if isinstance(part, dict):
                    yield from self._parts(part, *followed)

    def _referred(self, reference: str) -> Any:
        place: Any = self._root
        for name in reference.removeprefix("#").strip("/").split("/"):
            place = place.get(name) if isinstance(place, dict) and name else place
        return place


def _allows_any_keys(schema: _Schema) -> bool:
    return (
        "object" in schema.get("type", ())
        or bool(schema.get("additionalProperties"))
        or "patternProperties" in schema
    )


def _under(name: str, schemas: list[_Schema]) -> list[_Schema]:
    return [schema[name] for schema in schemas if isinstance(schema.get(name), dict)]


def _of_property(name: str, schemas: list[_Schema]) -> list[_Schema]:
    properties = _under("properties", schemas)
    return _under(name, properties) or _under("additionalProperties", schemas)
