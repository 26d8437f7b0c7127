"""A JSON schema of any draft, rewritten in the keywords that pydantic uses.

What a model is shown and what a provider enforces is made from pydantic's schemas, whose references
all point to `$defs`: so they survive being put into the schema of a whole reply.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vs_core.values.schema_references import MAPS_OF_SUBSCHEMAS, SUBSCHEMAS, referred_to

_SAYS_NOTHING_OF_A_VALUE = ("$schema", "$id", "$comment", "$anchor", "$defs", "definitions")
_ANNOTATIONS = frozenset(("title", "description", "default", "examples"))
_UNFIT_FOR_A_NAME = re.compile(r"\W+")


def described(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema of the same meaning, as pydantic would write it.

    Args:
        schema: One that was checked; its references point to parts of its own.

    Example:
        >>> from vs_core.values.schema_description import described
        >>> described({"type": ["integer", "null"], "description": "Age"})
        {'description': 'Age', 'anyOf': [{'type': 'integer'}, {'type': 'null'}]}
        >>> described(
        ...     {"items": {"$ref": "#/definitions/n"}, "definitions": {"n": {"type": "number"}}}
        ... )
        {'items': {'$ref': '#/$defs/n'}, '$defs': {'n': {'type': 'number'}}}
    """
    return _Rewriting(schema).whole()


class _Rewriting:
    """One schema that is rewritten.

    Args:
        schema: The whole schema.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        self._names: dict[str, str] = {}

    def whole(self) -> dict[str, Any]:
        """The root, and below `$defs` what is referred to."""
        root = self._part(self._schema)
        definitions: dict[str, Any] = {}
        while missing := [ref for ref, name in self._names.items() if name not in definitions]:
            for reference in missing:
                part = self._part(referred_to(self._schema, reference))
                definitions[self._names[reference]] = part
        return {**root, "$defs": definitions} if definitions else root

    def _part(self, part: Any) -> dict[str, Any]:
        if not isinstance(part, dict):
            return {} if part else {"not": {}}
        kept = {k: v for k, v in part.items() if k not in _SAYS_NOTHING_OF_A_VALUE}
        return _with_single_types(_merged(self._with_rewritten_parts(_with_tuples(kept))))

    def _with_rewritten_parts(self, part: dict[str, Any]) -> dict[str, Any]:
        changed = dict(part)
        for name, value in part.items():
            if name == "$ref":
                changed[name] = f"#/$defs/{self._name(value)}"
            elif name in SUBSCHEMAS and not _is_plain_switch(name, value):
                changed[name] = self._part(value)
            elif name in {"anyOf", "oneOf", "allOf", "prefixItems"}:
                changed[name] = [self._part(inner) for inner in value]
            elif name in MAPS_OF_SUBSCHEMAS:
                changed[name] = {
                    k: inner if isinstance(inner, list) else self._part(inner)
                    for k, inner in value.items()
                }
        return changed

    def _name(self, reference: str) -> str:
        if reference not in self._names:
            wanted = _UNFIT_FOR_A_NAME.sub("_", reference.rpartition("/")[2]).strip("_") or "Value"
            name, taken = wanted, set(self._names.values())
            while name in taken:
                name = f"{name}_"
            self._names[reference] = name
        return self._names[reference]


def _is_plain_switch(name: str, value: Any) -> bool:
    return isinstance(value, bool) and name.startswith(("additional", "unevaluated"))


def _with_tuples(part: dict[str, Any]) -> dict[str, Any]:
    """Items one by one as `prefixItems`, which draft 2020-12 has for them."""
    if not isinstance(part.get("items"), list):
        return part
    changed = {k: v for k, v in part.items() if k not in {"items", "additionalItems"}}
    changed["prefixItems"] = part["items"]
    return {**changed, "items": part["additionalItems"]} if "additionalItems" in part else changed


def _merged(part: dict[str, Any]) -> dict[str, Any]:
    """A part whose `allOf` has one schema, without that detour."""
    listed = part.get("allOf", ())
    if len(listed) != 1 or (part.keys() - _ANNOTATIONS - {"allOf"}) & listed[0].keys():
        return part
    return {**listed[0], **{k: v for k, v in part.items() if k != "allOf"}}


def _with_single_types(part: dict[str, Any]) -> dict[str, Any]:
    """Several types as shapes to choose from; beside a choice of values they say nothing more."""
    kinds = part.get("type")
    if not isinstance(kinds, list):
        return part
    rest = {k: v for k, v in part.items() if k != "type"}
    if len(kinds) == 1:
        return {"type": kinds[0], **rest}
    if "enum" in part or "const" in part:
        return rest
    if "anyOf" in part:
        return {**rest, "allOf": [{"anyOf": [{"type": kind} for kind in kinds]}]}
    told = {k: v for k, v in rest.items() if k in _ANNOTATIONS}
    bounds = {k: v for k, v in rest.items() if k not in _ANNOTATIONS}
    return {**told, "anyOf": [_of_type(kind, bounds) for kind in kinds]}


def _of_type(kind: str, bounds: dict[str, Any]) -> dict[str, Any]:
    others = set().union(*(words for name, words in _KEYWORDS_OF.items() if name != kind))
    own = _KEYWORDS_OF.get(kind, frozenset())
    return {"type": kind, **{k: v for k, v in bounds.items() if k in own or k not in others}}


_NUMERIC = frozenset(
    ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
)
_KEYWORDS_OF: dict[str, frozenset[str]] = {
    "string": frozenset(("minLength", "maxLength", "pattern", "format")),
    "number": _NUMERIC,
    "integer": _NUMERIC,
    "array": frozenset(("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains")),
    "object": frozenset(
        ("properties", "required", "additionalProperties", "patternProperties", "propertyNames")
    ),
}
"""Keywords that concern values of one type only."""
