"""`ReweightCandidates`: let a judge change the probabilities."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from langchain_core.messages import BaseMessage
from langchain_core.runnables import RunnableConfig

from langchain_vs._composing import GivesDistributions
from langchain_vs._control_flow import let_through
from langchain_vs._convert import text_of
from langchain_vs.steps.step import AnyRunnable, DistributionStep, keep
from vs_core import Dropped, Trace, VerbalizedDistribution
from vs_core.adapters import read_scores

Distribution = VerbalizedDistribution[Any]
Scored = float | Exception


class ReweightCandidates(GivesDistributions, DistributionStep[VerbalizedDistribution[Any]]):
    """Scores every candidate and multiplies its probability by the score, or replaces it.

    All candidates go through the scorer's `batch`, so they run concurrently, bounded by
    `max_concurrency` of the config. Scores need no common scale with probabilities: the result
    is renormalised, so `1` to `10` does as well as `0.1` to `1`. When all come to zero the
    distribution is uniform, and the trace says so.

    Attributes:
        scorer: A Runnable from a candidate's value to its score, or a function. A number of any
            kind counts as it is (True is 1). A model's message or text gives the number behind
            its last "score", "rating" or "grade", otherwise its only number; `8/10` and `80%`
            are 0.8 (`vs_core.values.scores.read_scores` has the whole rule).
        mode: `multiply` takes probability times score, `replace` the score alone.
        on_error: When the scorer fails for a candidate, or gives no finite number of 0 or more:
            `raise`; `drop` that candidate, with the reason in the trace; or `keep` it with the
            mean score of the others (its probability as it was, if no other has one), noted in
            the trace.

    Raises:
        ScoreError: A score is unusable and `on_error` is `raise`; it names
            the candidate and carries in `result` what the scorer gave.

    Example:
        >>> from langchain_vs import ReweightCandidates
        >>> from vs_core import parse_reply
        >>> judge = ReweightCandidates(scorer=lambda text: f"Score: {len(text)}/10")
        >>> judged = judge.invoke(parse_reply('{"a": 0.5, "abc": 0.5}'))
        >>> [round(probability, 2) for probability in judged.probabilities]
        [0.25, 0.75]
    """

    _leading: ClassVar[tuple[str, ...]] = ("scorer",)

    scorer: AnyRunnable
    mode: Literal["multiply", "replace"] = "multiply"
    on_error: Literal["raise", "drop", "keep"] = "raise"

    def _apply(self, distribution: Distribution, config: RunnableConfig) -> Distribution:
        results = self.scorer.batch(
            distribution.values, config, return_exceptions=self._outlives_errors
        )
        return self._reweighted(distribution, let_through(results))

    async def _aapply(self, distribution: Distribution, config: RunnableConfig) -> Distribution:
        results = await self.scorer.abatch(
            distribution.values, config, return_exceptions=self._outlives_errors
        )
        return self._reweighted(distribution, let_through(results))

    @property
    def _outlives_errors(self) -> bool:
        return self.on_error != "raise"

    def _reweighted(self, distribution: Distribution, results: Sequence[Any]) -> Distribution:
        scored = _scores(results, distribution.texts)
        failures = {p: score for p, score in enumerate(scored) if isinstance(score, Exception)}
        scores = {p: score for p, score in enumerate(scored) if not isinstance(score, Exception)}
        if failures and self.on_error == "raise":
            raise next(iter(failures.values()))
        if self.on_error == "keep":
            neutral = math.fsum(s / len(scores) for s in scores.values()) if scores else 1.0
            scores = {p: scores.get(p, neutral) for p in range(len(scored))}
        in_order = iter(scores[p] for p in sorted(scores))
        judged = keep(distribution, scores).reweight(
            lambda c: next(in_order) * (c.probability if self.mode == "multiply" else 1.0)
        )
        return judged + VerbalizedDistribution.of((), self._report(distribution, failures))

    def _report(self, distribution: Distribution, failures: Mapping[int, Exception]) -> Trace:
        done = "multiplied" if self.mode == "multiply" else "replaced"
        notes = [f"the probabilities were {done} by scores"] if distribution else []
        texts = distribution.texts
        if self.on_error == "drop":
            dropped = (Dropped(fragment=texts[p], reason=_said(e)) for p, e in failures.items())
            return Trace(notes=tuple(notes), dropped=tuple(dropped))
        notes += [f"{texts[p]!r:.60} has no score: {_said(e)}" for p, e in failures.items()]
        return Trace(notes=tuple(notes))


def _scores(results: Sequence[Any], texts: Sequence[str]) -> list[Scored]:
    said = [text_of(result) if isinstance(result, BaseMessage) else result for result in results]
    return [
        result if isinstance(result, Exception) else score
        for result, score in zip(said, read_scores(said, texts), strict=True)
    ]


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
