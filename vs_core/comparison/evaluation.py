"""What the outcomes of exchanges add up to. Pure: no I/O but what embeddings do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from vs_core.comparison.answered import who_answered
from vs_core.comparison.comparison import Comparison
from vs_core.comparison.estimate import estimate
from vs_core.comparison.journal import ExchangeRecord
from vs_core.comparison.measuring import Measuring
from vs_core.comparison.plan import Key, PlannedExchange
from vs_core.comparison.records import Estimate, MethodResponses, MethodSummary
from vs_core.comparison.remarks import remarks
from vs_core.comparison.settings import ComparisonSettings
from vs_core.journal.cost import Cost
from vs_core.metrics import normalise
from vs_core.values.terms import BASELINES, Method


def evaluate(
    settings: ComparisonSettings,
    planned: Sequence[PlannedExchange],
    records: Mapping[Key, ExchangeRecord],
    measuring: Measuring,
) -> Comparison:
    """Put the outcomes together, measure them, and summarise.

    Several metrics change with the number of texts, so that for each prompt the scores are of as
    many responses as all methods have that brought any. A mean is over the prompts for which all
    methods have a value that have one at all.

    Args:
        settings: What was compared.
        planned: The exchanges that it consists of.
        records: The outcomes so far.
        measuring: Computes the scores.
    """
    answered = who_answered(settings.model, simulated=settings.simulated, records=records.values())
    settings = settings.model_copy(update={**answered})
    found = [records[exchange.key] for exchange in planned if exchange.key in records]
    outcomes: dict[tuple[str, Method], list[ExchangeRecord]] = defaultdict(list)
    for record in sorted(found, key=lambda record: record.number):
        outcomes[record.prompt, record.method].append(record)
    gathered = [
        _gathered(settings.n, prompt, method, outcomes[prompt, method])
        for prompt in settings.prompts
        for method in settings.methods
    ]
    results, failure = _measured(gathered, measuring)
    comparison = Comparison(
        settings=settings,
        results=results,
        summaries=tuple(_summary(settings, method, results) for method in settings.methods),
        planned=len(planned),
        finished=len(found),
        days=tuple(sorted({record.day for record in found if record.day})),
    )
    notes = remarks(comparison, found, failure)
    return comparison.model_copy(update={"notes": notes})


def _gathered(
    n: int, prompt: str, method: Method, records: Sequence[ExchangeRecord]
) -> MethodResponses:
    texts = [text for record in records for text in record.texts][:n]
    probabilities = [share for record in records for share in record.probabilities][:n]
    return MethodResponses(
        prompt=prompt,
        method=method,
        texts=tuple(texts),
        probabilities=None if method in BASELINES else tuple(probabilities),
        distinct=len(set(map(normalise, texts))),
        cost=sum((record.cost for record in records), Cost()),
        failures=tuple(record.error for record in records if record.error),
    )


def _measured(
    gathered: Sequence[MethodResponses], measuring: Measuring
) -> tuple[tuple[MethodResponses, ...], str | None]:
    sizes: dict[str, int] = {}
    for found in gathered:
        if found.texts:
            sizes[found.prompt] = min(len(found.texts), sizes.get(found.prompt, len(found.texts)))
    scored = [found.texts[: sizes.get(found.prompt, 0)] for found in gathered]
    prompts = [found.prompt for found in gathered]
    scores, failure = measuring.scores(list(zip(prompts, scored, strict=True)))
    results = tuple(
        found.model_copy(update={"measured": len(texts), "scores": values})
        for found, texts, values in zip(gathered, scored, scores, strict=True)
    )
    return results, failure


def _summary(
    settings: ComparisonSettings, method: Method, results: Sequence[MethodResponses]
) -> MethodSummary:
    own = [found for found in results if found.method == method]
    cost = sum((found.cost for found in own), Cost())
    distinct = sum(found.distinct for found in own)
    names = dict.fromkeys(name for found in results for name in found.scores)
    return MethodSummary(
        method=method,
        scores={name: _mean(settings, method, results, name) for name in names},
        responses=sum(len(found.texts) for found in own),
        distinct=distinct,
        cost=cost,
        tokens_per_distinct=None if cost.tokens is None or not distinct else cost.tokens / distinct,
        failures=sum(len(found.failures) for found in own),
    )


def _mean(
    settings: ComparisonSettings,
    method: Method,
    results: Sequence[MethodResponses],
    name: str,
) -> Estimate:
    known: dict[Method, dict[str, float]] = {}
    for found in results:
        value = found.scores.get(name)
        if value is not None:
            known.setdefault(found.method, {})[found.prompt] = value
    own = known.get(method, {})
    comparable = [
        value
        for prompt, value in own.items()
        if all(prompt in of_method for of_method in known.values())
    ]
    return estimate(comparable, seed=settings.seed)
