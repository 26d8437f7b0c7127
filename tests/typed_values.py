"""One table of types and values that every layout, interface and framework must carry alike.

The fields are those that a reader could take for its own: numbers, texts, lists of responses.
"""

from __future__ import annotations

import dataclasses
import enum
import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, TypeAdapter
from typing_extensions import TypedDict


class Film(BaseModel):
    title: str
    score: int


class Claim(BaseModel):
    claim: str
    confidence: float


class Weighted(BaseModel):
    item: str
    weight: float


class Hypothesis(BaseModel):
    hypothesis: str
    p: float


class Quote(BaseModel):
    text: str
    author: str


class Saying(BaseModel):
    text: str


class Capital(BaseModel):
    answer: str


class Problem(BaseModel):
    question: str
    answer: int


class Event(BaseModel):
    event: str
    probability: float


class Forecast(BaseModel):
    text: str
    probability: float


class Level(BaseModel):
    value: int


class Measure(BaseModel):
    value: str
    unit: str


class Point(BaseModel):
    x: float
    y: float


class Year(BaseModel):
    year: int


class Part(BaseModel):
    name: str
    probability: float


class Whole(BaseModel):
    title: str
    parts: list[Part]


class Survey(BaseModel):
    responses: list[str]
    topic: str


class Answers(BaseModel):
    responses: list[str]


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    name: str


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Argument(BaseModel):
    reasoning: str
    answer: str


class Chain(BaseModel):
    head: int
    tail: Chain | None = None


class Tags(BaseModel):
    note: str = ""
    tags: list[str] = []


class Rated(TypedDict):
    text: str
    score: float


@dataclasses.dataclass
class Entry:
    id: int
    text: str


class Page(BaseModel):
    html: str


@dataclass(frozen=True)
class Typed:
    """A type with two values of it, as JSON has them."""

    schema: Any
    values: tuple[Any, Any]

    @property
    def expected(self) -> list[Any]:
        """The values in their type; those of a JSON schema are the JSON that they are."""
        if isinstance(self.schema, dict):
            return [*self.values]
        adapter: TypeAdapter[Any] = TypeAdapter(self.schema)
        return [adapter.validate_json(json.dumps(value)) for value in self.values]


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]

