"""What a provider that enforces JSON schemas has against the one it was sent.

The rules are OpenAI's for strict schemas: closed objects, all fields required, each part typed, no
keyword but those known. Any schema must be an object whose references lead somewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

OURS = "give_responses"
_FORMATS = ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]
_KNOWN = frozenset(
    (
        *("type", "properties", "required", "additionalProperties", "items", "enum", "const"),
        *("anyOf", "$ref", "$defs", "title", "description", "pattern", "format", "multipleOf"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems"),
    )
)


def complaints(body: dict[str, Any]) -> list[str]:
    """What is wrong with the schemas of a request to the chat completions or the responses."""
    said: list[str] = []
    for name, schema, strict in _schemas(body):
        if name != OURS:
            continue  # requests of other kinds are not what is tested here
        if schema.get("type") != "object" or "anyOf" in schema:
            said.append("the root must be an object")
        for path, part in _parts(schema, "#"):
            reference = part.get("$ref", "#/$defs/")
            target = reference.removeprefix("#/$defs/")
            if target and target not in schema.get("$defs", {}):
                said.append(f"{path}: {reference} leads nowhere")
            if strict:
                said += [f"{path}: {problem}" for problem in _against_strictness(part)]
    return said


def _schemas(body: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any], bool]]:
    forms = [(body.get("response_format") or {}).get("json_schema")]
    forms.append((body.get("text") or {}).get("format"))
    for form in filter(None, forms):
        yield form.get("name"), form.get("schema", {}), bool(form.get("strict"))
    for tool in body.get("tools") or ():
        function = tool.get("function", tool)
        # Without parameters a tool needs no schema.
        if parameters := function.get("parameters"):
            yield function.get("name"), parameters, bool(function.get("strict"))


def _against_strictness(part: dict[str, Any]) -> Iterator[str]:
    unknown = part.keys() - _KNOWN
    if unknown:
        yield f"{sorted(unknown)} is not permitted"
    if part.keys().isdisjoint(("type", "anyOf", "$ref")):
        yield "has no type"
    if "$ref" in part and len(part) > 1:
        yield "$ref cannot have keywords beside it"
    if part.get("format", "date") not in _FORMATS:
        yield f"format {part['format']} is not permitted"
    if part.get("type") == "object":
        if part.get("additionalProperties") is not False:
            yield "additionalProperties must be false"
        if sorted(part.get("required", ())) != sorted(part.get("properties", {})):
            yield "all fields must be required"
    if part.get("type") == "array" and "items" not in part:
        yield "an array needs items"


def _parts(schema: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield path, schema
    for name in ("properties", "$defs"):
        for key, inner in schema.get(name, {}).items():
            yield from _parts(inner, f"{path}/{key}")
    for name in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for inner in schema.get(name, ()):
            yield from _parts(inner, f"{path}/{name}")
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from _parts(schema[name], f"{path}/{name}")
