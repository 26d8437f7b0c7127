"""A JSON schema in the place of a type: what is refused, shown, enforced and validated."""

from __future__ import annotations

import json
import pickle
import sys
from types import MappingProxyType
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it has no stubs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from tests.core.test_exchange import drive
from tests.every import for_every
from tests.scenarios import Scenario
from tests.typed_values import TYPED
from vs_core import MissingExtraError, NoCandidatesError, PromptSettings, instruction
from vs_core.adapters import can_be_strict, reply_schema

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
PERSONA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "Persona",
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 2},
        "age": {"type": ["integer", "null"], "minimum": 18, "description": "In years."},
        "job": {"enum": ["cook", "nurse"]},
        "home": {"$ref": "#/definitions/Home"},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
        "born": {"type": "string", "format": "date"},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
    "definitions": {"Home": CITY},
}
NEST = {"$ref": "#/$defs/L", "$defs": {"L": {"type": "array", "items": {"$ref": "#/$defs/L"}}}}
TEXTS = st.text(max_size=8)
SCHEMAS = st.recursive(
    st.sampled_from(
        [
            {"type": "string"},
            {"type": ["integer", "null"], "minimum": 3},
            {"enum": ["a", 1, None, [1], {"b": 2}]},
            {"const": {"x": 1}},
            {"type": "array"},
            {"$ref": "#"},
            {"prefixItems": [{"type": "string"}, True], "items": False, "type": "array"},
        ]
    ),
    lambda inner: st.one_of(
        st.builds(lambda p: {"type": "object", "properties": p}, st.dictionaries(TEXTS, inner)),
        st.builds(lambda i: {"type": ["array", "object"], "items": i}, inner),
        st.builds(lambda options: {"anyOf": options}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda i: {"allOf": [i], "description": "One"}, inner),
        st.builds(lambda i: {"type": "object", "additionalProperties": i}, inner),
    ),
    max_leaves=6,
)


def found(value: Any, schema: Any) -> Any:
    """The value of a reply with one response, or why there is none."""
    reply = json.dumps({"responses": [{"text": value, "probability": 0.5}]})
    settings = {"k": 1, "value_schema": schema, "layout": "json", "max_reasks": 0}
    try:
        [read] = drive(Scenario("one", (reply,), [], settings)).values
    except NoCandidatesError as error:
        [why] = error.mismatches
        return why
    return read


@for_every(
    ("change", "why"),
    [
        ({"name": "A"}, "name: should have at least 2 characters"),
        ({"age": 3}, "age: should be at least 18"),
        ({"age": "30"}, "age: should be of type integer or null"),
        ({"job": "x"}, "job: should be one of cook or nurse"),
        ({"home": {}}, "home.city: Field required"),
        ({"tags": [1]}, "tags.0: should be of type string"),
        ({"tags": ["a", "b", "c"]}, "tags: should have at most 2 items"),
        ({"born": "yesterday"}, "born: should be in the format date"),
        ({"nickname": "Al"}, "nickname: Extra fields are not permitted"),
    ],
)
def test_a_mismatch_says_where_and_what(change: dict[str, Any], why: str) -> None:
    alice = {"name": "Alice", "age": 30}
    assert found(alice, PERSONA) == alice
    assert found({**alice, **change}, PERSONA) == why


def test_a_value_nested_too_deeply_is_a_mismatch_and_no_crash() -> None:
    deep: list[Any] = []
    for _ in range(180):
        deep = [deep]
    assert found([[], [[]]], NEST) == [[], [[]]]
    assert isinstance(found(deep, NEST), (list, str))


def test_the_tuples_of_older_drafts_are_read() -> None:
    pair = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "array",
        "items": [{"type": "string"}, {"type": "integer"}],
    }
    assert '["...", 0]' in instruction(PromptSettings(k=1, value_schema=pair))
    assert found(["a", 1], pair) == ["a", 1]
    assert found(["a", "b"], pair) == "1: should be of type integer"


