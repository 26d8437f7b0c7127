"""A type as a form to fill in: small models copy a JSON schema where they should obey it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_BLANKS = {"string": '"..."', "integer": "0", "number": "0.0", "boolean": "false", "null": "null"}
_NAMES = {"string": "a text", "integer": "an integer", "number": "a number", "null": "null"}
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
        """The value to fill in, on one line: JSON."""
        return self._blank(self._schema, ())

    @property
    def is_text(self) -> bool:
        """Whether the value may be a text, which needs no quotes where no JSON is asked for."""
        return bool(self._alternatives()[0].get("type", "string") == "string")

    @property
    def notes(self) -> list[str]:
        """What is asked of the value and its fields besides their shape, each with its path."""
        return [
            f"{path}: {said}" if path else said
            for path, part, around in self._parts(self._schema, "", ())
            if (said := ", ".join(self._said_of(part, around)))
        ]

    @property
    def is_complete(self) -> bool:
        """Whether the form and its notes say all that the schema says."""
        known = _IN_FORM | _BOUNDS.keys()
        return all(part.keys() <= known for _, part, _ in self._parts(self._schema, "", ()))

    def _blank(self, schema: dict[str, Any], around: tuple[str, ...]) -> str:
        part, around = self._entered(schema, around)
        if part is None:
            return "null"
        if options := _options(part):
            return self._blank(options[0], around)
        if "const" in part or len(part.get("enum", ())) == 1:
            return json.dumps(part.get("const", *part.get("enum", [None])), ensure_ascii=False)
        if part.get("type") == "object":
            return self._object(part, around)
        if part.get("type") == "array":
            items = [self._blank(item, around) for item in part.get("prefixItems", ())]
            return f"[{', '.join(items or [self._blank(part.get('items') or {}, around)])}]"
        return _BLANKS.get(str(part.get("type")), _BLANKS["string"])

    def _said_of(self, part: dict[str, Any], around: tuple[str, ...]) -> Iterator[str]:
        if "description" in part:
            yield " ".join(part["description"].split()).rstrip(".")
        if len(part.get("enum", ())) > 1:
            yield f"one of {', '.join(json.dumps(v, ensure_ascii=False) for v in part['enum'])}"
        if part.get("type") == "boolean":
            yield "true or false"
        if options := _options(part):
            yield " or ".join(self._named(option, around) for option in options)
        for keyword, words in _BOUNDS.items():
            if keyword in part and "prefixItems" not in part:
                yield words.format(part[keyword])

    def _named(self, schema: dict[str, Any], around: tuple[str, ...]) -> str:
        part, _ = self._entered(schema, around)
        if part is None:
            return "the same again"
        return _NAMES.get(str(part.get("type"))) or self._blank(schema, around)

    def _object(self, part: dict[str, Any], around: tuple[str, ...]) -> str:
        members = [
            f"{json.dumps(name, ensure_ascii=False)}: {self._blank(field, around)}"
            for name, field in part.get("properties", {}).items()
            # Inside of itself, a value is left out where it may be, so that the form has an end.
            if name in part.get("required", ()) or self._entered(field, around)[0] is not None
        ]
        others = part.get("additionalProperties")
        if not members and others is not False:
            value = self._blank(others if isinstance(others, dict) else {}, around)
            members = [f'"...": {value}']
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
    ) -> Iterator[tuple[str, dict[str, Any], tuple[str, ...]]]:
        part, around = self._entered(schema, around)
        if part is None:
            return
        yield path, part, around
        for option in _options(part):
            yield from self._parts(option, path, around)
        for name, field in part.get("properties", {}).items():
            yield from self._parts(field, f"{path}.{name}" if path else name, around)
        for n, item in enumerate(part.get("prefixItems", ()), start=1):
            yield from self._parts(item, f"{path} item {n}".strip(), around)
        for inner in (part.get("items"), part.get("additionalProperties")):
            if isinstance(inner, dict):
                yield from self._parts(inner, path, around)


def _options(part: dict[str, Any]) -> list[dict[str, Any]]:
    """The shapes to choose from, `null` last."""
    options = [*part.get("anyOf", ()), *part.get("oneOf", ())]
    return sorted(options, key=lambda option: option.get("type") == "null")
