"""`GenerationReport`: what was made, what was refused, what it cost, and how it came to an end."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from vs_core.generation.records import EndedBy, Row
from vs_core.generation.unseen import UnseenShare


class Figures(Row):
    """What is counted, of one prompt or of all.

    Attributes:
        accepted: Answers accepted.
        different: How many of them are different; all, unless repeats are kept.
        same: Answers refused because they equal an accepted one.
        near: Because they are nearly the same text.
        meaning: Because they mean nearly the same.
        calls: Model calls that were answered.
        failed: Calls that ended in an error.
        unreadable: Answered calls in which no candidate could be read.
        unusable: Candidates that could not be used: cut off, not of the type, above the bound. The
            journal has each in `trace.dropped` of its call, with the reason.
        input_tokens: Tokens sent, as far as the model reported them; None if it never did.
        output_tokens: Tokens received, likewise.

    Example:
        >>> from vs_core.generation import Figures
        >>> (Figures(calls=2, accepted=9) + Figures(calls=1, accepted=4)).accepted
        13
    """

    accepted: int = 0
    different: int = 0
    same: int = 0
    near: int = 0
    meaning: int = 0
    calls: int = 0
    failed: int = 0
    unreadable: int = 0
    unusable: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None

    def __add__(self, other: Figures) -> Figures:
        pairs = {name: (getattr(self, name), getattr(other, name)) for name in Figures.model_fields}
        return Figures(**{name: _total(*pair) for name, pair in pairs.items()})

    @property
    def refused(self) -> int:
        """Answers refused, for whatever reason."""
        return self.same + self.near + self.meaning

    @property
    def tokens(self) -> int | None:
        """Tokens sent and received together; None if neither was reported."""
        return _total(self.input_tokens, self.output_tokens)


class PromptReport(Row):
    """What came of one prompt.

    Attributes:
        prompt: The prompt.
        n: Answers wanted.
        figures: What was counted.
        unseen: The share of new answers to be expected of another call; None if not known.
        ended_by: Why no more calls are made; None while there may be some.
        error: The last error, if a call failed.

    Example:
        >>> from vs_core.generation import PromptReport
        >>> PromptReport(prompt="Name a planet.", n=8, ended_by="n").figures.accepted
        0
    """

    prompt: str
    n: int
    figures: Figures = Figures()
    unseen: UnseenShare | None = None
    ended_by: EndedBy | None = None
    error: str | None = None


class Moment(Row):
    """How far a generation was after some call.

    Attributes:
        calls: Calls that had been answered.
        accepted: Answers accepted.
        same: Answers refused as equal to an accepted one.
        near: As nearly the same text, or nearly the same meaning.
        unseen: Mean over the prompts under way of the share of new answers to be expected of
            another call; None if not known.

    Example:
        >>> from vs_core.generation import Moment
        >>> Moment(calls=1, accepted=10).unseen is None
        True
    """

    calls: int
    accepted: int
    same: int = 0
    near: int = 0
    unseen: float | None = None


class GenerationReport(Row):
    """What a generation has come to.

    Attributes:
        settings: What decides which answers are asked for and which are new.
        model: Name of the model, if known.
        simulated: Whether the built-in simulation answered.
        figures: What was counted, over all prompts.
        prompts: What came of each prompt that was begun, in order.
        history: How it went, as at most a few hundred moments.
        diversity: Mean over prompts of metrics of what was accepted, where that was measured, by
            their names in `vs_core.metrics`; see `vs_core.generation.diversity_of`.
        complete: Whether every prompt has ended.
        notes: What else a reader of the figures should know, in plain sentences.

    Example:
        >>> from vs_core.generation import GenerationReport
        >>> GenerationReport(settings={}).complete
        False
    """

    settings: dict[str, Any]
    model: str | None = None
    simulated: bool = False
    figures: Figures = Figures()
    prompts: tuple[PromptReport, ...] = ()
    history: tuple[Moment, ...] = ()
    diversity: dict[str, float | None] = Field(default={})
    complete: bool = False
    notes: tuple[str, ...] = ()

    @property
    def unseen(self) -> float | None:
        """Mean over prompts of the share of new answers to be expected of another call."""
        known = [one.unseen.estimate for one in self.prompts if one.unseen is not None]
        return sum(known) / len(known) if known else None

    @property
    def ended_by(self) -> dict[str, int]:
        """For each reason, how many prompts it ended."""
        reasons = [one.ended_by or "not ended" for one in self.prompts]
        return {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}


def _total(a: int | None, b: int | None) -> int | None:
    if a is None or b is None:
        return b if a is None else a
    return a + b
