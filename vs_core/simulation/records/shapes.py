"""What a part of a JSON schema comes to: without references, alternatives and conjunctions."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from vs_core.values.schema_references import referred_to

Schema = Mapping[str, Any]

_MOST_STEPS = 24
_NOTHING = 0.2


class Shapes:
    """Finds the shapes of the parts of one schema.

    Args:
        schema: The whole schema.
        rng: Decides between alternatives.

    Example:
        >>> import random
        >>> from vs_core.simulation.records.shapes import Shapes
        >>> shapes = Shapes({"$defs": {"n": {"type": "integer"}}}, random.Random(1))
        >>> shapes.shape_of({"$ref": "#/$defs/n", "minimum": 1})
        {'type': 'integer', 'minimum': 1}
    """

    def __init__(self, schema: Schema, rng: random.Random) -> None:
        self._schema = schema
        self._rng = rng

    def shape_of(self, part: Any, *, ends: bool = False) -> Schema:
        """One shape that values of a part may have.

        Args:
            part: The part.
            ends: Whether nothing is to be nested further, where that may be.
        """
        for _ in range(_MOST_STEPS):
            if not isinstance(part, Mapping):
                return {"type": "string"}
            if "$ref" in part:
                part = {**self._found(part), **_without(part, "$ref")}
            elif options := [*part.get("anyOf", ()), *part.get("oneOf", ())]:
                part = {**_without(part, "anyOf", "oneOf"), **self._chosen(options, ends=ends)}
            elif "allOf" in part:
                part = self._joined(part)
            else:
                return part
        return {"type": "null"}

    def _chosen(self, options: list[Any], *, ends: bool) -> Schema:
        shapes = [option for option in options if isinstance(option, Mapping)] or [{}]
        nothing = [shape for shape in shapes if shape.get("type") == "null"]
        if nothing and (ends or self._rng.random() < _NOTHING):
            return nothing[0]
        return self._rng.choice([s for s in shapes if s.get("type") != "null"] or nothing)

    def _found(self, part: Schema) -> Schema:
        try:
            found = referred_to(self._schema, str(part["$ref"]))
        except LookupError:
            return {}
        return found if isinstance(found, Mapping) else {}

    def _joined(self, part: Schema) -> Schema:
        """Of schemas that hold all at once, one with the keywords and fields of each."""
        joined = _without(part, "allOf")
        inner: list[Any] = []
        for one in part["allOf"]:
            if not isinstance(one, Mapping):
                continue
            found = {**self._found(one), **_without(one, "$ref")} if "$ref" in one else {**one}
            inner += found.pop("allOf", ())
            properties = {**joined.get("properties", {}), **found.get("properties", {})}
            required = [*joined.get("required", ()), *found.get("required", ())]
            joined |= found
            joined |= {"properties": properties} if properties else {}
            joined |= {"required": required} if required else {}
        return {**joined, "allOf": inner} if inner else joined


def kind_of(shape: Schema) -> str:
    """The type of the values of a shape.

    Args:
        shape: As `Shapes.shape_of` gives it.

    Example:
        >>> from vs_core.simulation.records.shapes import kind_of
        >>> kind_of({"type": ["null", "integer"]}), kind_of({"properties": {}}), kind_of({})
        ('integer', 'object', 'string')
    """
    kind = shape.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if isinstance(kind, str):
        return kind
    if not {"properties", "additionalProperties", "required"}.isdisjoint(shape):
        return "object"
    if not {"items", "prefixItems", "minItems"}.isdisjoint(shape):
        return "array"
    return "string" if {"minimum", "maximum", "multipleOf"}.isdisjoint(shape) else "number"


def _without(schema: Schema, *names: str) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name not in names}
