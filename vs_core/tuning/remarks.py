"""What a reader of a tuning has to know beside its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vs_core.metrics import METRICS
from vs_core.tuning.journal import TrialRecord
from vs_core.tuning.records import HalvingStage
from vs_core.tuning.settings import COVERAGE, SHARE_OF_DIFFERENT
from vs_core.tuning.tuning import Tuning
from vs_core.tuning.verdict import gap, verdict


def remarks(found: Tuning, records: Sequence[TrialRecord]) -> tuple[str, ...]:
    """Plain sentences: what was decided, who was eliminated, and what the figures do not say.

    Args:
        found: The numbers.
        records: The outcomes of all exchanges.
    """
    return (
        *verdict(found),
        *_about_final(found),
        *_about_halving(found.stages),
        *_about_failures(records),
    )


def _about_final(found: Tuning) -> Iterator[str]:
    settings, final = found.settings, found.final
    if final is None:
        return
    yield _meaning(settings.metric)
    if found.decision == "taken":
        yield (
            "of differences that are taken because they are large, some are large by chance: the "
            "true one is more likely below the figure than above it, the more so the nearer the "
            "interval comes to 0"
        )
    if (near := gap(final.difference.diversity)) is not None:
        calls = final.default.cost.calls + final.survivor.cost.calls
        yield (
            f"with {final.prompts} prompts and the {calls:,} calls of the final, a difference "
            f"below about {near:.2g} would be missed more often than seen"
        )
    if settings.shares_prompts:
        yield (
            f"with {len(settings.prompts)} prompts, the halving had to ask some of those that the "
            "final asks, and whoever stayed may suit just these: so the intervals cover "
            f"{100 * final.coverage:g} % instead of {100 * COVERAGE:g} %"
        )
    left_out = len(settings.final_prompts) - final.prompts
    if left_out:
        name = METRICS[settings.metric].label
        yield (
            f"{name} is not defined for what came to {left_out} of "
            f"{len(settings.final_prompts)} prompts, so that they are left out of the figures"
        )


def _meaning(name: str) -> str:
    metric = METRICS[name]
    if name == SHARE_OF_DIFFERENT:
        return f"{metric.label}: different responses, as a share of those asked for"
    return (
        f"{metric.label}: {metric.description}; a response that is missing counts as a repeat of "
        "the first one to its prompt"
    )


def _about_halving(stages: Sequence[HalvingStage]) -> Iterator[str]:
    for number, stage in enumerate(stages, 1):
        yield (
            f"halving {number}, {stage.responses} responses to each of {stage.prompts} prompts: "
            f"{_listed(stage.eliminated)} eliminated, {_listed(stage.stayed)} stayed"
        )
    if stages:
        yield (
            "no figures of the halving are given: whoever stays among several was lucky too, and "
            "looks better there than it is; those of the final are of fresh calls"
        )


def _about_failures(records: Sequence[TrialRecord]) -> Iterator[str]:
    cut = sum(record.truncated for record in records)
    unread = [record for record in records if record.error and record.answered]
    failed = [record for record in records if not record.answered]
    if unread:
        yield (
            f"{len(unread)} of {len(records)} exchanges brought nothing that could be used "
            f"({_by_variant(unread)}), the first because of {unread[0].error}"
        )
    if failed:
        yield (
            f"{len(failed)} of {len(records)} exchanges failed in the call "
            f"({_by_variant(failed)}), the first with {failed[0].error}; their responses count "
            "as missing, and a stage that is over does not make them again"
        )
    if cut:
        yield f"{cut} of {len(records)} exchanges had a reply that was cut off"
    models = sorted({name for record in records if (name := record.model)})
    if len(models) > 1:
        yield f"the responses come from several models: {', '.join(models)}"


def _by_variant(records: Sequence[TrialRecord]) -> str:
    names = dict.fromkeys(record.variant for record in records)
    return "; ".join(f"{n}: {sum(r.variant == n for r in records)}" for n in names)


def _listed(names: Sequence[str]) -> str:
    return "; ".join(names) or "nobody"
