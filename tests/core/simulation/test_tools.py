"""Which tool the simulation calls, and with what."""

from __future__ import annotations

from typing import Any

import pytest

from vs_core.adapters.simulation import choose_call
from vs_core.simulation.arguments import fill

CITY = {"properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"name": "get_weather", "parameters": CITY}
TIME = {"name": "local_time", "parameters": CITY}
TOOLS = [WEATHER, TIME]


def called(question: str, **options: Any) -> str | None:
    call = choose_call(question, TOOLS, **options)
    return None if call is None else call.name


def test_a_tool_is_called_when_it_is_mentioned() -> None:
    mentions = {
        "How is the weather in Oslo?": "get_weather",
        "Call get_weather for Oslo": "get_weather",
        "What's the local time in Oslo?": "local_time",
        "Use local_time": "local_time",
        "The local time, and then the weather?": "local_time",
        "Tell me a joke": None,
        "What time is it?": None,
        "": None,
    }
    assert {question: called(question) for question in mentions} == mentions


def test_a_tool_whose_name_is_a_usual_word_is_called_by_that_word() -> None:
    assert choose_call("Please search for tea", [{"name": "search"}]) == ("search", {})


def test_after_a_call_the_question_is_answered() -> None:
    assert called("How is the weather?", called=["get_weather"]) is None


def test_the_choice_is_obeyed_once_for_each_tool() -> None:
    choices: list[tuple[Any, str | None]] = [
        ({"choice": "none"}, None),
        ({"choice": "any"}, "get_weather"),
        ({"choice": "any", "called": ["get_weather"]}, "local_time"),
        ({"choice": "any", "called": ["get_weather", "local_time"]}, None),
        ({"choice": "local_time"}, "local_time"),
        ({"choice": "local_time", "called": ["get_weather"]}, "local_time"),
        ({"choice": "local_time", "called": ["local_time"]}, None),
    ]
    for options, name in choices:
        assert called("Tell me about the weather", **options) == name, options


def test_a_choice_that_names_no_tool_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'look' names no tool: .* 'get_weather', 'local_time'"):
        called("x", choice="look")


Case = tuple[Any, str, Any]
TEXTS: list[Case] = [
    ({"type": "string"}, "How is it in New York today?", "New York"),
    ({"type": "string"}, "how is it", "how is it"),
    ({"type": "string", "maxLength": 4}, "how is it", "how "),
    ({"type": "string", "minLength": 4}, "a", "a..."),
    ({"type": "string", "format": "date"}, "x", "2025-01-01"),
]
NUMBERS: list[Case] = [
    ({"type": "integer"}, "for 3 days", 3),
    ({"type": "integer", "maximum": 2}, "for 3 days", 2),
    ({"type": "integer", "minimum": 5}, "for 3 days", 5),
    ({"type": "integer", "exclusiveMinimum": 5}, "x", 6),
    ({"type": "number", "exclusiveMaximum": 1}, "2.5", 0.999),
    ({"type": "number"}, "2.5 litres", 2.5),
    ({"type": "integer", "default": 9}, "7", 9),
]
OTHERS: list[Case] = [
    ({"type": "boolean"}, "x", True),
    ({"type": "null"}, "x", None),
    ({"type": ["null", "integer"]}, "7", 7),
    ({"enum": ["celsius", "kelvin"]}, "in Kelvin", "kelvin"),
    ({"enum": ["celsius", "kelvin"]}, "x", "celsius"),
    ({"const": "v1"}, "x", "v1"),
    ({"type": "array", "items": {"type": "integer"}}, "7", [7]),
    ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, "7", [7, 7]),
    ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, "7", 7),
    ({"$ref": "#/$defs/Unit"}, "x", {"name": "x"}),
    (CITY, "x", {"city": "x"}),
]


@pytest.mark.parametrize("cases", [TEXTS, NUMBERS, OTHERS], ids=["texts", "numbers", "others"])
def test_a_value_fits_its_schema(cases: list[Case]) -> None:
    unit = {"properties": {"name": {"type": "string"}}, "required": ["name"]}
    for schema, words, value in cases:
        tool = {"properties": {"it": schema}, "required": ["it"], "$defs": {"Unit": unit}}
        assert fill(tool, words) == {"it": value}, schema


def test_a_query_is_the_whole_question() -> None:
    tool = {"properties": {"query": {"type": "string"}}, "required": ["query"]}
    assert fill(tool, "Where is Oslo?") == {"query": "Where is Oslo?"}


def test_what_is_not_required_is_left_out() -> None:
    assert fill({"properties": {"unit": {"type": "string"}}}, "x") == {}


def test_a_schema_that_refers_to_itself_has_an_end() -> None:
    node: Any = {"properties": {"next": {"$ref": "#/$defs/Node"}}, "required": ["next"]}
    value: Any = fill({**node, "$defs": {"Node": node}}, "x")
    for _ in range(5):
        value = value["next"]
    assert isinstance(value, dict)
