"""The settings of an exchange as keyword arguments, for functions and plain classes.

Each says by its type which of them a function leaves to its caller: what type checkers know of
`**options`. Names and types are those of `ExchangeSettings`; a test holds them together.
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


class RequestOptions(TypedDict, total=False):
    """Those of one request, by any method and however many candidates it asks for.

    Example:
        >>> from typing_extensions import Unpack
        >>> from vs_core import PromptSettings
        >>> from vs_core.adapters import RequestOptions
        >>> def asked(**options: Unpack[RequestOptions]) -> PromptSettings:
        ...     return PromptSettings(k=3, **options)
        >>> asked(words=40).words
        40
    """

    max_probability: float | None
    definition: Definition | None
    layout: Layout
    words: int | None
    wording: Wording
    instructions: str | None
    placement: Placement


class AskingOptions(RequestOptions, total=False):
    """And those of what may follow it, or shape its reply."""

    structured_output: StructuredOutput | None
    max_topups: int
    max_reasks: int


class RewritingOptions(AskingOptions, total=False):
    """Those that a component leaves to its user when it decides itself how many texts it needs.

    Example:
        >>> from vs_core.adapters import ExchangeSettings, RewritingOptions
        >>> options: RewritingOptions = {"method": "cot", "max_topups": 0}
        >>> ExchangeSettings(k=3, **options).method
        'cot'
    """

    method: Method
    enforce_bound: bool
    max_candidates: int | Literal["auto"] | None
    keep_replies: bool


class ExchangeOptions(RewritingOptions, total=False):
    """All that `ExchangeSettings` takes, name by name.

    Example:
        >>> from vs_core.adapters import ExchangeOptions, ExchangeSettings
        >>> options: ExchangeOptions = {"k": 3, "on_failure": "whole_reply"}
        >>> ExchangeSettings(**options).k
        3
    """

    k: int
    per_call: int | None
    split: Split
    value_schema: Any
    on_failure: OnFailure
