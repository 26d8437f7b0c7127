"""Values of JSON as Python has them, but a number as `Written`: as the model wrote it."""

from __future__ import annotations

import json
from typing import Any


class Written(str):
    """A number, or a word without quotes, as written."""

    __slots__ = ()


class Unfinished(str):
    """A string or a number that was cut off."""

    __slots__ = ()


class Mended(str):
    """A string in which something was mended; `repair` says what."""

    __slots__ = ("repair",)
    repair: str

    @classmethod
    def by(cls, repair: str, text: str) -> Mended:
        """A string that was mended."""
        mended = cls(text)
        mended.repair = repair
        return mended


class Object(dict[str, Any]):
    """An object in which a name stands twice (`pairs` has all members), or that was cut off."""

    def __init__(self, pairs: list[tuple[str, Any]], *, cut: bool = False) -> None:
        super().__init__(pairs)
        self.pairs = pairs
        self.cut = cut


class OpenList(list[Any]):
    """A list that was cut off."""

    cut = True


def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object."""
    members = dict(pairs)
    return members if len(members) == len(pairs) else Object(pairs)


decode_value = json.JSONDecoder(
    object_pairs_hook=object_of,
    parse_float=Written,
    parse_int=Written,
    parse_constant=Written,
    strict=False,
).raw_decode
"""Reads a well-formed value at a place; the value, and where it ends."""


def is_cut(value: Any) -> bool:
    """Whether a value was cut off."""
    return isinstance(value, Unfinished) or getattr(value, "cut", False) is True


def is_text(value: Any) -> bool:
    """Whether a value is a whole string, written as one."""
    return isinstance(value, str) and not isinstance(value, (Written, Unfinished))
