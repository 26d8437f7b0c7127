"""A type as a form to fill in: small models copy a JSON schema where they should obey it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_BLANKS = {
    "string": '"..."',
    "integer": "0",
    "number": "0.0",
    "boolean": "true or false",
    "null": "null",
}
_BOUNDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "pattern": "matching the pattern {}",
    "format": "in the format {}",
}
_IN_FORM = frozenset(
    (
        *("type", "properties", "required", "additionalProperties", "items", "prefixItems"),
        *("anyOf", "oneOf", "discriminator", "enum", "const", "$ref", "$defs"),
        *("title", "description", "default", "examples"),
    )
)
_LEFT_OPEN = "..."


class ValueForm:
    """A JSON schema as a value to fill in, and what cannot be seen from it, in words.

    Args:
        schema: The schema, as pydantic writes it.

    Example:
        >>> from vs_core.prompts.value_form import ValueForm
        >>> form = ValueForm(
        ...     {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}}
        ... )
        >>> form.blank, form.notes
        ('{"n": 0}', ['n: at least 1'])
    """

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema
        self._definitions = schema.get("$defs", {})

    @property
    def blank(self) -> str:
        """The value to fill in, on one line."""
        return self._blank(self._schema, ())

    @property
    def is_text(self) -> bool:
        """Whether the value is a text, which needs no quotes where no JSON is asked for."""
        return all(part.get("type") == "string" for part in self._alternatives())

    @property
    def choices(self) -> list[str]:
        """The texts that there are to choose from; empty if it may be any other."""
        given = [part.get("enum", [part.get("const")]) for part in self._alternatives()]
        return [str(value) for values in given for value in values if value is not None]

    @property
    def notes(self) -> list[str]:
        """What is asked of fields besides their shape, each with its path."""
        return [
            f"{path}: {said}" if path else said
            for path, part in self._parts(self._schema, "", ())
            if (said := ", ".join(_said_of(part)))
        ]

    @property
    def is_complete(self) -> bool:
        """Whether the form and its notes say all that the schema says."""
        known = _IN_FORM | _BOUNDS.keys()
        return all(part.keys() <= known for _, part in self._parts(self._schema, "", ()))

    def _blank(self, schema: dict[str, Any], around: tuple[str, ...]) -> str:
        part, around = self._entered(schema, around)
        if part is None:
            return _LEFT_OPEN
        if options := _options(part):
            return " or ".join(dict.fromkeys(self._blank(o, around) for o in options))
        if "enum" in part or "const" in part:
            values = part.get("enum", [part.get("const")])
            return " or ".join(json.dumps(value, ensure_ascii=False) for value in values)
        if part.get("type") == "object":
            return self._object(part, around)
        if part.get("type") == "array":
            items = [self._blank(item, around) for item in part.get("prefixItems", ())]
            items = items or [self._blank(part.get("items") or {}, around), _LEFT_OPEN]
            return f"[{', '.join(items)}]"
        return _BLANKS.get(str(part.get("type")), _LEFT_OPEN)

    def _object(self, part: dict[str, Any], around: tuple[str, ...]) -> str:
        members = [
            f"{json.dumps(name, ensure_ascii=False)}: {self._blank(field, around)}"
            for name, field in part.get("properties", {}).items()
        ]
        others = part.get("additionalProperties")
        if not members and others is not False:
            value = self._blank(others if isinstance(others, dict) else {}, around)
            members = [f'"...": {value}', _LEFT_OPEN]
        return f"{{{', '.join(members)}}}"

    def _entered(
        self, schema: dict[str, Any], around: tuple[str, ...]
    ) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
        """A schema without the reference around it; None inside of what it refers to."""
        name = str(schema.get("$ref", "")).removeprefix("#/$defs/")
        if name not in self._definitions:
            return schema, around
        if name in around:
            return None, around
        part, around = self._entered(self._definitions[name], (*around, name))
        return part and {**part, **{k: v for k, v in schema.items() if k != "$ref"}}, around

    def _alternatives(self) -> list[dict[str, Any]]:
        waiting: list[tuple[dict[str, Any], tuple[str, ...]]] = [(self._schema, ())]
        found = []
        while waiting:
            part, around = self._entered(*waiting.pop(0))
            options = _options(part or {})
            waiting += [(option, around) for option in options]
            if part is not None and not options:
                found.append(part)
        return found

    def _parts(
        self, schema: dict[str, Any], path: str, around: tuple[str, ...]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        part, around = self._entered(schema, around)
        if part is None:
            return
        yield path, part
        for option in _options(part):
            yield from self._parts(option, path, around)
        for name, field in part.get("properties", {}).items():
            yield from self._parts(field, f"{path}.{name}" if path else name, around)
        for inner in (part.get("items"), part.get("additionalProperties")):
            if isinstance(inner, dict):
                yield from self._parts(inner, path, around)


def _options(part: dict[str, Any]) -> list[dict[str, Any]]:
    return [*part.get("anyOf", ()), *part.get("oneOf", ())]


def _said_of(part: dict[str, Any]) -> Iterator[str]:
    if "description" in part:
        yield " ".join(part["description"].split()).rstrip(".")
    for keyword, words in _BOUNDS.items():
        if keyword in part and "prefixItems" not in part:
            yield words.format(part[keyword])
