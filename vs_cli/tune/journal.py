"""The journal of `vs tune`: what must be the same for all that is in it.

Everything that bears on the decision must: a tuning that was changed after a look at its result,
or was given more prompts or responses until it said what was hoped for, would find chance. It gets
a folder of its own, and fresh calls.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from vs_cli.models import ChosenModel
from vs_core.adapters.journal import JOURNAL, Journal
from vs_core.tuning import TrialRecord, TuningSettings

COMMAND, ELSEWHERE = "vs tune", "another --out"

_SAID_APART = {"prompts", "variants", "n", "n_halving", "model", "model_options"}
_FOLLOWS = {"simulated", "enforces_schemas"}


def journal_in(
    folder: Path, settings: TuningSettings, chosen: ChosenModel, embeddings: str | None
) -> Journal[TrialRecord]:
    """The journal of one folder.

    Args:
        folder: Where it is, or will be.
        settings: What is tried.
        chosen: Who answers.
        embeddings: Name of the model that embeds responses.

    Raises:
        JournalError: The file there is of another tuning, or is no journal, or cannot be read.
    """
    written = json.dumps(settings.prompts).encode()
    head = {
        "kind": "tuning",
        "model": chosen.name,
        **chosen.options,
        "prompts": f"{len(settings.prompts)} ({hashlib.sha256(written).hexdigest()[:8]})",
        "variants": "; ".join(variant.name for variant in settings.variants),
        "n": settings.responses,
        "n_halving": settings.halving_responses,
        "embeddings": embeddings,
        "settings": settings.model_dump(mode="json", exclude=_SAID_APART | _FOLLOWS),
    }
    return Journal(
        folder / JOURNAL,
        TrialRecord,
        head=head,
        name=COMMAND,
        elsewhere=ELSEWHERE,
        hide=chosen.without_secrets,
    )
