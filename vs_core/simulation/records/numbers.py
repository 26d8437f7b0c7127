"""Numbers for fields, by what the fields are called, within the bounds of a schema."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from typing import Any

from vs_core.simulation.records.wording import words_of

_RANGES: tuple[tuple[frozenset[str], float, float], ...] = tuple(
    (frozenset(words.split()), low, high)
    for words, low, high in (
        ("age", 18, 80),
        ("year founded born", 1950, 2025),
        ("month", 1, 12),
        ("day", 1, 28),
        ("hour", 0, 23),
        ("minute second", 0, 59),
        ("rating star", 1, 5),
        ("score grade", 1, 10),
        ("probability confidence likelihood share ratio fraction", 0, 1),
        ("percent percentage discount", 0, 100),
        ("price cost amount fee total", 1, 500),
        ("salary income revenue budget", 18_000, 120_000),
        ("latitude lat", -60, 70),
        ("longitude lon lng", -180, 180),
        ("height", 150, 200),
        ("weight", 45, 110),
        ("child sibling pet", 0, 4),
        ("population", 1_000, 5_000_000),
        ("calorie", 80, 1_200),
        ("temperature", -10, 35),
    )
)
_ANY = (1, 100)
_DECIMALS = 2


def number_for(name: str, schema: Mapping[str, Any], rng: random.Random, *, whole: bool) -> float:
    """A number for a field.

    Args:
        name: What the field is called.
        schema: Its bounds, which are kept; what the name suggests gives way to them.
        rng: The source of randomness.
        whole: Whether it is a whole number.

    Example:
        >>> import random
        >>> from vs_core.simulation.records.numbers import number_for
        >>> number_for("age", {"minimum": 30, "exclusiveMaximum": 32}, random.Random(1), whole=True)
        30
    """
    step = _step(schema, whole=whole)
    low, high = _bounds(name, schema, step)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    if first > last:
        return int(low) if whole else low
    number = rng.randint(first, last) * step
    if whole:
        return int(number)
    # A step such as 0.01 has no exact form; what is written has the digits that are meant.
    return min(max(round(number, 10), low), high)


def _step(schema: Mapping[str, Any], *, whole: bool) -> float:
    multiple = schema.get("multipleOf", 0)
    if whole:
        return int(multiple) if multiple >= 1 and float(multiple).is_integer() else 1
    if multiple > 0:
        return float(multiple)
    low, high = _stated(schema)
    narrow = 0 < high - low < math.inf
    # Wide enough a range has a hundred numbers of two decimals; a narrow one needs more of them.
    digits = max(_DECIMALS, math.ceil(2 - math.log10(high - low))) if narrow else _DECIMALS
    return float(10.0**-digits)


def _stated(schema: Mapping[str, Any]) -> tuple[float, float]:
    low = max(schema.get("minimum", -math.inf), schema.get("exclusiveMinimum", -math.inf))
    high = min(schema.get("maximum", math.inf), schema.get("exclusiveMaximum", math.inf))
    return low, high


def _bounds(name: str, schema: Mapping[str, Any], step: float) -> tuple[float, float]:
    low, high = _stated(schema)
    if schema.get("exclusiveMinimum") == low:
        low += step
    if schema.get("exclusiveMaximum") == high:
        high -= step
    usual_low, usual_high = _usual(name)
    # What the name suggests counts where it has a part within the bounds.
    if max(low, usual_low) < min(high, usual_high):
        return max(low, usual_low), min(high, usual_high)
    span = max(usual_high - usual_low, 100 * step)
    return (high - span if low == -math.inf else low), (low + span if high == math.inf else high)


def _usual(name: str) -> tuple[float, float]:
    words = frozenset(words_of(name))
    for kinds, low, high in _RANGES:
        if not words.isdisjoint(kinds):
            return low, high
    return _ANY
