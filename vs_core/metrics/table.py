"""The metrics by name, and several of them at once over the responses to one prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Literal

from vs_core.metrics.answers import effective_size, entropy
from vs_core.metrics.compression import compression_ratio
from vs_core.metrics.embedding import as_embed, remembered
from vs_core.metrics.lexical import distinct_n, unique_fraction, unique_words
from vs_core.metrics.overlap import rouge_l
from vs_core.metrics.reference import Reference, coverage_n, kl_divergence, precision
from vs_core.metrics.self_bleu import self_bleu
from vs_core.metrics.semantic import semantic_diversity, vendi_score


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One row of `METRICS`.

    Attributes:
        name: Its key, as in records and on the command line.
        label: Its name in tables and plots.
        function: Called with the texts, and then the embeddings or the reference if needed.
        direction: Whether more diverse responses have the higher or the lower value. (For what
            needs a reference: whether the higher or the lower value is better.)
        description: What it says, in one line.
        needs: What it is computed from, beside the texts.

    Example:
        >>> from vs_core.metrics import METRICS
        >>> METRICS["rouge_l"].label, METRICS["rouge_l"].direction
        ('ROUGE-L', 'lower')
    """

    name: str
    label: str
    function: Callable[..., float | None]
    direction: Literal["higher", "lower"]
    description: str
    needs: Literal["texts", "embeddings", "reference"] = "texts"

    @property
    def needs_embeddings(self) -> bool:
        """Whether an embedding model has to be given."""
        return self.needs == "embeddings"

    @property
    def needs_reference(self) -> bool:
        """Whether the known answers have to be given."""
        return self.needs == "reference"


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.name: metric
        for metric in (
            Metric(
                name="unique_fraction",
                label="Unique",
                function=unique_fraction,
                direction="higher",
                description="share of responses that are different after normalisation",
            ),
            Metric(
                name="distinct_1",
                label="Distinct-1",
                function=partial(distinct_n, n=1),
                direction="higher",
                description="share of the words of all responses that are different words",
            ),
            Metric(
                name="distinct_2",
                label="Distinct-2",
                function=partial(distinct_n, n=2),
                direction="higher",
                description="share of the word pairs of all responses that are different pairs",
            ),
            Metric(
                name="unique_words",
                label="Unique words",
                function=unique_words,
                direction="higher",
                description="how many different words all responses together use",
            ),
            Metric(
                name="rouge_l",
                label="ROUGE-L",
                function=rouge_l,
                direction="lower",
                description="mean overlap of two responses in their longest common subsequence",
            ),
            Metric(
                name="self_bleu",
                label="Self-BLEU",
                function=self_bleu,
                direction="lower",
                description="mean overlap of a response's word sequences with all the others",
            ),
            Metric(
                name="compression_ratio",
                label="Compression ratio",
                function=compression_ratio,
                direction="lower",
                description="how many times smaller compression makes all responses together",
            ),
            Metric(
                name="semantic_diversity",
                label="Semantic diversity",
                function=semantic_diversity,
                direction="higher",
                description="1 - mean cosine similarity of the embeddings of two responses",
                needs="embeddings",
            ),
            Metric(
                name="vendi_score",
                label="Vendi score",
                function=vendi_score,
                direction="higher",
                description="how many entirely different responses would be as diverse",
                needs="embeddings",
            ),
            Metric(
                name="entropy",
                label="Entropy",
                function=entropy,
                direction="higher",
                description="Shannon entropy of the answers, in nats",
            ),
            Metric(
                name="effective_size",
                label="Effective answers",
                function=effective_size,
                direction="higher",
                description="how many equally frequent answers would be as spread out",
            ),
            Metric(
                name="coverage_n",
                label="Coverage-N",
                function=coverage_n,
                direction="higher",
                description="share of the reference answers that were given",
                needs="reference",
            ),
            Metric(
                name="precision",
                label="Precision",
                function=precision,
                direction="higher",
                description="share of the responses that are reference answers",
                needs="reference",
            ),
            Metric(
                name="kl_divergence",
                label="KL divergence",
                function=kl_divergence,
                direction="lower",
                description="divergence of the answers given from the reference, as in the paper",
                needs="reference",
            ),
            Metric(
                name="kl_divergence_full",
                label="KL divergence (full)",
                function=partial(kl_divergence, convention="full"),
                direction="lower",
                description="divergence of the reference from the answers, unseen ones included",
                needs="reference",
            ),
        )
    }
)
"""Every metric that `measure` knows, by name, in the order of tables."""

DEFAULT: tuple[str, ...] = (
    "unique_fraction",
    "distinct_1",
    "distinct_2",
    "unique_words",
    "rouge_l",
    "self_bleu",
    "compression_ratio",
)
"""The lexical metrics: they need the texts only."""


def measure(
    texts: Sequence[str],
    *,
    embeddings: Any = None,
    reference: Reference | None = None,
    metrics: Iterable[str] | None = None,
) -> dict[str, float | None]:
    """Compute several metrics over the responses to one prompt.

    Args:
        texts: The responses, repetitions included.
        embeddings: What `as_embed` takes; each different text is embedded once.
        reference: The known answers, as for `kl_divergence`.
        metrics: Names in `METRICS`. By default those of `DEFAULT`, the ones that need
            embeddings if these are given, and the ones that need a reference if that is given.

    Returns:
        Name -> value, in the order of the names; None where the metric is undefined (two texts
        are needed to compare them).

    Raises:
        ValueError: There is no metric of that name, or it needs what is not given.
        MissingExtraError: A metric needs a library of the `eval` extra.

    Example:
        >>> from vs_core.metrics import measure
        >>> measure(["Ohio", "ohio.", "Utah"], metrics=["unique_fraction", "distinct_1"])
        {'unique_fraction': 0.666..., 'distinct_1': 0.666...}
    """
    chosen = _chosen(metrics, embeddings=embeddings is not None, reference=reference is not None)
    given: dict[str, tuple[Any, ...]] = {"texts": (), "reference": (reference,)}
    if any(metric.needs_embeddings for metric in chosen):
        given["embeddings"] = (remembered(as_embed(embeddings)),)
    return {metric.name: metric.function(texts, *given[metric.needs]) for metric in chosen}


def _chosen(names: Iterable[str] | None, *, embeddings: bool, reference: bool) -> list[Metric]:
    there = {"texts": True, "embeddings": embeddings, "reference": reference}
    if names is None:
        return [
            metric
            for metric in METRICS.values()
            if metric.name in DEFAULT or (metric.needs != "texts" and there[metric.needs])
        ]
    chosen = [_metric(name) for name in names]
    for metric in chosen:
        if not there[metric.needs]:
            raise ValueError(
                f"the metric {metric.name!r} needs {metric.needs}: pass {metric.needs}="
            )
    return chosen


def _metric(name: str) -> Metric:
    if name not in METRICS:
        raise ValueError(f"there is no metric {name!r}: choose from {', '.join(METRICS)}")
    return METRICS[name]
