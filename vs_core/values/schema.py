"""Types that candidates can be validated to."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import PydanticUserError, TypeAdapter, ValidationError


@lru_cache(maxsize=64)
def adapter_of(value_schema: Any) -> TypeAdapter[Any]:
    """What validates values of a type; built once for each type.

    Args:
        value_schema: A pydantic model, TypedDict, dataclass, or any other type pydantic knows.
    """
    return TypeAdapter(value_schema)


def json_schema_of(value_schema: Any) -> dict[str, Any]:
    """The JSON schema of a type, as a model is shown it.

    Args:
        value_schema: As for `adapter_of`.
    """
    return adapter_of(value_schema).json_schema()


def require_describable(value_schema: Any) -> None:
    """Refuse what is no type, or one that JSON cannot describe.

    Raises:
        ValueError: It is not; the message says what would be.
    """
    try:
        json_schema_of(value_schema)
    except (PydanticUserError, TypeError, AttributeError) as error:
        raise ValueError(
            f"value_schema={value_schema!r} is no type that JSON can describe: give a pydantic "
            "model, a TypedDict, a dataclass, or a type such as list[int] "
            f"({str(error).splitlines()[0]})"
        ) from error


def validated(text: str, value_schema: Any) -> Any:
    """The value that a response in JSON stands for.

    Args:
        text: The response; a code fence around it is put aside. What is no JSON is validated as
            a string, so that `heads` will do for an enumeration of strings.
        value_schema: As for `adapter_of`.

    Raises:
        pydantic.ValidationError: It is of another type.
    """
    adapter = adapter_of(value_schema)
    bare = _without_fence(text)
    if not _accepts_strings(value_schema):
        return adapter.validate_json(bare)
    try:
        return adapter.validate_python(text)
    except ValidationError as refusal:
        try:
            return adapter.validate_json(bare)
        except ValidationError as error:
            if error.errors()[0]["type"] != "json_invalid":
                raise
            raise refusal from None  # which says what is wrong with the text


@lru_cache(maxsize=64)
def _accepts_strings(value_schema: Any) -> bool:
    schema = json_schema_of(value_schema)
    return schema.get("type") == "string" or all(
        isinstance(choice, str) for choice in schema.get("enum", [schema.get("const")])
    )


def _without_fence(text: str) -> str:
    bare = text.strip()
    if not (bare.startswith("```") and bare.endswith("```")):
        return bare
    return bare[3:-3].partition("\n")[2].strip()
