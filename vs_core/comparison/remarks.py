"""What a reader of a comparison has to know beside its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vs_core.comparison.comparison import Comparison
from vs_core.comparison.journal import ExchangeRecord


def remarks(
    comparison: Comparison, records: Sequence[ExchangeRecord], failure: str | None
) -> tuple[str, ...]:
    """Plain sentences on what is missing, and on what the scores and means are of.

    Args:
        comparison: The numbers.
        records: The outcomes of the exchanges.
        failure: Why there are no embeddings, if they failed.
    """
    return tuple(_remarks(comparison, records, failure))


def _remarks(
    comparison: Comparison, records: Sequence[ExchangeRecord], failure: str | None
) -> Iterator[str]:
    if not comparison.complete:
        yield f"not complete: {comparison.finished} of {comparison.planned} exchanges were made"
    yield from _shortfalls(comparison, records)
    yield from _sizes(comparison)
    yield from _prompts(comparison)
    if failure:
        yield f"nothing was measured that needs embeddings, since they failed: {failure}"
    models = sorted({name for record in records if (name := record.model)})
    if len(models) > 1:
        yield f"the responses come from several models: {', '.join(models)}"


def _shortfalls(comparison: Comparison, records: Sequence[ExchangeRecord]) -> Iterator[str]:
    budget = comparison.settings.n * len(comparison.settings.prompts)
    for summary in comparison.summaries:
        own = [record for record in records if record.method == summary.method]
        cut = sum(record.truncated for record in own)
        reasons = [
            *([f"{summary.failures} of {len(own)} exchanges failed"] if summary.failures else []),
            *([f"{cut} of {len(own)} had a reply that was cut off"] if cut else []),
        ]
        if summary.responses < budget or reasons:
            because = f" ({', '.join(reasons)})" if reasons else ""
            yield f"{summary.method}: {summary.responses} of {budget} responses{because}"


def _sizes(comparison: Comparison) -> Iterator[str]:
    measured = sorted({found.measured for found in comparison.results if found.measured})
    if any(found.measured < len(found.texts) for found in comparison.results):
        span = " to ".join(map(str, dict.fromkeys((measured[0], measured[-1]))))
        yield (
            f"scores are of the first {span} responses of each method, as many as all methods "
            "have for the same prompt: several metrics change with the number of responses"
        )


def _prompts(comparison: Comparison) -> Iterator[str]:
    prompts, methods = comparison.settings.prompts, comparison.settings.methods
    answered = [{f.prompt for f in comparison.of_method(m) if f.texts} for m in methods]
    common = set(prompts).intersection(*filter(None, answered))
    if len(common) < len(set().union(*answered)):
        yield (
            f"means are over the {len(common)} of {len(prompts)} prompts to which each method "
            "has responses"
        )
    if len(prompts) == 1:
        yield "no intervals: they say how far other prompts would differ, and there is one prompt"
