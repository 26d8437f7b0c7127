"""`TuningSettings`: what is tried on which prompts, and how much is asked."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ConfigDict, Field, ValidationError, field_validator, model_validator
from typing_extensions import Self

from vs_core.exchange.model_options import ModelOptions
from vs_core.exchange.options import AskingOptions
from vs_core.metrics import METRICS
from vs_core.tuning.tried import TriedSettings
from vs_core.tuning.variants import Variant, usual_variants
from vs_core.values.terms import Method
from vs_core.values.whole import Whole

MIN_PROMPTS, MIN_CALLS = 10, 100
"""Fewer prompts, or calls of the final by both sides together, show next to nothing."""

SHARE_OF_DIFFERENT = "unique_fraction"

_CALLS_AT_LEAST = 2
"""Calls to a prompt: whether one repeats another is most of what diversity is about."""

_HALVING_PROMPTS = (5, 10)
"""Fewest and most prompts of the halving: it only has to find out who is worth a final."""

COVERAGE, COVERAGE_IF_SHARED = 0.95, 0.975
"""Of the intervals; the second where the halving has to ask prompts of the final, too."""


class TuningOptions(AskingOptions, total=False):
    """What `TuningSettings` can be told besides prompts, variants, `n` and `k`.

    Example:
        >>> from vs_core.adapters.tuning import TuningOptions
        >>> from vs_core.tuning import TuningSettings
        >>> options: TuningOptions = {"metric": "rouge_l", "words": 20}
        >>> TuningSettings(prompts=[f"Question {i}?" for i in range(10)], **options).words
        20
    """

    method: Method
    n_halving: int | None
    metric: str
    seed: int | None
    model: str | None
    model_options: ModelOptions | Mapping[str, Any] | None


class TuningSettings(TriedSettings):
    """What is tried on which prompts, and how much is asked.

    The settings of exchanges are those of the default, with its `k`; each of the `variants` changes
    some of them: a mapping such as `{"k": 10}`, or the usual ones where there are none. A setting
    that says nothing to the method of a variant is left out there.

    Attributes:
        prompts: At least 10, each once. From 15 on, halving and final have prompts of their own;
            with fewer they share some, and the intervals cover 97.5 % instead of 95 %.
        n: Responses to each prompt by each of the two in the final. None takes the fewest, in
            steps of `k`, with which the final makes 100 calls, both sides together and whoever
            gets there, and with which each prompt gets two calls of each variant.
        n_halving: Responses to each prompt of a stage by each variant that is still there. None
            takes two calls of the largest variant, at most `n`.
        metric: What is to be larger (or, of similarities, smaller): a name in
            `vs_core.metrics.METRICS` that needs no reference.
        enforces_schemas: Whether the model is known to enforce a JSON schema.
        seed: Fixes which prompts the stages ask, and the intervals (not what the model answers).
        model: Name of the model, if known.
        model_options: How it was called, such as `{"temperature": 0.7}`, if known.
        simulated: Whether the replies come from the built-in simulation.

    Example:
        >>> from vs_core.tuning import TuningSettings
        >>> prompts = [f"Name a thing that begins with {letter}" for letter in "abcdefghij"]
        >>> settings = TuningSettings(prompts=prompts, variants=[{"k": 10}, {"layout": "json"}])
        >>> [variant.name for variant in settings.variants], settings.responses
        (['k=10', 'layout=json'], 35)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    prompts: tuple[Whole, ...]
    n: int | None = Field(default=None, ge=1)
    n_halving: int | None = Field(default=None, ge=1)
    metric: str = SHARE_OF_DIFFERENT
    enforces_schemas: bool = False
    seed: int | None = None
    model: Whole | None = None
    model_options: ModelOptions | None = None
    simulated: bool = False

    @model_validator(mode="before")
    @classmethod
    def _the_usual_is_tried(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        prompts, variants = given.get("prompts", ()), given.get("variants")
        if isinstance(prompts, Iterable) and not isinstance(prompts, str):
            prompts = list(prompts)
        if variants is None:
            usual = usual_variants(enforced=bool(given.get("enforces_schemas")))
            rest = {**given, "prompts": prompts, "n": None, "n_halving": None}
            variants = [v for v in usual if _can_be_tried(rest, v)] or usual[:1]
        return {**given, "prompts": prompts, "variants": variants}

    @field_validator("prompts")
    @classmethod
    def _prompts_say_something(cls, prompts: tuple[str, ...]) -> tuple[str, ...]:
        if not all(prompt.strip() for prompt in prompts):
            raise ValueError(f"prompt {[p.strip() for p in prompts].index('') + 1} is blank")
        again = [prompt for prompt, times in Counter(prompts).items() if times > 1]
        if again:
            raise ValueError(f"given more than once: {', '.join(map(repr, again))}")
        return prompts

    @field_validator("metric")
    @classmethod
    def _metric_needs_no_reference(cls, name: str) -> str:
        fit = [metric.name for metric in METRICS.values() if not metric.needs_reference]
        if name not in fit:
            raise ValueError(f"there is no metric {name!r} of diversity alone: {', '.join(fit)}")
        return name

    @model_validator(mode="after")
    def _there_is_enough_to_show_something(self) -> Self:
        if len(self.prompts) < MIN_PROMPTS:
            raise ValueError(
                f"{len(self.prompts)} prompts are too few: whether one setting beats another is "
                f"judged by how it does from prompt to prompt, so give {MIN_PROMPTS} or more, of "
                "the kind that you will ask"
            )
        for name, n in (("n", self.responses), ("n_halving", self.halving_responses)):
            if n < self.largest:
                raise ValueError(
                    f"{name}={n} is less than the largest k, {self.largest}, so that no call "
                    "could be as it will be in use: ask for more responses, or try a smaller k"
                )
        if (calls := self.least_calls(self.responses)) < MIN_CALLS:
            enough = self.model_copy(update={"n": None}).responses
            raise ValueError(
                f"n={self.n} makes a final of {calls} calls, both sides together, and fewer than "
                f"{MIN_CALLS} show next to nothing: take n={enough}, or more prompts"
            )
        return self

    @property
    def halving_prompts(self) -> tuple[str, ...]:
        """What the stages of the halving ask, by chance: a third of the prompts, 5 to 10.

        The final asks the others. Whoever stays may suit the prompts of the halving better than
        others of their kind, and fresh calls would not show that.
        """
        if len(self.variants) == 1:
            return ()
        fewest, most = _HALVING_PROMPTS
        size = max(fewest, min(most, len(self.prompts) // 3))
        return tuple(random.Random(self.seed or 0).sample(self.prompts, size))

    @property
    def final_prompts(self) -> tuple[str, ...]:
        """What the final asks: the prompts that the halving does not, or all if that is too few."""
        if self.shares_prompts:
            return self.prompts
        apart = set(self.halving_prompts)
        return tuple(prompt for prompt in self.prompts if prompt not in apart)

    @property
    def shares_prompts(self) -> bool:
        """Whether there are too few prompts for halving and final to have their own."""
        return len(self.prompts) - len(self.halving_prompts) < MIN_PROMPTS

    @property
    def coverage(self) -> float:
        """Of the intervals: 95 %, and more where the halving asks prompts of the final."""
        return COVERAGE_IF_SHARED if self.shares_prompts else COVERAGE

    @property
    def responses(self) -> int:
        """Responses to each prompt by each of the two in the final: `n`, or what None takes."""
        if self.n is not None:
            return self.n
        enough = max(_CALLS_AT_LEAST * self.largest, self.k)
        n = -(-enough // self.k) * self.k
        while self.least_calls(n) < MIN_CALLS:
            n += self.k
        return n

    @property
    def halving_responses(self) -> int:
        """Responses to each prompt of a stage by each variant: `n_halving`, or what None takes."""
        if self.n_halving is not None:
            return self.n_halving
        return min(self.responses, _CALLS_AT_LEAST * self.largest)

    def least_calls(self, n: int) -> int:
        """Calls of the final, both sides together, with the survivor that makes the fewest.

        They are those that are planned: what follows on a reply that falls short comes on top.

        Args:
            n: Responses to each prompt by each side.
        """
        fewest = min(self.calls(variant, n) for variant in self.variants)
        return len(self.final_prompts) * (self.calls(self.default, n) + fewest)


def _can_be_tried(given: Mapping[str, Any], variant: Variant) -> bool:
    """Whether a variant can be asked, and is not the default already."""
    try:
        TuningSettings(**{**given, "variants": [variant]})
    except ValidationError:
        return False
    return True
