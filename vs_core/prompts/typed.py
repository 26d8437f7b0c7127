"""How values of a type are asked for in words: by a form to fill in."""

from __future__ import annotations

import json
import re

from vs_core.prompts import wording
from vs_core.prompts.settings import PromptSettings
from vs_core.prompts.value_form import ValueForm
from vs_core.values.schema import json_schema_of

_DIGIT = re.compile(r"\d")


def value_notes(settings: PromptSettings) -> list[str]:
    """What is said of the values themselves, in sentences.

    Args:
        settings: What is asked, with a `value_schema`.
    """
    schema = json_schema_of(settings.value_schema)
    form = ValueForm(schema)
    said = []
    if form.notes:
        said.append(wording.VALUES.substitute(notes="; ".join(form.notes)))
    if not form.is_complete:
        written = json.dumps(schema, ensure_ascii=False)
        said.append(wording.SCHEMA.substitute(schema=written))
    return said


def value_form(settings: PromptSettings) -> str:
    """One value to fill in.

    Args:
        settings: As for `value_notes`.
    """
    form = ValueForm(json_schema_of(settings.value_schema))
    return wording.BLANK_TEXT if form.is_text and settings.layout != "json" else form.blank


def reply_form(settings: PromptSettings, wanted: int) -> str:
    """A whole reply to fill in.

    Args:
        settings: As for `value_notes`.
        wanted: Number of responses.
    """
    layout, definition = settings.layout, settings.asked_definition
    asks = settings.asks_for_probability
    one = (wording.FORMS if asks else wording.FORMS_WITHOUT_NUMBER)[layout]
    number = _DIGIT.sub("0", wording.SAMPLE_NUMBERS[definition])
    if layout == "json" and definition == "percentage":
        number = json.dumps(number)
    fields = {
        "text": value_form(settings),
        "field": wording.FIELD_NAMES[definition],
        "number": number,
    }
    count = min(wanted, wording.LINES_OF_FORM[layout])
    separator = ",\n" if layout == "json" else "\n"
    responses = separator.join(one.substitute(fields, ordinal=n + 1) for n in range(count))
    around = wording.FORM_AFTER_REASONING if settings.method == "cot" else wording.FORM_AROUND
    return around[layout].substitute(responses=responses)
