"""Which records a complete value of JSON holds: the outermost that has numbers, first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from vs_core.parsing import words
from vs_core.parsing.asked import Expectation
from vs_core.parsing.fragment import CUT_OFF, SCHEMA, Fragment
from vs_core.parsing.record import json_fields as fields
from vs_core.parsing.record.found import SEVERAL, Found, joined, kept
from vs_core.parsing.record.json_fields import is_number, with_reasoning
from vs_core.parsing.record.record import Record
from vs_core.parsing.segment.json_values import Object, Unfinished, Written, is_cut, is_text

_ENCODED = ("{", "[", "<", '"', "```")
_ONE_ANSWER = words.words_of("text content response answer candidate output")
ASKED = ("confidence", "perplexity", "nll")
"""Definitions whose number has their name."""

_DEEPEST = 12


class JsonSets:
    """Reads the records of values.

    Args:
        expected: What was asked for.
        inside: The records of a reply encoded in a string, if it is a whole numbered series, else
            none.
        beside: The text and the number of a string such as `A (0.1)`; None if none stands there.
    """

    def __init__(
        self,
        expected: Expectation,
        inside: Callable[[str], list[Record]],
        beside: Callable[[str], tuple[str, str] | None],
    ) -> None:
        definition = expected.definition
        self._asked = definition if definition in ASKED else "probability"
        self._inside = inside
        self._beside = beside

    def may_be_series(self, path: tuple[str, ...]) -> bool:
        """Whether a list under these names may be the series: none of them is one answer's."""
        return not any(
            words.normal(name) in _ONE_ANSWER or words.names_number(name) or fields.is_reason(name)
            for name in path
        )

    def of_root(self, value: Any) -> Found:
        """The records of the whole value."""
        return self._any(value, 0)

    def of_element(self, value: Any) -> Found:
        """The records of one element of the series."""
        return self._element(value, 0)

    def is_record(self, members: dict[str, Any]) -> bool:
        """Whether an object is a record itself, whatever else stands in it."""
        return fields.record_in(members, self._asked) is not None

    @staticmethod
    def shows_series(records: Sequence[Record], path: tuple[str, ...]) -> bool:  # noqa: ARG004
        """Whether the records of an element show that the list under these names is the series."""
        return any(record.raw is not None for record in records)

    def of_mapping(self, members: dict[str, Any]) -> list[Record]:
        """The records of an object that maps texts to numbers, or numbers to texts."""
        return self._records(_mapped(members, self._asked))

    def _element(self, value: Any, depth: int) -> Found:
        if type(value) is dict and len(value) == 2:
            text, raw = value.get("text"), value.get(self._asked)
            if type(text) is str and type(raw) is Written:
                return kept([Record(text.strip(), str(raw))])
        if isinstance(value, dict):
            return self._object(value, depth, element=True)
        if isinstance(value, list):
            return self._list(value, depth)
        return self._strings([value]) if is_text(value) else Found()

    def _object(self, members: dict[str, Any], depth: int, *, element: bool = False) -> Found:
        if not members:
            return Found()
        if fields.is_schema(members):
            return Found(dropped=[Fragment(", ".join(members), SCHEMA)])
        several = self._records(_repeated(members) or _columns(members))
        if len(several) > 1:
            return kept(several)._replace(path=(SEVERAL,))
        own = fields.record_in(members, self._asked) if element or not _frames(members) else None
        records = several or ([own] if own else self._records(self._rows(members)))
        if records:
            return kept(records)._replace(path=(SEVERAL,) if len(records) > 1 else ())
        found = self._members(members, depth, element=element)
        if found.records or found.dropped:
            return found
        record = fields.textual_record_in(members)
        if not element and not any(map(fields.is_answer, members)):
            record = None
        if record is None and element and is_cut(members):
            return Found(dropped=[Fragment(fields.as_json(members), CUT_OFF)])
        return kept([record] if record else [])

    def _records(self, rows: Iterable[dict[str, Any]]) -> list[Record]:
        both = (fields.record_in(row, self._asked) or fields.textual_record_in(row) for row in rows)
        return [record for record in both if record is not None]

    def _rows(self, members: dict[str, Any]) -> list[dict[str, Any]]:
        """The candidates of an object whose names count them, or are their texts or numbers."""
        mapped = _mapped(members, self._asked)
        if len(mapped) > 1:
            return mapped
        rows: dict[str, dict[str, Any]] = {}
        for name, value in members.items():
            counted = bool(words.normal(name)) and not isinstance(value, (dict, list))
            digits = "".join(filter(str.isdigit, name)) if counted else ""
            rows.setdefault(digits, {})[name] = value
        return mapped if "" in rows else list(rows.values())

    def _members(self, members: dict[str, Any], depth: int, *, element: bool) -> Found:
        """The records of what stands in an object: of one member, or of each."""
        found: dict[str, Found] = {}
        dropped: list[Fragment] = []
        for name, value in members.items():
            if depth > _DEEPEST or fields.is_reason(name):
                continue
            if element and is_text(value) and fields.is_answer(name) and not _is_encoded(value):
                continue
            opaque = element and words.normal(name) in _ONE_ANSWER and isinstance(value, dict)
            own = fields.record_in(value, self._asked) if opaque else None
            inner = self._any(value, depth + 1) if not opaque else kept([own] if own else [])
            dropped += inner.dropped
            is_answer = words.names_set(name) or fields.is_answer(name) or name[-1:].isdigit()
            if inner.records and (is_answer or any(r.raw is not None for r in inner.records)):
                found[name] = inner
        if not found:
            return Found(dropped=dropped)
        each = all(len(f.records) == 1 and isinstance(members[n], dict) for n, f in found.items())
        if each and len(found) > 1:
            best = Found([inner.records[0] for inner in found.values()], path=(SEVERAL,))
        else:
            name = max(found, key=lambda name: _rank(name, found[name]))
            best = found[name]._replace(path=(*(() if each else (name,)), *found[name].path))
        records = with_reasoning(best.records, fields.shared_reasoning([members]))
        return Found(records, dropped, best.path)

    def _any(self, value: Any, depth: int) -> Found:
        if isinstance(value, dict):
            return self._object(value, depth)
        if isinstance(value, list):
            return self._list(value, depth)
        encoded = is_text(value) and (_is_encoded(value) or "\n" in value or "<" in value)
        return Found(self._inside(value) if encoded else ())

    def _list(self, values: list[Any], depth: int) -> Found:
        pairs = [_pair(values[at : at + 2]) for at in range(0, len(values), 2)]
        if pairs and all(pairs):
            return kept(self._records(filter(None, pairs)))
        if all(isinstance(v, str) and not isinstance(v, Written) for v in values):
            return self._strings([value for value in values if is_text(value)])
        if depth > _DEEPEST:
            return Found()
        return joined(self._element(value, depth + 1) for value in values)

    def _strings(self, texts: list[str]) -> Found:
        inner = [self._inside(t) if t.lstrip().startswith(_ENCODED) else [] for t in texts]
        if any(inner):
            return Found([record for records in inner for record in records])
        beside = [self._beside(text) for text in texts]
        if texts and all(beside):
            return kept([Record(*found) for found in beside if found])
        return kept(self._records({"text": text} for text in texts))


