"""`DecisionSettings`: how a model is asked for the probabilities of labels."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from vs_core.exchange.settings import ExchangeSettings, ReaskSettings, exchange_options
from vs_core.prompts.shared_settings import PlacedSettings
from vs_core.values.terms import StructuredOutput


class DecisionSettings(PlacedSettings, ReaskSettings):
    """How labels are asked for.

    It has all of `ReaskSettings`, and `instructions` (your own wording in front of the request) and
    `placement` as prompts have them.

    Attributes:
        n: How many calls are asked the same, side by side; their probabilities are averaged, and
            the spread between them is reported. With a model at temperature 0 more than one is of
            no use.
        structured_output: Have the provider shape the reply: by a JSON schema with the labels as
            an enumeration (`json_schema`), or as the arguments of a tool (`function_calling`).
            `auto` is `json_schema` where the model is known to enforce one, else None, which asks
            for JSON in words.
        keep_replies: Keep the raw text of each reply in `trace.replies`.

    Example:
        >>> from vs_core.adapters.decisions import DecisionSettings
        >>> DecisionSettings(n=3).structured_output
        'auto'
    """

    n: int = Field(default=1, ge=1)
    structured_output: StructuredOutput | None = "auto"
    keep_replies: bool = False

    def exchange(self) -> ExchangeSettings:
        """The settings of its calls."""
        own: dict[str, Any] = {
            "structured_output": self.structured_output,
            "keep_replies": self.keep_replies,
        }
        return ExchangeSettings(layout="json", max_topups=0, **exchange_options(self), **own)
