"""Settings that components share, in sets that a component can inherit: each stands here once.

`PromptSettings` has them all. A component that decides some of those itself inherits the largest
set that has none of them.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator

from vs_core.values.terms import Definition, Layout, Method, Placement, StructuredOutput, Wording


class PlacedSettings(BaseModel):
    """What is said besides the request, and where all of it stands.

    Attributes:
        instructions: Your own wording, put in front of the request for responses ("You write
            stand-up comedy for engineers."). Plain text: braces are left alone.
        placement: Put the instruction into the `system` message, or in front of the last `user`
            message, for models that take no system message.
    """

    model_config = ConfigDict(extra="forbid")

    instructions: str | None = None
    placement: Placement = "system"

    @field_validator("instructions")
    @classmethod
    def _instructions_say_something(cls, instructions: str | None) -> str | None:
        if instructions is not None and not instructions.strip():
            raise ValueError("instructions is blank: give a wording, or None for the built-in one")
        return instructions


class InstructionSettings(PlacedSettings):
    """How an instruction is put to a model, whatever it asks for.

    It has all of `PlacedSettings` too.

    Attributes:
        layout: Notation to ask for. Whatever comes back is read, in any notation.

    Example:
        >>> from vs_core.adapters import InstructionSettings
        >>> InstructionSettings(placement="user").layout
        'xml'
    """

    layout: Layout = "xml"


class RequestSettings(InstructionSettings):
    """What responses are asked for, by any method and however many there are to be.

    Attributes:
        max_probability: None samples the full distribution. A fraction in (0, 1] asks for
            its tail: answers each less probable than that. People use 0.9 down to 0.001; below
            0.01 some models return nothing at all.
        definition: Which number to ask for; None takes the better one for the method
            (`confidence` for `multi`, else `explicit`).
        words: Target length of a response, in words.
        wording: `standard` is this package's own, as all other settings need it. `simple` is the
            paper's prompt word for word (Zhang et al., arXiv 2510.01171), but for the
            number of responses and the bound; it stands for `method="standard"` in tags. The
            baselines have one wording.
        structured_output: Have the provider shape the reply: as the arguments of a tool
            (`function_calling`), or by enforcing a JSON schema (`json_schema`), which says k and
            the bounds too. `auto` is `json_schema` where the model is known to enforce one, else
            None, which asks for `layout` in words.
    """

    max_probability: float | None = Field(default=None, gt=0.0, le=1.0)
    definition: Definition | None = None
    words: int | None = Field(default=None, ge=1)
    wording: Wording = "standard"
    structured_output: StructuredOutput | None = None


class AskingSettings(RequestSettings):
    """How to ask, for components that know themselves how many candidates they need.

    It has all of `InstructionSettings`, what is said about the responses, and the method; the
    settings page of the documentation has them with those of `PromptSettings`.

    Attributes:
        method: `standard` asks for all candidates at once; `cot` for a line of thought first;
            `multi` for a few at a time over several turns. The baselines ask for no
            probabilities: `direct` asks for one answer, k times; `sequence` for a list.

    Example:
        >>> from vs_core.adapters import AskingSettings
        >>> AskingSettings(method="cot").method
        'cot'
    """

    method: Method = "standard"
