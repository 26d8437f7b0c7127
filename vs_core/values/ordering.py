"""Ways to put what a distribution holds in an order, of which the first few are taken."""

from __future__ import annotations

import math
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator
from typing_extensions import Self

from vs_core.values.distribution import VerbalizedDistribution
from vs_core.values.weights import likelihood

Select = Literal["top", "sample", "tail"]
"""Which come first: the most probable, those drawn, or those stated to be rare."""


class SelectionSettings(BaseModel):
    """Which items of a distribution to take, and in which order.

    - `top`: from most to least probable, equals as they were.
    - `sample`: a weighted draw without replacement, each in proportion to what is left; then
      those whose probability is 0.
    - `tail`: those stated to be less probable than `max_probability`, from most to least
      probable; then the others, the nearest to it first.

    Attributes:
        top_n: Most items to take; None takes all.
        select: One of the above.
        max_probability: The threshold of `tail`, a fraction in (0, 1]; for `tail` only.
        seed: Makes the draw of `sample` repeatable: each call then draws alike. None draws
            afresh each time.
        temperature: `sample` draws in proportion to p^(1/temperature): below 1 sharper, above 1
            flatter.
        uniform: `sample` gives every item the same chance.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters import SelectionSettings
        >>> d = parse_reply('{"a": 0.05, "b": 0.9, "c": 0.08, "d": 0.3}')
        >>> SelectionSettings(select="tail", max_probability=0.1).order(d)
        [2, 0, 3, 1]
    """

    top_n: int | None = Field(default=10, ge=1)
    select: Select = "top"
    max_probability: float | None = Field(default=None, gt=0.0, le=1.0)
    seed: int | None = None
    temperature: float = Field(default=1.0, gt=0.0, allow_inf_nan=False)
    uniform: bool = False

    @model_validator(mode="after")
    def _threshold_belongs_to_the_tail(self) -> Self:
        if self.select == "tail" and self.max_probability is None:
            raise ValueError("select='tail' needs max_probability: below which number is the tail?")
        if self.select != "tail" and self.max_probability is not None:
            raise ValueError(
                f"max_probability={self.max_probability!r} is the threshold of the tail: set "
                f"select='tail' with it, not {self.select!r}"
            )
        return self

    def order(self, distribution: VerbalizedDistribution[Any]) -> list[int]:
        """The positions of all candidates, those to be taken first in front.

        Args:
            distribution: The candidates, where positions count from 0.
        """
        numbered = distribution.with_values(range(len(distribution)))
        ranked: list[int] = numbered.ranked().values
        if self.select == "top":
            return ranked
        first = self._rare(numbered) if self.select == "tail" else self._drawn(numbered)
        taken = set(first)
        rest = [position for position in ranked if position not in taken]
        if self.select == "tail":
            rest.sort(key=lambda position: _stated(distribution, position))
        return first + rest

    def _rare(self, numbered: VerbalizedDistribution[int]) -> list[int]:
        assert self.max_probability is not None  # noqa: S101  # seen to at construction
        return numbered.tail(self.max_probability, at_least=0).ranked().values

    def _drawn(self, numbered: VerbalizedDistribution[int]) -> list[int]:
        weighed = numbered.uniform() if self.uniform else numbered.temper(self.temperature)
        possible = weighed.filter(lambda candidate: candidate.probability > 0)
        if not possible:
            return []
        return [c.value for c in possible.sample_many(len(possible), seed=self.seed)]


def _stated(distribution: VerbalizedDistribution[Any], position: int) -> float:
    number = likelihood(distribution[position].stated, distribution.trace.definition)
    return math.inf if number is None else number
