"""What a preset was found by: figures of two settings on the same prompts, never of one alone."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from vs_core.exchange.changes import SettingChanges
from vs_core.journal.cost import Cost
from vs_core.values.interval import Interval
from vs_core.values.whole import Whole


class PresetRecord(BaseModel):
    """What all records of a preset have in common: errors do not repeat what may be a secret."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, protected_namespaces=()
    )


class PresetFigures(PresetRecord):
    """How well some settings did: diversity only beside what could be read and what it cost.

    Attributes:
        settings: What they change in the default settings; nothing for the default itself.
        diversity: Mean of the metric over the prompts.
        readable: Mean share of the responses asked for that could be used.
        cost: Of all their calls.
        tokens_per_distinct: Tokens sent and received for each different response; None if the
            model reported none.

    Example:
        >>> from vs_core.adapters import PresetFigures
        >>> from vs_core.calibration import Interval
        >>> from vs_core.comparison import Cost
        >>> PresetFigures(
        ...     settings={"k": 10},
        ...     diversity=Interval(value=0.8, low=0.7, high=0.9),
        ...     readable=Interval(value=0.98, low=0.95, high=1.0),
        ...     cost=Cost(calls=50, input_tokens=9000, output_tokens=20000),
        ...     tokens_per_distinct=72.5,
        ... ).cost.tokens
        29000
    """

    settings: SettingChanges
    diversity: Interval
    readable: Interval
    cost: Cost
    tokens_per_distinct: float | None = Field(default=None, ge=0.0, allow_inf_nan=False)


class PresetFindings(PresetRecord):
    """The measurement that a preset comes from.

    Attributes:
        measured_at: When it was made.
        metric: What diversity is here: a name in `vs_core.metrics.METRICS`.
        prompts: How many prompts were asked.
        calls: Model calls of the whole search, those that only eliminated included; what the
            figures are of is in their costs.
        default: Figures of the default settings.
        survivor: Figures of the settings that were left to meet it, on the same prompts.
        difference: Diversity of the survivor less that of the default, paired by prompt.
        readable_difference: The same of the readable shares.
        decision: What was decided, and why, in words.

    Example:
        >>> from vs_core.adapters import PresetFigures, PresetFindings
        >>> from vs_core.calibration import Interval
        >>> from vs_core.comparison import Cost
        >>> same = Interval(value=0.9, low=0.8, high=1.0)
        >>> default = PresetFigures(settings={}, diversity=same, readable=same, cost=Cost(calls=50))
        >>> none = Interval(value=0.0, low=-0.1, high=0.1)
        >>> found = PresetFindings(
        ...     measured_at="2026-01-31T12:00:00Z",
        ...     metric="unique_fraction",
        ...     prompts=10,
        ...     calls=220,
        ...     default=default,
        ...     survivor=default.model_copy(update={"settings": {"k": 3}}),
        ...     difference=none,
        ...     readable_difference=none,
        ...     decision="no difference shown: the default is kept",
        ... )
        >>> found.survivor.settings
        {'k': 3}
    """

    measured_at: datetime
    metric: Whole
    prompts: int = Field(ge=1)
    calls: int = Field(ge=1)
    default: PresetFigures
    survivor: PresetFigures
    difference: Interval
    readable_difference: Interval
    decision: Whole = Field(min_length=1)
