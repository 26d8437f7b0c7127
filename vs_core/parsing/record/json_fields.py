"""What one value of JSON says: its fields, by the part they play."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from vs_core.parsing import words
from vs_core.parsing.fragment import NUMBER_CUT
from vs_core.parsing.record.record import Record
from vs_core.parsing.segment.json_values import Mended, Written, is_cut, is_text

_PREFERRED = ("text", "response", "answer", "content")
_TITLES = ("name", "title", "label")
_SCHEMA_TYPES = ("string", "number", "integer", "object", "array", "boolean", "null")
_LONGEST_NUMBER = 40

Members = Mapping[str, Any]


def is_number(value: Any) -> bool:
    """Whether a value is a number, or a short string that holds one."""
    if isinstance(value, Written):
        return any(map(str.isdigit, value)) or value == "NaN"
    return is_text(value) and len(value) <= _LONGEST_NUMBER and is_fraction(value)


def is_fraction(value: str) -> bool:
    """Whether a string looks like nothing but a number."""
    bare = value.strip(" \t\n\u200b\ufeff~≈<>%()")
    return bare[:1].isdigit() | (bare[:1] in (".", ",")) and all(
        c.isdigit() or c in ".,/%- e+" for c in bare
    )


def is_schema(members: Members) -> bool:
    """Whether an object describes the shape of an answer instead of giving one."""
    return not members.keys().isdisjoint(("$schema", "$ref", "properties")) or any(
        isinstance(value, dict) and str(value.get("type")) in _SCHEMA_TYPES
        for value in members.values()
    )


class Fields(NamedTuple):
    """The names of an object's members, by the part they play."""

    numbers: list[str]
    texts: list[str]
    reasons: list[str]
    about: list[str]
    others: list[str]


def fields_in(names: Iterable[str]) -> Fields:
    """Sort the names of an object's members by the part they play."""
    fields = Fields([], [], [], [], [])
    for name in names:
        if words.names_total(name):
            continue
        if words.names_number(name):
            fields.numbers.append(name)
        elif is_reason(name):
            fields.reasons.append(name)
        elif is_answer(name):
            fields.texts.append(name)
        elif words.names_about(name):
            fields.about.append(name)
        else:
            fields.others.append(name)
    return fields


def is_reason(name: str) -> bool:
    """Whether a member is reasoning."""
    return words.names_reason(name) or words.names_thought(name)


def is_answer(name: str) -> bool:
    """Whether a member is a candidate, or its text."""
    return words.names_answer(name) or words.names_text(name)


def record_in(members: Members, asked: str) -> Record | None:
    """The record of an object with a text and a number; None if it is none.

    Args:
        members: The object.
        asked: The name of the number that was asked for.
    """
    fields = fields_in(members)
    number = _number_in(members, fields, asked)
    return None if number is None else _record(members, fields, number)


def textual_record_in(members: Members) -> Record | None:
    """The record of an object with a text but without a number; None if it is none."""
    fields = fields_in(members)
    others = fields.others
    if fields.numbers or not (
        fields.texts or (len(others) == 1 and is_text(members[others[0]]) and not fields.reasons)
    ):
        return None
    fields.about.clear()
    return _record(members, fields, None)


def _record(members: Members, fields: Fields, number: Any) -> Record | None:
    text, reasoning = _text_in(members, fields), reason_in(members, fields)
    if text is None and reasoning is not None and not fields.texts and not fields.others:
        text, reasoning = reasoning, None
    if text is None and [words.normal(name) for name in fields.about] == ["number"]:
        # With no text beside it, `number` counts nothing.
        text = str(members[fields.about[0]])
    if text is None:
        return None
    mended = [value.repair for value in members.values() if isinstance(value, Mended)]
    return Record(text, as_raw(number), reasoning, (*dict.fromkeys(mended), *repairs_of(number)))


def repairs_of(number: Any) -> tuple[str, ...]:
    """What is to be said of a number."""
    return (NUMBER_CUT,) if is_cut(number) else ()


def as_raw(number: Any) -> str | None:
    """A number as written; None if it is cut off or none."""
    return None if is_cut(number) or not number or number == "null" else str(number).strip()