TYPED: dict[str, Typed] = {
    "a score": Typed(Film, ({"title": "Jaws", "score": 9}, {"title": "Heat", "score": 7})),
    "a confidence": Typed(
        Claim, ({"claim": "a", "confidence": 0.9}, {"claim": "b", "confidence": 0.8})
    ),
    "a weight": Typed(Weighted, ({"item": "a", "weight": 0.9}, {"item": "b", "weight": 2.5})),
    "a p": Typed(Hypothesis, ({"hypothesis": "a", "p": 0.9}, {"hypothesis": "b", "p": 0.8})),
    "a text": Typed(Quote, ({"text": "hm", "author": "me"}, {"text": "ha", "author": "you"})),
    "only a text": Typed(Saying, ({"text": "hm"}, {"text": "ha"})),
    "an answer": Typed(Capital, ({"answer": "Paris"}, {"answer": "Lyon"})),
    "a sum": Typed(Problem, ({"question": "1+1", "answer": 2}, {"question": "2+3", "answer": 5})),
    "a probability": Typed(
        Event, ({"event": "rain", "probability": 0.7}, {"event": "sun", "probability": 0.6})
    ),
    "the notation's own names": Typed(
        Forecast, ({"text": "rain", "probability": 0.7}, {"text": "sun", "probability": 0.6})
    ),
    "a value": Typed(Level, ({"value": 1}, {"value": 2})),
    "a value with a unit": Typed(
        Measure, ({"value": "1", "unit": "m"}, {"value": "2", "unit": "s"})
    ),
    "only numbers": Typed(Point, ({"x": 1.5, "y": 2.0}, {"x": 0.1, "y": 0.2})),
    "only one number": Typed(Year, ({"year": 1990}, {"year": 1991})),
    "a dict of numbers": Typed(
        dict[str, int], ({"wins": 3, "losses": 1}, {"wins": 1, "losses": 3})
    ),
    "a dict of fractions": Typed(dict[str, float], ({"a": 0.3, "b": 0.1}, {"a": 0.5, "c": 0.2})),
    "a dict of texts": Typed(dict[str, str], ({"text": "a", "name": "b"}, {"answer": "c"})),
    "a dict of anything": Typed(dict[str, Any], ({"text": "a", "score": 1}, {"answer": [1]})),
    "a list of texts": Typed(list[str], (["a", "b"], ["c"])),
    "an empty list": Typed(list[str], (["a"], [])),
    "a list of numbers": Typed(list[float], ([0.1, 0.2], [0.3])),
    "a list of models": Typed(
        list[Film], ([{"title": "Jaws", "score": 9}], [{"title": "Heat", "score": 7}])
    ),
    "a list of candidates": Typed(
        list[Part], ([{"name": "a", "probability": 0.9}], [{"name": "b", "probability": 0.8}])
    ),
    "a model in a model": Typed(
        Whole,
        (
            {"title": "t", "parts": [{"name": "a", "probability": 0.9}]},
            {"title": "u", "parts": []},
        ),
    ),
    "responses among fields": Typed(
        Survey, ({"responses": ["a", "b"], "topic": "t"}, {"responses": ["c"], "topic": "u"})
    ),
    "only responses": Typed(Answers, ({"responses": ["a", "b"]}, {"responses": ["c"]})),
    "a discriminated union": Typed(
        Pet, ({"kind": "cat", "lives": 9}, {"kind": "dog", "name": "R"})
    ),
    "a union": Typed(Cat | Dog, ({"kind": "cat", "lives": 9}, {"kind": "dog", "name": "R"})),
    "an optional model": Typed(Film | None, ({"title": "Jaws", "score": 9}, None)),
    "an optional number": Typed(int | None, (3, None)),
    "an optional list": Typed(list[str] | None, (["a"], None)),
    "a choice": Typed(Literal["heads", "tails"], ("heads", "tails")),
    "a mixed choice": Typed(Literal["a", 1], ("a", 1)),
    "an enumeration": Typed(Color, ("red", "blue")),
    "an optional enumeration": Typed(Color | None, ("red", None)),
    "truth": Typed(bool, (True, False)),
    "integers": Typed(int, (1, 2)),
    "fractions": Typed(float, (0.5, 0.25)),
    "texts": Typed(str, ("1+1", "[x]")),
    "short texts": Typed(Annotated[str, StringConstraints(max_length=4)], ("abc", "abcd")),
    "a die": Typed(Annotated[int, Field(ge=1, le=6)], (3, 6)),
    "reasoning": Typed(
        Argument, ({"reasoning": "r", "answer": "a"}, {"reasoning": "s", "answer": "b"})
    ),
    "a recursive model": Typed(
        Chain, ({"head": 1, "tail": {"head": 2, "tail": None}}, {"head": 3, "tail": None})
    ),
    "defaults": Typed(Tags, ({"note": "", "tags": []}, {"note": "x", "tags": ["y"]})),
    "a typed dict": Typed(Rated, ({"text": "a", "score": 0.5}, {"text": "b", "score": 0.25})),
    "a dataclass": Typed(Entry, ({"id": 1, "text": "a"}, {"id": 2, "text": "b"})),
    "a tuple": Typed(tuple[str, float], (["a", 0.9], ["b", 0.8])),
    "a JSON schema of an object": Typed(
        {
            "type": "object",
            "properties": {"name": {"type": "string"}, "pets": {"$ref": "#/definitions/Pets"}},
            "required": ["name"],
            "definitions": {"Pets": {"type": "array", "items": {"type": "string"}}},
        },
        ({"name": "a", "pets": ["b", "c"]}, {"name": "d"}),
    ),
    "a JSON schema of a number": Typed({"type": "integer", "minimum": 1}, (1, 2)),
    "a JSON schema of several types": Typed({"type": ["array", "null"]}, ([1, "a"], None)),
    "a JSON schema of a choice": Typed({"enum": ["red", "blue"]}, ("red", "blue")),
    "json in a text": Typed(
        Page, ({"html": '{"text": "a", "probability": 0.3}'}, {"html": "```json\n[1]\n```"})
    ),
    "tags in a text": Typed(
        Page,
        (
            {"html": "<response><text>x</text><probability>0.5</probability></response>"},
            {"html": "<b>1. (0.3) a</b>"},
        ),
    ),
}

MIXED: dict[str, Typed] = {
    "an optional text": Typed(str | None, ("foo", None)),
    "text or number": Typed(str | int, ("foo", 3)),
    "number or text": Typed(int | str, ("3", 3)),
    "anything": Typed(Any, ("foo", [1])),
    "anything or nothing": Typed(Any, ({"a": 1}, None)),
    "a number and its text": Typed(Any, (3, "3")),
    "an empty text": Typed(str, ("a", "")),
}
"""Types that admit any text beside others: only JSON can tell `3` from `"3"`."""

PROBABILITIES = (0.2, 0.1)


def responses(typed: Typed, *, name: str = "text") -> str:
    """The two values in the notation that is asked for as JSON."""
    pairs = zip(typed.values, PROBABILITIES, strict=True)
    return json.dumps({"responses": [{name: value, "probability": p} for value, p in pairs]})
