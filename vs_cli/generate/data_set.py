"""The data set in a folder: begun, or gone on with."""

from __future__ import annotations

import argparse
from pathlib import Path

from vs_cli.figures import count
from vs_cli.generate.about import About
from vs_cli.generate.folder import DATA, REFUSED, require_no_other_card
from vs_cli.generate.job import Job
from vs_cli.generate.making import Making
from vs_cli.generate.prompts import PromptSource
from vs_cli.generate.row_lines import require_calls, require_room, require_rows
from vs_cli.models import ChosenModel
from vs_core import JournalError
from vs_core.adapters.generation import Keeping

COMMAND, ELSEWHERE = "vs generate", "another --out"


def write_data_set(
    job: Job,
    asked: argparse.Namespace,
    chosen: ChosenModel,
    source: PromptSource,
    out: Path,
) -> None:
    """Make a data set in a folder, or go on with the one that is there.

    Args:
        job: What is to be asked.
        asked: The command line.
        chosen: Who answers.
        source: The prompts.
        out: The folder.

    Raises:
        MisuseError: There are more answers in the folder than are asked for now, or some and no
            journal.
        JournalError: As for `generate`, and so are the others.
    """
    keeping = Keeping(
        out,
        job.generation,
        identity=job.identity,
        name=COMMAND,
        elsewhere=ELSEWHERE,
        hide=chosen.without_secrets,
    )
    require_no_other_card(out)
    for name in (DATA, REFUSED):
        require_rows(out / name)
    with keeping.opened() as write:
        about = About.of(
            job.generation.settings,
            chosen,
            {
                "embeddings": asked.embeddings,
                "seed": asked.seed,
                "prompts": count(source.prompts) if source.prompts > 1 else None,
            },
            wanted=source.wanted,
        )
        made = Making(job, asked, chosen, keeping, out, about)
        made.found = _require_asked(keeping, source)
        if not made.found:
            require_calls(out / DATA, keeping.path, ELSEWHERE)
        require_room(out / DATA, source.wanted_of, ELSEWHERE)
        made.make(write)


def _require_asked(keeping: Keeping, source: PromptSource) -> int:
    """Refuse a journal with prompts that are not asked now; gives how many calls are in it."""
    found = 0
    for prompt in keeping.prompts():
        found += 1
        if prompt not in source:
            raise JournalError(
                f"{keeping.path} has answers to a prompt that this run does not ask "
                f"({prompt[:80]!r}): ask it too, or use {ELSEWHERE}"
            )
    return found
