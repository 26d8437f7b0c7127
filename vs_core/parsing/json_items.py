"""Which values of a JSON document are candidates.

A value read without quotes (a number, `true`, a Python name) comes as `Written`, so that a number
keeps the form in which the model wrote it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vs_core.parsing import vocabulary as words
from vs_core.parsing.item import NUMBER_CUT, Item

if TYPE_CHECKING:
    from collections.abc import Mapping

_NULLS = frozenset(("null", "none", "nil", "undefined"))
_TRUTHS = {"true": True, "false": False}
_PREFERRED_TEXT = ("text", "response", "answer", "content")
_TITLES = ("name", "title", "label", "value")
_LONGEST_NUMBER = 40


class Written(str):
    """A value that stood there without quotes."""

    __slots__ = ()


class Unfinished(str):
    """A value that was cut off."""

    __slots__ = ()


@dataclass(slots=True)
class Fields:
    """The members of one object, by the part they play."""

    numbers: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)


def fields_in(members: Mapping[str, Any]) -> Fields:
    """Sort the members of an object by the part they play."""
    fields = Fields()
    for key, value in members.items():
        if words.names_number(key):
            fields.numbers[key] = value
        elif words.names_text(key):
            fields.texts[key] = value
        elif words.names_reason(key) or words.names_thought(key):
            fields.reasons[key] = value
        elif words.names_meta(key):
            fields.about[key] = value
        else:
            fields.others[key] = value
    return fields


def is_schema(members: Mapping[str, Any]) -> bool:
    """Whether an object describes the shape of an answer instead of giving one."""
    if "properties" in members or "$schema" in members or "$ref" in members:
        return True
    return any(
        isinstance(value, dict) and isinstance(value.get("type"), str) for value in members.values()
    )


def item_in(members: Mapping[str, Any], number_field: str) -> Item | None:
    """The candidate that an object with a text and a number is; None if it is none."""
    if is_schema(members):
        return None
    fields = fields_in(members)
    if _are_numbered(fields):
        return None
    found = _number_in(fields, members, number_field)
    if found is None:
        return None
    text = _text_in(fields)
    if text is None:
        return None
    if isinstance(found, Unfinished):
        return Item(text, None, reason_in(fields), (NUMBER_CUT,))
    return Item(text, as_raw(found), reason_in(fields))


def _are_numbered(fields: Fields) -> bool:
    """Whether the numbers carry numbers themselves: `probability_1`, `probability_2`."""
    names = [words.normal(key) for key in fields.numbers]
    return len(set(names)) < len(names)


def textual_item_in(members: Mapping[str, Any]) -> Item | None:
    """The candidate that an object with a text but without a number is."""
    if is_schema(members):
        return None
    fields = fields_in(members)
    if fields.numbers or any(isinstance(v, (list, dict)) for v in fields.texts.values()):
        return None
    if not fields.texts:
        other = list(fields.others.values())
        if len(other) != 1 or not is_text(other[0]) or fields.reasons:
            return None
    fields.about = {}
    text = _text_in(fields)
    return None if text is None else Item(text, None, reason_in(fields))


def reason_in(fields: Fields) -> str | None:
    """The reasoning of an object, if it has any."""
    for value in fields.reasons.values():
        if is_text(value) and value.strip():
            return str(value).strip()
    return None


def is_text(value: Any) -> bool:
    """Whether a value is a string that was written as one."""
    return isinstance(value, str) and not isinstance(value, (Written, Unfinished))


def is_number(value: Any) -> bool:
    """Whether a value is a number, or a short string that holds one."""
    if not isinstance(value, str) or isinstance(value, Unfinished):
        return False
    if isinstance(value, Written):
        return any(map(str.isdigit, value)) or value.lower() == "nan"
    return len(value) <= _LONGEST_NUMBER and is_fraction(value)


def is_fraction(value: str) -> bool:
    """Whether a string looks like nothing but a number."""
    stripped = words.visible(value).strip(" \t\n~≈<>%()")
    return (
        bool(stripped)
        and stripped[0] in "0123456789.,"
        and all(c.isdigit() or c in ".,/%- e+" for c in stripped)
    )


def _number_in(fields: Fields, members: Mapping[str, Any], number_field: str) -> Any:
    numbers = fields.numbers
    if not numbers:
        if not any(map(is_text, [*fields.texts.values(), *fields.others.values()])):
            return None
        for value in members.values():
            if isinstance(value, dict) and (inner := only_number(value)) is not None:
                return inner
        return None
    ordered = sorted(
        numbers, key=lambda k: (words.normal(k) != number_field, words.normal(k) != "probability")
    )
    for key in ordered:
        value = numbers[key]
        if value is None:
            return Written("null")
        if isinstance(value, str):
            return value
        if isinstance(value, dict):
            inner = [v for v in value.values() if is_number(v)]
            if len(inner) == 1:
                return inner[0]
    return None


def only_number(members: Mapping[str, Any]) -> Any:
    """The number of an object that has one, and no text."""
    fields = fields_in(members)
    if fields.texts or fields.others or len(fields.numbers) != 1:
        return None
    value = next(iter(fields.numbers.values()))
    return value if isinstance(value, str) else None


def _text_in(fields: Fields) -> str | None:
    ordered = sorted(fields.texts, key=lambda key: _preference(words.normal(key)))
    for key in ordered:
        text = as_text(fields.texts[key])
        if text is not None:
            return text
    others = [text for value in fields.others.values() if (text := as_text(value)) is not None]
    if others and len(fields.others) == 1:
        return others[0]
    if others:
        return json.dumps(plain({**fields.about, **fields.others}), ensure_ascii=False)
    for key, value in fields.about.items():
        if words.normal(key) in _TITLES and is_text(value):
            return str(value).strip()
    return None


def _preference(name: str) -> int:
    return _PREFERRED_TEXT.index(name) if name in _PREFERRED_TEXT else len(_PREFERRED_TEXT)


def as_text(value: Any) -> str | None:
    """A value as the text of a candidate: strings as they are, else JSON."""
    if isinstance(value, Unfinished) or value is None:
        return None
    if isinstance(value, Written):
        return None if value.lower() in _NULLS else str(value)
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        inner = fields_in(value)
        if len(inner.texts) == 1 and not inner.others:
            return as_text(next(iter(inner.texts.values())))
    try:
        return json.dumps(plain(value), ensure_ascii=False)
    except RecursionError:
        return None


def plain(value: Any) -> Any:
    """A value with its numbers and constants as Python has them."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if not isinstance(value, Written):
        return value
    lowered = value.lower()
    if lowered in _NULLS:
        return None
    if lowered in _TRUTHS:
        return _TRUTHS[lowered]
    try:
        return json.loads(value)
    except ValueError:
        return str(value)


def as_raw(value: Any) -> str | None:
    """A value as the number of a candidate, as written; None for `null`."""
    if not isinstance(value, str):
        return None
    if isinstance(value, Written) and value.lower() in _NULLS:
        return None
    return str(value).strip() or None