def _number_in(members: Members, fields: Fields, asked: str) -> Any:
    """The number of an object, or of one in it; None if it has none, "null" if that is empty."""
    if not fields.numbers:
        if not any(is_text(members[name]) for name in (*fields.texts, *fields.others)):
            return None
        inner = (only_number(value, asked) for value in members.values())
        return next((number for number in inner if number is not None), None)
    # Names may carry numbers themselves: `probability_1`, `probability_2`.
    counted = len({words.normal(name) for name in fields.numbers}) < len(fields.numbers)
    return None if counted else _best_number(members, fields.numbers, asked)


def _best_number(members: Members, names: list[str], asked: str) -> Any:
    def rank(name: str) -> tuple[bool, bool, bool]:
        word = words.normal(name)
        return word != asked, word != "probability", not is_number(members[name])

    for name in sorted(names, key=rank):
        value = members[name]
        if isinstance(value, dict):
            inner = [v for v in value.values() if is_number(v)]
            value = inner[0] if len(inner) == 1 else False
        if value is None or isinstance(value, str):
            return "null" if value is None else value
    return None


def only_number(value: Any, asked: str) -> Any:
    """The number of an object that has no text; None for any other value."""
    fields = fields_in(value if isinstance(value, dict) else ())
    if fields.texts or fields.others or not fields.numbers:
        return None
    return _best_number(value, fields.numbers, asked)


def reason_in(members: Members, fields: Fields) -> str | None:
    """The reasoning of an object, if it has any."""
    given = (members[name] for name in fields.reasons)
    return next((str(text).strip() for text in given if is_text(text) and text.strip()), None)


def shared_reasoning(around: Iterable[Members]) -> str | None:
    """The reasoning in the objects around a set, the innermost first."""
    given = [reason_in(members, fields_in(members)) for members in around]
    return next(filter(None, reversed(given)), None)


def with_reasoning(records: Sequence[Record], shared: str | None) -> Sequence[Record]:
    """Records with the reasoning that all share, where they have none of their own."""
    if shared is None:
        return records
    return [Record(r.text, r.raw, r.reasoning or shared, r.repairs) for r in records]


def _text_in(members: Members, fields: Fields) -> str | None:
    """The text of an object: one field, or all that could be the text, as JSON."""
    clear = [name for name in fields.texts if words.names_text(name)]
    if not clear and sum(is_text(members[n]) for n in (*fields.texts, *fields.others)) < 2:
        clear = [name for name in fields.texts if words.normal(name) == "answer"]
    if clear:
        return as_text(members[min(clear, key=_preference)])
    named = {*fields.texts, *fields.others}
    named.update(name for name in fields.about if words.normal(name) in _TITLES)
    named = named or {name for name in fields.about if is_text(members[name])}
    if len(named) < 2:
        return as_text(members[named.pop()]) if named else None
    if any(is_cut(members[name]) for name in named):
        return None
    return as_json({name: value for name, value in members.items() if name in named})


def _preference(name: str) -> int:
    word = words.normal(name)
    return _PREFERRED.index(word) if word in _PREFERRED else len(_PREFERRED)


def as_text(value: Any) -> str | None:
    """A value as the text of a candidate: a string as it is, else JSON; None if cut off."""
    if is_cut(value):
        return None
    if isinstance(value, dict):
        fields = fields_in(value)
        content = [*fields.texts, *fields.others, *fields.about]
        if len(content) == 1 and _preference(content[0]) < len(_PREFERRED):
            return as_text(value[content[0]])
    if isinstance(value, str):
        return str(value).strip()
    return "" if value is None else as_json(value)


def as_json(value: Any) -> str:
    """A value as JSON, its numbers as written."""
    if isinstance(value, dict):
        members = (f"{json.dumps(k, ensure_ascii=False)}: {as_json(v)}" for k, v in value.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(as_json, value))}]"
    if isinstance(value, Written):
        try:
            json.loads(value)
        except ValueError:
            pass
        else:
            return str(value)
    return json.dumps(value, ensure_ascii=False)
