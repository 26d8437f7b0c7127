"""`PromptSettings`: what is asked of the model."""

from __future__ import annotations

import math
from typing import Any

from pydantic import Field, field_validator, model_validator
from typing_extensions import Self

from vs_core.prompts.shared_settings import AskingSettings
from vs_core.values.schema import checked_schema
from vs_core.values.terms import BASELINES, Definition, Shaping, Split, default_definition

_TURN_OF_MULTI = 2
_SAID_BY_SIMPLE = {
    "method": "standard",
    "definition": None,
    "layout": "xml",
    "words": None,
    "value_schema": None,
    "structured_output": None,
}
"""The settings that the paper's prompt can express, besides the number and the bound."""


class PromptSettings(AskingSettings):
    """What is asked of the model, and how; each component that prompts takes these settings.

    They are these and, so that others can take them without these, those of
    `vs_core.adapters.AskingSettings`.

    Attributes:
        k: Number of candidates to ask for, 1 or more.
        per_call: Most candidates to ask for in one call; more are asked for in further calls.
            None asks for all k at once (for `multi`: 2 in each turn).
        split: How further calls are made: as `turns` of one conversation, where answers already
            given are not repeated, or `parallel`, independent of each other.
        value_schema: A type that each response must have (a pydantic model, TypedDict,
            dataclass, list[int], ...), or a JSON schema as a dict (extra `generate`), whose
            values are plain JSON; responses are asked for as JSON and validated. None for text.

    Example:
        >>> from vs_core import PromptSettings
        >>> PromptSettings(method="multi").asked_definition
        'confidence'
    """

    k: int = Field(default=5, ge=1)
    per_call: int | None = Field(default=None, ge=1)
    split: Split = "turns"
    value_schema: Any = None

    @field_validator("value_schema")
    @classmethod
    def _value_schema_is_a_type(cls, value_schema: Any) -> Any:
        return None if value_schema is None else checked_schema(value_schema)

    @model_validator(mode="after")
    def _settings_agree(self) -> Self:
        if self.method == "multi" and self.split == "parallel":
            raise ValueError(
                "method='multi' is turn by turn: leave split='turns', or take method='standard'"
            )
        if self.method == "direct" and self.shaping:
            raise ValueError(
                f"structured_output={self.structured_output!r} shapes a list of responses, and "
                "method='direct' asks for one: leave it None"
            )
        return self

    @model_validator(mode="after")
    def _the_papers_prompt_says_all_that_is_asked(self) -> Self:
        if self.says_the_papers_prompt:
            unsaid = [
                f"{name}={getattr(self, name)!r}"
                for name, said in _SAID_BY_SIMPLE.items()
                if getattr(self, name) != said
            ]
            if unsaid:
                raise ValueError(
                    f"wording='simple' is the paper's prompt word for word, which does not say "
                    f"{', '.join(unsaid)}: leave that out, or take wording='standard'"
                )
        return self

    @property
    def key(self) -> tuple[tuple[str, Any], ...]:
        """The settings of a prompt as pairs, the same for whoever asks the same."""
        return tuple((name, getattr(self, name)) for name in PromptSettings.model_fields)

    @property
    def shaping(self) -> Shaping | None:
        """How the provider shapes the reply; None for `auto`, as long as no model has decided."""
        return None if self.structured_output == "auto" else self.structured_output

    @property
    def call_size(self) -> int:
        """How many candidates one call asks for."""
        if self.split == "parallel":
            return math.ceil(self.k / self.planned_calls)
        return self._most_per_call

    @property
    def planned_calls(self) -> int:
        """How many calls it takes if every reply is complete."""
        return math.ceil(self.k / self._most_per_call)

    @property
    def _most_per_call(self) -> int:
        if self.method == "direct":
            return 1
        default = _TURN_OF_MULTI if self.method == "multi" else self.k
        return min(self.per_call or default, self.k)

    @property
    def asked_definition(self) -> Definition:
        """The definition in force: the one set, or the default of the method."""
        return self.definition or default_definition(self.method)

    @property
    def asks_for_probability(self) -> bool:
        """False for the baselines."""
        return self.method not in BASELINES

    @property
    def says_the_papers_prompt(self) -> bool:
        """Whether the request is the paper's simple prompt, which asks for probabilities."""
        return self.wording == "simple" and self.asks_for_probability
