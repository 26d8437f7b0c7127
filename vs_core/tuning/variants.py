"""`Variant`: one way of asking, as the changes that it makes to the default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field, field_validator, model_validator

from vs_core.comparison.records import Record
from vs_core.exchange.settings import ExchangeSettings
from vs_core.values.whole import whole

_DECIDED_HERE = {"value_schema", "on_failure", "max_candidates", "keep_replies"}
TRIED = tuple(name for name in ExchangeSettings.model_fields if name not in _DECIDED_HERE)
"""What a variant can change: the settings of an exchange that are plain, and matter here."""

_WHOLE, _DECIMAL = re.compile(r"[+-]?\d+"), re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?")

Plain = bool | int | float | str | None

_USUAL: tuple[Mapping[str, Plain], ...] = (
    {"k": 3},
    {"k": 10},
    {"method": "cot"},
    {"max_probability": 0.1},
    {"layout": "json"},
    {"layout": "lines"},
)
"""One change at a time: a handful, since each further one is another chance to be lucky."""

_ENFORCED: Mapping[str, Plain] = {"structured_output": "json_schema"}
"""Tried as well where the model is known to enforce a schema."""


class Variant(Record):
    """One way of asking: what it changes of the default. Without changes it is the default.

    Attributes:
        changes: Settings of an exchange by name, such as `{"k": 10}`.

    Example:
        >>> from vs_core.tuning import Variant
        >>> Variant(changes={"k": 10, "layout": "json"}).name, Variant().name
        ('k=10, layout=json', 'default')
        >>> Variant.read("k=10,layout=json,max_probability=none").changes
        {'k': 10, 'layout': 'json', 'max_probability': None}
    """

    changes: dict[str, Plain] = Field(default={})

    @model_validator(mode="before")
    @classmethod
    def _changes_alone(cls, given: Any) -> Any:
        plain = isinstance(given, Mapping) and bool(given) and "changes" not in given
        return {"changes": dict(given)} if plain else given

    @field_validator("changes")
    @classmethod
    def _changes_are_settings(cls, changes: dict[str, Plain]) -> dict[str, Plain]:
        for name, value in changes.items():
            if name not in TRIED:
                raise ValueError(f"{name!r} is nothing that can be tried: {', '.join(TRIED)}")
            if isinstance(value, str):
                whole(value)
        return changes

    @property
    def name(self) -> str:
        """What it is called in tables and records."""
        return ", ".join(f"{name}={value}" for name, value in self.changes.items()) or "default"

    @classmethod
    def read(cls, written: str) -> Variant:
        """Read one as people write it: names and values, with commas between.

        Args:
            written: Such as `k=10,layout=json`. `none`, `true` and `false` are words for values.

        Raises:
            ValueError: It is not of this form, or changes what cannot be changed.
        """
        changes: dict[str, Plain] = {}
        for part in written.split(","):
            name, equals, value = (piece.strip() for piece in part.partition("="))
            if not (name and equals and value):
                raise ValueError(
                    f"{written!r} is no list of settings: write name=value, with commas between, "
                    "such as k=10,layout=json"
                )
            if name in changes:
                raise ValueError(f"{written!r} says {name} twice")
            changes[name] = _value(value)
        return cls(changes=changes)


def usual_variants(*, enforced: bool) -> list[Variant]:
    """What is tried where nothing is said.

    Args:
        enforced: Whether the model is known to enforce a schema.

    Example:
        >>> from vs_core.tuning.variants import usual_variants
        >>> [variant.name for variant in usual_variants(enforced=False)][:3]
        ['k=3', 'k=10', 'method=cot']
    """
    changes = [*_USUAL, *([_ENFORCED] if enforced else [])]
    return [Variant(changes=dict(change)) for change in changes]


def _value(written: str) -> Plain:
    words: dict[str, Plain] = {"none": None, "true": True, "false": False}
    if written.lower() in words:
        return words[written.lower()]
    if _WHOLE.fullmatch(written):
        return int(written)
    return float(written) if _DECIMAL.fullmatch(written) else written
