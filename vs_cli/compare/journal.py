"""The journal of `vs compare`: which of a run's settings must be the same for all that is in it.

Of the records those are used that asked just what is to be asked now: more prompts, methods or
responses cost only what is new, and another `-k` or `--tail` begins afresh beside what is there.
Exchanges that failed are made again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from vs_core.adapters.journal import JOURNAL, Journal
from vs_core.comparison import ExchangeRecord

COMMAND, ELSEWHERE = "vs compare", "another --out"


def journal_in(
    folder: Path,
    *,
    model: str | None,
    seed: int | None,
    options: Mapping[str, Any] = MappingProxyType({}),
    hide: Callable[[str], str] = str,
) -> Journal[ExchangeRecord]:
    """The journal of one folder.

    Args:
        folder: Where it is, or will be.
        model: Who answers; None for the simulation.
        seed: Of the simulation.
        options: Settings of the model itself that change what it answers.
        hide: Takes out of a line what must not stand in a file.

    Raises:
        JournalError: The file there is of another model, or is no journal, or cannot be read.
    """
    # A seed decides what the simulation answers; the answers of a model it does not touch.
    seed = seed if model is None else None
    return Journal(
        folder / JOURNAL,
        ExchangeRecord,
        head={"model": model, "seed": seed, **options},
        name=COMMAND,
        elsewhere=ELSEWHERE,
        hide=hide,
    )
