"""With a `value_schema` a value is opaque: the type decides what is a value, in every notation."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Literal

import pytest
from pydantic import BaseModel, TypeAdapter

from tests.typed_values import (
    MIXED,
    PROBABILITIES,
    TYPED,
    Capital,
    Event,
    Film,
    Problem,
    Quote,
    Typed,
    responses,
)
from vs_core import (
    Layout,
    Method,
    PromptSettings,
    VerbalizedDistribution,
    explain_reply,
    parse_reply,
)
from vs_core.adapters import ReplyPiece, expect_reply

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


def said(found: VerbalizedDistribution[Any]) -> list[tuple[Any, float | None]]:
    """Each value with the number that was stated for it."""
    return [(candidate.value, candidate.stated) for candidate in found]


def stating(values: list[Any], numbers: Sequence[float | None] = PROBABILITIES) -> list[Any]:
    return list(zip(values, numbers, strict=True))


@pytest.mark.parametrize("how", WRITTEN)
def test_a_value_is_opaque_in_every_notation_and_chunking(how: str) -> None:
    writable = {name: typed for name, typed in TYPED.items() if can_write(how, name, typed)}
    assert len(writable) >= 10
    for name, typed in writable.items():
        reply = WRITTEN[how](typed)
        assert reply is not None, name
        expected = stating(typed.expected)
        for size in (len(reply), 7, 1):
            found = read(reply, typed.schema, layout_of(how), size)
            assert said(found) == expected, (name, size)


@pytest.mark.parametrize("how", OF_JSON)
def test_what_was_written_as_a_number_and_what_as_a_text_stays_so(how: str) -> None:
    for name, typed in MIXED.items():
        reply = WRITTEN[how](typed)
        assert reply is not None, name
        assert read(reply, typed.schema, "json", 7).values == typed.expected, name


def test_values_without_any_number_are_read() -> None:
    for name, typed in TYPED.items():
        found = read(as_json({"responses": typed.values}), typed.schema, "json", 7)
        assert said(found) == stating(typed.expected, [None, None]), name


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


# --- what models write around values ---------------------------------------------------------

ONE, TWO = '{"question": "1+1", "answer": 2}', '{"question": "2+3", "answer": 5}'
ANSWERS = '{"responses": [%s, %s]}' % tuple(  # noqa: UP031  # braces are JSON's here
    f'{{"text": {value}, "probability": {p}}}' for value, p in ((ONE, 0.3), (TWO, 0.2))
)
DRAFT = '{"question": "draft", "answer": 0}'

BESIDE: dict[str, str] = {
    "behind each, on its line": f"1. {ONE} (0.3)\n2. {TWO} (0.2)",
    "behind a dash": f"- {ONE} - 30%\n- {TWO} - 20%",
    "on the next line": f"{ONE}\nProbability: 0.3\n\n{TWO}\nProbability: 0.2\n",
    "in announced blocks": (
        f"Response 1:\n{ONE}\nProbability: 30%\n\nResponse 2:\n{TWO}\nProbability: 20%"
    ),
    "behind a fence": (
        f"```json\n{ONE}\n```\n**Probability:** 0.3\n\n```json\n{TWO}\n```\n**Probability:** 0.2"
    ),
    "on the line in front": f"Probability: 0.3\n{ONE}\nProbability: 0.2\n{TWO}",
    "in a list of their own": f'{{"responses": [{ONE}, {TWO}], "probabilities": [0.3, 0.2]}}',
    "in pairs": f"[[{ONE}, 0.3], [{TWO}, 0.2]]",
    "under labels": f"Text: {ONE}\nProbability: 0.3\n\nText: {TWO}\nProbability: 0.2",
    "under titles": (
        f"### 1. Small\n```json\n{ONE}\n```\nProbability: 0.3\n\n"
        f"### 2. Large\n```json\n{TWO}\n```\nProbability: 0.2\n"
    ),
    "under a name of its own": (
        f'[{{"problem": {ONE}, "probability": 0.3}}, {{"problem": {TWO}, "probability": 0.2}}]'
    ),
    "behind a draft in prose": f"Draft:\n{DRAFT}\n\nFinal answer:\n{ANSWERS}",
    "behind a draft in thinking never opened": f"Let me draft: {DRAFT}\n</think>\n{ANSWERS}",
    "behind a form that is echoed": f'The form: {{"question": "...", "answer": 0}}\n\n{ANSWERS}',
    "in thinking never closed": f"<think>\nHere it is.\n{ANSWERS}",
}
PROBLEMS = [Problem(question="1+1", answer=2), Problem(question="2+3", answer=5)]


@pytest.mark.parametrize("reply", BESIDE.values(), ids=BESIDE.keys())
def test_numbers_beside_values_are_theirs_and_drafts_are_none(reply: str) -> None:
    layouts: tuple[Layout, ...] = ("json", "xml")
    for layout, size in itertools.product(layouts, (10_000, 7, 1)):
        found = read(reply, Problem, layout, size)
        assert said(found) == stating(PROBLEMS, [0.3, 0.2]), (layout, size)


def test_a_draft_in_front_of_tags_takes_nothing_from_them() -> None:
    tags = rows(Typed(Problem, (json.loads(ONE), json.loads(TWO))), ELEMENT)
    for before in (f"Draft:\n{DRAFT}\n\nFinal answer:\n", f"A draft: {DRAFT}\n</think>\n"):
        for size in (10_000, 7, 1):
            found = read(before + tags, Problem, "xml", size)
            assert said(found) == stating(PROBLEMS), (before, size)


@pytest.mark.parametrize("after", ["\nTotal probability: 0.5", "\n\nI hope this helps!", ""])
def test_what_stands_behind_the_last_value_is_no_number_of_it(after: str) -> None:
    for values in (f"{ONE}\n{TWO}", ONE):
        found = read(values + after, Problem, "json", 5)
        assert {candidate.stated for candidate in found} == {None}


@pytest.mark.parametrize(
    ("reply", "schema", "expected"),
    [
        ("[17, 42]", int, [17, 42]),
        ("17\n42", int, [17, 42]),
        ("[1, 2]\n[3]", list[int], [[1, 2], [3]]),
        ('"red"\n"blue"', Literal["red", "blue"], ["red", "blue"]),
        (f"[null, {ONE}]", Problem | None, [None, PROBLEMS[0]]),
        (f"\ufeff{ONE}\n{TWO}", Problem, PROBLEMS),
        (f'{{"problems": [{ONE}, {TWO}]}}', Problem, PROBLEMS),
        (f"<think>\nSo.\n\n{ONE}\n{TWO}", Problem, PROBLEMS),
    ],
    ids=str,
)
def test_values_without_notation_are_read(reply: str, schema: Any, expected: list[Any]) -> None:
    for size in (10_000, 3):
        assert read(reply, schema, "json", size).values == expected


class Column(BaseModel):
    name: str
    type: Literal["string", "number"]


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({"name": "age", "type": "number"}, Column),
        ({"name": "age", "type": "number"}, dict[str, str]),
        ({"text": "1+1"}, dict[str, str]),
        ({"text": 5}, dict[str, int]),
        ({"string": [1]}, dict[str, list[int]]),
        ({"text": {"text": "z"}}, dict[str, Any]),
        ({"probability": 0.5, "a": 1.0}, dict[str, float]),
    ],
    ids=str,
)
def test_a_value_that_fits_is_no_schema_no_placeholder_and_not_taken_apart(
    value: Any, schema: Any
) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(schema)
    methods: tuple[Method, ...] = ("standard", "sequence")
    for method in methods:
        number = {"probability": 0.3} if method == "standard" else {}
        reply = as_json({"responses": [{"text": value, **number}]})
        settings = PromptSettings(k=1, value_schema=schema, method=method, layout="json")
        reading = expect_reply(settings)
        found = reading.feed(ReplyPiece(text=reply)) + reading.close()
        assert found.values == [adapter.validate_python(value)], method


@pytest.mark.parametrize(
    ("value", "schema"),
    [({"probability": 0.5}, dict[str, float]), ({"properties": 2}, dict[str, int])],
)
def test_a_bare_value_of_open_names_is_whole_where_no_number_was_asked(
    value: Any, schema: Any
) -> None:
    settings = PromptSettings(k=1, value_schema=schema, method="sequence", layout="json")
    reading = expect_reply(settings)
    found = reading.feed(ReplyPiece(text=as_json({"responses": [value]}))) + reading.close()
    assert found.values == [value]


def test_what_a_text_field_holds_is_not_opened() -> None:
    value = {"answer": '{"answer": "z"}'}
    reply = as_json([{**value, "probability": 0.4}, {"answer": "y", "probability": 0.3}])
    assert read(reply, Capital, "json", 7).values == [Capital(**value), Capital(answer="y")]


@pytest.mark.parametrize(
    ("text", "schema", "expected"),
    [
        ("null", str | None, None),
        ("foo", str | None, "foo"),
        ("3", str | int, "3"),
        ('{"title": "Heat", "score": 7}', Film | str, Film(title="Heat", score=7)),
        ('{"title": "Heat"}', Film | str, '{"title": "Heat"}'),
        ("[1, 2]", list[int] | str, [1, 2]),
        ("[x]", list[int] | str, "[x]"),
        ("null", str, "null"),
        ("2024-02-29", date, date(2024, 2, 29)),
    ],
    ids=str,
)
def test_a_text_is_tried_as_written_but_for_what_only_json_can_mean(
    text: str, schema: Any, expected: Any
) -> None:
    reply = f"<response><text>{text}</text><probability>0.3</probability></response>"
    assert read(reply, schema, "xml", 6).values == [expected]


@pytest.mark.parametrize(
    ("value", "schema"),
    [({"title": "Heat"}, Film | str), ([1], str | int), (None, str), ({"a": [1]}, str)],
    ids=str,
)
def test_an_object_that_does_not_fit_is_no_text(value: Any, schema: Any) -> None:
    reply = as_json({"responses": [{"text": value, "probability": 0.3}]})
    assert not read(reply, schema, "json", 6)


@pytest.mark.parametrize(
    "second", ['{"event": "sun", "probability": 0', '{"event": "su', "{", '{"event": "sun"']
)
def test_a_value_that_is_cut_off_in_lines_is_not_made_up(second: str) -> None:
    cut = f'1. (0.4) {{"event": "rain", "probability": 0.2}}\n2. (0.3) {second}'
    assert read(cut, Event, "lines", 5).values == [Event(event="rain", probability=0.2)]


def test_a_value_in_elements_of_which_one_has_no_end_leaves_the_others_whole() -> None:
    class Coin(BaseModel):
        side: str
        flips: int

    number = "<probability>0.1</probability>"
    broken = f"<response><text><side>heads<flips>3</flips></text>{number}</response>\n"
    whole = f"<response><text><side>tails</side><flips>4</flips></text>{number}</response>"
    found = parse_reply(broken + whole, asked=PromptSettings(value_schema=Coin))
    assert found.texts[-1:] == ['{"side": "tails", "flips": "4"}']
