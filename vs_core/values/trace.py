"""`Trace`: what was asked, what it cost, and what had to be worked around."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from vs_core.values.pydantic_internals import unvalidated
from vs_core.values.terms import BASELINES, Definition, Layout, Method

_A = TypeVar("_A")


class Dropped(BaseModel):
    """A piece of a reply that could not become a candidate.

    Attributes:
        fragment: The text as the model wrote it.
        reason: Why it could not be used, in plain words.

    Example:
        >>> from vs_core import Dropped
        >>> Dropped(fragment="<text>half a jo", reason="cut off").reason
        'cut off'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fragment: str
    reason: str


class Trace(BaseModel):
    """The record that travels with a distribution.

    Traces add up: `a + b` sums calls and tokens, joins the reports, and takes each setting from
    the first that has it.

    Attributes:
        k: Number of candidates asked for.
        method: Prompting method.
        definition: Which number the model was asked to write.
        layout: The notation that was read in the reply (not the one asked for).
        max_probability: The tail threshold asked for, a fraction; None for the full distribution.
        model: Name of the model, if it told.
        calls: Number of model calls made.
        input_tokens: Tokens sent, as reported by the model; None if never reported.
        output_tokens: Tokens received, likewise.
        truncated: True if a reply was cut off.
        dropped: What could not be used, with the reason.
        fallbacks: How missing or unusable numbers were replaced when probabilities were
            normalised.
        notes: What else a reader of the result should know (a tail that nothing reached, a
            follow-up call that failed).
        replies: The raw text of each reply, where they are kept (`keep_replies`).

    Example:
        >>> from vs_core import Trace
        >>> (Trace(calls=1, output_tokens=40) + Trace(calls=1, output_tokens=20)).output_tokens
        60
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    k: int | None = None
    method: Method | None = None
    definition: Definition | None = None
    layout: Layout | None = None
    max_probability: float | None = None
    model: str | None = None
    calls: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    truncated: bool = False
    dropped: tuple[Dropped, ...] = ()
    fallbacks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()

    def __add__(self, other: Trace) -> Trace:
        if other is EMPTY_TRACE or (other is self and self.has_settings_only):
            return self
        if self is EMPTY_TRACE:
            return other
        return unvalidated(
            Trace,
            {
                "k": _first(self.k, other.k),
                "method": _first(self.method, other.method),
                "definition": _first(self.definition, other.definition),
                "layout": _first(self.layout, other.layout),
                "max_probability": _first(self.max_probability, other.max_probability),
                "model": _first(self.model, other.model),
                "calls": self.calls + other.calls,
                "input_tokens": _total(self.input_tokens, other.input_tokens),
                "output_tokens": _total(self.output_tokens, other.output_tokens),
                "truncated": self.truncated or other.truncated,
                "dropped": self.dropped + other.dropped,
                "fallbacks": _union(self.fallbacks, other.fallbacks),
                "notes": _union(self.notes, other.notes),
                "replies": self.replies + other.replies,
            },
        )

    @property
    def has_settings_only(self) -> bool:
        """Whether it says what was asked, and nothing that happened: adding it twice is once."""
        return (
            not self.calls
            and self.input_tokens is None
            and self.output_tokens is None
            and self.layout is None
            and not (self.truncated or self.dropped or self.replies)
        )

    def noting(self, *notes: str) -> Trace:
        """The same trace with notes added, each once.

        Args:
            notes: Plain sentences.

        Example:
            >>> from vs_core import Trace
            >>> Trace().noting("no answer was rare enough").notes
            ('no answer was rare enough',)
        """
        return self.model_copy(update={"notes": _union(self.notes, notes)})

    def falling_back(self, fallbacks: tuple[str, ...]) -> Trace:
        """The same trace with normalisation fallbacks added, each once.

        The baselines ask for no numbers, so there is nothing to fall back from.

        Args:
            fallbacks: Plain sentences, as the normalisation words them.

        Example:
            >>> from vs_core import Trace
            >>> Trace().falling_back(("all numbers were zero",)).fallbacks
            ('all numbers were zero',)
        """
        if not fallbacks or self.method in BASELINES:
            return self
        return self.model_copy(update={"fallbacks": _union(self.fallbacks, fallbacks)})


EMPTY_TRACE = Trace()
"""The neutral element of addition, shared so that adding it is free."""


def _first(a: _A | None, b: _A | None) -> _A | None:
    return b if a is None else a


def _total(a: int | None, b: int | None) -> int | None:
    if a is None or b is None:
        return b if a is None else a
    return a + b


def _union(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    if not b:
        return a
    return tuple(dict.fromkeys(a + b))
