"""What a comparison found, as frozen records that JSON holds without loss."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from vs_core.comparison import rendering
from vs_core.comparison.settings import ComparisonSettings
from vs_core.values.terms import Method
from vs_core.values.trace import Trace


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class Cost(_Record):
    """What some exchanges with a model cost. Costs add up.

    Attributes:
        calls: Model calls made; an exchange that ended in an error counts as one.
        input_tokens: Tokens sent, as far as the model reported them; None if it never did.
        output_tokens: Tokens received, likewise.

    Example:
        >>> from vs_core.comparison import Cost
        >>> (Cost(calls=1, output_tokens=40) + Cost(calls=1, output_tokens=20)).output_tokens
        60
    """

    calls: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            calls=self.calls + other.calls,
            input_tokens=_total(self.input_tokens, other.input_tokens),
            output_tokens=_total(self.output_tokens, other.output_tokens),
        )

    @classmethod
    def of(cls, trace: Trace) -> Cost:
        """The cost that a trace records.

        Args:
            trace: Of one exchange, or of several added up.
        """
        return cls(
            calls=trace.calls, input_tokens=trace.input_tokens, output_tokens=trace.output_tokens
        )

    @property
    def tokens(self) -> int | None:
        """Tokens sent and received together; None if neither was reported."""
        return _total(self.input_tokens, self.output_tokens)


class MethodResponses(_Record):
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


class Estimate(_Record):
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


class MethodSummary(_Record):
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


class Comparison(_Record):
    """What several ways of asking brought, at the same budget of responses.

    Attributes:
        settings: What was compared; `settings.simulated` is True if a simulation answered.
        results: One for each prompt and method, prompt by prompt.
        summaries: One for each method, in the order of the settings.
        planned: Number of exchanges that the comparison consists of.
        finished: Number of exchanges that have ended, well or in an error.
        notes: What else a reader of the numbers should know, in plain sentences.

    Example:
        >>> from vs_core.comparison import Comparison, ComparisonSettings, MethodSummary
        >>> settings = ComparisonSettings(prompts=["Flip a coin."], methods=["direct"])
        >>> found = Comparison(settings=settings, summaries=(MethodSummary(method="direct"),))
        >>> Comparison.model_validate_json(found.model_dump_json()) == found
        True
    """

    settings: ComparisonSettings
    results: tuple[MethodResponses, ...] = ()
    summaries: tuple[MethodSummary, ...] = ()
    planned: int = 0
    finished: int = 0
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every planned exchange has ended; an interrupted run's have not."""
        return self.finished >= self.planned

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics, in the order in which they were computed."""
        return tuple(dict.fromkeys(name for found in self.results for name in found.scores))

    def of_method(self, method: Method) -> tuple[MethodResponses, ...]:
        """What one method brought, prompt by prompt."""
        return tuple(found for found in self.results if found.method == method)

    def of_prompt(self, prompt: str) -> tuple[MethodResponses, ...]:
        """What was brought for one prompt, method by method."""
        return tuple(found for found in self.results if found.prompt == prompt)

    def summary_of(self, method: Method) -> MethodSummary:
        """One method over all prompts.

        Raises:
            KeyError: The method was not compared.
        """
        for summary in self.summaries:
            if summary.method == method:
                return summary
        raise KeyError(method)

    def to_markdown(self) -> str:
        """The means with their intervals and the cost as a Markdown table, and the notes."""
        return rendering.to_markdown(self)

    def to_records(self) -> list[dict[str, Any]]:
        """One flat dictionary for each prompt and method, as data frames want them.

        The keys are `prompt`, `method`, `responses`, `distinct`, `failures`, `calls`,
        `input_tokens`, `output_tokens`, and the name of each metric.
        """
        return rendering.to_records(self)

    def _repr_html_(self) -> str:
        return rendering.to_html(self)


def _total(a: int | None, b: int | None) -> int | None:
    if a is None or b is None:
        return b if a is None else a
    return a + b
