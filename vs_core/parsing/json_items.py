"""Which values of a JSON document are candidates.

A value read without quotes (a number, `true`, a Python name) comes as `Written`, so that a number
keeps the form in which the model wrote it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vs_core.parsing import vocabulary as words
from vs_core.parsing.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NULLS = frozenset(("null", "none", "nil", "undefined"))
_TRUTHS = {"true": True, "false": False}
_PREFERRED_TEXT = ("text", "response", "answer", "content")
_LONGEST_NUMBER = 40
_PAIR = 2


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
    if isinstance(found, Unfinished):
        raw, repairs = None, ("the number was cut off",)
    else:
        raw, repairs = _as_raw(found), ()
    text = _text_in(fields)
    if text is None:
        return None
    return Item(text, raw, reason_in(fields), repairs)


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


def items_in_mapping(members: Mapping[str, Any]) -> list[Item]:
    """The candidates of an object that maps texts to numbers, or numbers to texts."""
    if any(words.names_number(key) for key in members):
        return []
    members = {key: value for key, value in members.items() if not words.names_total(key)}
    if not members:
        return []
    values = list(members.values())
    if all(is_number(value) or isinstance(value, Unfinished) for value in values):
        if all(words.names_meta(k) or words.names_text(k) or words.names_reason(k) for k in members):
            return []
        return [
            Item(key.strip(), None, None, ("the number was cut off",))
            if isinstance(value, Unfinished)
            else Item(key.strip(), _as_raw(value))
            for key, value in members.items()
        ]
    if all(isinstance(value, dict) for value in values):
        inner = [_only_number(value) for value in values]
        if all(number is not None for number in inner):
            return [
                Item(key.strip(), _as_raw(number))
                for key, number in zip(members, inner, strict=True)
            ]
    if all(_is_fraction(key) for key in members) and all(
        isinstance(value, str) and not isinstance(value, Written) for value in values
    ):
        return [Item(value.strip(), key.strip()) for key, value in members.items()]
    return []


def items_in_columns(members: Mapping[str, Any]) -> list[Item] | None:
    """The candidates of an object with a list of texts and, perhaps, a list of numbers."""
    texts = numbers = None
    for key, value in members.items():
        if not isinstance(value, list):
            continue
        if words.names_number(key) and all(map(_may_be_number, value)):
            numbers = value
        elif (words.names_text(key) or words.names_wrapper(key) or texts is None) and (
            value and all(isinstance(v, str) for v in value)
        ):
            texts = value
    if texts is None or (numbers is None and not _has_list_of_texts(members)):
        return None
    raws: list[Any] = list(numbers or [])
    raws += [None] * (len(texts) - len(raws))
    cut = "the number was cut off"
    return [
        Item(text.strip(), None, None, (cut,) if numbers is not None and isinstance(raw, Unfinished) else ())
        if raw is None or isinstance(raw, Unfinished)
        else Item(text.strip(), _as_raw(raw))
        for text, raw in zip(texts, raws, strict=False)
        if not isinstance(text, Unfinished)
    ]


def _has_list_of_texts(members: Mapping[str, Any]) -> bool:
    return any(
        isinstance(value, list) and (words.names_text(key) or words.names_wrapper(key))
        for key, value in members.items()
    )


def items_in_numbered_keys(members: Mapping[str, Any]) -> list[Item]:
    """The candidates of a flat object: `{"response_1": .., "probability_1": .., ...}`."""
    rows: dict[str, Item] = {}
    for key, value in members.items():
        digits = "".join(filter(str.isdigit, key))
        if not digits or not isinstance(value, str):
            return []
        row = rows.setdefault(digits, Item(""))
        if words.names_number(key):
            row.raw = _as_raw(value)
        elif words.names_text(key) or words.announces(key):
            row.text = value.strip()
        elif not words.names_reason(key):
            return []
    return [row for row in rows.values() if row.text]


def pair_in(values: list[Any]) -> Item | None:
    """The candidate in `["text", 0.3]` or `[0.3, "text"]`."""
    if len(values) != _PAIR:
        return None
    first, second = values
    for text, number in ((first, second), (second, first)):
        if is_text(text) and is_number(number):
            return Item(text.strip(), _as_raw(number))
    return None


def items_in_row(values: list[Any]) -> list[Item]:
    """The candidates of a flat list of texts and numbers in turn."""
    items = [pair_in(values[at : at + _PAIR]) for at in range(0, len(values), _PAIR)]
    return [item for item in items if item is not None] if all(items) else []


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
    return len(value) <= _LONGEST_NUMBER and _is_fraction(value)


def _may_be_number(value: Any) -> bool:
    return isinstance(value, str)


def _is_fraction(value: str) -> bool:
    stripped = words.visible(value).strip(" \t\n~≈<>%()")
    return bool(stripped) and stripped[0] in "0123456789.," and all(
        c.isdigit() or c in ".,/%- e+" for c in stripped
    )


def _number_in(fields: Fields, members: Mapping[str, Any], number_field: str) -> Any:
    numbers = fields.numbers
    if not numbers:
        if not any(map(is_text, [*fields.texts.values(), *fields.others.values()])):
            return None
        for value in members.values():
            if isinstance(value, dict) and (inner := _only_number(value)) is not None:
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


def _only_number(members: Mapping[str, Any]) -> Any:
    """The number of an object that has one, and no text."""
    fields = fields_in(members)
    if fields.texts or fields.others or len(fields.numbers) != 1:
        return None
    value = next(iter(fields.numbers.values()))
    return value if isinstance(value, str) else None


def _text_in(fields: Fields) -> str | None:
    for wanted in _PREFERRED_TEXT:
        for key, value in fields.texts.items():
            if words.normal(key) == wanted and (text := as_text(value)) is not None:
                return text
    for group in (fields.texts, fields.others):
        texts = [text for value in group.values() if (text := as_text(value)) is not None]
        if group is fields.texts and texts:
            return texts[0]
        if group is fields.others and texts:
            if len(fields.others) == 1:
                return texts[0]
            return json.dumps(plain({**fields.about, **fields.others}), ensure_ascii=False)
    for wanted in ("name", "title", "label", "value"):
        for key, value in fields.about.items():
            if words.normal(key) == wanted and is_text(value):
                return str(value).strip()
    return None


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


def _as_raw(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    if isinstance(value, Written) and value.lower() in _NULLS:
        return None
    return str(value).strip() or None


def strings_in(values: Iterable[Any]) -> list[str] | None:
    """A list of strings that were written as such; None if anything else is in it."""
    texts = [value for value in values if not isinstance(value, Unfinished)]
    if not texts or not all(map(is_text, texts)):
        return None
    return texts
