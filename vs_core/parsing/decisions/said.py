"""What a reply says of the labels of one question, before its numbers are read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from vs_core.parsing.decisions.names import Names


class SaidOfLabel(NamedTuple):
    """A label and its number, both as written.

    Attributes:
        label: What stands in the place of a label.
        raw: The number; None if there is none, or it is cut off.
    """

    label: str
    raw: str | None


Said = list[SaidOfLabel]


def numbered(said: Iterable[SaidOfLabel], labels: Names) -> set[str]:
    """The labels that have a number, usable or not.

    Args:
        said: What is said.
        labels: What the labels are called.
    """
    meant = (labels.meant_by(one.label) for one in said if one.raw is not None)
    return {label for label in meant if label is not None}
