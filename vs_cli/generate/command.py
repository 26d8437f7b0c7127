"""`vs generate`: make a data set of different answers."""

from __future__ import annotations

import argparse
from pathlib import Path

from vs_cli.errors import FailureError, MisuseError
from vs_cli.generate.data_set import COMMAND, write_data_set
from vs_cli.generate.engine import require_engine
from vs_cli.generate.job import Job
from vs_cli.generate.mending import how_to_mend
from vs_cli.generate.outcome import require_answers, told_failures
from vs_cli.generate.parquet import require_parquet
from vs_cli.generate.prompts import PromptSource, prompt_source
from vs_cli.generate.schema import read_schema
from vs_cli.generate.summary import show_summary
from vs_cli.models import ChosenModel
from vs_cli.reading import STANDARD_INPUT
from vs_cli.setting_arguments import settings_in
from vs_cli.terminal import Terminal
from vs_cli.writing import require_what_reports
from vs_core import EmbeddingsError
from vs_core.adapters.generation import Judged
from vs_core.generation import GeneratedRecord, GenerationSettings
from vs_core.simulation import SIMULATION_NOTICE


def generate(asked: argparse.Namespace) -> None:
    """Run `vs generate`.

    Raises:
        MisuseError: Something was asked that cannot be done.
        JournalError: The folder has the journal of another model, of other settings or of other
            prompts, or another run is in it.
        pydantic.ValidationError: A setting is out of range.
        MissingExtraError: A package is not installed.
        FailureError: Something could not be written, or no answer was accepted, or every call
            would have failed in the same way; with what is kept.
        KeyboardInterrupt: With a message that says what is kept.
    """
    _require_sense(asked)
    chosen = ChosenModel.of(asked)
    settings = _settings(asked)
    with prompt_source(asked.prompt, asked.prompts, settings) as source:
        job = Job(asked, chosen, settings, source)
        if asked.out is None:
            _print_records(job, chosen, source)
        else:
            write_data_set(job, asked, chosen, source, Path(asked.out))


def _require_sense(asked: argparse.Namespace) -> None:
    require_engine(asked.engine, asked.address)
    for option, is_given in (("--parquet", asked.parquet), ("--json", asked.json)):
        if is_given and asked.out is None:
            raise MisuseError(
                f"{option} needs --out DIR: without it, the records go to standard output"
            )
    if asked.min_distance is not None and asked.embeddings is None:
        raise MisuseError(
            "--min-distance is for --embeddings: add them, or leave --min-distance out"
        )
    if asked.seed is not None and asked.model is not None:
        raise MisuseError(
            "--seed is for the simulation, and makes no answer of --model repeatable: leave it out"
        )
    if [asked.prompt, asked.prompts, asked.schema].count(STANDARD_INPUT) > 1:
        raise MisuseError("standard input can be read once: give - to one option only")
    if asked.out is not None:
        require_what_reports(COMMAND)
    if asked.parquet:
        require_parquet()


def _settings(asked: argparse.Namespace) -> GenerationSettings:
    given = settings_in(asked)
    if given["min_distance"] is None:
        del given["min_distance"]  # its default is that of the settings
    return GenerationSettings(
        **given,
        distinct=not asked.keep_repeats,
        value_schema=asked.schema and read_schema(asked.schema),
    )


def _print_records(job: Job, chosen: ChosenModel, source: PromptSource) -> None:
    """Print each record as it is accepted; nothing is kept."""
    errors, output = Terminal(stderr=True), Terminal()
    if chosen.name is None:
        errors.say(SIMULATION_NOTICE)

    def take(answer: Judged) -> None:
        if isinstance(answer, GeneratedRecord):
            output.print_document(answer.model_dump_json())

    try:
        job.run(take, terminal=errors)
    except KeyboardInterrupt as interrupt:
        raise KeyboardInterrupt("interrupted; nothing is kept without --out") from interrupt
    except (FailureError, EmbeddingsError) as error:
        raise FailureError(f"{error}: {how_to_mend(error, chosen)}") from error
    report = job.generation.report()
    show_summary(errors, report, source.wanted)
    require_answers(report, job.unread)
    if (failures := told_failures(report)) is not None:
        errors.say(failures)
