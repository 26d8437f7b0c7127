"""The settings of an exchange as keyword arguments, for functions and plain classes.

Each says by its type which of them a function leaves to its caller.
"""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from vs_core.values.terms import (
    Definition,
    Layout,
    Method,
    OnFailure,
    Placement,
    Split,
    StructuredOutput,
    Wording,
)


class AskingOptions(TypedDict, total=False):
    """Those that any method can do with, however many candidates are asked for."""

    max_probability: float | None
    definition: Definition | None
    layout: Layout
    words: int | None
    wording: Wording
    instructions: str | None
    structured_output: StructuredOutput | None
    placement: Placement
    max_topups: int
    max_reasks: int


class RewritingOptions(AskingOptions, total=False):
    """Those that a component leaves to its user when it decides itself how many texts it needs."""

    method: Method
    enforce_bound: bool
    max_candidates: int | Literal["auto"] | None
    keep_replies: bool


class ExchangeOptions(RewritingOptions, total=False):
    """All that `vs_core.ExchangeSettings` takes, name by name."""

    k: int
    per_call: int | None
    split: Split
    value_schema: Any
    on_failure: OnFailure
