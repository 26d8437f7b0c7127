"""How diverse what was accepted is, by the metrics of `vs_core.metrics`."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import fmean
from typing import Any

from vs_core.generation.records import GeneratedRecord
from vs_core.metrics.table import measure
from vs_core.values.said import leaves

MOST_PROMPTS, MOST_TEXTS = 50, 200
"""What is measured: metrics compare each text with each other, and repeat themselves."""


def diversity_of(
    records: Iterable[GeneratedRecord],
    *,
    embeddings: Any = None,
    metrics: Iterable[str] | None = None,
) -> dict[str, float | None]:
    """The mean over prompts of several metrics of the accepted answers.

    Measured are the first 200 answers to each of the first 50 prompts; of typed ones, the texts
    that they are made of.

    Args:
        records: The accepted answers.
        embeddings: What `vs_core.metrics.as_embed` takes; None leaves out the metrics that need it.
        metrics: Names in `vs_core.metrics.METRICS`; None takes those that can be computed.

    Returns:
        Name -> mean, in the order of the names; None where no prompt has a value.

    Raises:
        ValueError: There is no metric of a name, or one needs what is not given.
        MissingExtraError: A library of the `eval` extra is not installed.

    Example:
        >>> from langchain_vs import SimulatedChatModel, generate
        >>> from vs_core.generation import diversity_of
        >>> found = generate(SimulatedChatModel(seed=1), "Name a US state", n=20).result()
        >>> diversity_of(found.records, metrics=["unique_fraction"])
        {'unique_fraction': 1.0}
    """
    texts: dict[str, list[str]] = {}
    for record in records:
        if record.prompt in texts or len(texts) < MOST_PROMPTS:
            of_prompt = texts.setdefault(record.prompt, [])
            if len(of_prompt) < MOST_TEXTS:
                of_prompt.append(" ".join(leaves(record.value)))
    names = None if metrics is None else tuple(metrics)
    rows = [measure(one, embeddings=embeddings, metrics=names) for one in texts.values()]
    columns = {name: [row[name] for row in rows] for row in rows[:1] for name in row}
    return {name: _mean(values) for name, values in columns.items()}


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
