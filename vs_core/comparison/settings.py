"""`ComparisonSettings`: what is compared with what, and how it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import ConfigDict, Field, field_validator, model_validator
from typing_extensions import Self

from vs_core.comparison.reference import normalised, references
from vs_core.exchange.model_options import ModelOptions
from vs_core.exchange.options import AskingOptions
from vs_core.exchange.settings import ExchangeSettings, FollowUpSettings, exchange_options
from vs_core.prompts.shared_settings import RequestSettings
from vs_core.values.terms import Method
from vs_core.values.whole import Whole, whole

DEFAULT_METHODS: tuple[Method, ...] = ("direct", "sequence", "standard")
"""The two baselines, and the form of verbalized sampling that the paper uses most."""

_OF_PROBABILITIES = frozenset({"max_probability", "definition", "wording"})
_OF_LISTS = _OF_PROBABILITIES | {"layout", "structured_output", "max_topups"}
MEANINGLESS_TO: Mapping[Method, frozenset[str]] = {
    "direct": _OF_LISTS,
    "sequence": _OF_PROBABILITIES,
    # The paper's own prompt is one of `standard`; the other methods have one wording.
    "cot": frozenset({"wording"}),
    "multi": frozenset({"wording"}),
    "standard": frozenset(),
}
"""Settings that say nothing to a method, of those that all methods share."""


Share = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]


class ComparisonOptions(AskingOptions, total=False):
    """What `ComparisonSettings` can be told besides prompts, methods, `n` and `k`.

    Example:
        >>> from vs_core.adapters.comparison import ComparisonOptions
        >>> from vs_core.comparison import ComparisonSettings
        >>> options: ComparisonOptions = {"seed": 1, "layout": "json"}
        >>> ComparisonSettings(prompts="Flip a coin.", n=4, **options).layout
        'json'
    """

    reference: Any
    metrics: Sequence[str] | None
    seed: int | None
    model: str | None
    model_options: ModelOptions | Mapping[str, Any] | None


class ComparisonSettings(RequestSettings, FollowUpSettings):
    """What is compared with what, and how it is asked.

    Each method gets a budget of `n` responses to each prompt: `direct` spends it in n calls, the
    others in exchanges of k candidates each, the last of which asks for what is left.

    The settings of exchanges besides are those of `vs_core.adapters.ExchangeSettings`, but for
    those that are decided here. Each method takes those that mean something to it.

    Attributes:
        prompts: The prompts, each once; one alone may be given as a string.
        methods: The methods, each once.
        n: Responses to each prompt by each method.
        k: Candidates asked for in one exchange.
        metrics: Names in `vs_core.metrics.METRICS`; None takes those that can be computed.
        reference: For each prompt, the known answers with their probabilities. May be given once,
            for all prompts; without probabilities, which makes them equal; or as any weights,
            which are normalised. Empty if there is none.
        seed: Fixes what chance decides in the evaluation (not what the model answers).
        model: Name of the model, if known.
        model_options: How it was called, such as `{"temperature": 0.7}`, if known.
        simulated: Whether the replies come from the built-in simulation.

    Example:
        >>> from vs_core.comparison import ComparisonSettings
        >>> settings = ComparisonSettings(prompts="Flip a coin.", reference=["heads", "tails"])
        >>> settings.reference
        {'Flip a coin.': {'heads': 0.5, 'tails': 0.5}}
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    prompts: tuple[Whole, ...] = Field(min_length=1)
    methods: tuple[Method, ...] = Field(default=DEFAULT_METHODS, min_length=1)
    n: int = Field(default=30, ge=1)
    k: int = Field(default=5, ge=1)
    metrics: tuple[str, ...] | None = None
    reference: dict[Whole, dict[Whole, Share]] = Field(default={})
    seed: int | None = None
    model: Whole | None = None
    model_options: ModelOptions | None = None
    simulated: bool = False

    @model_validator(mode="before")
    @classmethod
    def _one_is_several(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        prompts = given.get("prompts", ())
        if isinstance(prompts, str):
            prompts = [prompts]
        elif isinstance(prompts, Iterable):
            prompts = list(prompts)
        reference = references(prompts, given.get("reference"))
        return {**given, "prompts": prompts, "reference": reference}

    @field_validator("instructions")
    @classmethod
    def _instructions_are_whole(cls, instructions: str | None) -> str | None:
        return None if instructions is None else whole(instructions)

    @field_validator("prompts", "methods", "metrics")
    @classmethod
    def _each_once(cls, given: tuple[str, ...] | None) -> tuple[str, ...] | None:
        again = [item for item, times in Counter(given or ()).items() if times > 1]
        if again:
            raise ValueError(f"given more than once: {', '.join(map(repr, again))}")
        return given

    @field_validator("prompts")
    @classmethod
    def _prompts_say_something(cls, prompts: tuple[str, ...]) -> tuple[str, ...]:
        if not all(prompt.strip() for prompt in prompts):
            raise ValueError(f"prompt {[p.strip() for p in prompts].index('') + 1} is blank")
        return prompts

    @field_validator("reference")
    @classmethod
    def _references_are_normalised(
        cls, reference: dict[str, dict[str, float]]
    ) -> dict[str, dict[str, float]]:
        return {prompt: normalised(prompt, answers) for prompt, answers in reference.items()}

    @model_validator(mode="after")
    def _settings_agree(self) -> Self:
        unknown = self.reference.keys() - set(self.prompts)
        if unknown:
            raise ValueError(f"reference is for prompts that are not asked: {sorted(unknown)}")
        for method in self.methods:
            self.exchange_settings(method, 1)
        return self

    def exchange_settings(self, method: Method, k: int) -> ExchangeSettings:
        """The settings of one exchange: those that mean something to its method.

        Args:
            method: The method.
            k: Candidates to ask for.
        """
        shared = {
            name: value
            for name, value in exchange_options(self).items()
            if name not in MEANINGLESS_TO[method]
        }
        # A reply that cannot be read still cost its tokens: taken whole, its trace has them.
        return ExchangeSettings(method=method, k=k, on_failure="whole_reply", **shared)
