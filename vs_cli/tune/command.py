"""`vs tune`: try a few settings, and keep the default unless one is shown to be better."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import ExitStack
from pathlib import Path

from langchain_vs.comparison import arun_experiment
from langchain_vs.tuning import enforces_schemas
from vs_cli.errors import FailureError, MisuseError, calling_model
from vs_cli.figures import counted
from vs_cli.models import ChosenModel, find_embeddings
from vs_cli.progress import showing_progress
from vs_cli.prompt_lines import distinct_prompts
from vs_cli.setting_arguments import settings_in
from vs_cli.terminal import Terminal
from vs_cli.tune.journal import COMMAND, ELSEWHERE, journal_in
from vs_cli.tune.keeping import keep, require_place
from vs_cli.tune.table import show_tuning
from vs_core import NotWrittenError
from vs_core.adapters.journal import Journal, alone_in
from vs_core.adapters.tuning import Tuner
from vs_core.metrics import METRICS
from vs_core.simulation import SIMULATION_NOTICE
from vs_core.tuning import TrialRecord, Tuning, TuningSettings, described


def tune(asked: argparse.Namespace) -> None:
    """Run `vs tune`.

    Raises:
        MisuseError: Something was asked that cannot be done.
        JournalError: The folder has the journal of another tuning, or another run is in it.
        pydantic.ValidationError: A setting is out of range, or there are too few prompts.
        MissingExtraError: A package is not installed.
        UnsuitableModelError: The model cannot be asked as a variant wants it.
        FailureError: Every exchange of a stage ended in an error, nothing could be measured, or
            something could not be written, with what is kept.
        KeyboardInterrupt: With a message that says what is kept.
    """
    chosen = ChosenModel.of(asked)
    if METRICS[asked.metric].needs_embeddings and asked.embeddings is None:
        raise MisuseError(f"--metric {asked.metric}: add --embeddings, such as openai:NAME")
    settings = _settings(asked, chosen)
    require_place(asked)
    terminal = Terminal(stderr=True)
    if chosen.name is None:
        terminal.say(SIMULATION_NOTICE)
    for sentence in described(settings):
        (Terminal() if asked.plan else terminal).say(sentence)
    if asked.plan:
        return
    if asked.out is None:
        _tune(asked, chosen, settings, None)
        return
    with alone_in(Path(asked.out), name=COMMAND, elsewhere=ELSEWHERE):
        journal = journal_in(Path(asked.out), settings, chosen, asked.embeddings)
        _tune(asked, chosen, settings, journal)


def _settings(asked: argparse.Namespace, chosen: ChosenModel) -> TuningSettings:
    return TuningSettings(
        prompts=distinct_prompts(asked.prompts),
        variants=asked.variants,
        n_halving=asked.n_halving,
        metric=asked.metric,
        **settings_in(asked),
        enforces_schemas=enforces_schemas(chosen.model(asked.seed)),
        seed=asked.seed,
        model=chosen.name,
        model_options=chosen.options,
        simulated=chosen.name is None,
    )


def _tune(
    asked: argparse.Namespace,
    chosen: ChosenModel,
    settings: TuningSettings,
    journal: Journal[TrialRecord] | None,
) -> None:
    tuner = Tuner(
        settings,
        embeddings=asked.embeddings and find_embeddings(asked.embeddings),
        finished=journal.records() if journal else (),
    )
    try:
        while not tuner.complete:
            _run_stage(asked, chosen, tuner, journal)
        found = tuner.tuning()
        _show(asked, found)
        places = keep(asked, found, chosen)
    except KeyboardInterrupt as interrupt:
        raise KeyboardInterrupt(f"interrupted; {_what_is_kept(tuner, journal)}") from interrupt
    except NotWrittenError as error:
        then = ", once it can be written" if journal else ""
        raise FailureError(f"{error}; {_what_is_kept(tuner, journal)}{then}") from error
    if found.final is None:
        raise FailureError(found.notes[0])
    _tell_places(places)


def _run_stage(
    asked: argparse.Namespace,
    chosen: ChosenModel,
    tuner: Tuner,
    journal: Journal[TrialRecord] | None,
) -> None:
    """Make the exchanges of a stage, writing each down as it ends, and close it."""
    terminal, stage, left = Terminal(stderr=True), tuner.stage, len(tuner.pending)
    terminal.say(f"{stage.name}: {'; '.join(v.name for v in stage.variants)}")
    if left:
        # What a simulation with the same seed answered at first, it would only answer again.
        model = chosen.model(None if asked.seed is None else asked.seed + tuner.finished)
        with ExitStack() as open_now:
            write = open_now.enter_context(journal.appending()) if journal else None
            advance = open_now.enter_context(showing_progress(terminal, left))

            def on_progress(_finished: int, _planned: int, record: TrialRecord) -> None:
                if write:
                    write(record)
                advance()

            asyncio.run(
                arun_experiment(
                    tuner, model, max_concurrency=asked.concurrency, on_progress=on_progress
                )
            )
    else:
        terminal.say("all of it is there from an earlier run")
    with calling_model(chosen.without_secrets):
        tuner.advance()


def _show(asked: argparse.Namespace, found: Tuning) -> None:
    if asked.json:
        Terminal().print_document(found.model_dump_json(indent=2))
        return
    # Written at once, so that `| head` has all of it before it ends.
    with Terminal() as terminal:
        show_tuning(terminal, found)


def _tell_places(places: list[Path]) -> None:
    terminal = Terminal(stderr=True)
    for place in places:
        terminal.say(f"the preset is {place}: give it to other commands as --preset")
    if not places:
        terminal.say("the preset is not kept without --out or --save")


def _what_is_kept(tuner: Tuner, journal: Journal[TrialRecord] | None) -> str:
    if journal is None:
        return "nothing is kept without --out"
    kept = sum(record.answered for record in tuner.records)
    return (
        f"{counted(kept, 'exchange')} are kept in {journal.path}: run the same command again to "
        "go on"
    )
