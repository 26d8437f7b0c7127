"""`PromptSettings`: what is asked of the model."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator

from vs_core.values.terms import (
    BASELINES,
    Definition,
    Layout,
    Method,
    Placement,
    default_definition,
)


class PromptSettings(BaseModel):
    """What is asked of the model, and how; each component that prompts takes these settings.

    Attributes:
        k: Number of candidates to ask for, 1 or more.
        method: `standard` asks for all candidates at once; `cot` for a line of thought first;
            `multi` for a few at a time over several turns. The baselines ask for no
            probabilities: `direct` asks for one answer, k times; `sequence` for a list.
        max_probability: None samples the full distribution. A fraction in (0, 1] asks for
            its tail: answers each less probable than that. People use 0.9 down to 0.001; below
            0.01 some models return nothing at all.
        definition: Which number to ask for; None takes the better one for the method
            (`confidence` for `multi`, else `explicit`).
        layout: Notation to ask for. Whatever comes back is read, in any notation.
        words: Target length of a response, in words.
        instructions: Your own wording, put in front of the request for responses ("You write
            stand-up comedy for engineers."). Plain text: braces are left alone.
        turn_size: Candidates asked for in each turn of `multi`.
        placement: Put the instruction into the `system` message, or in front of the last `user`
            message, for models that take no system message.

    Example:
        >>> from vs_core import PromptSettings
        >>> PromptSettings(method="multi").asked_definition
        'confidence'
    """

    model_config = ConfigDict(extra="forbid")

    k: int = Field(default=5, ge=1)
    method: Method = "standard"
    max_probability: float | None = Field(default=None, gt=0.0, le=1.0)
    definition: Definition | None = None
    layout: Layout = "xml"
    words: int | None = Field(default=None, ge=1)
    instructions: str | None = None
    turn_size: int = Field(default=2, ge=1)
    placement: Placement = "system"

    @field_validator("instructions")
    @classmethod
    def _instructions_say_something(cls, instructions: str | None) -> str | None:
        if instructions is not None and not instructions.strip():
            raise ValueError("instructions is blank: give a wording, or None for the built-in one")
        return instructions

    @property
    def asked_definition(self) -> Definition:
        """The definition in force: the one set, or the default of the method."""
        return self.definition or default_definition(self.method)

    @property
    def asks_for_probability(self) -> bool:
        """False for the baselines."""
        return self.method not in BASELINES
