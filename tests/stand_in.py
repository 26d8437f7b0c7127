"""What answers in place of a real model: the simulation, and records where a schema asks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import count
from typing import Any

from tests.wire.script import Message
from vs_core.simulation import SimulatedModel

_SCHEMA = re.compile(r"match(?:es)? this JSON schema: ")
_WANTED = re.compile(r"(\d+) (?:alternative )?responses?\b")
_ONE = re.compile(r"The response must be JSON")

Schema = dict[str, Any]


def stand_in(seed: int) -> Callable[[list[Message]], str]:
    """A responder for the wire's server; the simulation itself writes no JSON records.

    Args:
        seed: Fixes what the simulation answers.
    """
    model = SimulatedModel(seed=seed)
    numbers = count(1)

    def answer(messages: list[Message]) -> str:
        texts = [message["content"] for message in messages if message["role"] != "assistant"]
        form = next((text for text in reversed(texts) if _SCHEMA.search(text)), "")
        schema = _schema_in(form)
        if schema.get("type") not in {"object", "array"}:
            return model.reply([(message["role"], message["content"]) for message in messages])
        if _ONE.search(form):
            return json.dumps(_example(schema, schema, next(numbers)))
        found = _WANTED.search(form)
        wanted = int(found[1]) if found else 1
        records = [_example(schema, schema, next(numbers)) for _ in range(wanted)]
        return json.dumps([{"text": record, "probability": 0.05} for record in records])

    return answer


def _schema_in(text: str) -> Schema:
    found = _SCHEMA.search(text)
    if not found:
        return {}
    schema: Schema = json.JSONDecoder().raw_decode(text, found.end())[0]
    return schema


def _example(schema: Schema, root: Schema, number: int) -> Any:
    """A value that the schema allows, different for each number where it can be."""
    if "$ref" in schema:
        return _example(root["$defs"][schema["$ref"].rpartition("/")[2]], root, number)
    if "enum" in schema:
        return schema["enum"][number % len(schema["enum"])]
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], root, number)
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        return {name: _example(inner, root, number) for name, inner in properties.items()}
    if schema.get("type") == "array":
        return [_example(schema["items"], root, number)] * schema.get("minItems", 1)
    if "const" in schema:
        return schema["const"]
    if schema.get("type") in {"integer", "number"}:
        lowest, highest = schema.get("minimum", number), schema.get("maximum", number)
        return min(max(number, lowest), highest)
    plain = {"boolean": number % 2 == 0, "null": None}
    return plain.get(schema.get("type", ""), f"example {number}")
