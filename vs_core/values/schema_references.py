"""Where a JSON schema refers to its own parts; nothing else is ever looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

SUBSCHEMAS = (
    *("items", "additionalItems", "additionalProperties", "propertyNames", "contains"),
    *("not", "if", "then", "else", "unevaluatedItems", "unevaluatedProperties"),
)
"""Keywords whose value is a schema."""

LISTS_OF_SUBSCHEMAS = ("anyOf", "oneOf", "allOf", "prefixItems", "items")
"""Keywords whose value is a list of schemas; `items` was one up to draft 7."""

MAPS_OF_SUBSCHEMAS = (
    *("properties", "patternProperties", "dependentSchemas", "dependencies"),
    *("$defs", "definitions"),
)
"""Keywords whose value has schemas under names of the user's own."""


def inner_schemas(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The schemas that stand directly inside of one; values and names are none.

    Args:
        schema: The schema around them.
    """
    inner = [schema.get(name) for name in SUBSCHEMAS]
    for name in LISTS_OF_SUBSCHEMAS:
        if isinstance(listed := schema.get(name), list):
            inner += listed
    for name in MAPS_OF_SUBSCHEMAS:
        if isinstance(named := schema.get(name), dict):
            inner += named.values()
    yield from (part for part in inner if isinstance(part, dict))


def require_own_references(schema: Mapping[str, Any]) -> None:
    """Refuse a schema that refers to anything but its own parts by their places.

    Args:
        schema: The whole schema.

    Raises:
        ValueError: It refers to an address, to an anchor, or to a place where nothing stands.

    Example:
        >>> from vs_core.values.schema_references import require_own_references
        >>> require_own_references({"$ref": "#/$defs/Age", "$defs": {"Age": {"type": "integer"}}})
    """
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if part is not schema and isinstance(part.get("$id"), str):
            raise ValueError(
                f"value_schema has a part with an $id of its own ({part['$id']!r}), to which "
                "references would be relative: leave it out, and refer to #/$defs/NAME"
            )
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            if isinstance(reference := part.get(keyword), str):
                _require_found(schema, keyword, reference)
        waiting += inner_schemas(part)


def _require_found(schema: Mapping[str, Any], keyword: str, reference: str) -> None:
    if keyword != "$ref" or not (reference == "#" or reference.startswith("#/")):
        raise ValueError(
            f"value_schema has {keyword}={reference!r}: only references to its own parts are "
            "followed and nothing is fetched. Put what is referred to into $defs, and write "
            '{"$ref": "#/$defs/NAME"}'
        )
    try:
        referred_to(schema, reference)
    except LookupError as error:
        raise ValueError(
            f"value_schema has $ref={reference!r}, and no schema stands there: put it into $defs"
        ) from error


def referred_to(schema: Mapping[str, Any], reference: str) -> Any:
    """The part of a schema that a reference points to.

    Args:
        schema: The whole schema.
        reference: A JSON pointer (RFC 6901) behind `#`.

    Raises:
        LookupError: Nothing stands there, or no schema.

    Example:
        >>> from vs_core.values.schema_references import referred_to
        >>> referred_to({"$defs": {"a/b": {"type": "null"}}}, "#/$defs/a~1b")
        {'type': 'null'}
    """
    found: Any = schema
    for step in reference.removeprefix("#").split("/")[1:]:
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and name.isdigit():
            found = found[int(name)]
        elif isinstance(found, dict):
            found = found[name]
        else:
            raise LookupError(reference)
    if not isinstance(found, (dict, bool)):
        raise LookupError(reference)  # noqa: TRY004  # the reference is what is wrong
    return found
