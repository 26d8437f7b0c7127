"""What a generation gives and what it refuses, as frozen records that JSON holds without loss."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from vs_core.generation.novelty.resemblance import Resemblance
from vs_core.values.terms import Method


class Row(BaseModel):
    """What all records of answers have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class GeneratedRecord(Row):
    r"""An accepted answer: one row of a data set.

    Attributes:
        prompt: What was asked.
        value: The answer: a text, or what it was validated to.
        stated: The number that the model wrote, read as a fraction; None if there was none.
        probability: That number normalised within the call, where the numbers sum to 1. It says
            how the candidates of one call compare, and nothing across calls.
        method: How the model was asked.
        model: Who answered, if it told.
        round: In which round of calls about this prompt it came, from 0.
        call: Key of the call in the journal.

    Example:
        >>> from vs_core.generation import GeneratedRecord
        >>> record = GeneratedRecord(
        ...     prompt="Name a planet.", value="Mars", stated=0.2, probability=0.4,
        ...     method="standard", model="m", round=0, call="8c1f",
        ... )
        >>> GeneratedRecord.model_validate_json(record.model_dump_json()) == record
        True
    """

    prompt: str
    value: Any
    stated: float | None = None
    probability: float
    method: Method
    model: str | None = None
    round: int
    call: str


class RefusedAnswer(Row):
    """An answer that was not new.

    Attributes:
        prompt: What was asked.
        value: The answer.
        resemblance: The accepted answer that it resembles, and how.
        round: In which round of calls about this prompt it came, from 0.
        call: Key of the call in the journal.

    Example:
        >>> from vs_core.generation import RefusedAnswer, Resemblance
        >>> alike = Resemblance(index=0, text="Mars", how="same", similarity=1.0)
        >>> refused = RefusedAnswer(
        ...     prompt="Name a planet.", value="mars", resemblance=alike, round=1, call="8c1f")
        >>> refused.resemblance.text
        'Mars'
    """

    prompt: str
    value: Any
    resemblance: Resemblance
    round: int
    call: str


Judged = GeneratedRecord | RefusedAnswer

EndedBy = Literal["n", "until_unseen", "nothing new", "failures", "max_calls", "max_tokens"]
"""Why a prompt was ended: enough answers; another call would bring little that is new; three
rounds brought nothing new; three rounds failed; a budget is spent."""
