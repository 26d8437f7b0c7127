"""How responses are asked for in words: by a form to fill in, which models follow best."""

from __future__ import annotations

import json
from collections.abc import Sequence
from string import Template

from vs_core.prompts import wording
from vs_core.prompts.settings import PromptSettings
from vs_core.prompts.value_form import ValueForm
from vs_core.values.schema import json_schema_of


def value_notes(settings: PromptSettings) -> list[str]:
    """What is said of the values themselves, in sentences; nothing of texts.

    Args:
        settings: What is asked.
    """
    if settings.value_schema is None:
        return []
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
        settings: What is asked.
    """
    form = ValueForm({} if settings.value_schema is None else json_schema_of(settings.value_schema))
    return wording.BLANK_TEXT if form.is_text and settings.layout != "json" else form.blank


def asked_form(settings: PromptSettings, form: str) -> str:
    """The sentence that asks for a form to be filled in, and the form.

    Args:
        settings: What is asked.
        form: A whole reply to fill in.
    """
    return wording.FORM.substitute(notation=wording.NOTATION[settings.layout], form=form)


def reply_form(settings: PromptSettings, wanted: int) -> str:
    """A whole reply to fill in.

    Args:
        settings: What is asked.
        wanted: Number of responses.
    """
    typed = settings.value_schema is not None
    most = (wording.LINES_OF_TYPED_FORM if typed else wording.LINES_OF_FORM)[settings.layout]
    forms = wording.FORMS if settings.asks_for_probability else wording.FORMS_WITHOUT_NUMBER
    texts = [value_form(settings)] * min(wanted, most)
    return form_of(settings, forms[settings.layout], texts)


def form_of(settings: PromptSettings, response: Template, texts: Sequence[object]) -> str:
    """A reply to fill in whose texts are given.

    Args:
        settings: What is asked.
        response: How one response is written.
        texts: The text of each response, as the layout writes it.
    """
    layout, definition = settings.layout, settings.asked_definition
    number = wording.BLANK_NUMBER
    if definition == "percentage":
        number = wording.BLANK_PERCENTAGE
        number = json.dumps(number) if layout == "json" else number
    blanks = {"field": wording.FIELD_NAMES[definition], "number": number}
    responses = (",\n" if layout == "json" else "\n").join(
        response.substitute(blanks, text=text, ordinal=ordinal)
        for ordinal, text in enumerate(texts, start=1)
    )
    around = wording.FORM_AFTER_REASONING if settings.method == "cot" else wording.FORM_AROUND
    return around[layout].substitute(responses=responses)
