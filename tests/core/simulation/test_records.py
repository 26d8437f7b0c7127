"""Typed requests get many different values that fit, in every notation, and always the same."""

from __future__ import annotations

import functools
import json
from typing import Annotated, Any, Literal, get_args

import jsonschema  # type: ignore[import-untyped]  # it has no stubs
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter

from tests.core.test_json_schemas import SCHEMAS
from tests.every import for_every
from tests.typed_values import TYPED
from vs_core import Layout, PromptSettings, instruction, parse_reply
from vs_core.prompts.different import different_from
from vs_core.simulation import AnswerSpace, SimulatedModel


class Home(BaseModel):
    city: str
    size: float = Field(ge=20, lt=300, description="In m²; rooms: as in the plan, at least 2.")


class Persona(BaseModel):
    name: str
    age: int = Field(ge=18, le=90)
    job: str
    mood: Literal["calm, mostly", "tired"]
    hobbies: list[str] = Field(min_length=1, max_length=3)
    home: Home
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    code: Annotated[str, Field(pattern=r"^[A-Z]{2}-\d{3}$")]
    motto: Annotated[str, Field(min_length=30, max_length=60)]
    nickname: str | None = None


class Sum(BaseModel):
    question: str
    answer: int


class Quiz(BaseModel):
    question: str
    answer: str


class Product(BaseModel):
    name: str
    price: float = Field(gt=0, lt=100, multiple_of=0.5)
    features: list[str]
    in_stock: bool


RICH: dict[str, tuple[Any, str]] = {
    "personas": (Persona, "Invent a user of a fitness app"),
    "sums": (Sum, "Write a problem for first graders"),
    "a quiz": (Quiz, "Write a question about history"),
    "products": (Product, "Invent a product"),
    "a JSON schema": (Persona.model_json_schema(), "Invent a user"),
}


def ask(model: SimulatedModel, schema: Any, question: str, **settings: Any) -> list[str]:
    asked = PromptSettings(**{"k": 20, "value_schema": schema, **settings})
    reply = model.reply([("system", instruction(asked)), ("user", question)])
    return parse_reply(reply, asked=asked).texts


def different(schema: Any, question: str, calls: int = 60) -> set[str]:
    written = json.dumps(schema) if isinstance(schema, dict) else schema
    return {*_different(written, question, calls)}


@functools.cache
def _different(schema: Any, question: str, calls: int) -> frozenset[str]:
    schema = json.loads(schema) if isinstance(schema, str) else schema
    model = SimulatedModel(seed=1)
    return frozenset(text for _ in range(calls) for text in ask(model, schema, question))


@for_every("name", RICH)
def test_hundreds_of_different_values_fit_their_type(name: str) -> None:
    schema, question = RICH[name]
    found = different(schema, question)
    assert len(found) > 700
    for text in found:
        if isinstance(schema, dict):
            jsonschema.validate(json.loads(text), schema)
        else:
            TypeAdapter(schema).validate_json(text)


def test_fields_are_filled_by_what_they_are_called() -> None:
    people = [Persona.model_validate_json(text) for text in different(Persona, "Invent a user", 9)]
    assert all(" " in person.name and person.name.istitle() for person in people)
    assert len({person.job for person in people}) > 30
    assert len({person.home.city for person in people}) > 20
    assert {person.mood for person in people} == {"calm, mostly", "tired"}
    assert {person.nickname is None for person in people} == {True, False}


def test_a_question_has_the_answer_that_belongs_to_it() -> None:
    texts = [*different(Sum, "Write a problem", 20)]
    sums = [Sum.model_validate_json(text) for text in texts if "What is" in text]
    plain = [(s.question.removeprefix("What is ").rstrip("?").split(), s.answer) for s in sums]
    added = [(int(a), int(b), total) for ((a, sign, b), total) in plain if sign == "+"]
    assert added
    assert all(a + b == total for a, b, total in added)


def test_the_topic_of_the_request_is_taken_up() -> None:
    quiz = [Quiz.model_validate_json(text) for text in different(Quiz, RICH["a quiz"][1], 3)]
    assert all("history" in one.question for one in quiz)


@for_every("layout", get_args(Layout))
@for_every("method", ["standard", "cot", "multi", "sequence"])
def test_the_world_is_the_same_in_every_notation(layout: Layout, method: Any) -> None:
    schema, question = RICH["personas"]
    world = different(schema, question, 200)
    found = ask(SimulatedModel(seed=3), schema, question, layout=layout, method=method, k=9)
    # Of the rarest of 2,000 some have not been met in 200 calls.
    assert len({*found}) == len(found) > 1
    assert len(world.intersection(found)) >= len(found) // 2


