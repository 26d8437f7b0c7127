"""One value that a schema allows, filled in by what its fields are called."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from vs_core.simulation.records.formats import in_format
from vs_core.simulation.records.numbers import number_for
from vs_core.simulation.records.patterns import matching
from vs_core.simulation.records.setting import Setting, new_setting
from vs_core.simulation.records.shapes import Schema, Shapes, kind_of
from vs_core.simulation.records.wording import text_for, words_of

_DEEPEST = 6
_DEEPEST_OPTIONAL = 3
_MOST_PARTS = 200
_MORE_ITEMS = 2
_TRIES = 8
_LEFT_OUT = 0.2
_NUMBERS = frozenset(("integer", "number"))
_SOLVED = frozenset(("answer", "solution"))


class _Place(NamedTuple):
    """Where a value stands: under which name, beside which fields, in which record, how deep."""

    name: str
    beside: Schema
    setting: Setting
    depth: int


class Filling:
    """Makes values of one schema.

    Args:
        schema: The JSON schema, whose references point to its own parts.
        rng: The source of randomness.
        topic: What the values are to be about; None leaves it open.

    Example:
        >>> import random
        >>> from vs_core.simulation.records.filling import Filling
        >>> persona = {"properties": {"name": {"type": "string"}}, "required": ["name"]}
        >>> Filling(persona, random.Random(1)).value()
        {'name': 'Adam Pham'}
    """

    def __init__(self, schema: Schema, rng: random.Random, topic: str | None = None) -> None:
        self._schema = schema
        self._rng = rng
        self._topic = topic
        self._shapes = Shapes(schema, rng)
        self._parts_left = _MOST_PARTS

    def value(self) -> Any:
        """Another value; of one that its schema would let grow for ever, the lists end."""
        self._parts_left = _MOST_PARTS
        return self._value(self._schema, self._new("", self._schema, 0))

    def _new(self, name: str, schema: Any, depth: int) -> _Place:
        """A place in a record of its own."""
        fields = schema.get("properties", {}) if isinstance(schema, Mapping) else {}
        # A sum has a whole number for its answer, and so is the question to one.
        whole = any(
            isinstance(part, Mapping) and part.get("type") in _NUMBERS
            for field, part in fields.items()
            if not _SOLVED.isdisjoint(words_of(field))
        )
        return _Place(name, {}, new_setting(self._rng, self._topic, whole=whole), depth)

    def _value(self, part: Any, place: _Place) -> Any:
        self._parts_left -= 1
        shape = self._shapes.shape_of(part, ends=place.depth >= _DEEPEST)
        if "const" in shape:
            return shape["const"]
        if options := shape.get("enum"):
            return self._rng.choice(options)
        kind = kind_of(shape)
        if self._parts_left < 0 or place.depth > 2 * _DEEPEST:
            # No value of such a schema has an end.
            return {"object": {}, "array": []}.get(kind)
        if kind == "object":
            return self._object(shape, place)
        if kind == "array":
            return self._array(shape, place)
        if kind in _NUMBERS:
            return self._number(shape, place, whole=kind == "integer")
        if kind == "string":
            return self._text(shape, place)
        return self._rng.random() < 0.5 if kind == "boolean" else None

    def _object(self, shape: Schema, place: _Place) -> dict[str, Any]:
        fields, required = shape.get("properties", {}), [*shape.get("required", ())]
        others = shape.get("additionalProperties")
        if not fields and not required and others is not False:
            return self._map(shape, others, place)
        has_optional = place.depth < _DEEPEST_OPTIONAL
        kept = [
            name
            for name in fields
            if name in required or (has_optional and self._rng.random() >= _LEFT_OUT)
        ]
        inner = place._replace(beside=fields, depth=place.depth + 1)
        return {
            name: self._value(fields.get(name, {}), inner._replace(name=name))
            for name in dict.fromkeys([*kept, *required])
        }

    def _map(self, shape: Schema, others: Any, place: _Place) -> dict[str, Any]:
        fewest = shape.get("minProperties", 0 if place.depth >= _DEEPEST else 1)
        most = shape.get("maxProperties", fewest + _MORE_ITEMS)
        part = others if isinstance(others, Mapping) and others else {"type": "string"}
        made: dict[str, Any] = {}
        wanted = self._rng.randint(fewest, max(fewest, most))
        for _ in range(_TRIES * wanted):
            if len(made) == wanted:
                break
            inner = self._new("", part, place.depth + 1)
            name = text_for("key", {}, inner.setting, self._rng).replace(" ", "_")
            made[name] = self._value(part, inner._replace(name=name))
        return made

    def _array(self, shape: Schema, place: _Place) -> list[Any]:
        first, part = shape.get("prefixItems", ()), shape.get("items", {})
        most = shape.get("maxItems")
        made = [self._item(one, place) for one in first][:most]
        fewest = shape.get("minItems", 0 if most == 0 or place.depth >= _DEEPEST else 1)
        if part is False or (first and "items" not in shape) or len(made) == most:
            return made
        usual = fewest + (_MORE_ITEMS if place.depth < _DEEPEST_OPTIONAL else 0)
        wanted = self._rng.randint(fewest, max(fewest, usual if most is None else min(most, usual)))
        repeats = not shape.get("uniqueItems")
        for item, is_new in self._tried(part or {"type": "string"}, made, wanted, place):
            # Where a choice is smaller than the list, items repeat, if they may.
            if is_new or (repeats and len(made) < fewest):
                made.append(item)
            if len(made) >= wanted:
                break
        return made

    def _tried(
        self, part: Any, made: list[Any], wanted: int, place: _Place
    ) -> Iterator[tuple[Any, bool]]:
        """Items, and whether each is new; those that are not come last."""
        seen = {json.dumps(item, sort_keys=True) for item in made}
        old = []
        if len(made) >= wanted:
            return
        for _ in range(wanted * (_TRIES if place.depth < _DEEPEST_OPTIONAL else 1)):
            if self._parts_left <= 0:
                break
            item = self._item(part, place)
            written = json.dumps(item, sort_keys=True)
            if written in seen:
                old.append(item)
                continue
            seen.add(written)
            yield item, True
        yield from ((item, False) for item in old)

    def _item(self, part: Any, place: _Place) -> Any:
        return self._value(part, self._new(place.name, part, place.depth + 1))

    def _number(self, shape: Schema, place: _Place, *, whole: bool) -> float:
        solution = place.setting.exercise.answer if place.setting.whole else ""
        if solution.isdigit() and not _SOLVED.isdisjoint(words_of(place.name)):
            low, high = shape.get("minimum", 0), shape.get("maximum", int(solution))
            if low <= int(solution) <= high:
                return int(solution)
        return number_for(place.name, shape, self._rng, whole=whole)

    def _text(self, shape: Schema, place: _Place) -> str:
        text = matching(str(shape["pattern"]), self._rng) if "pattern" in shape else None
        if text is None and "format" in shape:
            text = in_format(str(shape["format"]), place.setting, self._rng)
        if text is not None:
            return text
        shortest, longest = shape.get("minLength", 0), shape.get("maxLength")
        text = text_for(place.name, place.beside, place.setting, self._rng)
        for _ in range(_TRIES):
            if longest is None or len(text) <= longest:
                break
            setting = self._new("", {}, 0).setting
            text = text_for(place.name, place.beside, setting, self._rng)
        while len(text) < shortest:
            text = f"{text} {text_for('comment', {}, self._new('', {}, 0).setting, self._rng)}"
        return text if longest is None or len(text) <= longest else _cut(text, shortest, longest)


def _cut(text: str, shortest: int, longest: int) -> str:
    short = text[:longest].rsplit(" ", 1)[0].rstrip(" .,:;")
    return short if len(short) >= max(1, shortest) else text[:longest]
