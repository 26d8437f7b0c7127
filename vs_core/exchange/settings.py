"""`ExchangeSettings`: what is asked, and what is done about replies that fall short."""

from __future__ import annotations

from pydantic import Field

from vs_core.prompts.settings import PromptSettings
from vs_core.values.terms import OnFailure


class ExchangeSettings(PromptSettings):
    """The settings of a whole exchange: those of the prompt, and bounds on what may follow.

    Attributes:
        max_topups: How many times a follow-up may ask for candidates that are missing.
        max_reasks: How many times the question is put again when nothing could be read.
        on_failure: When that did not help either: `raise` a `NoCandidatesError`, or return the
            `whole_reply` as a single candidate, marked in its `repairs` as not verbalized.

    Example:
        >>> from vs_core import ExchangeSettings
        >>> ExchangeSettings(k=3).max_topups
        1
    """

    max_topups: int = Field(default=1, ge=0)
    max_reasks: int = Field(default=1, ge=0)
    on_failure: OnFailure = "raise"
