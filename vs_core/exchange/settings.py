"""`ExchangeSettings`: what is asked, and what is done about replies that fall short."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import Self

from vs_core.prompts.settings import PromptSettings
from vs_core.values.terms import OnFailure


class ReaskSettings(BaseModel):
    """What is done about a reply that cannot be read.

    Attributes:
        max_reasks: How many times the question is put again when nothing could be read.

    Example:
        >>> from vs_core.adapters import ReaskSettings
        >>> ReaskSettings().max_reasks
        1
    """

    model_config = ConfigDict(extra="forbid")

    max_reasks: int = Field(default=1, ge=0)


class FollowUpSettings(ReaskSettings):
    """What is done about a reply that cannot be read, or holds too little.

    Attributes:
        max_topups: How many times a follow-up may ask for candidates that are missing.

    Example:
        >>> from vs_core.adapters import FollowUpSettings
        >>> FollowUpSettings(max_topups=0).max_reasks
        1
    """

    max_topups: int = Field(default=1, ge=0)


class ExchangeSettings(PromptSettings, FollowUpSettings):
    """The settings of a whole exchange: those of the prompt, and bounds on what may follow.

    Attributes:
        on_failure: When that did not help either: `raise` a `NoCandidatesError`, return the
            `whole_reply` as a single candidate, marked in its `repairs` as not verbalized, or
            return `nothing`: no candidate, with the reply in `trace.dropped`.
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


def exchange_options(component: BaseModel) -> dict[str, Any]:
    """The settings that a component passes on to an exchange, as keyword arguments.

    They are those that it inherits from a set which `ExchangeSettings` inherits too: a setting
    of its own that has the same name is another one.

    Args:
        component: Whatever inherits some of the settings of an exchange.

    Example:
        >>> from vs_core.adapters import FollowUpSettings, exchange_options
        >>> class Searching(FollowUpSettings):
        ...     on_failure: str = "search anyway"
        >>> exchange_options(Searching(max_topups=2))
        {'max_reasks': 1, 'max_topups': 2}
    """
    return {name: getattr(component, name) for name in _names_of_exchange(type(component))}


@lru_cache
def _names_of_exchange(component: type[BaseModel]) -> tuple[str, ...]:
    inherited = [
        kind
        for kind in reversed(ExchangeSettings.__mro__)
        if issubclass(kind, BaseModel) and issubclass(component, kind)
    ]
    return tuple(dict.fromkeys(name for kind in inherited for name in kind.model_fields))
