"""Texts in the formats that JSON Schema names."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from vs_core.simulation.records.setting import Setting

_FIRST_DAY = date(1950, 1, 1)
_DAYS = 27_000


def in_format(name: str, setting: Setting, rng: random.Random) -> str | None:
    """A text in a format; None if the format is not known.

    Args:
        name: The format.
        setting: What the record is about.
        rng: The source of randomness.

    Example:
        >>> import random
        >>> from vs_core.simulation.records.formats import in_format
        >>> from vs_core.simulation.records.setting import new_setting
        >>> in_format("date", new_setting(random.Random(1), None, whole=False), random.Random(1))
        '1962-01-20'
    """
    make = _MAKERS.get(name)
    return make(setting, rng) if make else None


def _day(_: Setting, rng: random.Random) -> str:
    return (_FIRST_DAY + timedelta(days=rng.randrange(_DAYS))).isoformat()


def _time(_: Setting, rng: random.Random) -> str:
    return f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}Z"


def _address(_: Setting, rng: random.Random) -> str:
    # A block that is kept for documentation (RFC 5737).
    return f"203.0.113.{rng.randrange(1, 255)}"


_MAKERS: dict[str, Callable[[Setting, random.Random], str]] = {
    "date": _day,
    "time": _time,
    "date-time": lambda setting, rng: f"{_day(setting, rng)}T{_time(setting, rng)}",
    "duration": lambda _, rng: f"PT{rng.randrange(1, 48)}H",
    "email": lambda setting, _: f"{setting.handle}@example.com",
    "hostname": lambda setting, _: f"{setting.handle.replace('.', '-')}.example.com",
    "uri": lambda setting, rng: f"https://example.com/{setting.handle}/{rng.randrange(1000)}",
    "uuid": lambda _, rng: str(UUID(int=rng.getrandbits(128), version=4)),
    "ipv4": _address,
    "ipv6": lambda _, rng: f"2001:db8::{rng.randrange(1, 0xFFFF):x}",
}
