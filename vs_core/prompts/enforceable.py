"""JSON schemas as providers can enforce them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_SUBSCHEMAS = ("items", "additionalProperties")
_LISTS_OF_SUBSCHEMAS = ("anyOf", "oneOf", "prefixItems", "allOf")
_MAPS_OF_SUBSCHEMAS = ("properties", "$defs")

_STRICT = frozenset(
    (
        *("type", "properties", "required", "additionalProperties", "items", "enum", "const"),
        *("anyOf", "$ref", "$defs", "title", "description", "pattern", "format", "multipleOf"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems"),
    )
)
"""What strict enforcement knows; OpenAI refuses a strict schema with any other keyword."""

_FORMATS = frozenset(
    ("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid")
)
"""The formats that OpenAI's strict enforcement knows."""

_TYPES = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
    list: "array",
    dict: "object",
}


def enforceable(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema in the keywords that providers know, as strict as it can be said.

    Objects that name their fields admit no others; a field with a default is asked for all the
    same; one of several shapes is written `anyOf`; a choice of values has a type.

    Args:
        schema: As pydantic writes it.

    Example:
        >>> from vs_core.prompts.enforceable import enforceable
        >>> enforceable({"type": "object", "properties": {"a": {"default": 1, "type": "integer"}}})
        {'type': 'object', 'properties': {'a': {'type': 'integer'}}, 'required': ['a'], \
'additionalProperties': False}
    """
    if "$ref" in schema and len(schema) > 1:
        # Beside a reference no other keyword may stand.
        rest = {name: value for name, value in schema.items() if name != "$ref"}
        return enforceable({"anyOf": [{"$ref": schema["$ref"]}], **rest})
    changed = _with_enforceable_parts(schema)
    changed.pop("default", None)
    if "oneOf" in changed:
        changed["anyOf"] = changed.pop("oneOf")
        changed.pop("discriminator", None)
    if "properties" in schema:
        required = schema.get("required", ())
        fields = schema["properties"].items()
        changed["required"] = [n for n, field in fields if n in required or "default" in field]
        changed.setdefault("additionalProperties", False)
    if "type" not in changed and ("enum" in changed or "const" in changed):
        values = changed.get("enum", [changed.get("const")])
        types = [*dict.fromkeys(_TYPES[type(value)] for value in values)]
        changed["type"] = types[0] if len(types) == 1 else types
    return changed


def _with_enforceable_parts(schema: dict[str, Any]) -> dict[str, Any]:
    changed = dict(schema)
    for name in _SUBSCHEMAS:
        if isinstance(changed.get(name), dict):
            changed[name] = enforceable(changed[name])
    for name in _LISTS_OF_SUBSCHEMAS:
        if name in changed:
            changed[name] = [enforceable(inner) for inner in changed[name]]
    for name in _MAPS_OF_SUBSCHEMAS:
        if name in changed:
            changed[name] = {key: enforceable(inner) for key, inner in changed[name].items()}
    return changed


def closed_object(properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object that has all of some members and no others, as strictness needs it.

    Args:
        properties: The members' schemas.

    Example:
        >>> from vs_core.prompts.enforceable import closed_object
        >>> closed_object({"text": {"type": "string"}})["required"]
        ['text']
    """
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def can_be_strict(schema: dict[str, Any]) -> bool:
    """Whether every object in a schema is closed, and every part of it has a type.

    Providers refuse to enforce others strictly.

    Args:
        schema: As `enforceable` gives it.

    Example:
        >>> from vs_core import PromptSettings
        >>> from vs_core.adapters import can_be_strict, reply_schema
        >>> can_be_strict(reply_schema(PromptSettings(value_schema=list[int])))
        True
        >>> can_be_strict(reply_schema(PromptSettings(value_schema=dict[str, int])))
        False
    """
    return all(map(_is_strict, _parts(schema)))


def _is_strict(part: dict[str, Any]) -> bool:
    if not part.keys() <= _STRICT or part.keys().isdisjoint(("type", "anyOf", "$ref")):
        return False
    if part.get("format", "date") not in _FORMATS:
        return False
    if part.get("type") == "array":
        return "items" in part
    if part.get("type") != "object":
        return True
    fields = part.get("properties", {})
    return part.get("additionalProperties") is False and [*fields] == part.get("required", [])


def _parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    inner = [schema[name] for name in _SUBSCHEMAS if isinstance(schema.get(name), dict)]
    inner += [part for name in _LISTS_OF_SUBSCHEMAS for part in schema.get(name, ())]
    inner += [part for name in _MAPS_OF_SUBSCHEMAS for part in schema.get(name, {}).values()]
    for part in inner:
        yield from _parts(part)
