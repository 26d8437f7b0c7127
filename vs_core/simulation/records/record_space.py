"""The answer space of a question whose answers are values of a type."""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from vs_core.simulation.records.filling import Filling
from vs_core.simulation.space import AnswerSpace
from vs_core.simulation.spaces import known_space
from vs_core.simulation.topics import topic_of

MOST_RECORDS = 2000
"""Answers of a space of records; a type that has fewer values has those."""

_FEWEST_TRIES, _MOST_TRIES = 40, 2 * MOST_RECORDS
_SHORTEST_TOPIC = 3
_LONGEST_TOPIC = 24
_OPEN = frozenset(("this", "user", "users", "persona", "personas"))


def record_space(schema: Mapping[str, Any], question: str) -> AnswerSpace:
    """Values that a schema allows, made up for a question, with the probabilities of ranks.

    The same schema and question have the same space in every process. Its answers are JSON, but
    for texts, which are themselves.

    Args:
        schema: The JSON schema of an answer.
        question: What is asked, which decides on what open fields are about.

    Example:
        >>> from vs_core.simulation.records.record_space import record_space
        >>> persona = {"properties": {"name": {"type": "string"}}, "required": ["name"]}
        >>> space = record_space(persona, "Invent a persona")
        >>> len(space.answers), space.answers[0]
        (2000, '{"name": "Moana Tesfaye"}')
    """
    written = json.dumps(schema, ensure_ascii=False, sort_keys=True)
    return _space(json.dumps(schema, ensure_ascii=False), written, question.strip())


def value_of(answer: str, schema: Mapping[str, Any]) -> Any:
    """What JSON has for an answer of a space of records.

    Args:
        answer: The answer.
        schema: The schema of the space.

    Example:
        >>> from vs_core.simulation.records.record_space import value_of
        >>> value_of("3", {"type": "integer"}), value_of("3", {"type": "string"})
        (3, '3')
    """
    shapes = [schema, *schema.get("anyOf", ()), *schema.get("oneOf", ())]
    is_text = any(shape.get("type") == "string" for shape in shapes if isinstance(shape, Mapping))
    if answer in schema.get("enum", ()) or (is_text and answer != "null"):
        return answer
    try:
        return json.loads(answer)
    except ValueError:
        return answer


@lru_cache(maxsize=32)
def _space(schema_json: str, sorted_schema: str, question: str) -> AnswerSpace:
    schema = json.loads(schema_json)
    if (known := _known_scalars(schema, question)) is not None:
        return known
    seed = hashlib.sha256(f"{sorted_schema}\n{question}".encode(errors="replace")).digest()
    filling = Filling(schema, random.Random(seed), _topic(question))
    answers: dict[str, None] = {}
    in_vain = 0
    for _ in range(_MOST_TRIES):
        # Of n values equally likely, one is missed by 8 n tries in one case of three thousand.
        if len(answers) == MOST_RECORDS or in_vain > _FEWEST_TRIES + 8 * len(answers):
            break
        value = filling.value()
        answer = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        in_vain = in_vain + 1 if answer in answers else 0
        answers[answer] = None
    return AnswerSpace.ranked("records", answers)


def _topic(question: str) -> str | None:
    """What the answers are about, if the question says so in a few words."""
    topic = topic_of(question, "").strip('"')
    fits = _SHORTEST_TOPIC <= len(topic) <= _LONGEST_TOPIC
    return topic if fits and topic.lower() not in _OPEN else None


def _known_scalars(schema: Mapping[str, Any], question: str) -> AnswerSpace | None:
    """Of a known space, such as the faces of a die, the answers that the schema allows."""
    known = known_space(question)
    if known is None or not (schema.get("type") in {"integer", "number"} or "enum" in schema):
        return None
    fitting = [n for n, answer in enumerate(known.answers) if _fits(answer, schema)]
    if not fitting:
        return None
    typicality = known.typicality
    return AnswerSpace(
        known.name,
        tuple(known.answers[n] for n in fitting),
        tuple(known.probabilities[n] for n in fitting),
        None if typicality is None else tuple(typicality[n] for n in fitting),
    )


def _fits(answer: str, schema: Mapping[str, Any]) -> bool:
    if "enum" in schema:
        return answer in schema["enum"]
    if not answer.isdigit():  # what is below 0 no known space has
        return False
    number = int(answer)
    return bool(
        schema.get("minimum", number) <= number <= schema.get("maximum", number)
        and schema.get("exclusiveMinimum", -1) < number < schema.get("exclusiveMaximum", math.inf)
        and number % schema.get("multipleOf", 1) == 0
    )
