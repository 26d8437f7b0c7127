"""`Interval`: a figure, and how far it can be trusted."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import Self


class Interval(BaseModel):
    """A figure with its 95 % interval: what other examples of the same kind might have given.

    Attributes:
        value: The figure.
        low: Lower end of the interval.
        high: Upper end.

    Example:
        >>> from vs_core.calibration import Interval
        >>> print(Interval(value=0.75, low=0.6, high=0.88))
        0.750 (0.600 to 0.880)
        >>> Interval(value=-0.1, low=-0.2, high=0.01).includes_zero
        True
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float = Field(allow_inf_nan=False)
    low: float = Field(allow_inf_nan=False)
    high: float = Field(allow_inf_nan=False)

    @model_validator(mode="after")
    def _the_ends_are_in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low={self.low} is above high={self.high}: give the lower end as low")
        return self

    @property
    def includes_zero(self) -> bool:
        """Whether 0 lies in it; of a change, whether there may be none."""
        return self.low <= 0.0 <= self.high

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"
