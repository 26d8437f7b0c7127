"""A tuning as a `Preset`: the settings to use, with the figures by which they were chosen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from vs_core.comparison.records import Estimate
from vs_core.exchange.preset import Preset
from vs_core.exchange.preset_findings import PresetFigures, PresetFindings
from vs_core.exchange.settings import ExchangeSettings
from vs_core.tuning.records import Final, Side
from vs_core.tuning.settings import TuningSettings
from vs_core.tuning.variants import Variant
from vs_core.values.interval import Interval


def preset_of(
    settings: TuningSettings,
    chosen: Variant,
    final: Final,
    *,
    calls: int,
    decision: str,
    measured_at: datetime,
) -> Preset:
    """The preset that a final leads to.

    Args:
        settings: What was tried.
        chosen: What is to be used.
        final: Who met.
        calls: Of the whole tuning.
        decision: What was decided, in words.
        measured_at: When.
    """
    return Preset(
        settings=_changes(settings, chosen),
        model=settings.model,
        model_options=settings.model_options,
        found=PresetFindings(
            measured_at=measured_at,
            metric=settings.metric,
            prompts=final.prompts,
            calls=calls,
            default=_figures(settings, final.default),
            survivor=_figures(settings, final.survivor),
            difference=_interval(final.difference.diversity),
            readable_difference=_interval(final.difference.readable),
            decision=decision,
        ),
    )


def _changes(settings: TuningSettings, variant: Variant) -> dict[str, Any]:
    """What differs from the settings of any exchange, also where the default was given so."""
    asked, usual = settings.exchange_settings(variant), ExchangeSettings()
    return {
        name: getattr(asked, name)
        for name in ExchangeSettings.model_fields
        if name != "on_failure" and getattr(asked, name) != getattr(usual, name)
    }


def _figures(settings: TuningSettings, side: Side) -> PresetFigures:
    return PresetFigures(
        settings=_changes(settings, side.variant),
        diversity=_interval(side.figures.diversity),
        readable=_interval(side.figures.readable),
        cost=side.cost,
        tokens_per_distinct=side.figures.tokens_per_different.mean,
    )


def _interval(estimate: Estimate) -> Interval:
    return Interval(**estimate.model_dump(include={"low", "high"}), value=estimate.mean)