def _rank(name: str, found: Found) -> tuple[bool, bool, int]:
    numbered = sum(record.raw is not None for record in found.records)
    return 0 < numbered == len(found.records), words.names_set(name), numbered


def _frames(members: dict[str, Any]) -> bool:
    """Whether an object is the frame of a set rather than a candidate that holds a list."""
    return any(isinstance(v, list) and words.names_set(k) for k, v in members.items()) and not any(
        is_text(v) and not words.names_about(k) and not fields.is_reason(k)
        for k, v in members.items()
    )


def _repeated(members: dict[str, Any]) -> list[dict[str, Any]]:
    """The candidates of an object in which the same names come again and again."""
    rows: list[dict[str, Any]] = [{}]
    for name, value in members.pairs if isinstance(members, Object) else ():
        if name in rows[-1]:
            rows.append({})
        rows[-1][name] = value
    return rows if len(rows) > 1 else []


def _columns(members: dict[str, Any]) -> list[dict[str, Any]]:
    """The candidates of an object with a list of texts and a list of numbers."""
    lists = {k: v for k, v in members.items() if isinstance(v, list) and not fields.is_reason(k)}
    numbers = [k for k in lists if words.names_number(k) and not any(map(_is_group, lists[k]))]
    texts = [k for k in lists if k not in numbers]
    if not numbers or not texts:
        return []
    texts.sort(key=lambda k: not (words.names_set(k) or fields.is_answer(k)))
    raws = lists[numbers[0]]
    return [
        {"text": text, "probability": raws[at]} if at < len(raws) else {"text": text}
        for at, text in enumerate(lists[texts[0]])
    ]


def _mapped(members: dict[str, Any], asked: str) -> list[dict[str, Any]]:
    """The candidates of an object that maps texts to numbers, or numbers to texts."""
    members = {
        k: v
        for k, v in members.items()
        if not words.names_total(k) and not (fields.is_reason(k) and not is_number(v))
    }
    values = list(members.values())
    if not members or any(map(words.names_number, members)):
        return []
    if all(is_number(v) or isinstance(v, Unfinished) for v in values):
        told = [words.names_about(k) or words.names_text(k) or fields.is_reason(k) for k in members]
        return [] if all(told) else [{"text": k, "probability": v} for k, v in members.items()]
    if all(fields.only_number(v, asked) is not None for v in values):
        return [{"text": k, **v} for k, v in members.items()]
    if all(map(fields.is_fraction, members)) and all(map(is_text, values)):
        counted = [*map(str, range(len(values) + 1))]
        if [*members] in (counted[1:], counted[:-1]):
            return [{"text": v} for v in values]
        return [{"text": v, "probability": k} for k, v in members.items()]
    return []


def _pair(values: list[Any]) -> dict[str, Any] | None:
    """The candidate in `["text", 0.3]` or `[0.3, "text"]`."""
    if len(values) == 2:
        for text, number in (values, values[::-1]):
            if is_text(text) and (is_number(number) or isinstance(number, Unfinished)):
                return {"text": text, "probability": number}
    return None


def _is_encoded(text: str) -> bool:
    """Whether a string as a whole is a value or a reply of its own."""
    return text.lstrip().startswith(_ENCODED)


def _is_group(value: Any) -> bool:
    return isinstance(value, (dict, list))
