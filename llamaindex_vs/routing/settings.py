"""The settings of `VerbalizedSelector`, and what they take of some probabilities. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from vs_core import Candidate, VerbalizedDistribution
from vs_core.adapters import ExchangeSettings, SelectionSettings
from vs_core.adapters.decisions import DecisionSettings
from vs_core.calibration import Calibration

SelectRoute = Literal["best", "sample"]

# Thirds that were added up and divided need not be a third to the last digit.
_ROUNDING = 1e-9


class SelectorSettings(DecisionSettings):
    """How routes are asked for, and which of them are taken."""

    multi: bool | None = None
    select: SelectRoute = "best"
    threshold: float | None = Field(default=None, ge=0.0, le=1.0)
    max_outputs: int | None = Field(default=None, ge=1)
    seed: int | None = None
    calibration: Calibration | None = None
    num_workers: int = Field(default=4, ge=1)

    @model_validator(mode="after")
    def _bounds_are_for_several(self) -> Self:
        given = {"threshold": self.threshold, "max_outputs": self.max_outputs}
        for name, value in given.items():
            if value is not None and self.multi is False:
                raise ValueError(
                    f"{name}={value:g} says which of several choices to take: leave it out, or "
                    "multi=False"
                )
        return self

    @property
    def takes_several(self) -> bool:
        """Whether several choices may be taken."""
        if self.multi is None:
            return self.threshold is not None or self.max_outputs is not None
        return self.multi

    def exchange(self) -> ExchangeSettings:
        """The settings of its calls; `instructions` stand in the question."""
        return super().exchange().model_copy(update={"instructions": None})

    def taken(self, probabilities: Sequence[float]) -> list[int]:
        """The positions of the choices to take, first the one to take first; never none.

        Args:
            probabilities: One for each choice.
        """
        distribution: VerbalizedDistribution[int] = VerbalizedDistribution.of(
            [Candidate(value=at, stated=share) for at, share in enumerate(probabilities)]
        )
        how = "top" if self.select == "best" else "sample"
        order = SelectionSettings(select=how, seed=self.seed).order(distribution)
        return order[: self._how_many(probabilities)]

    def remarks(self, probabilities: Sequence[float]) -> tuple[str, ...]:
        """What else is to be said of what is taken.

        Args:
            probabilities: One for each choice.
        """
        if self.threshold is None or self._reaching(probabilities):
            return ()
        return (f"no choice reaches threshold={self.threshold:g}: one is taken all the same",)

    def _how_many(self, probabilities: Sequence[float]) -> int:
        if not self.takes_several:
            return 1
        enough = max(1, self._reaching(probabilities))
        return enough if self.max_outputs is None else min(enough, self.max_outputs)

    def _reaching(self, probabilities: Sequence[float]) -> int:
        even = 1 / len(probabilities)
        least = even if self.threshold is None else self.threshold
        return sum(share > 0 and share >= least - _ROUNDING for share in probabilities)
