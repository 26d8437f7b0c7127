"""The JSON schema that `--schema` names."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from vs_cli.errors import MisuseError
from vs_cli.reading import named, read_text
from vs_core.generation import GenerationSettings


def read_schema(file: str) -> dict[str, Any]:
    """The schema in a file.

    Args:
        file: Its path; `-` is standard input.

    Raises:
        MisuseError: It cannot be read, or holds no JSON schema.
        MissingExtraError: What checks schemas is not installed.
    """
    try:
        schema = json.loads(read_text(file))
    except MisuseError as error:
        raise MisuseError(f"--schema: {error}") from error
    except (ValueError, RecursionError) as error:
        raise MisuseError(f"--schema: {named(file)} is no JSON: {error}") from error
    if not isinstance(schema, dict):
        raise MisuseError(
            f"--schema: {named(file)} holds no JSON schema, which is an object such as "
            '{"type": "object", "properties": {"name": {"type": "string"}}}'
        )
    try:
        GenerationSettings(value_schema=schema)
    except ValidationError as error:
        message = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise MisuseError(f"--schema: {named(file)}: {message}") from error
    return schema
