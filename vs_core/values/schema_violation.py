"""Where a value breaks a JSON schema, and what should stand there, in the words of pydantic."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from vs_core.visible import visible

_LONGEST = 200
_WORDS = {
    "type": "should be of type {}",
    "enum": "should be one of {}",
    "const": "should be {}",
    "minimum": "should be at least {}",
    "maximum": "should be at most {}",
    "exclusiveMinimum": "should be more than {}",
    "exclusiveMaximum": "should be less than {}",
    "multipleOf": "should be a multiple of {}",
    "minLength": "should have at least {} characters",
    "maxLength": "should have at most {} characters",
    "minItems": "should have at least {} items",
    "maxItems": "should have at most {} items",
    "minProperties": "should have at least {} fields",
    "maxProperties": "should have at most {} fields",
    "pattern": "should match the pattern {}",
    "format": "should be in the format {}",
    "uniqueItems": "should not have the same item twice",
    "anyOf": "should have one of the shapes that the schema allows",
    "oneOf": "should have exactly one of the shapes that the schema allows",
}


class Violation(NamedTuple):
    """One thing that is wrong with a value.

    Attributes:
        where: The way to it from the outermost value: names of fields, places in lists.
        said: What should stand there; never the value itself, which may be long.
    """

    where: tuple[str | int, ...]
    said: str


def violation(error: Any) -> Violation:
    """What an error of `jsonschema` says of a value.

    Args:
        error: A `jsonschema.ValidationError`.

    Example:
        >>> import jsonschema
        >>> from vs_core.values.schema_violation import violation
        >>> persona = {"properties": {"age": {"minimum": 18}}, "required": ["name"]}
        >>> validator = jsonschema.Draft202012Validator(persona)
        >>> [violation(error) for error in validator.iter_errors({"age": 3})]
        [Violation(where=('age',), said='should be at least 18'),
         Violation(where=('name',), said='Field required')]
    """
    where = tuple(error.absolute_path)
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return Violation((*where, missing[0]), "Field required")
    if error.validator == "additionalProperties" and error.validator_value is False:
        fields, patterns = error.schema.get("properties", {}), error.schema.get("patternProperties")
        extra = [name for name in error.instance if name not in fields]
        if len(extra) == 1 or (extra and not patterns):
            return Violation((*where, extra[0]), "Extra fields are not permitted")
    words = _WORDS.get(error.validator)
    demanded = _written(error.validator_value)
    said = f"should satisfy {error.validator}: {demanded}" if words is None else words
    return Violation(where, said.format(demanded) if words else said)


def _written(demanded: Any) -> str:
    if isinstance(demanded, list):
        written = " or ".join(_written(item) for item in demanded)
    elif isinstance(demanded, str):
        written = demanded
    else:
        written = json.dumps(demanded, ensure_ascii=False)
    written = visible(written)
    return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"
