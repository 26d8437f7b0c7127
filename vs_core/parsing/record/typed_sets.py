"""Which values of a type a complete value of JSON holds: values are opaque, the type decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from vs_core.parsing import words
from vs_core.parsing.asked import Expectation
from vs_core.parsing.fragment import CUT_OFF, PLACEHOLDER, SCHEMA, Fragment
from vs_core.parsing.record import json_fields as fields
from vs_core.parsing.record.found import SEVERAL, Found, joined
from vs_core.parsing.record.json_sets import ASKED, JsonSets
from vs_core.parsing.record.placeholder import is_placeholder
from vs_core.parsing.record.record import Record
from vs_core.parsing.segment.json_values import Written, is_cut, is_text
from vs_core.values.schema import JsonText

_DEEPEST = 4
"""How far a value may stand inside of notation; what is deeper is taken as it is."""

Members = dict[str, Any]


class TypedSets:
    """Reads the records of values where each response is a value of a type.

    Whether an object is such a value, or the notation around one, is told by what fits the type;
    where nothing does, by the names.

    Args:
        expected: What was asked for.
        inside: The records of a reply encoded in a string, if it is a whole numbered series, else
            none.
        untyped: Reads what is no typed value, such as lists of texts and of numbers side by side.
    """

    def __init__(
        self, expected: Expectation, inside: Callable[[str], list[Record]], untyped: JsonSets
    ) -> None:
        definition = expected.definition
        self._asked = definition if definition in ASKED else "probability"
        self._names = expected.fields
        self._scalar = expected.scalar
        self._numbered = expected.numbered
        self._fits_text = expected.fits
        self._inside = inside
        self._untyped = untyped

    @staticmethod
    def may_be_series(path: tuple[str, ...]) -> bool:
        """Whether a list under these names may be the series."""
        return all(map(words.names_set, path))

    def shows_series(self, records: Sequence[Record], path: tuple[str, ...]) -> bool:
        """Whether the records of an element show that the list under these names is the series."""
        return any(record.raw is not None for record in records) and (
            self._names.isdisjoint(path) or all(self._fits_text(record.text) for record in records)
        )

    @staticmethod
    def is_record(members: Members) -> bool:  # noqa: ARG004
        """Whether an object that holds a list is a record itself."""
        return False

    def of_root(self, value: Any) -> Found:
        """The records of the whole value."""
        found = self._set(value, 0)
        if self._any_fits(found):
            return found
        loose = self._untyped.of_root(value)
        return loose if self._any_fits(loose) else found

    def of_element(self, value: Any) -> Found:
        """One value as it is, without the notation around it and its own number."""
        is_mapping = self._scalar and isinstance(value, dict)
        if is_mapping and (records := self._untyped.of_mapping(value)):
            return Found(records, path=(SEVERAL,))
        if isinstance(value, list) and len(value) == 2 and not self._fits(value):
            for inner, number in (value, value[::-1]):
                if fields.is_number(number) and self._fits(inner):
                    return Found([Record(_written(inner), fields.as_raw(number))])
        return self._read(value, Record(""), 0)

    def _read(self, value: Any, told: Record, depth: int) -> Found:
        """A value out of what stands around it, with what that told."""
        is_found = depth > 0 and self._fits(value)
        if not isinstance(value, dict) or is_found or depth > _DEEPEST:
            return self._found(value, told)
        wrapping = self._wrapping_name(value)
        number = self._own_number(value, wrapped=wrapping is not None)
        names = fields.fields_in(n for n in value if wrapping or n not in self._names)
        told = replace(
            told,
            raw=told.raw or (fields.as_raw(value[number]) if number is not None else None),
            reasoning=told.reasoning or fields.reason_in(value, names),
            repairs=told.repairs + (fields.repairs_of(value[number]) if number is not None else ()),
        )
        if wrapping is not None:
            return self._read(value[wrapping], told, depth + 1)
        is_cut_off = is_cut(value) and [*value][-1:] != [number]
        bare = self._bare(value)
        if is_cut_off or any(map(is_cut, bare.values())):
            return Found(dropped=[Fragment(_written(bare), CUT_OFF)])
        if fields.is_schema(bare) and self._names.isdisjoint(bare) and not self._fits(bare):
            return Found(dropped=[Fragment(", ".join(bare), SCHEMA)])
        return self._found(bare, told)

    def _found(self, value: Any, told: Record) -> Found:
        written = _written(value)
        if is_cut(value):
            return Found(dropped=[Fragment(written, CUT_OFF)])
        if is_placeholder(written, told.raw) and not (self._scalar and self._fits_text(written)):
            return Found(dropped=[Fragment(written, PLACEHOLDER)])
        return Found([replace(told, text=written)])

    def _set(self, value: Any, depth: int) -> Found:
        if isinstance(value, list):
            found = joined(map(self.of_element, value))
            is_one = not self._any_fits(found) and self._fits(value)
            return Found([Record(_written(value))]) if is_one else found
        if not isinstance(value, dict) or depth > _DEEPEST:
            return self.of_element(value)
        for name, inner in value.items():
            if not words.names_set(name):
                continue
            if name in self._names and self._fits(self._bare(value)):
                continue
            if isinstance(inner, (list, dict)):
                found = self._set(inner, depth + 1)
                return Found(
                    _beside_numbers(found.records, value), found.dropped, (name, *found.path)
                )
            if is_text(inner) and (records := self._inside(inner)):
                return Found(records, path=(name,))
        counted = [name[-1:].isdigit() and isinstance(inner, dict) for name, inner in value.items()]
        if len(counted) > 1 and all(counted) and self._names.isdisjoint(value):
            return joined(map(self.of_element, value.values()))._replace(path=(SEVERAL,))
        one = self.of_element(value)
        return one if self._any_fits(one) else self._set_under_any_name(value, depth) or one

    def _set_under_any_name(self, members: Members, depth: int) -> Found | None:
        """The values in the list of an object, whatever its name, if they fit."""
        for name, inner in members.items():
            if isinstance(inner, list) and name not in self._names:
                found = self._set(inner, depth + 1)
                if self._any_fits(found):
                    records = _beside_numbers(found.records, members)
                    return Found(records, found.dropped, (name, *found.path))
        return None

    def _wrapping_name(self, value: Members) -> str | None:
        """The name under which an object of the notation has the value; None if it has none."""
        names = fields.fields_in(value)
        rest = [*names.texts, *names.others, *names.about]
        wrapping = [n for n in rest if fields.is_answer(n) or words.normal(n) == "value"]
        wrapping += [n for n in names.others if n not in wrapping and n not in self._names]
        is_value = self._fits(self._bare(value))
        if is_value and not self._may_wrap(value, rest, names.numbers):
            return None
        for name in wrapping:
            if self._fits(value[name]):
                return name
        if is_value or len(rest) != 1 or rest[0] not in wrapping:
            return None
        inner = value[rest[0]]
        is_own = rest[0] in self._names
        if isinstance(inner, dict):
            is_own = is_own and self._names.isdisjoint(inner)
        return None if is_own or not fields.is_answer(rest[0]) else rest[0]

    def _may_wrap(self, value: Members, rest: Sequence[str], numbers: Sequence[str]) -> bool:
        """Whether an object that is a value itself may also be the notation around one."""
        if len(rest) != 1 or not (fields.is_answer(rest[0]) or words.normal(rest[0]) == "value"):
            return False
        if rest[0] not in self._names:
            return True
        # What is encoded in the text of a field is that text.
        return bool(numbers) and isinstance(value[rest[0]], (dict, list))

    def _own_number(self, value: Members, *, wrapped: bool) -> str | None:
        """The name of a value's own probability, which is no part of it."""
        if not (wrapped or self._numbered):
            return None
        names = fields.fields_in(n for n in value if wrapped or n not in self._names).numbers
        if not wrapped and not self._names:
            names = [name for name in names if words.normal(name) in (self._asked, "probability")]
        return min(names, key=lambda name: words.normal(name) != self._asked, default=None)

    def _bare(self, value: Members) -> Members:
        """A value without its own number and reasoning."""
        own = {self._own_number(value, wrapped=False)}
        if self._names:
            own.update(fields.fields_in(n for n in value if n not in self._names).reasons)
        return {name: inner for name, inner in value.items() if name not in own}

    def _any_fits(self, found: Found) -> bool:
        return any(self._fits_text(record.text) for record in found.records)

    def _fits(self, value: Any) -> bool:
        return not is_cut(value) and self._fits_text(_written(value))


def _beside_numbers(records: Sequence[Record], members: Members) -> Sequence[Record]:
    """Records without numbers, with those of an equally long list beside them."""
    if any(record.raw is not None for record in records):
        return records
    for name, numbers in members.items():
        if words.names_number(name) and isinstance(numbers, list) and len(numbers) == len(records):
            return [replace(r, raw=fields.as_raw(n)) for r, n in zip(records, numbers, strict=True)]
    return records


def _written(value: Any) -> str:
    """A value as the text of a candidate: a string as it is, else JSON."""
    if isinstance(value, str) and not isinstance(value, Written):
        return str(value)
    return JsonText(fields.as_json(value))
