"""`ComparisonSettings`: what is compared with what, and how it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from typing_extensions import Self

from vs_core.comparison.reference import normalised, references
from vs_core.exchange.options import AskingOptions
from vs_core.exchange.settings import ExchangeSettings
from vs_core.values.terms import (
    BASELINES,
    Definition,
    Layout,
    Method,
    Placement,
    StructuredOutput,
    Wording,
)
from vs_core.visible import encodable

DEFAULT_METHODS: tuple[Method, ...] = ("direct", "sequence", "standard")
"""The two baselines, and the form of verbalized sampling that the paper uses most."""

_EXCHANGE = ExchangeSettings()
_SHARED = ("words", "instructions", "placement", "max_reasks")
_OF_LISTS = (*_SHARED, "layout", "structured_output", "max_topups")
_OF_PROBABILITIES = (*_OF_LISTS, "max_probability", "definition")


def _whole(text: str) -> str:
    if encodable(text) != text:
        raise ValueError(
            f"{text!r} holds half of a surrogate pair, which no model can be sent and no file "
            "can hold: pass whole characters"
        )
    return text


Whole = Annotated[str, AfterValidator(_whole)]
Share = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]


class ComparisonOptions(AskingOptions, total=False):
    """What `ComparisonSettings` can be told besides prompts, methods, `n` and `k`."""

    reference: Any
    metrics: Sequence[str] | None
    seed: int | None
    model: str | None


class ComparisonSettings(BaseModel):
    """What is compared with what, and how it is asked.

    Each method gets a budget of `n` responses to each prompt: `direct` spends it in n calls, the
    others in exchanges of k candidates each, the last of which asks for what is left.

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
        max_probability: As in `vs_core.ExchangeSettings`, and so are `definition`, `layout`,
            `words`, `wording`, `instructions`, `structured_output`, `placement`, `max_topups`
            and `max_reasks`. Each method takes those that mean something to it.
        model: Name of the model, if known.
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
    reference: dict[Whole, dict[Whole, Share]] = {}
    seed: int | None = None
    max_probability: float | None = _EXCHANGE.max_probability
    definition: Definition | None = _EXCHANGE.definition
    layout: Layout = _EXCHANGE.layout
    words: int | None = _EXCHANGE.words
    wording: Wording = _EXCHANGE.wording
    instructions: Whole | None = _EXCHANGE.instructions
    structured_output: StructuredOutput | None = _EXCHANGE.structured_output
    placement: Placement = _EXCHANGE.placement
    max_topups: int = _EXCHANGE.max_topups
    max_reasks: int = _EXCHANGE.max_reasks
    model: Whole | None = None
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
        shared: dict[str, Any] = {name: getattr(self, name) for name in _names(method)}
        # A reply that cannot be read still cost its tokens: taken whole, its trace has them.
        return ExchangeSettings(method=method, k=k, on_failure="whole_reply", **shared)


def _names(method: Method) -> tuple[str, ...]:
    if method in BASELINES:
        return _SHARED if method == "direct" else _OF_LISTS
    # The paper's own prompt is one of `standard`; the other methods have one wording.
    return (*_OF_PROBABILITIES, "wording") if method == "standard" else _OF_PROBABILITIES
