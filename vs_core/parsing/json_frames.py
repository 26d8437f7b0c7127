"""The containers of a JSON document while they are open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class Repeated(dict[str, Any]):
    """An object in which a name stood twice; the pairs are kept."""

    pairs: list[tuple[str, Any]]


def members_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object, with all pairs kept where a name stands twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        members = Repeated(members)
        members.pairs = pairs
    return members


@dataclass(slots=True)
class Frame:
    """An open container.

    Attributes:
        kind: Its opening bracket.
        values: Its elements so far (a list).
        members: Its members so far (an object).
        key: The name whose value comes next (an object).
        owner: The name under which it stands in the object around it.
        taken: How many candidates were found in it.
        repeats: Whether its names came more than once, a candidate each time.
        mended: What was mended in it.
        deep: Whether it is nested too deep to matter.
    """

    kind: str
    owner: str = ""
    values: list[Any] = field(default_factory=list)
    members: dict[str, Any] = field(default_factory=dict)
    key: str | None = None
    colon: bool = False
    taken: int = 0
    repeats: bool = False
    mended: list[str] = field(default_factory=list)
    deep: bool = False
