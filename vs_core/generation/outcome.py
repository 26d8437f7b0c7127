"""`CallOutcome`: what came of a call, as it is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vs_core.generation.calls import CallRecord

Vectors = Sequence[Sequence[float]]


@dataclass(frozen=True)
class CallOutcome:
    """What came of a call, as it is judged.

    Attributes:
        record: As the journal has it.
        vectors: One embedding for each answer, where meaning is compared.
        values: The answers in their type, as the call gave them; None of what stands in a journal,
            where they are plain JSON.

    Example:
        >>> from vs_core.adapters.generation import Generation, CallOutcome
        >>> from vs_core.generation import CallRecord, GenerationSettings
        >>> call = Generation("Flip a coin.", GenerationSettings(n=2)).next_step()
        >>> CallOutcome(CallRecord.of(call, error=TimeoutError("60 s"))).record.error
        'TimeoutError: 60 s'
    """

    record: CallRecord
    vectors: Vectors | None = None
    values: Sequence[Any] | None = None
