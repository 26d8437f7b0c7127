"""The type that a prompt asks for, read from the form and the notes that this package writes."""

from __future__ import annotations

import json
import re
from typing import Any

from vs_core.prompts import wording
from vs_core.simulation.records.notes import with_notes

_FORMS = (
    re.compile(r'<response id="1"><text>(.*?)</text>'),
    re.compile(r"form:\n(?:Reasoning: \.\.\.\n)?1\. (?:\((?:0\.00|00%)\) )?(.*)"),
    re.compile(r"in this form, filled in: (.*)"),
)
_JSON_FORM = re.compile(r'form, as JSON:\n\{(?:"reasoning": "\.\.\.", )?"responses": \[\n')
_NUMBERED = re.compile(r', "\w+": (?:0\.00|"00%")\}')
_SCHEMA = re.compile(re.escape(wording.SCHEMA.template.partition("$")[0]))
_NOTES = re.compile(
    rf"{re.escape(wording.VALUES.template.partition('$')[0])}(.*?)\."
    r"(?= Please sample at random| Write each in this form| The response must be in this form"
    r"| Each text must match|\s*$)",
    re.DOTALL,
)
_DECODER = json.JSONDecoder()

Schema = dict[str, Any]


def asked_schema(text: str) -> Schema | None:
    """The JSON schema of the values that a prompt asks for; None if it asks for texts.

    It says what the form and the notes say: all that a model is told, too.

    Args:
        text: What the model is told.

    Example:
        >>> from vs_core import PromptSettings, instruction
        >>> from vs_core.simulation.records.asked_form import asked_schema
        >>> asked_schema(instruction(PromptSettings(value_schema=list[int])))
        {'type': 'array', 'items': {'type': 'integer'}}
        >>> asked_schema(instruction(PromptSettings())) is None
        True
    """
    for found in _SCHEMA.finditer(text):
        schema = _decoded(text, found.end())
        if isinstance(schema, dict):
            return schema
    blank = _blank(text)
    notes = [found[1] for found in _NOTES.finditer(text)][-1:]
    if blank is None or (blank == wording.BLANK_TEXT and not notes):
        return None
    return with_notes(_of_blank(blank), *notes)


def _blank(text: str) -> Any:
    """The value to fill in, as JSON has it; a text if it is none."""
    for found in _JSON_FORM.finditer(text):
        end = _DECODER.raw_decode(text, found.end())[1] if _decodes(text, found.end()) else 0
        item = _decoded(text, found.end())
        is_numbered = bool(_NUMBERED.search(text[found.end() : end][-40:]))
        return item["text"] if is_numbered and isinstance(item, dict) else item
    written = [found[1].strip() for form in _FORMS for found in form.finditer(text)][-1:]
    if not written:
        return None
    return _decoded(written[0], 0) if _decodes(written[0], 0) else wording.BLANK_TEXT


def _decodes(text: str, at: int) -> bool:
    try:
        _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return False
    return True


def _decoded(text: str, at: int) -> Any:
    return _DECODER.raw_decode(text, at)[0] if _decodes(text, at) else None


def _of_blank(blank: Any) -> Schema:
    if isinstance(blank, dict):
        if [*blank] == [wording.BLANK_TEXT]:
            return {"type": "object", "additionalProperties": _of_blank(*blank.values())}
        properties = {name: _of_blank(field) for name, field in blank.items()}
        return {"type": "object", "properties": properties, "required": [*properties]}
    if isinstance(blank, list):
        return _of_list(blank)
    return _of_scalar(blank)


def _of_list(blank: list[Any]) -> Schema:
    items = [_of_blank(item) for item in blank]
    if len(items) > 1:
        return {
            "type": "array",
            "prefixItems": items,
            "minItems": len(items),
            "maxItems": len(items),
        }
    if blank == [None]:
        # The form says so where a list may hold what it stands in.
        return {"type": "array", "maxItems": 0}
    return {"type": "array", "items": items[0] if items else {}}


def _of_scalar(blank: Any) -> Schema:
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string"}
    if blank is None:
        return {"type": "null"}
    is_blank = blank == wording.BLANK_TEXT or not blank
    return {"type": kinds[type(blank)]} if is_blank else {"const": blank}
