"""`MapCandidates`: run every candidate through a Runnable, probabilities carried along."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from langchain_core.runnables import RunnableConfig

from langchain_vs._composing import GivesDistributions
from langchain_vs._control_flow import let_through
from langchain_vs.steps.step import AnyRunnable, DistributionStep
from vs_core import Dropped, Trace, VerbalizedDistribution


class MapCandidates(GivesDistributions, DistributionStep[VerbalizedDistribution[Any]]):
    """Replaces each value by what a Runnable makes of it; the probabilities stay.

    All candidates go through the Runnable's `batch`, so they run concurrently, bounded by
    `max_concurrency` of the config.

    Attributes:
        runnable: A Runnable from a value to a new value, or a function.
        on_error: When it fails for a candidate: `raise`, or `drop` that candidate, with the
            reason in the trace, and renormalise.

    Example:
        >>> from langchain_vs import MapCandidates
        >>> from vs_core import parse_reply
        >>> MapCandidates(runnable=str.upper).invoke(parse_reply('{"a": 0.5, "b": 0.5}')).values
        ['A', 'B']
    """

    _leading: ClassVar[tuple[str, ...]] = ("runnable",)

    runnable: AnyRunnable
    on_error: Literal["raise", "drop"] = "raise"

    def _apply(
        self, distribution: VerbalizedDistribution[Any], config: RunnableConfig
    ) -> VerbalizedDistribution[Any]:
        results = self.runnable.batch(
            distribution.values, config, return_exceptions=self._drops_errors
        )
        return _with_results(distribution, let_through(results))

    async def _aapply(
        self, distribution: VerbalizedDistribution[Any], config: RunnableConfig
    ) -> VerbalizedDistribution[Any]:
        results = await self.runnable.abatch(
            distribution.values, config, return_exceptions=self._drops_errors
        )
        return _with_results(distribution, let_through(results))

    @property
    def _drops_errors(self) -> bool:
        return self.on_error == "drop"


def _with_results(
    distribution: VerbalizedDistribution[Any], results: list[Any]
) -> VerbalizedDistribution[Any]:
    failures = tuple(
        Dropped(fragment=text, reason=f"{type(result).__name__}: {result}")
        for text, result in zip(distribution.texts, results, strict=True)
        if isinstance(result, Exception)
    )
    mapped = distribution.with_values(results)
    kept = mapped.filter(lambda candidate: not isinstance(candidate.value, Exception))
    return kept + VerbalizedDistribution.of((), Trace(dropped=failures))
