"""A digest of settings: the same in every process, and without secrets. Pure: no I/O.

What can be compared counts by its content: numbers, texts, collections, pydantic models,
dataclasses, functions with what they close over, and such attributes of other objects that can be
called. Of any other object (a client, a lock) only the class counts, since nothing else about it is
sure to be the same next time.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import partial, singledispatch
from pathlib import PurePath
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType
from typing import Any
from uuid import UUID

from pydantic import BaseModel, SecretBytes, SecretStr

from llamaindex_vs.identity.secrets import is_secret, without_secrets
from llamaindex_vs.pydantic_internals import fields_of

Plain = Any
"""What JSON has."""

_DEEPEST = 50
"""Values further inside others than this count by their class only."""

_FIRST_HOMES = {"llamaindex_vs.model.llm": "llamaindex_vs.llm"}
"""Where modules stood when dumps first told of their classes: a move is no change of a model."""


def fingerprint(value: Plain) -> str:
    """The digest of a value that JSON has, as hexadecimal digits.

    Args:
        value: The value; of others, see `content`.
    """
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def qualified_name(kind: Any) -> str:
    """The name of a class or a function, with its module.

    Args:
        kind: The class or the function.
    """
    home = kind.__module__
    return f"{_FIRST_HOMES.get(home, home)}.{kind.__qualname__}"


def content(value: Any, within: frozenset[int] = frozenset()) -> Plain:
    """What counts about a value.

    Args:
        value: Any value.
        within: The `id`s of what this value is in, so that a circle comes to an end.
    """
    if id(value) in within or len(within) > _DEEPEST:
        return ["inside", _kind(value)]
    return content_of_kind(value, within | {id(value)})


def named_contents(items: Iterable[tuple[Any, Any]], within: frozenset[int]) -> list[Plain]:
    """What counts about named values, in the order of their names; secrets do not.

    Args:
        items: Names and values.
        within: As for `content`.
    """
    pairs = [[content(k, within), content(v, within)] for k, v in items if not is_secret(k)]
    return sorted(pairs, key=json.dumps)


@singledispatch
def content_of_kind(value: Any, within: frozenset[int]) -> Plain:
    """What counts about a value of a certain kind; register a function for yours.

    Args:
        value: Any value.
        within: As for `content`.
    """
    if dataclasses.is_dataclass(value):
        fields = [(f.name, getattr(value, f.name, None)) for f in dataclasses.fields(value)]
    else:
        held = getattr(value, "__dict__", {}) if callable(value) else {}
        fields = [(name, item) for name, item in held.items() if _is_of_known_kind(item)]
    return [_kind(value), named_contents(fields, within)]


@content_of_kind.register(type(None))
@content_of_kind.register(int)
@content_of_kind.register(float)
def _number(value: float | None, _: frozenset[int]) -> Plain:
    return value


@content_of_kind.register
def _text(value: str, _: frozenset[int]) -> Plain:
    return without_secrets(str(value))


@content_of_kind.register(bytes)
@content_of_kind.register(bytearray)
def _bytes(value: bytes | bytearray, _: frozenset[int]) -> Plain:
    return ["bytes", hashlib.sha256(value).hexdigest()]


@content_of_kind.register(SecretStr)
@content_of_kind.register(SecretBytes)
def _secret(_value: Any, _: frozenset[int]) -> Plain:
    return ["secret"]


@content_of_kind.register(complex)
@content_of_kind.register(date)
@content_of_kind.register(time)
@content_of_kind.register(timedelta)
@content_of_kind.register(Decimal)
@content_of_kind.register(PurePath)
@content_of_kind.register(re.Pattern)
@content_of_kind.register(UUID)
def _written(value: Any, _: frozenset[int]) -> Plain:
    return [_kind(value), str(value)]


@content_of_kind.register
def _enum(value: Enum, _: frozenset[int]) -> Plain:
    return [_kind(value), value.name]


@content_of_kind.register(type)
@content_of_kind.register(BuiltinFunctionType)
def _named(value: Any, _: frozenset[int]) -> Plain:
    return ["named", qualified_name(value)]


@content_of_kind.register(Mapping)
def _mapping(value: Mapping[Any, Any], within: frozenset[int]) -> Plain:
    return ["mapping", named_contents(value.items(), within)]


@content_of_kind.register(list)
@content_of_kind.register(tuple)
def _sequence(value: Sequence[Any], within: frozenset[int]) -> Plain:
    return ["sequence", [content(item, within) for item in value]]


@content_of_kind.register(AbstractSet)
def _set(value: AbstractSet[Any], within: frozenset[int]) -> Plain:
    # Texts come out of a set in another order in each process.
    return ["set", sorted((content(item, within) for item in value), key=json.dumps)]


@content_of_kind.register
def _model(value: BaseModel, within: frozenset[int]) -> Plain:
    return [_kind(value), named_contents(fields_of(value).items(), within)]


@content_of_kind.register
def _function(value: FunctionType, within: frozenset[int]) -> Plain:
    names, cells = value.__code__.co_freevars, value.__closure__ or ()
    closed_over = zip(names, map(_cell_content, cells), strict=True)
    return [
        qualified_name(value),
        content(value.__code__, within),
        content(value.__defaults__, within),
        content(value.__kwdefaults__, within),
        named_contents(closed_over, within),
    ]


@content_of_kind.register
def _code(value: CodeType, within: frozenset[int]) -> Plain:
    # Neither file nor line: a function that has only moved is the same.
    return [value.co_code.hex(), list(value.co_names), content(value.co_consts, within)]


@content_of_kind.register
def _method(value: MethodType, within: frozenset[int]) -> Plain:
    return [content(value.__func__, within), content(value.__self__, within)]


@content_of_kind.register(partial)
def _partial(value: partial[Any], within: frozenset[int]) -> Plain:
    parts = (value.func, value.args, value.keywords)
    return ["partial", [content(part, within) for part in parts]]


def _is_of_known_kind(value: Any) -> bool:
    return content_of_kind.dispatch(type(value)) is not content_of_kind.dispatch(object)


def _cell_content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _kind(value: Any) -> str:
    return qualified_name(type(value))
