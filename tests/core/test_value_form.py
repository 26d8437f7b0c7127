"""A type as a form to fill in, with what the form does not show in words."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from tests.typed_values import TYPED, Chain, Pet, Problem
from vs_core import Layout, PromptSettings, instruction
from vs_core.prompts.instruction import follow_up
from vs_core.prompts.value_form import ValueForm
from vs_core.values.schema import json_schema_of


class Review(BaseModel):
    """A review of a film."""

    stars: int = Field(ge=1, le=5, description="How good it is.")
    tags: list[Literal["fun", "sad"]]
    by: str | None = None
    seen: bool


FORMS: list[tuple[Any, str, list[str]]] = [
    (Problem, '{"question": "...", "answer": 0}', []),
    (
        Review,
        '{"stars": 0, "tags": ["..."], "by": "...", "seen": false}',
        [
            "A review of a film",
            "stars: How good it is, at least 1, at most 5",
            'tags: one of "fun", "sad"',
            "by: a text or null",
            "seen: true or false",
        ],
    ),
    (
        Pet,
        '{"kind": "cat", "lives": 0}',
        ['{"kind": "cat", "lives": 0} or {"kind": "dog", "name": "..."}'],
    ),
    (Chain, '{"head": 0, "tail": null}', ["tail: the same again or null"]),
    (dict[str, int], '{"...": 0}', []),
    (tuple[int, str], '[0, "..."]', []),
    (str | int, '"..."', ["a text or an integer"]),
    (Annotated[int, Field(multiple_of=5)], "0", ["a multiple of 5"]),
]


@pytest.mark.parametrize(("schema", "blank", "notes"), FORMS, ids=str)
def test_a_form_shows_the_shape_and_says_the_rest(
    schema: Any, blank: str, notes: list[str]
) -> None:
    form = ValueForm(json_schema_of(schema))
    assert (form.blank, form.notes, form.is_complete) == (blank, notes, True)


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def test_every_form_is_json() -> None:
    blanks = {n: ValueForm(json_schema_of(typed.schema)).blank for n, typed in TYPED.items()}
    assert {name: blank for name, blank in blanks.items() if not is_json(blank)} == {}


@pytest.mark.parametrize(
    ("layout", "form"),
    [
        ("xml", '<response id="1"><text>{"question": "...", "answer": 0}</text>'),
        (
            "json",
            '{"responses": [\n{"text": {"question": "...", "answer": 0}, "probability": 0.00}',
        ),
        ("lines", '1. (0.00) {"question": "...", "answer": 0}\n2. (0.00) {"question"'),
    ],
)
def test_each_layout_has_its_form_at_the_end_of_the_instruction(layout: Layout, form: str) -> None:
    said = instruction(PromptSettings(k=3, value_schema=Problem, layout=layout))
    assert f"this form{', as JSON' if layout == 'json' else ''}:\n{form}" in said
    assert said.endswith("\nGive 3 different responses.")
    assert "JSON schema" not in said


def test_a_form_has_five_responses_at_most_and_as_many_as_are_wanted() -> None:
    settings = PromptSettings(k=20, value_schema=Problem)
    assert instruction(settings).count("<response ") == 5
    assert "Give 20 different responses." in instruction(settings)
    assert follow_up(settings, 2).count("<response ") == 2


def test_texts_need_no_quotes_outside_of_json() -> None:
    schema = Literal["heads", "tails"]
    assert "<text>...</text>" in instruction(PromptSettings(value_schema=schema))
    assert '"text": "..."' in instruction(PromptSettings(value_schema=schema, layout="json"))
    assert 'one of "heads", "tails"' in instruction(PromptSettings(value_schema=schema))


def test_bounds_of_the_parts_of_a_tuple_are_said() -> None:
    schema = tuple[Annotated[int, Field(ge=1, le=6)], str]
    assert "item 1: at least 1, at most 6" in instruction(PromptSettings(value_schema=schema))


def test_what_no_form_can_say_is_said_by_the_schema() -> None:
    schema = Annotated[dict[str, int], Field(json_schema_extra={"minProperties": 2})]
    said = instruction(PromptSettings(value_schema=schema))
    assert 'must match this JSON schema: {"' in said


def test_one_answer_has_a_form_of_one_value() -> None:
    said = instruction(PromptSettings(method="direct", value_schema=Problem))
    assert said.endswith('in this form, filled in: {"question": "...", "answer": 0}')
