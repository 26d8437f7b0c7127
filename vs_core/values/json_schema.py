"""JSON schemas, written as mappings, in the place of a Python type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import Annotated, Any

from pydantic import AfterValidator, TypeAdapter

from vs_core.errors import MissingExtraError
from vs_core.values.pydantic_internals import refusal
from vs_core.values.schema_description import described
from vs_core.values.schema_references import require_own_references
from vs_core.values.schema_violation import violation
from vs_core.visible import visible

_TELLING = frozenset(
    (
        *("type", "enum", "const", "$ref", "anyOf", "oneOf", "allOf", "not", "if"),
        *("properties", "patternProperties", "additionalProperties", "propertyNames", "required"),
        *("items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems"),
        *("minProperties", "maxProperties", "dependentRequired", "dependentSchemas"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "pattern", "format"),
    )
)
"""Keywords that say something about a value; a schema has at least one of them."""

_AROUND_A_SCHEMA = ("parameters", "input_schema", "schema", "json_schema", "function")
"""Where the descriptions of tools and reply formats of providers have the schema itself."""

_FORMATS = ("date", "email", "ipv4", "ipv6", "regex", "uuid")
"""The formats that are checked: those that `jsonschema` knows without further packages."""


def is_json_schema(value_schema: Any) -> bool:
    """Whether a `value_schema` is given as a JSON schema, and not as a type.

    Args:
        value_schema: What was given.

    Example:
        >>> from vs_core.values.json_schema import is_json_schema
        >>> is_json_schema({"type": "integer"}), is_json_schema(int)
        (True, False)
    """
    return isinstance(value_schema, Mapping)


def plain_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A checked copy of a JSON schema, of nothing but JSON.

    Args:
        schema: The schema, of any draft that `jsonschema` knows; without `$schema` it is read as
            draft 2020-12. References must stay inside of it: nothing is fetched.

    Raises:
        ValueError: It is no JSON, no JSON schema, says nothing about a value, or refers to what is
            not in it.
        MissingExtraError: `jsonschema` is not installed.

    Example:
        >>> from vs_core.values.json_schema import plain_schema
        >>> plain_schema({"type": "integer", "minimum": 1})
        {'type': 'integer', 'minimum': 1}
    """
    plain = _as_json(schema)
    if _TELLING.isdisjoint(plain):
        raise ValueError(
            f"value_schema={_shown(plain)} is no JSON schema: none of its keywords says what a "
            f"value is. {_advice(plain)}"
        )
    _require_valid(plain)
    require_own_references(plain)
    _require_an_end(plain)
    return plain


def name_of_schema(schema: Mapping[str, Any]) -> str:
    """What a JSON schema is called, for messages.

    Args:
        schema: The schema.

    Example:
        >>> from vs_core.values.json_schema import name_of_schema
        >>> name_of_schema({"title": "Persona", "type": "object"}), name_of_schema({"type": "null"})
        ('Persona', 'a JSON schema')
    """
    title = schema.get("title")
    return visible(title) if isinstance(title, str) and title.strip() else "a JSON schema"


def adapter_of_schema(schema: Mapping[str, Any]) -> TypeAdapter[Any]:
    """What validates values by a JSON schema.

    Args:
        schema: As `plain_schema` gives it.

    Raises:
        MissingExtraError: `jsonschema` is not installed.

    Example:
        >>> from vs_core.values.json_schema import adapter_of_schema
        >>> adapter_of_schema({"type": "array", "items": {"type": "integer"}}).validate_json("[1]")
        [1]
    """
    return _adapter(json.dumps(schema))


@lru_cache(maxsize=64)
def _adapter(written: str) -> TypeAdapter[Any]:
    return TypeAdapter(Annotated[Any, AfterValidator(_Check(json.loads(written)))])


def description_of_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON schema as pydantic would write it, for prompts and providers.

    Args:
        schema: As `plain_schema` gives it.

    Example:
        >>> from vs_core.values.json_schema import description_of_schema
        >>> description_of_schema({"$id": "https://example.com/n", "type": ["integer"]})
        {'type': 'integer'}
    """
    return dict(json.loads(_description(json.dumps(schema))))


@lru_cache(maxsize=64)
def _description(written: str) -> str:
    return json.dumps(described(json.loads(written)))


class _Check:
    """Validates values by a schema, and raises what pydantic would.

    Args:
        schema: As `plain_schema` gives it.
    """

    def __init__(self, schema: dict[str, Any]) -> None:
        self._name = name_of_schema(schema)
        self._validator = _validator(schema)

    def __call__(self, value: Any) -> Any:
        try:
            best = import_module("jsonschema.exceptions").best_match
            error = best(self._validator.iter_errors(value))
        except RecursionError:
            raise refusal(self._name, (), "should not be nested as deeply", value) from None
        if error is None:
            return value
        found = violation(error)
        raise refusal(self._name, found.where, found.said, value)


def _as_json(schema: Mapping[str, Any]) -> dict[str, Any]:
    try:
        written = json.dumps(dict(schema), allow_nan=False, default=_mapping)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(
            f"value_schema={_shown(schema)} is no JSON schema, as it is no JSON ({error}): give "
            'types by their JSON names, as in {"type": "integer"}, or a pydantic model'
        ) from error
    return dict(json.loads(written))


def _mapping(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a value of type {type(value).__name__} is not JSON")


def _require_valid(schema: dict[str, Any]) -> None:
    kind = _validator_class(schema)
    try:
        kind.check_schema(schema)
    except _library().exceptions.SchemaError as error:
        at = ".".join(map(str, error.absolute_path))
        raise ValueError(
            f"value_schema is no JSON schema: {at + ': ' if at else ''}"
            f"{visible(error.message)[:300]}. {_advice(schema)}"
        ) from error
    except RecursionError:
        raise ValueError(
            "value_schema is nested too deeply: give its parts names in $defs"
        ) from None


def _require_an_end(schema: dict[str, Any]) -> None:
    try:
        _validator(schema).is_valid(None)
    except RecursionError:
        raise ValueError(
            "value_schema refers to itself without ever saying what a value is: give one of the "
            "definitions in that circle a type"
        ) from None


def _validator(schema: dict[str, Any]) -> Any:
    # An empty registry: without one, references to the network would be followed.
    registry = import_module("referencing").Registry()
    checker = _library().FormatChecker(_FORMATS)
    return _validator_class(schema)(schema, format_checker=checker, registry=registry)


def _validator_class(schema: dict[str, Any]) -> Any:
    library, draft = _library(), schema.get("$schema")
    if draft is None:
        return library.Draft202012Validator
    found = library.validators.validator_for({"$schema": draft}, default=None)
    if found is None:
        raise ValueError(
            f"value_schema has $schema={draft!r}, which is no known draft of JSON Schema: leave "
            'it out, or write "https://json-schema.org/draft/2020-12/schema"'
        )
    return found


def _library() -> Any:
    try:
        return import_module("jsonschema")
    except ImportError as error:
        feature = "a JSON schema as value_schema"
        raise MissingExtraError.for_extra(feature, "generate", "jsonschema") from error


def _advice(schema: dict[str, Any]) -> str:
    inside = next((n for n in _AROUND_A_SCHEMA if isinstance(schema.get(n), dict)), None)
    if inside is not None:
        return f"Give the schema itself, which seems to stand under {inside!r}"
    return 'Write it as {"type": "object", "properties": {"name": {"type": "string"}}}'


def _shown(schema: Mapping[str, Any]) -> str:
    written = visible(repr(schema))
    return written if len(written) <= 200 else f"{written[:200]}…"
