"""Plausible arguments for a tool: values that its schema allows, from the words of the question."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

_DEEPEST = 8
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NAME = re.compile(r"(?<=[^.!?\s] )[A-Z][\w'-]*(?: [A-Z][\w'-]*)*")
_WHOLE = frozenset(("query", "question", "text", "prompt", "input", "message", "content", "task"))
_FORMATS = {
    "date": "2025-01-01",
    "date-time": "2025-01-01T12:00:00Z",
    "time": "12:00:00",
    "email": "someone@example.com",
    "uri": "https://example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
}

Schema = Mapping[str, Any]


def fill(schema: Schema, words: str) -> dict[str, Any]:
    """Arguments that fit a tool's parameters; what is not required is left out.

    Texts are taken from the question: a name in it (`Oslo`), or all of it. Of several allowed
    values the one that it mentions is taken, else the first; numbers are those it has, within
    their bounds.

    Args:
        schema: The JSON schema of the parameters.
        words: What was asked.

    Example:
        >>> from vs_core.simulation.arguments import fill
        >>> city = {"type": "string"}
        >>> days = {"type": "integer", "minimum": 1}
        >>> fill(
        ...     {"properties": {"city": city, "days": days}, "required": ["city", "days"]},
        ...     "How is the weather in Oslo for 3 days?",
        ... )
        {'city': 'Oslo', 'days': 3}
    """
    return _Filling(schema.get("$defs", {}), words).object(schema, 0)


class _Filling:
    """Values for the parts of one schema.

    Args:
        definitions: What the schema refers to.
        words: What was asked.
    """

    def __init__(self, definitions: Schema, words: str) -> None:
        self._definitions = definitions
        self._words = words.strip()

    def object(self, schema: Schema, depth: int) -> dict[str, Any]:
        """An object with what is required of it."""
        properties = schema.get("properties", {})
        return {
            name: self._value(properties.get(name, {}), name, depth + 1)
            for name in schema.get("required", ())
        }

    def _value(self, schema: Schema, name: str, depth: int) -> Any:
        schema = self._resolved(schema)
        for fixed in ("const", "default"):
            if fixed in schema:
                return schema[fixed]
        if options := schema.get("enum"):
            return next((one for one in options if self._mentions(one)), options[0])
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if not isinstance(kind, str):
            kind = next((one for one in kind if one != "null"), "null")
        if kind == "object":
            return self.object(schema, depth) if depth < _DEEPEST else {}
        if kind == "array":
            return self._array(schema, name, depth)
        if kind in ("integer", "number"):
            return self._number(schema, whole=kind == "integer")
        if kind == "string":
            return self._text(schema, name)
        return True if kind == "boolean" else None

    def _resolved(self, schema: Schema) -> Schema:
        for _ in range(_DEEPEST):
            reference = str(schema.get("$ref", "")).rpartition("/")[2]
            parts: Sequence[Schema] = next(
                (schema[key] for key in ("anyOf", "oneOf", "allOf") if schema.get(key)), ()
            )
            if reference in self._definitions:
                schema = self._definitions[reference]
            elif parts and "default" not in schema:
                schema = next((one for one in parts if one.get("type") != "null"), parts[0])
            else:
                break
        return schema

    def _mentions(self, option: Any) -> bool:
        return re.search(rf"\b{re.escape(str(option))}\b", self._words, re.IGNORECASE) is not None

    def _array(self, schema: Schema, name: str, depth: int) -> list[Any]:
        if depth >= _DEEPEST:
            return []
        items = schema.get("items") or {}
        return [self._value(items, name, depth + 1)] * max(1, schema.get("minItems", 1))

    def _number(self, schema: Schema, *, whole: bool) -> float:
        found = _NUMBER.search(self._words)
        number = float(found[0]) if found else 1.0
        step = 1 if whole else 0.001
        low = schema.get("minimum", schema.get("exclusiveMinimum", -math.inf) + step)
        high = schema.get("maximum", schema.get("exclusiveMaximum", math.inf) - step)
        number = max(low, min(high, number))
        return int(number) if whole else number

    def _text(self, schema: Schema, name: str) -> str:
        if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        found = None if name.lower() in _WHOLE else _NAME.search(self._words)
        text = found[0] if found else self._words
        shortest = schema.get("minLength", 0)
        return text[: schema.get("maxLength")].ljust(shortest, ".")