@for_every(
    ("schema", "why"),
    [
        ({}, "none of its keywords says what a value is"),
        ({"foo": 1}, "none of its keywords"),
        ({"title": "Persona"}, "none of its keywords"),
        ({"name": "string", "age": "integer"}, "none of its keywords"),
        ({"name": "f", "parameters": {"type": "object"}}, "stand under 'parameters'"),
        ({"type": "objekt"}, "type: 'objekt' is not valid"),
        ({"type": int}, "it is no JSON"),
        ({"type": "object", "properties": {"a": "string"}}, "properties.a: 'string' is not"),
        ({"type": "string", "pattern": "("}, r"pattern: '\(' is not a 'regex'"),
        ({"$schema": "foo:bar", "type": "string"}, "no known draft"),
        ({"$ref": "https://example.com/person.json"}, "nothing is fetched"),
        ({"properties": {"a": {"$ref": "file:///etc/hosts"}}}, "nothing is fetched"),
        ({"$ref": "#person", "$defs": {"p": {"$anchor": "person"}}}, "only references to its own"),
        ({"$ref": "#/$defs/Missing"}, "no schema stands there"),
        ({"$ref": "#/title", "title": "x"}, "no schema stands there"),
        ({"$ref": "#"}, "without ever saying"),
        ({"anyOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"$ref": "#/$defs/a"}}}, "without ever"),
        ({"$id": "https://a/b", "$defs": {"c": {"$id": "d"}}, "type": "null"}, "an \\$id of its"),
    ],
)
def test_what_is_no_json_schema_is_refused_at_construction(schema: Any, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        PromptSettings(value_schema=schema)


def test_names_and_values_in_a_schema_are_not_taken_for_keywords() -> None:
    fields = {"$ref": {"type": "string"}, "$id": {"const": {"$ref": "http://x"}}}
    value = {"$ref": "a", "$id": {"$ref": "http://x"}}
    assert found(value, {"type": "object", "properties": fields}) == value


def test_a_schema_is_a_copy_of_its_own() -> None:
    given_schema = {"type": "object", "properties": MappingProxyType({"a": {"type": "integer"}})}
    settings = PromptSettings(value_schema=MappingProxyType(given_schema))
    given_schema["type"] = "array"
    kept = {"type": "object", "properties": {"a": {"type": "integer"}}}
    assert settings.value_schema == kept
    assert pickle.loads(pickle.dumps(settings)) == settings == settings.model_copy(deep=True)
    assert PromptSettings.model_validate_json(settings.model_dump_json()) == settings


def test_without_the_library_construction_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    with pytest.raises(MissingExtraError, match=r"integrations\[generate\]'"):
        PromptSettings(value_schema={"type": "integer"})
    assert PromptSettings(value_schema=int).value_schema is int


def test_a_model_sees_the_form_and_what_the_form_cannot_say() -> None:
    said = instruction(PromptSettings(k=1, value_schema=PERSONA))
    form = '{"name": "...", "age": 0, "job": "...", "home": {"city": "..."}, "tags": ["..."]'
    assert form in said
    for note in ("age: In years, an integer or null", "age: at least 18", "tags: at most 2 items"):
        assert note in said


def test_a_recursive_form_has_an_end() -> None:
    tree = {
        "type": "object",
        "properties": {"value": {"type": "integer"}, "left": {"$ref": "#"}, "right": {"$ref": "#"}},
        "required": ["value"],
    }
    said = instruction(PromptSettings(k=1, value_schema=tree))
    assert '{"value": 0, "left": {"value": 0}, "right": {"value": 0}}' in said


def test_every_type_is_shown_and_enforced_alike_when_it_is_given_as_its_json_schema() -> None:
    for name, typed in TYPED.items():
        if isinstance(typed.schema, dict):
            continue
        schema = TypeAdapter(typed.schema).json_schema()
        as_type, as_schema = (PromptSettings(value_schema=s) for s in (typed.schema, schema))
        assert instruction(as_schema) == instruction(as_type), name
        assert reply_schema(as_schema) == reply_schema(as_type), name
        values = [found(value, schema) for value in typed.values]
        assert values == [*typed.values], name


@given(SCHEMAS)
def test_whatever_the_schema_the_shape_of_a_reply_holds_together(schema: dict[str, Any]) -> None:
    try:
        settings = PromptSettings(value_schema=schema)
    except ValidationError as error:
        assert "refers to itself" in str(error)  # noqa: PT017  # the only reason among these
        return
    shape = reply_schema(settings)
    jsonschema.Draft202012Validator.check_schema(shape)
    listed = jsonschema.Draft202012Validator(shape)
    for value in (None, 5, "a", [], {}, ["a", 1], {"b": {"a": 5}}):
        if found(value, schema) == value:  # what we read, a provider may write
            responses = [{"text": value, "probability": 0.5}] * 5
            errors = [e.validator for e in listed.iter_errors({"responses": responses})]
            assert {*errors} <= {"anyOf", "required", "additionalProperties", "type"}
    assert can_be_strict(shape) in {True, False}
    assert instruction(settings)
