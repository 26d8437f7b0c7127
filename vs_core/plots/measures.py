"""What the pictures of a comparison say about its metrics."""

from __future__ import annotations

from collections.abc import Sequence

from vs_core.comparison import Comparison, Estimate
from vs_core.metrics import METRICS


def label(metric: str) -> str:
    """The name of a metric for people.

    Example:
        >>> from vs_core.plots.measures import label
        >>> label("rouge_l")
        'ROUGE-L'
    """
    return METRICS[metric].label if metric in METRICS else metric


def direction(metric: str) -> str:
    """Which way is better, in words; empty for a metric that this version does not know.

    Example:
        >>> from vs_core.plots.measures import direction
        >>> direction("rouge_l"), direction("precision")
        ('lower is more diverse', 'higher is better')
    """
    if metric not in METRICS:
        return ""
    quality = "better" if METRICS[metric].needs_reference else "more diverse"
    return f"{METRICS[metric].direction} is {quality}"


def titled(metric: str) -> str:
    """The name of a metric, and which way is better.

    Example:
        >>> from vs_core.plots.measures import titled
        >>> titled("self_bleu")
        'Self-BLEU (lower is more diverse)'
    """
    return f"{label(metric)} ({direction(metric)})" if direction(metric) else label(metric)


def chosen(comparison: Comparison, metrics: Sequence[str] | None) -> list[str]:
    """The metrics to show: those asked for, or all that have a value for some method.

    Raises:
        ValueError: One that is asked for was not computed, or none has a value.
    """
    computed = dict.fromkeys(name for s in comparison.summaries for name in s.scores)
    unknown = [name for name in metrics or () if name not in computed]
    if unknown:
        raise ValueError(f"metrics={unknown!r}: the comparison has {list(computed)}")
    shown = [name for name in computed if _has_a_value(comparison, name)]
    if metrics is not None:
        shown = list(metrics)
    if not shown:
        raise ValueError("there is no metric to show: the comparison has a value of none")
    return shown


def basis(comparison: Comparison, metrics: Sequence[str]) -> list[str]:
    """What the means and intervals of these metrics are of, as a note below a picture."""
    prompts = len(comparison.settings.prompts)
    if prompts == 1:
        return []
    estimates = [s.scores.get(name, Estimate()) for s in comparison.summaries for name in metrics]
    intervals = any(e.low is not None and e.high is not None for e in estimates)
    return [
        f"Means over {prompts} prompts" + (", with 95% bootstrap intervals." if intervals else ".")
    ]


def _has_a_value(comparison: Comparison, metric: str) -> bool:
    return any(s.scores.get(metric, Estimate()).mean is not None for s in comparison.summaries)
