"""With a `value_schema` a value is opaque: the type decides what is a value, in every notation."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel

from tests.typed_values import MIXED, PROBABILITIES, TYPED, Film, Problem, Quote, Typed, responses
from vs_core import (
    Layout,
    PromptSettings,
    ReplyPiece,
    VerbalizedDistribution,
    expect_reply,
    explain_reply,
)

Write = Callable[[Typed], str | None]


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)


def pairs(typed: Typed) -> list[tuple[Any, float]]:
    return list(zip(typed.values, PROBABILITIES, strict=True))


def bare(typed: Typed) -> list[dict[str, Any]]:
    """The values with their probability as one more field; none if they have such a field."""
    objects = [(v, p) for v, p in pairs(typed) if isinstance(v, dict) and "probability" not in v]
    return [{**v, "probability": p} for v, p in objects] if len(objects) == 2 else []


def flat(typed: Typed) -> bool:
    """Whether the values can be written as elements without attributes or nesting."""
    return all(
        isinstance(value, dict)
        and "probability" not in value
        and all(isinstance(v, (str, int, float)) and "<" not in str(v) for v in value.values())
        for value in typed.values
    )


def rows(typed: Typed, template: str) -> str:
    return "\n".join(
        template.replace("$n", str(n)).replace("$p", str(p)).replace("$v", as_text(v))
        for n, (v, p) in enumerate(pairs(typed), 1)
    )


ELEMENT = "<response><text>$v</text><probability>$p</probability></response>"

WRITTEN: dict[str, Write] = {
    "json": responses,
    "json, the value named value": lambda typed: responses(typed, name="value"),
    "json, indented": lambda typed: json.dumps(json.loads(responses(typed)), indent=4),
    "json, in a fence": lambda typed: f"Here you are:\n```json\n{responses(typed)}\n```",
    "json, a list": lambda typed: as_json([{"text": v, "probability": p} for v, p in pairs(typed)]),
    "json, the number first": lambda typed: as_json(
        {"responses": [{"probability": p, "text": v} for v, p in pairs(typed)]}
    ),
    "json lines": lambda typed: "\n".join(
        as_json({"text": v, "probability": p}) for v, p in pairs(typed)
    ),
    "json, a fence each": lambda typed: "\n\n".join(
        f"```json\n{json.dumps({'text': v, 'probability': p}, indent=2)}\n```"
        for v, p in pairs(typed)
    ),
    "json behind reasoning": lambda typed: as_json(
        {"reasoning": "So.", **json.loads(responses(typed))}
    ),
    "bare values in responses": lambda typed: as_json({"responses": bare(typed)}),
    "bare values in a list": lambda typed: as_json(bare(typed)),
    "bare values as lines": lambda typed: "\n".join(map(as_json, bare(typed))),
    "xml": lambda typed: rows(typed, ELEMENT),
    "xml without a text element": lambda typed: rows(
        typed, "<response>$v<probability>$p</probability></response>"
    ),
    "lines": lambda typed: rows(typed, "$n. ($p) $v"),
    "sections": lambda typed: rows(
        typed, "## Response $n\n```json\n$v\n```\n**Probability:** $p\n"
    ),
    "bare values in xml": lambda typed: "\n".join(
        f"<response>{as_json(value)}</response>" for value in bare(typed)
    ),
    "bare values in text elements": lambda typed: "\n".join(
        f"<response><text>{as_json(value)}</text></response>" for value in bare(typed)
    ),
    "python in xml": lambda typed: "\n".join(
        f"<response><text>{v!r}</text><probability>{p}</probability></response>"
        for v, p in pairs(typed)
    ),
    "fields as elements": lambda typed: "\n".join(
        "<response>"
        + "".join(f"<{name}>{field}</{name}>" for name, field in v.items())
        + f"<probability>{p}</probability></response>"
        for v, p in pairs(typed)
    ),
}
OF_BARE_VALUES = [name for name in WRITTEN if name.startswith("bare")]
OF_JSON = [name for name in WRITTEN if name.startswith("json")]
OPEN_NAMES = ("a dict of numbers", "a dict of fractions", "a dict of texts", "a dict of anything")


def can_write(how: str, name: str, typed: Typed) -> bool:
    if name == "tags in a text" and how in ("xml without a text element", "bare values in xml"):
        return False  # such tags then stand where tags of the notation may stand
    if how in OF_BARE_VALUES:
        return bool(bare(typed))
    if how == "fields as elements":
        # Which elements are fields is only known where the type names them.
        return flat(typed) and name not in OPEN_NAMES
    if how == "python in xml":
        return all(isinstance(value, dict) for value in typed.values)
    return how != "sections" or not any(isinstance(value, str) for value in typed.values)


def layout_of(how: str) -> Layout:
    if how == "lines":
        return "lines"
    return "xml" if "xml" in how or "element" in how else "json"


def read(reply: str, schema: Any, layout: Layout, size: int) -> VerbalizedDistribution[Any]:
    reading = expect_reply(PromptSettings(k=2, value_schema=schema, layout=layout))
    found: VerbalizedDistribution[Any] = VerbalizedDistribution()
    for start in range(0, len(reply), size):
        found += reading.feed(ReplyPiece(text=reply[start : start + size]))
    return found + reading.close()


@pytest.mark.parametrize(
    ("how", "name"),
    [(how, name) for how in WRITTEN for name in TYPED if can_write(how, name, TYPED[name])],
)
def test_a_value_is_opaque_in_every_notation_and_chunking(how: str, name: str) -> None:
    typed = TYPED[name]
    reply = WRITTEN[how](typed)
    assert reply is not None
    for size in (len(reply), 7, 1):
        found = read(reply, typed.schema, layout_of(how), size)
        assert found.values == typed.expected
        assert [candidate.stated for candidate in found] == list(PROBABILITIES)


@pytest.mark.parametrize(("how", "name"), [(how, name) for how in OF_JSON for name in MIXED])
def test_what_was_written_as_a_number_and_what_as_a_text_stays_so(how: str, name: str) -> None:
    typed = MIXED[name]
    reply = WRITTEN[how](typed)
    assert reply is not None
    assert read(reply, typed.schema, "json", 7).values == typed.expected


@pytest.mark.parametrize("name", TYPED)
def test_values_without_any_number_are_read(name: str) -> None:
    typed = TYPED[name]
    found = read(as_json({"responses": typed.values}), typed.schema, "json", 7)
    assert found.values == typed.expected
    assert [candidate.stated for candidate in found] == [None, None]


def test_a_single_value_is_one_candidate() -> None:
    assert read('{"question": "1+1", "answer": 2}', Problem, "xml", 5).values == [
        Problem(question="1+1", answer=2)
    ]
    assert read('["a", "b"]', list[str], "json", 5).values == [["a", "b"]]


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "...", "slogan": "..."}',
        '["...", "..."]',
    ],
)
def test_a_form_that_was_not_filled_in_is_no_candidate(text: str) -> None:
    reply = (
        f"<response><text>{text}</text><probability>0.00</probability></response>"
        '<response><text>{"name": "Bo"}</text><probability>0.3</probability></response>'
    )
    found = read(reply, dict[str, str], "xml", 9)
    assert found.values == [{"name": "Bo"}]
    assert "placeholder" in found.trace.dropped[0].reason


def test_a_value_that_only_holds_dots_is_kept_where_others_do_not() -> None:
    found = read('{"responses": [{"name": "...", "slogan": "Wait"}]}', dict[str, str], "json", 9)
    assert found.values == [{"name": "...", "slogan": "Wait"}]


def test_json_whose_end_is_missing_is_mended_inside_an_element() -> None:
    reply = '<response><text>{"title": "Heat", "score": 7</text><probability>0.3</probability>'
    assert read(f"{reply}</response>", Film, "xml", 8).values == [Film(title="Heat", score=7)]


@pytest.mark.parametrize(
    "reply",
    [
        '{"heads": 0.6, "tails": 0.4}',
        '{"responses": {"heads": 0.6, "tails": 0.4}}',
        '{"texts": ["heads", "tails"], "probabilities": [0.6, 0.4]}',
    ],
)
def test_texts_and_numbers_side_by_side_are_read_for_simple_types(reply: str) -> None:
    found = read(reply, str, "json", 6)
    assert [(c.value, c.stated) for c in found] == [("heads", 0.6), ("tails", 0.4)]


def test_a_schema_that_is_echoed_is_no_value() -> None:
    echo = '{"properties": {"title": {"type": "string"}, "score": {"type": "integer"}}}'
    found = read(f'[{echo}, {{"title": "Heat", "score": 7, "probability": 0.2}}]', Film, "json", 9)
    assert found.values == [Film(title="Heat", score=7)]


class Strict(BaseModel, extra="forbid"):
    text: str
    score: int


@pytest.mark.parametrize("schema", [Strict, Quote])
def test_what_does_not_fit_is_told_by_the_field(schema: Any) -> None:
    found = read('{"responses": [{"text": {"text": "a"}, "probability": 0.3}]}', schema, "json", 9)
    assert not found
    [dropped] = found.trace.dropped
    assert dropped.fragment == '{"text": "a"}'
    assert "Field required" in dropped.reason


def test_the_explanation_shows_the_value_and_its_own_number() -> None:
    asked = PromptSettings(value_schema=Film)
    explained = explain_reply('[{"title": "Heat", "score": 7, "probability": 0.2}]', asked=asked)
    [stretch] = [s for s in explained.stretches if s.part == "candidate"]
    assert '\'{"title": "Heat", "score": 7}\', number \'0.2\'' in stretch.rule
