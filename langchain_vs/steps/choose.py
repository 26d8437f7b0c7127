"""Steps that end a distribution: one value, or several."""

from __future__ import annotations

from typing import Any, ClassVar

from langchain_core.runnables import RunnableConfig
from pydantic import Field

from langchain_vs.steps.step import DistributionStep
from vs_core import VerbalizedDistribution


class BestCandidate(DistributionStep[Any]):
    """Gives the value of the most probable candidate.

    Example:
        >>> from langchain_vs import BestCandidate
        >>> from vs_core import parse_reply
        >>> BestCandidate().invoke(parse_reply('{"heads": 0.4, "tails": 0.6}'))
        'tails'
    """

    def _apply(self, distribution: VerbalizedDistribution[Any], config: RunnableConfig) -> Any:
        return distribution.best().value


class SampleCandidate(DistributionStep[Any]):
    """Draws one candidate in proportion to its probability and gives its value.

    Attributes:
        seed: None draws afresh on each call. A seed fixes the draw of *each call*, so that a
            seeded step draws the same position for every input of a batch; for a repeatable
            batch with different draws make it a configurable field and give each input its own.
        uniform: Give every candidate the same chance.
        temperature: Draw from p^(1/temperature): below 1 sharper, above 1 flatter.

    Example:
        >>> from langchain_vs import SampleCandidate
        >>> from vs_core import parse_reply
        >>> SampleCandidate().invoke(parse_reply('{"heads": 1.0, "tails": 0.0}'))
        'heads'
    """

    seed: int | None = None
    uniform: bool = False
    temperature: float = Field(default=1.0, gt=0.0, allow_inf_nan=False)

    def _apply(self, distribution: VerbalizedDistribution[Any], config: RunnableConfig) -> Any:
        return distribution.sample(
            seed=self.seed, uniform=self.uniform, temperature=self.temperature
        ).value


class SampleCandidates(DistributionStep[list[Any]]):
    """Draws several candidates in proportion to their probabilities and gives their values.

    Attributes:
        n: Number of draws. Without replacement, more than there are is an error.
        replace: Whether a candidate can be drawn again.
        seed: As for `SampleCandidate`.
        uniform: As for `SampleCandidate`.
        temperature: As for `SampleCandidate`.

    Example:
        >>> from langchain_vs import SampleCandidates
        >>> from vs_core import parse_reply
        >>> sorted(SampleCandidates(n=2).invoke(parse_reply('{"heads": 0.4, "tails": 0.6}')))
        ['heads', 'tails']
    """

    _leading: ClassVar[tuple[str, ...]] = ("n",)

    n: int = Field(ge=1)
    replace: bool = False
    seed: int | None = None
    uniform: bool = False
    temperature: float = Field(default=1.0, gt=0.0, allow_inf_nan=False)

    def _apply(
        self, distribution: VerbalizedDistribution[Any], config: RunnableConfig
    ) -> list[Any]:
        drawn = distribution.sample_many(
            self.n,
            replace=self.replace,
            seed=self.seed,
            uniform=self.uniform,
            temperature=self.temperature,
        )
        return [candidate.value for candidate in drawn]
