"""The settings of an exchange as keyword arguments, for LlamaIndex's plain classes."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from vs_core import (
    Definition,
    Layout,
    Method,
    OnFailure,
    Placement,
    Split,
    StructuredOutput,
)


class RewritingOptions(TypedDict, total=False):
    """Those that a component leaves to its user when it decides itself how many texts it needs."""

    method: Method
    max_probability: float | None
    definition: Definition | None
    layout: Layout
    words: int | None
    instructions: str | None
    structured_output: StructuredOutput | None
    placement: Placement
    max_topups: int
    max_reasks: int


class ExchangeOptions(RewritingOptions, total=False):
    """What `vs_core.ExchangeSettings` takes, name by name."""

    k: int
    per_call: int | None
    split: Split
    value_schema: Any
    on_failure: OnFailure
