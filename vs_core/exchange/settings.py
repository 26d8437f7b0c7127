"""`ExchangeSettings`: what is asked, and what is done about replies that fall short."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from vs_core.prompts.settings import PromptSettings
from vs_core.values.terms import OnFailure


class ExchangeSettings(PromptSettings):
    """The settings of a whole exchange: those of the prompt, and bounds on what may follow.

    Attributes:
        max_topups: How many times a follow-up may ask for candidates that are missing.
        max_reasks: How many times the question is put again when nothing could be read.
        on_failure: When that did not help either: `raise` a `NoCandidatesError`, or return the
            `whole_reply` as a single candidate, marked in its `repairs` as not verbalized.
        enforce_bound: Take out candidates whose stated probability is not below
            `max_probability`; they count as missing, and are in `trace.dropped`. Otherwise
            `trace.notes` says how many there are.
        max_candidates: Most candidates of one reply: a stream is closed when it holds so many,
            or when three in a row repeat earlier ones. `auto` is twice `k`,
            None reads to the end. A reply that is not streamed is always read to its end.
        keep_replies: Keep the raw text of each reply in `trace.replies`.

    Example:
        >>> from vs_core.adapters import ExchangeSettings
        >>> ExchangeSettings(k=3).max_topups
        1
    """

    max_topups: int = Field(default=1, ge=0)
    max_reasks: int = Field(default=1, ge=0)
    on_failure: OnFailure = "raise"
    enforce_bound: bool = False
    max_candidates: Annotated[int, Field(ge=1)] | Literal["auto"] | None = "auto"
    keep_replies: bool = False

    @model_validator(mode="after")
    def _what_is_done_suits_what_is_asked(self) -> Self:
        if self.enforce_bound and self.max_probability is None:
            raise ValueError(
                "enforce_bound=True needs a bound: set max_probability, or leave enforce_bound out"
            )
        if isinstance(self.max_candidates, int) and self.max_candidates < self.call_size:
            raise ValueError(
                f"max_candidates={self.max_candidates} is less than the {self.call_size} that one "
                "call asks for: set it higher, or k (or per_call) lower"
            )
        return self
