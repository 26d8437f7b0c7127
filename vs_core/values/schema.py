"""Types that candidates can be validated to."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import PydanticUserError, TypeAdapter, ValidationError

from vs_core.values.json_schema import (
    adapter_of_schema,
    description_of_schema,
    is_json_schema,
    name_of_schema,
    plain_schema,
)


class JsonText(str):
    """A value that a model wrote as JSON and not as a string: `3`, where another wrote `"3"`.

    Example:
        >>> from vs_core.values.schema import JsonText, validated
        >>> validated(JsonText("3"), str | int), validated("3", str | int)
        (3, '3')
    """

    __slots__ = ()


def adapter_of(value_schema: Any) -> TypeAdapter[Any]:
    """What validates values of a type; built once for each type.

    Args:
        value_schema: A pydantic model, TypedDict, dataclass, or any other type pydantic knows; or
            a mapping that is a JSON schema.
    """
    if is_json_schema(value_schema):
        return adapter_of_schema(value_schema)
    return _adapter_of_type(value_schema)


@lru_cache(maxsize=64)
def _adapter_of_type(value_schema: Any) -> TypeAdapter[Any]:
    return TypeAdapter(value_schema)


def json_schema_of(value_schema: Any) -> dict[str, Any]:
    """The JSON schema of a type, as a model is shown it.

    Args:
        value_schema: As for `adapter_of`.
    """
    if is_json_schema(value_schema):
        return description_of_schema(value_schema)
    return adapter_of(value_schema).json_schema()


def name_of(value_schema: Any) -> str:
    """What a type is called, for messages.

    Args:
        value_schema: As for `adapter_of`.

    Example:
        >>> from vs_core.values.schema import name_of
        >>> name_of(int), name_of(list[int])
        ('int', 'list[int]')
    """
    if is_json_schema(value_schema):
        return name_of_schema(value_schema)
    if get_origin(value_schema) is Annotated:
        return name_of(get_args(value_schema)[0])
    if isinstance(value_schema, type) and get_origin(value_schema) is None:
        return value_schema.__name__
    return repr(value_schema).replace("typing.", "")


def checked_schema(value_schema: Any) -> Any:
    """What is given as a type or a JSON schema; of a JSON schema, a copy of its own.

    Args:
        value_schema: As for `adapter_of`.

    Raises:
        ValueError: It is no type, or one that JSON cannot describe, or no JSON schema; the message
            says what would be.
        MissingExtraError: It is a JSON schema, and `jsonschema` is not installed.

    Example:
        >>> from vs_core.values.schema import checked_schema
        >>> checked_schema(int), checked_schema({"type": "integer"})
        (<class 'int'>, {'type': 'integer'})
    """
    if is_json_schema(value_schema):
        return plain_schema(value_schema)
    _require_describable(value_schema)
    return value_schema


def _require_describable(value_schema: Any) -> None:
    try:
        json_schema_of(value_schema)
    except (PydanticUserError, TypeError, AttributeError, SyntaxError, NameError) as error:
        raise ValueError(
            f"value_schema={value_schema!r} is no type that JSON can describe: give a pydantic "
            "model, a TypedDict, a dataclass, a type such as list[int], or a JSON schema as a dict "
            f"({str(error).splitlines()[0]})"
        ) from error


def validated(text: str, value_schema: Any) -> Any:
    """The value that a response stands for.

    A text is tried as the string that it is, then as the JSON that it may be; what was written as
    a number (`JsonText`) the other way round, so that of `str | int` neither is favoured. `null`,
    objects and lists are the JSON that they are wherever the type admits that.

    Args:
        text: The response. Around JSON, a code fence is put aside.
        value_schema: As for `adapter_of`.

    Raises:
        pydantic.ValidationError: It is of another type.
    """
    adapter = adapter_of(value_schema)
    string, bare = json.dumps(str(text)), without_fence(text)
    if isinstance(text, JsonText) or _is_structured(bare, value_schema):
        first, second = bare, string
    else:
        first, second = string, bare
    try:
        return adapter.validate_json(first)
    except ValidationError as refusal:
        if isinstance(text, JsonText) and bare[:1] in ("{", "[", "n"):
            raise  # a string may be written as a number, and not as an object
        try:
            return adapter.validate_json(second)
        except ValidationError as error:
            raise (refusal if _says_less(error, text) else error) from None


def is_valid(text: str, value_schema: Any) -> bool:
    """Whether a response stands for a value of a type.

    Args:
        text: As for `validated`.
        value_schema: As for `adapter_of`.

    Example:
        >>> from vs_core.values.schema import is_valid
        >>> is_valid("[1, 2]", list[int]), is_valid("one", list[int])
        (True, False)
    """
    try:
        validated(text, value_schema)
    except ValidationError:
        return False
    return True


def _is_structured(bare: str, value_schema: Any) -> bool:
    """Whether a text is `null`, an object or a list, and the type admits those beside texts."""
    return (bare == "null" or bare[:1] in ("{", "[")) and _admits_more_than_texts(value_schema)


def _admits_more_than_texts(value_schema: Any) -> bool:
    if is_json_schema(value_schema):
        return _describes_more_than_texts(json_schema_of(value_schema))
    return _type_admits_more_than_texts(value_schema)


@lru_cache(maxsize=64)
def _type_admits_more_than_texts(value_schema: Any) -> bool:
    return _describes_more_than_texts(json_schema_of(value_schema))


def _describes_more_than_texts(schema: dict[str, Any]) -> bool:
    return schema.get("type") != "string" and any(k in schema for k in ("anyOf", "oneOf", "$ref"))


def _says_less(error: ValidationError, text: str) -> bool:
    """Whether a second refusal, of a text as JSON or of JSON as a string, is no news."""
    return isinstance(text, JsonText) or error.errors()[0]["type"] == "json_invalid"


def without_fence(text: str) -> str:
    r"""A text without the code fence around it.

    Args:
        text: The text.

    Example:
        >>> from vs_core.values.schema import without_fence
        >>> without_fence("```json\n[1, 2]\n```")
        '[1, 2]'
    """
    bare = text.strip()
    if not (bare.startswith("```") and bare.endswith("```")):
        return bare
    return bare[3:-3].partition("\n")[2].strip()
