"""Objects and lists of a JSON document that hold several candidates at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vs_core.parsing import vocabulary as words
from vs_core.parsing.item import NUMBER_CUT, Item
from vs_core.parsing.json_items import (
    Unfinished,
    Written,
    as_raw,
    is_fraction,
    is_number,
    is_text,
    only_number,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PAIR = 2


def items_in_mapping(members: Mapping[str, Any]) -> list[Item]:
    """The candidates of an object that maps texts to numbers, or numbers to texts."""
    if any(words.names_number(key) for key in members):
        return []
    members = {key: value for key, value in members.items() if not words.names_total(key)}
    if not members:
        return []
    values = list(members.values())
    if all(is_number(value) or isinstance(value, Unfinished) for value in values):
        if all(
            words.names_meta(k) or words.names_text(k) or words.names_reason(k) for k in members
        ):
            return []
        return [
            Item(key.strip(), None, None, (NUMBER_CUT,))
            if isinstance(value, Unfinished)
            else Item(key.strip(), as_raw(value))
            for key, value in members.items()
        ]
    if all(isinstance(value, dict) for value in values):
        inner = [only_number(value) for value in values]
        if all(number is not None for number in inner):
            return [
                Item(key.strip(), as_raw(number))
                for key, number in zip(members, inner, strict=True)
            ]
    if all(is_fraction(key) for key in members) and all(
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
        if words.names_number(key) and all(isinstance(v, str) for v in value):
            numbers = value
        elif (words.names_text(key) or words.names_wrapper(key) or texts is None) and (
            value and all(isinstance(v, str) for v in value)
        ):
            texts = value
    if texts is None or (numbers is None and not _has_list_of_texts(members)):
        return None
    raws: list[Any] = list(numbers or [])
    raws += [None] * (len(texts) - len(raws))
    return [
        Item(
            text.strip(),
            None,
            None,
            (NUMBER_CUT,) if numbers is not None and isinstance(raw, Unfinished) else (),
        )
        if raw is None or isinstance(raw, Unfinished)
        else Item(text.strip(), as_raw(raw))
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
            row.raw = as_raw(value)
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
            return Item(text.strip(), as_raw(number))
    return None


def items_in_row(values: list[Any]) -> list[Item]:
    """The candidates of a flat list of texts and numbers in turn."""
    items = [pair_in(values[at : at + _PAIR]) for at in range(0, len(values), _PAIR)]
    return [item for item in items if item is not None] if all(items) else []


def strings_in(values: Iterable[Any]) -> list[str] | None:
    """A list of strings that were written as such; None if anything else is in it."""
    texts = [value for value in values if not isinstance(value, Unfinished)]
    if not texts or not all(map(is_text, texts)):
        return None
    return texts
