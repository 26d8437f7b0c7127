"""Who asks and how: the default, and the variants that are tried against it."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field, ValidationError, model_validator
from typing_extensions import Self

from vs_core.comparison.settings import MEANINGLESS_TO
from vs_core.exchange.changes import faults
from vs_core.exchange.settings import ExchangeSettings, FollowUpSettings, exchange_options
from vs_core.prompts.shared_settings import AskingSettings
from vs_core.tuning.variants import Variant
from vs_core.values.terms import Method


class TriedSettings(AskingSettings, FollowUpSettings):
    """The settings of the default, and what each variant changes of them.

    Attributes:
        variants: What is tried, each as a mapping of changes such as `{"k": 10}`. None tries one
            change at a time: k of 3 and of 10, `cot`, a tail of 0.1, the other layouts and, with
            `enforces_schemas`, a shape that the provider enforces; of these whatever is no default
            already and can be asked. `sequence` is not among them: it asks for no probabilities.
        k: Candidates that the default asks for in one exchange.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    variants: tuple[Variant, ...] = Field(default=(), min_length=1)
    k: int = Field(default=5, ge=1)

    @model_validator(mode="after")
    def _each_can_be_asked(self) -> Self:
        for variant in (self.default, *self.variants):
            method = _method(variant, self.method)
            empty = [name for name in variant.changes if name in MEANINGLESS_TO[method]]
            if empty:
                raise ValueError(
                    f"{variant.name}: {empty[0]} says nothing to method={method!r}: leave it out"
                )
            try:
                self.exchange_settings(variant)
            except ValidationError as error:
                raise ValueError(f"{variant.name}: {faults(error)}") from error
        return self

    @model_validator(mode="after")
    def _each_asks_otherwise(self) -> Self:
        seen = {self.exchange_settings(self.default).model_dump_json(): "the default"}
        for variant in self.variants:
            asked = self.exchange_settings(variant).model_dump_json()
            if asked in seen:
                raise ValueError(f"{variant.name} asks just as {seen[asked]} does: leave it out")
            if variant.name in seen.values():
                raise ValueError(
                    f"two variants read {variant.name}, so that no report could tell them apart: "
                    "leave one out, or word it otherwise"
                )
            seen[asked] = variant.name
        return self

    @property
    def default(self) -> Variant:
        """What the survivor meets: the settings as they are given."""
        return Variant()

    def calls(self, variant: Variant, n: int) -> int:
        """Calls to one prompt by a variant, if every reply is complete.

        Args:
            variant: Who asks.
            n: Responses.
        """
        return sum(settings.planned_calls for settings in self.exchanges(variant, n))

    def exchanges(self, variant: Variant, n: int) -> tuple[ExchangeSettings, ...]:
        """The exchanges about one prompt: of k candidates each, the last of what is left.

        Args:
            variant: Who asks.
            n: Responses.
        """
        k = self._k(variant)
        sizes = (min(k, n - done) for done in range(0, n, k))
        return tuple(self.exchange_settings(variant, size) for size in sizes)

    def exchange_settings(self, variant: Variant, k: int | None = None) -> ExchangeSettings:
        """The settings of one exchange.

        Args:
            variant: Who asks.
            k: Candidates to ask for; None is the variant's own.

        Raises:
            pydantic.ValidationError: The changes do not go with the other settings.
        """
        given = {**exchange_options(self), "k": self.k}
        meaningless = MEANINGLESS_TO[_method(variant, self.method)]
        shared = {name: value for name, value in given.items() if name not in meaningless}
        changed = {**shared, **variant.changes, **({} if k is None else {"k": k})}
        # A reply that cannot be read still cost its tokens: taken whole, its trace has them.
        return ExchangeSettings(on_failure="whole_reply", **changed)

    @property
    def largest(self) -> int:
        """The largest number of candidates that a variant asks for in one exchange."""
        return max(map(self._k, (self.default, *self.variants)))

    def _k(self, variant: Variant) -> int:
        return self.exchange_settings(variant).k


def _method(variant: Variant, default: Method) -> Method:
    method: Any = variant.changes.get("method", default)
    return method if method in MEANINGLESS_TO else default
