"""The shape of a whole reply, for providers that can enforce one."""

from __future__ import annotations

from typing import Any

from vs_core.prompts import wording
from vs_core.prompts.enforceable import closed_object, enforceable
from vs_core.prompts.settings import PromptSettings
from vs_core.values.schema import json_schema_of
from vs_core.values.terms import Definition

_LEAST: dict[Definition, float] = {"perplexity": 1, "nll": 0}
"""Bounds of the numbers that are no fractions; they have no upper one."""


def reply_schema(settings: PromptSettings, wanted: int | None = None) -> dict[str, Any]:
    """The JSON schema of a reply: `responses`, each with its text (or value) and its number.

    It says all that is asked: how many responses, and between which bounds their numbers lie.
    Objects that name their fields admit no others, as strict enforcement needs it.

    Args:
        settings: What is asked.
        wanted: Number of responses; None asks for as many as one call holds.

    Example:
        >>> from vs_core import PromptSettings
        >>> from vs_core.adapters import reply_schema
        >>> schema = reply_schema(PromptSettings(k=3, max_probability=0.1))
        >>> responses = schema["properties"]["responses"]
        >>> responses["minItems"], responses["maxItems"]
        (3, 3)
        >>> responses["items"]["properties"]["probability"]["exclusiveMaximum"]
        0.1
    """
    text, definitions = _text(settings)
    response: dict[str, Any] = {"text": text}
    if settings.asks_for_probability:
        response[wording.FIELD_NAMES[settings.asked_definition]] = _number(settings)
    count = settings.call_size if wanted is None else wanted
    responses = {
        "type": "array",
        "minItems": count,
        "maxItems": count,
        "items": closed_object(response),
    }
    properties: dict[str, Any] = {"responses": responses}
    if settings.method == "cot":
        reasoning = {"type": "string", "description": wording.REASONING_DESCRIPTION}
        properties = {"reasoning": reasoning, **properties}
    schema = {
        "title": wording.TOOL_NAME,
        "description": wording.TOOL_DESCRIPTION,
        **closed_object(properties),
    }
    return {**schema, "$defs": definitions} if definitions else schema


def _number(settings: PromptSettings) -> dict[str, Any]:
    definition = settings.asked_definition
    described = {"description": wording.DEFINITIONS[definition]}
    if definition == "percentage":
        return {"type": "string", **described}
    if definition in _LEAST:
        return {"type": "number", "minimum": _LEAST[definition], **described}
    bounds: dict[str, Any] = {"minimum": 0, "maximum": 1}
    if settings.max_probability is not None:
        # Some providers know one of the two keywords only.
        bounds["maximum"] = bounds["exclusiveMaximum"] = settings.max_probability
    return {"type": "number", **bounds, **described}


def _text(settings: PromptSettings) -> tuple[dict[str, Any], dict[str, Any]]:
    if settings.value_schema is None:
        return {"type": "string", "description": wording.TEXT_DESCRIPTION}, {}
    schema = enforceable(json_schema_of(settings.value_schema))
    # References inside it are written from the root.
    return schema, schema.pop("$defs", {})
