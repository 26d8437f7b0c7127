"""Who answered: the model that is named, or that names itself in the replies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from vs_core.journal.record import JournalRecord

SIMULATED = "simulated"
"""The name under which the built-in simulation reports itself."""


class Answered(TypedDict):
    """What settings say of who answers.

    Attributes:
        model: Its name, if known.
        simulated: Whether it is the built-in simulation.
    """

    model: str | None
    simulated: bool


def who_answered(
    model: str | None, *, simulated: bool, records: Iterable[JournalRecord]
) -> Answered:
    """What the settings say, or else the replies.

    Args:
        model: Its name, as the settings say.
        simulated: Whether it is the built-in simulation, likewise.
        records: The outcomes.
    """
    names = list(dict.fromkeys(name for record in records if (name := record.model)))
    return {
        "model": model or ", ".join(names) or None,
        "simulated": simulated or SIMULATED in names,
    }
