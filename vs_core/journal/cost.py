"""`Cost`: what some exchanges with a model cost."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from vs_core.values.trace import Trace


class Cost(BaseModel):
    """What some exchanges with a model cost. Costs add up.

    Attributes:
        calls: Model calls made; an exchange that ended in an error counts as one.
        input_tokens: Tokens sent, as far as the model reported them; None if it never did.
        output_tokens: Tokens received, likewise.

    Example:
        >>> from vs_core.comparison import Cost
        >>> (Cost(calls=1, output_tokens=40) + Cost(calls=1, output_tokens=20)).output_tokens
        60
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    calls: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            calls=self.calls + other.calls,
            input_tokens=_total(self.input_tokens, other.input_tokens),
            output_tokens=_total(self.output_tokens, other.output_tokens),
        )

    @classmethod
    def of(cls, trace: Trace) -> Cost:
        """The cost that a trace records.

        Args:
            trace: Of one exchange, or of several added up.
        """
        return cls(
            calls=trace.calls, input_tokens=trace.input_tokens, output_tokens=trace.output_tokens
        )

    @property
    def tokens(self) -> int | None:
        """Tokens sent and received together; None if neither was reported."""
        return _total(self.input_tokens, self.output_tokens)


def _total(a: int | None, b: int | None) -> int | None:
    if a is None or b is None:
        return b if a is None else a
    return a + b