def test_values_are_ranked_and_some_are_likelier_than_others() -> None:
    asked = PromptSettings(k=20, value_schema=Persona)
    messages = [("system", instruction(asked)), ("user", "Invent a user")]
    stated = parse_reply(SimulatedModel(seed=1).reply(messages), asked=asked)
    numbers = [candidate.stated or 0 for candidate in stated]
    assert 0 < min(numbers) < max(numbers) < 0.1
    direct = [
        ask(SimulatedModel(seed=n), Persona, "Invent a user", method="direct") for n in (1, 2)
    ]
    assert direct[0] == direct[1]


def test_every_type_gets_values_that_fit() -> None:
    for name, typed in TYPED.items():
        schema = typed.schema
        plain = schema if isinstance(schema, dict) else TypeAdapter(schema).json_schema()
        valid = jsonschema.Draft202012Validator(plain)
        for layout in get_args(Layout):
            asked = PromptSettings(k=5, value_schema=schema, layout=layout)
            messages = [("system", instruction(asked)), ("user", "Invent some")]
            texts = parse_reply(SimulatedModel(seed=1).reply(messages), asked=asked).texts
            assert texts, name
            for text in texts:
                assert valid.is_valid(text) or valid.is_valid(json.loads(text)), (name, text)


@for_every(
    "pattern",
    [r"^\d{5}(-\d{4})?$", r"^(SKU|ART)_[0-9a-f]{8}$", r"[^a-z]x+", r"^\w+\.\w{2,3}$", r"^a*?b$"],
)
def test_common_patterns_are_kept(pattern: str) -> None:
    schema = {"type": "object", "properties": {"c": {"pattern": pattern}}, "required": ["c"]}
    for text in different(schema, "Invent", 2):
        jsonschema.validate(json.loads(text), schema)


@settings(max_examples=12)
@given(SCHEMAS | st.builds(lambda p: {"type": "string", "pattern": p}, st.text(max_size=9)))
def test_no_schema_breaks_the_model(schema: dict[str, Any]) -> None:
    reply = SimulatedModel(seed=1).reply([("user", "Give me 3 things")], schema=schema)
    assert reply == SimulatedModel(seed=1).reply([("user", "Give me 3 things")], schema=schema)


@for_every("placement", ["system", "user"])
def test_what_is_listed_as_given_before_is_not_repeated(placement: str) -> None:
    model, told = SimulatedModel(seed=1), instruction(PromptSettings(k=10))
    given_before: list[str] = []
    for _ in range(5):
        asked = different_from("Name a US state.", given_before)
        messages = [("system", told), ("user", asked)]
        texts = parse_reply(
            model.reply(messages if placement == "system" else [("user", f"{told}\n\n{asked}")])
        ).texts
        assert not {*texts} & {*given_before}
        given_before += texts
    assert len({*given_before}) == 50


def test_long_values_are_known_again_by_their_beginning() -> None:
    model, world, seen = SimulatedModel(seed=1), [*different(Persona, "Invent a user")], set()
    for _ in range(30):
        listed = [Persona.model_validate_json(text).model_dump_json() for text in world[:100]]
        seen |= {*ask(model, Persona, different_from("Invent a user", listed))}
    assert not seen & {*world[:100]}
    assert seen & {*world[100:]}


def test_without_the_list_the_question_is_the_same() -> None:
    for question in ("Roll a die.", "Flip a coin"):
        listed = different_from(question, ["3"])
        assert SimulatedModel(seed=1).reply([("user", listed)]) in {*"12456", "Heads", "Tails"}


def test_a_world_of_its_own_answers_whatever_is_asked() -> None:
    world = AnswerSpace.ranked("numbered", [f"answer {n}" for n in range(100)])
    model = SimulatedModel(seed=1, space=world)
    assert "space='numbered'" in repr(model)
    texts = {
        text
        for question in ("Tell me a joke", "Name a US state")
        for _ in range(40)
        for text in ask(model, None, question, k=10)
    }
    assert texts == {*world.answers}


def test_a_space_survives_json_exactly() -> None:
    world = AnswerSpace.ranked("numbered", map(str, range(1000)))
    adapter: TypeAdapter[AnswerSpace] = TypeAdapter(AnswerSpace)
    assert adapter.validate_json(adapter.dump_json(world)) == world
