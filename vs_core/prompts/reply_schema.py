"""The shape of a whole reply, for providers that can enforce one."""

from __future__ import annotations

from typing import Any

from vs_core.prompts import wording
from vs_core.prompts.settings import PromptSettings
from vs_core.values.schema import json_schema_of


def reply_schema(settings: PromptSettings) -> dict[str, Any]:
    """The JSON schema of a reply: `responses`, each with its text (or value) and its number.

    Args:
        settings: What is asked.

    Example:
        >>> from vs_core import PromptSettings, reply_schema
        >>> schema = reply_schema(PromptSettings(definition="confidence"))
        >>> sorted(schema["properties"]["responses"]["items"]["properties"])
        ['confidence', 'text']
    """
    text, definitions = _text(settings)
    response: dict[str, Any] = {"text": text}
    if settings.asks_for_probability:
        definition = settings.asked_definition
        response[wording.FIELD_NAMES[definition]] = {
            "type": "string" if definition == "percentage" else "number",
            "description": wording.DEFINITIONS[definition],
        }
    properties: dict[str, Any] = {"responses": {"type": "array", "items": _object(response)}}
    if settings.method == "cot":
        reasoning = {"type": "string", "description": wording.REASONING_DESCRIPTION}
        properties = {"reasoning": reasoning, **properties}
    schema = {
        "title": wording.TOOL_NAME,
        "description": wording.TOOL_DESCRIPTION,
        **_object(properties),
    }
    return {**schema, "$defs": definitions} if definitions else schema


def _text(settings: PromptSettings) -> tuple[dict[str, Any], dict[str, Any]]:
    if settings.value_schema is None:
        return {"type": "string", "description": wording.TEXT_DESCRIPTION}, {}
    schema = json_schema_of(settings.value_schema)
    # References inside it are written from the root.
    return schema, schema.pop("$defs", {})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
