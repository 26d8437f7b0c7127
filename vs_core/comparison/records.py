"""What a comparison measured, as frozen records that JSON holds without loss."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from vs_core.journal.cost import Cost
from vs_core.values.terms import Method


class Record(BaseModel):
    """What all records have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class MethodResponses(Record):
    """What one method brought for one prompt.

    Attributes:
        prompt: The prompt.
        method: The method.
        texts: The responses in the order of the exchanges and of the model, at most `n`.
        probabilities: One for each text, normalised within its exchange; None for the baselines,
            which ask for none.
        distinct: How many of the texts differ, as `vs_core.metrics.unique_fraction` counts them.
        measured: The first so many texts are what `scores` are of: as many as every method has
            for this prompt, since several metrics change with the number of texts.
        scores: Value of each metric, under its name in `vs_core.metrics`; None where it is not
            defined (a single text, say).
        cost: What all exchanges for this prompt and method cost.
        failures: Why exchanges failed, one line for each that did.

    Example:
        >>> from vs_core.comparison import Cost, MethodResponses
        >>> MethodResponses(
        ...     prompt="Flip a coin.",
        ...     method="direct",
        ...     texts=("Heads", "Heads"),
        ...     distinct=1,
        ...     measured=2,
        ...     scores={"unique_fraction": 0.5},
        ...     cost=Cost(calls=2),
        ... ).failures
        ()
    """

    prompt: str
    method: Method
    texts: tuple[str, ...] = ()
    probabilities: tuple[float, ...] | None = None
    distinct: int = 0
    measured: int = 0
    scores: dict[str, float | None] = {}
    cost: Cost = Cost()
    failures: tuple[str, ...] = ()


class Estimate(Record):
    """A mean over prompts, with a 95 % bootstrap interval; see `vs_core.comparison.estimate`.

    Attributes:
        mean: Mean over the prompts; None if no prompt has a value.
        low: Lower end of the interval; None with fewer than two prompts, as one prompt says
            nothing about others.
        high: Upper end, likewise.

    Example:
        >>> from vs_core.comparison import Estimate
        >>> Estimate(mean=0.8).low is None
        True
    """

    mean: float | None = None
    low: float | None = None
    high: float | None = None


class MethodSummary(Record):
    """One method over all prompts.

    Attributes:
        method: The method.
        scores: Estimate of each metric, under its name in `vs_core.metrics`.
        responses: Number of responses, over all prompts.
        distinct: How many of them differ within their prompt.
        cost: What all exchanges of the method cost.
        tokens_per_distinct: Tokens sent and received for each distinct response; None if no
            tokens were reported or there is no response.
        failures: How many exchanges failed.

    Example:
        >>> from vs_core.comparison import Cost, Estimate, MethodSummary
        >>> MethodSummary(
        ...     method="standard",
        ...     scores={"unique_fraction": Estimate(mean=0.8)},
        ...     responses=30,
        ...     distinct=24,
        ...     cost=Cost(calls=6, input_tokens=600, output_tokens=1800),
        ...     tokens_per_distinct=100.0,
        ... ).scores["unique_fraction"].mean
        0.8
    """

    method: Method
    scores: dict[str, Estimate] = {}
    responses: int = 0
    distinct: int = 0
    cost: Cost = Cost()
    tokens_per_distinct: float | None = None
    failures: int = 0
